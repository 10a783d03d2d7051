"""A refusal as a card: its code, its facts, the button that helps on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from billing.refusals import Refusal
from billing.services.facts import Facts
from billing.services.messages import Button
from bot.chat.cards.card import Buttons, Card, rows_of
from bot.chat.cards.partner import FILTERS

HELPS: dict[str, list[Button]] = {
    "token_used_up": [Button("request_next_token", "token_next"), Button("token", "token")],
    "next_tier_not_yet": [Button("token", "token")],
    "no_next_tier": [Button("token", "token")],
    "no_partner": [Button("apply", "apply")],
    "not_enough_days": [Button("buy", "buy"), Button("days", "days")],
    "day_count_refused": [Button("days", "days")],
    "days_unclear": [Button("days", "days")],
    "too_many_requests": [Button("days", "days")],
    "partner_stopped": [Button("invoices", "invoices")],
    "partner_left": [Button("invoices", "invoices")],
    "not_in_list": [Button("list", "list")],
    "too_many_trials": [Button("list", "list", {"filter": "trial"})],
    "last_owner": [Button("team", "team")],
    "already_partner": [Button("home", "home")],
    "no_such_filter": [Button(name, "list", {"filter": name}) for name in FILTERS],
    "unknown_zone": [Button("timezone", "timezone")],
}
# Explained with the form that the command wants.
WITH_FORM = frozenset({"day_count_refused"})
BY_SUBJECT: dict[object, list[Button]] = {
    "instance": [Button("list", "list"), Button("home", "home")],
    "invoice": [Button("invoices", "invoices")],
}


def refusal(
    refused: Refusal,
    *,
    command: str | None = None,
    staff: bool = False,
    who: Sequence[Facts] = (),
) -> Card:
    """
    Tell why not. Facts: `code`, `facts` as the refusal has them, `command` that was tried.

    To staff the facts say that it is `staff` who is told, and nothing is offered. `who` may what
    was refused: {name, role}.

    Codes of the doors beside those of the core: wrong_place {place: private|staff_group},
    amount_unclear {why: form|ambiguous|negative|currency|digits|too_large, wanted},
    date_unclear {why: form|ambiguous|digits|no_such_day, wanted}, month_unclear {wanted},
    words_missing {command, missing: number|amount|reference|date|reason|partner|month|code|
    name|role}, not_in_list {wanted, count}, range_unclear {wanted}, nothing_named,
    nothing_matches {filter}, no_such_filter {wanted}, role_unclear {wanted},
    unclosed_quote {wanted}.
    """
    buttons: Buttons = ()
    facts: dict[str, Any] = dict(refused.facts)
    if refused.code in WITH_FORM:
        facts.setdefault("command", command)
    if who:
        facts["who"] = list(who)
    if staff:
        facts["staff"] = True
    else:
        helps = HELPS.get(refused.code) or BY_SUBJECT.get(refused.facts.get("what"))
        buttons = rows_of(helps or [], 4)
    return Card(
        "refusal",
        {"code": refused.code, "facts": facts, "command": command},
        buttons,
    )
