"""Facts about who acts for a partner, its group, what they are told, what is kept of them."""

from __future__ import annotations

from tests.bot.chat.replies.samples import AT, SECRET, Facts

ROLES = ("owner", "finance", "manager", "viewer")
CODE = {"keys": ["owner:x"], "ends_at": AT, "bot": "desk_bot"}
NIGHTS: list[Facts] = [{"begins": "22:00", "ends": "08:00"}, {"begins": None, "ends": None}]
REFUSALS: dict[str, list[Facts]] = {
    "last_owner": [{"person": "NAME"}, {"person": ""}],
    "group_taken": [{}],
    "stranger_here": [{"right": "view"}],
    "member_role_unclear": [{"wanted": "NAME"}],
    "staff_stay": [{}],
    "hours_unclear": [{"wanted": "NAME"}],
    "hours_refused": [{"most": 12}],
}
DONE_BEFORE: list[Facts] = [{"action": "team_role", "role": "viewer", "person": "Ana"}]


def team(name: str, many: int) -> dict[str, list[Facts]]:
    member = {"person": name, "user_id": 7001, "role": "owner", "blocked": False}
    members = [{**member, "role": role, "blocked": role == "viewer"} for role in ROLES]
    told = {"partner": name, "person": name, "by": name, "user_id": 7001, "role": "viewer"}
    return {
        "team": [
            {"partner": name, "members": members, "group": True},
            {"partner": name, "members": [member] * many, "group": False},
        ],
        "team_member": [
            {**one, "changed": changed} for one in members for changed in (True, False)
        ],
        "team_removing": [{**member, "partner": name}],
        "team_promoting": [member],
        "team_removed_done": [{**one, "oneself": oneself} for one in members for oneself in (0, 1)],
        "team_roles": [{}],
        "team_code": [
            {**CODE, "partner": name, "role": role, "secrets": [secret]}
            for role in ROLES
            for secret in (SECRET[:22], None)
        ],
        "group_code": [{**CODE, "secrets": [secret]} for secret in (SECRET[:22], None)],
        "team_role": [{**told, "you": True}, {**told, "you": False, "person": ""}],
        "team_removed": [
            {**told, "you": you, "oneself": oneself} for you in (0, 1) for oneself in (0, 1)
        ],
        "forgetting": [
            {"partner": name, "role": "viewer", "company": None},
            {"partner": None, "role": None, "company": name},
        ],
        "forgotten": [{"partner": name, "spoken_in": "pt_BR"}],
        "group_bound": [{"person": name}, {"person": ""}],
        "group_unbound": [{"person": name}, {"person": ""}],
        "notices": [
            {"who": who, "name": name, "off": ["trials"], "owner": owner, **night}
            for who in ("own", "group", "member")
            for owner in (True, False)
            for night in NIGHTS
        ],
        "quiet_hours": [{"changed": changed, **night} for changed in (0, 1) for night in NIGHTS],
    }


def sayings(name: str) -> list[Facts]:
    return [
        {"what": "group_bound_here", "partner": name},
        {"what": "group_bound_already"},
        {"what": "group_let_go"},
        {"what": "sent_in_private"},
    ]
