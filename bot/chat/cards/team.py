"""Who acts for a partner, one-time links, its own group; the links themselves are never facts."""

from __future__ import annotations

from datetime import datetime

from billing.partners import Partner, Role
from billing.services.messages import Button, Urgency
from billing.services.partners.team import Colleague, Team
from bot.chat.cards.card import Card, named, rows_of
from bot.chat.cards.plain import HOME

# Of more members the others are reached by their names.
MOST_BUTTONS = 40
BACK = [Button("back", "team")]


def team(shown: Team) -> Card:
    """Show all members with their roles."""
    people = [
        named(_name(one), "team_member", user=one.member.user_id)
        for one in shown.colleagues[:MOST_BUTTONS]
    ]
    group = Button("group", "team_group")
    if shown.group is not None:
        group = Button("group_unbind", "group_unbind", once=True)
    return Card(
        "team",
        {
            "partner": shown.partner.name,
            "members": [_facts(one) for one in shown.colleagues],
            "group": shown.group is not None,
        },
        [*rows_of(people, 2), [Button("invite", "team_invite"), group], HOME],
    )


def member(shown: Colleague, *, changed: bool = False) -> Card:
    """Show one member, with the other roles as buttons; `changed`: it has just got this one."""
    user = {"user": shown.member.user_id}
    roles = [
        Button(f"role_{role}", "team_role", {**user, "role": role})
        for role in Role
        if role is not shown.member.role
    ]
    remove = Button("remove", "team_remove", user)
    return Card(
        "team_member",
        {**_facts(shown), "changed": changed},
        [roles, [remove, *BACK]],
    )


def promoting(shown: Colleague) -> Card:
    """Ask once before a person becomes an owner."""
    user = {"user": shown.member.user_id}
    yes = Button("confirm", "team_role", {**user, "role": Role.OWNER, "confirmed": True}, once=True)
    return Card("team_promoting", _facts(shown), [[yes, Button("back", "team_member", user)]])


def removing(gone: Colleague, partner: Partner) -> Card:
    """Ask once before a person acts for the partner no more."""
    user = {"user": gone.member.user_id}
    return Card(
        "team_removing",
        {**_facts(gone), "partner": partner.name},
        [[Button("confirm", "team_remove_confirm", user, once=True), *BACK]],
    )


def removed(gone: Colleague, *, oneself: bool) -> Card:
    """Say that it is done; an owner may know the token's secret, which can be made anew."""
    rotate = [Button("rotate", "token_rotate")] if gone.member.role is Role.OWNER else []
    return Card(
        "team_removed_done",
        {**_facts(gone), "oneself": oneself},
        [] if oneself else [[*rotate, *BACK]],
    )


def roles() -> Card:
    """Ask for which role somebody is invited."""
    choices = [Button(f"role_{role}", "team_invite", {"role": role}) for role in Role]
    return Card("team_roles", {}, [choices, BACK])


def invitation(partner: Partner, role: Role, key: str, ends_at: datetime, *, bot: str) -> Card:
    """Show a one-time link that makes somebody a member."""
    return Card(
        "team_code",
        {
            "partner": partner.name,
            "role": role,
            "keys": [key],
            "ends_at": ends_at,
            "bot": bot,
        },
        [[Button("invite", "team_invite"), *BACK]],
        urgency=Urgency.MONEY,
    )


def group_code(key: str, ends_at: datetime, *, bot: str) -> Card:
    """Show the code that binds the partner's own group."""
    return Card(
        "group_code", {"keys": [key], "ends_at": ends_at, "bot": bot}, [BACK], urgency=Urgency.MONEY
    )


def _facts(one: Colleague) -> dict[str, object]:
    return {
        "person": _name(one),
        "user_id": one.member.user_id,
        "role": one.member.role,
        "blocked": one.blocked,
    }


def _name(one: Colleague) -> str:
    return one.name or str(one.member.user_id)
