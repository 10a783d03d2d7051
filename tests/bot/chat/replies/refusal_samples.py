"""Facts of every refusal."""

from __future__ import annotations

from tests.bot.chat.replies import (
    card_samples,
    corrections_samples,
    days_samples,
    document_samples,
    goods_samples,
    import_samples,
    staff_samples,
    support_samples,
    team_samples,
    terms_samples,
)
from tests.bot.chat.replies.samples import AT, DAY, NUMBER, OVER, PRICE, Facts

TAKEN = {"number": NUMBER, "amount": PRICE, "on": DAY}


def done_before(name: str) -> list[Facts]:
    return [
        {"action": "subscribe", "since": AT},
        {"action": "subscribe", "since": None},
        {"action": "keep", "since": AT},
        {"action": "cancel", "service_ends_at": AT},
        {"action": "cancel", "service_ends_at": None},
        {"action": "delete", "since": AT},
        {"action": "delete", "state": "active"},
        {"action": "decide", "state": "approved", "company": name},
        {"action": "decide", "partner": name},
        {"action": "token_next", "tier": "second"},
        {"action": "grant", "tier": "definitive"},
        {"action": "paid", **TAKEN, "reference": name},
        {"action": "hold", "number": NUMBER, "until": DAY},
        {"action": "staff", "role": "support"},
        {"action": "staff", "role": None},
        {"action": "freeze", "since": AT, "reason": name},
        {"action": "unfreeze"},
        {"action": "halt", "reason": name},
        {"action": "resume"},
        *terms_samples.DONE_BEFORE,
        *corrections_samples.DONE_BEFORE,
        *days_samples.DONE_BEFORE,
        *team_samples.DONE_BEFORE,
        *support_samples.DONE_BEFORE,
        *card_samples.DONE_BEFORE,
    ]


REFUSALS: dict[str, list[Facts]] = {
    "already_partner": [{"partner": "NAME"}],
    "amount_refused": [{"why": why, "currency": "BRL"} for why in ("currency", "not_positive")],
    "amount_unclear": [
        {"wanted": "NAME", "why": why}
        for why in ("form", "ambiguous", "negative", "currency", "digits", "too_large")
    ],
    "date_refused": [{"why": why, "today": DAY} for why in ("future", "too_old")],
    "date_unclear": [
        {"wanted": "NAME", "why": why} for why in ("form", "ambiguous", "digits", "no_such_day")
    ],
    "hold_refused": [
        {"why": why, "earliest": DAY}
        for why in ("past", "too_far", "before_last_day", "not_monthly")
    ],
    "is_member": [{"partner": "NAME"}],
    "last_admin": [{}],
    "month_unclear": [{"wanted": "NAME"}],
    "name_refused": [
        {"why": why, "name": "NAME"}
        for why in ("empty", "too_long", "control", "number", "id", "filter", "twice")
    ],
    "name_taken": [{"name": "NAME", "instance": "K7Q2M"}, {"name": "NAME", "instance": None}],
    "never_activated": [{}],
    "next_tier_not_yet": [{"created": 5, "wanted_from": 10, "next_tier": "second"}],
    "no_next_tier": [{"tier": "definitive"}],
    "no_partner": [{}],
    "no_right": [
        *({"right": right} for right in ("book", "serve", "administer", "own")),
        {"right": "pay", "who": [{"name": "NAME", "role": "owner"}]},
    ],
    "no_such_programme": [{"wanted": "NAME", "known": ["integrator", "integrator-classic"]}],
    "not_a_group": [{}],
    "not_found": [
        {"what": what, "wanted": "NAME"}
        for what in (
            "instance",
            "invoice",
            "partner",
            "person",
            "tier",
            "application",
            "request",
            "member",
            "group",
        )
    ]
    + [{"what": what, "wanted": "NAME", "staff": True} for what in ("instance", "invoice")],
    "not_in_list": [{"wanted": "NAME", "count": 0}, {"wanted": "12", "count": 5}],
    "not_in_this_state": [
        {"action": action, "state": state}
        for action in ("subscribe", "cancel", "keep", "delete", "extend", "auto")
        for state in (
            "stopped",
            "creating",
            "trial",
            "active",
            "cancelled",
            "overdue",
            "ended",
            "deleted",
        )
    ],
    "not_settled_so": [{"programme": "days"}],
    "no_such_filter": [{"wanted": "NAME"}],
    "no_cards": [{}],
    "not_by_card": [{"action": "cancel"}],
    "nothing_matches": [{"filter": "trial"}],
    "nothing_named": [{}],
    "nothing_owed": [{"number": NUMBER, "state": state} for state in ("paid", "void")],
    "nothing_to_cancel": [{"trial_ends_at": at} for at in (AT, OVER, None)],
    "partner_frozen": [{"reason": "NAME"}, {"reason": None}],
    "partner_stopped": [{"since": AT}],
    "range_unclear": [{"wanted": "NAME"}],
    "reference_taken": [
        {**TAKEN, "reference": "NAME"},
        {**TAKEN, "reference": "NAME", "reversed": True},
        {**TAKEN, "reference": "NAME", "number": ""},
    ],
    "role_unclear": [{"wanted": "NAME"}],
    "no_words": [{"command": "chart", "wanted": "NAME"}],
    "service_ended": [{"service_ends_at": AT}, {"service_ends_at": None}],
    "staff_cannot_apply": [{}],
    "terms_changed": [{"operation": "cancel"}],
    "token_used_up": [
        {"created": 25, "allowed": 25, "asked": 1, "next_tier": tier} for tier in ("second", None)
    ],
    "too_many_at_once": [{"asked": 51, "most": 50}],
    "too_many_trials": [{"open": 49, "asked": 2, "most": 50}],
    "unclosed_quote": [{"wanted": "NAME"}],
    "unknown_name": [{"wanted": "NAME", "several": several} for several in (True, False)],
    "unknown_zone": [{"wanted": "NAME"}],
    "words_missing": [
        {"command": "paid", "missing": missing}
        for missing in (
            *("number", "amount", "reference", "date", "reason"),
            *("partner", "month", "code", "name", "role", "segment", "text"),
        )
    ],
    "wrong_code": [{"bound": bound} for bound in (True, False)],
    "wrong_place": [{"place": place} for place in ("private", "staff_group")],
    "already_done": done_before("NAME"),
    **terms_samples.REFUSALS,
    **import_samples.REFUSALS,
    **document_samples.REFUSALS,
    **corrections_samples.REFUSALS,
    **days_samples.REFUSALS,
    **team_samples.REFUSALS,
    **support_samples.REFUSALS,
    **staff_samples.REFUSALS,
    **goods_samples.REFUSALS,
}


def refusal_facts(code: str, name: str) -> list[Facts]:
    """Return facts of that refusal, in which a person wrote `name`."""
    return [
        {key: name if value == "NAME" else value for key, value in facts.items()}
        for facts in REFUSALS[code]
    ]
