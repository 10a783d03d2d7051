"""The desk's own words: states, tiers, roles and actions, as people call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.chat.formats import Html, Speech, bold, code, mark
from bot.chat.replies.templates import Facts

STATES = {
    "creating": mark("being created"),
    "trial": mark("trial"),
    "stopped": mark("stopped after the trial"),
    "active": mark("subscribed"),
    "cancelled": mark("cancelled, still running"),
    "overdue": mark("stopped: unpaid invoice"),
    "ended": mark("ended"),
    "deleted": mark("deleted"),
    "failed": mark("could not be created"),
}
TIERS = {
    "first": mark("first token"),
    "second": mark("second token"),
    "third": mark("third token"),
    "definitive": mark("definitive token"),
}
ROLES = {
    "owner": mark("owner"),
    "finance": mark("finance"),
    "manager": mark("manager"),
    "viewer": mark("viewer"),
    "support": mark("support"),
    "admin": mark("admin"),
}
INVOICE_STATES = {
    "due": mark("unpaid"),
    "paid": mark("paid"),
    "void": mark("void"),
}
OPERATIONS = {
    "create": mark("create"),
    "subscribe": mark("subscribe"),
    "cancel": mark("cancel"),
    "keep": mark("keep"),
    "stop": mark("stop"),
    "restart": mark("restart"),
    "delete": mark("delete"),
    "extend": mark("extend"),
}
# Of what is paid for in days, where the words differ.
STATES_IN_DAYS = {
    "active": mark("running"),
    "stopped": mark("stopped: days used up"),
}
# Called as their buttons are.
FILTERS = {
    "all": mark("All"),
    "trial": mark("Trials"),
    "stopped": mark("Stopped"),
    "active": mark("Subscribed"),
    "cancelled": mark("Cancelled"),
    "overdue": mark("Overdue"),
    "unpaid": mark("Unpaid"),
    "ended": mark("Ended"),
}
# What the audit calls what was done.
ACTIONS = {
    "create": mark("ordered"),
    "platform.create": mark("created"),
    "subscribe": mark("subscribed"),
    "cancel": mark("cancelled"),
    "keep": mark("kept"),
    "delete": mark("deleted"),
    "rename": mark("renamed"),
    "customer": mark("customer"),
    "pair": mark("connecting"),
    "trial_end": mark("trial over"),
    "service_end": mark("service ended"),
    "stop": mark("stopped: unpaid"),
    "restore": mark("running again"),
    "extend": mark("extended"),
    "auto_extend": mark("extended by itself"),
    "auto": mark("auto-extend"),
    "support": mark("wrote to the staff"),
    "support_done": mark("needs no answer"),
    "say": mark("was written to"),
    "broadcast": mark("written to many"),
    "days_out": mark("days used up"),
    "card": mark("paid by card"),
    "card_ended": mark("card subscription ended"),
    "card.cancel": mark("to end with its period"),
    "card.keep": mark("to go on by card"),
    "looked_at": mark("looked at what Stripe told"),
    "compare": mark("compared with the platform"),
    "compare.adopt": mark("adopted from the platform"),
    "compare.delete_there": mark("to be deleted at the platform"),
    "compare.correct_here": mark("corrected: gone at the platform"),
    "compare.create_there": mark("to be created at the platform again"),
    "compare.run_there": mark("to run at the platform"),
    "compare.stop_there": mark("to be stopped at the platform"),
    "compare.cancel_there": mark("to be cancelled at the platform"),
    "compare.left": mark("difference left as it is"),
    "platform.delete_there": mark("deletion at the platform"),
}
STATES_BY_CARD = {
    "active": mark("active by card"),
    "stopped": mark("stopped: its card is charged no more"),
}
INTERVALS = {
    "month": mark("Every month"),
    "half_year": mark("Every 6 months"),
    "year": mark("Every year"),
}
OUTCOMES = {"denied": mark("⛔ denied")}


def word(words: dict[str, str], name: str, say: Speech) -> Html:
    """Return the word for something; what has none is shown by its own name."""
    return say(words[name]) if name in words else say.show(name)


def state_of(one: Mapping[str, Any], say: Speech) -> Html:
    """Return the word for the state of an instance, by how it is paid for."""
    state = one["state"]
    # One that never had days has stopped after its trial, as others do.
    if one["settlement"] == "days" and one["active_until"] and state in STATES_IN_DAYS:
        return say(STATES_IN_DAYS[state])
    if one["settlement"] == "card" and state in STATES_BY_CARD:
        return say(STATES_BY_CARD[state])
    return word(STATES, state, say)


def so_many(n: int, state: str, say: Speech, *, in_days: bool = False) -> Html:
    """Say how many instances are in a state, in words that agree with the number."""
    match state:
        case "stopped" if in_days:
            return say.plural("{n} stopped", "{n} stopped", n)
        case "active" if in_days:
            return say.plural("{n} running", "{n} running", n)
        case "creating":
            return say.plural("{n} being created", "{n} being created", n)
        case "trial":
            return say.plural("{n} in trial", "{n} in trial", n)
        case "stopped":
            return say.plural("{n} stopped after the trial", "{n} stopped after the trial", n)
        case "active":
            return say.plural("{n} subscribed", "{n} subscribed", n)
        case "cancelled":
            return say.plural("{n} cancelled (still running)", "{n} cancelled (still running)", n)
        case "overdue":
            return say.plural("{n} stopped (unpaid invoice)", "{n} stopped (unpaid invoice)", n)
        case _:
            return say.plural("{n} ended", "{n} ended", n)


def in_all(n: int, facts: Mapping[str, Any], say: Speech) -> Html:
    """Say what an invoice has in all: whole months, or days that were used before they are paid."""
    if facts["days"]:
        return say.plural(
            "{n} used day, {total} in all.",
            "{n} used days, {total} in all.",
            facts["days"],
            total=facts["total"],
        )
    return say.plural(
        "{n} line, {total} in all. A whole month each: there is no pro rata.",
        "{n} lines, {total} in all. A whole month each: there is no pro rata.",
        n,
        total=facts["total"],
    )


def named(name: str, instance_id: str) -> Html:
    """Show an instance: its name, and the id that can be copied."""
    return Html(f"{bold(name)} {code(instance_id)}")


def item(*parts: Html | None) -> Html:
    """Show one row of a list."""
    return Html("• " + " · ".join(part for part in parts if part))


def seen_to(facts: Facts, say: Speech) -> Html | None:
    """Say who of the staff sees to a card, if somebody does."""
    if not facts["claimed_by"]:
        return None
    return say(
        "👤 {person} sees to it since {at}.",
        person=bold(facts["claimed_by"]),
        at=say.clock(facts["claimed_at"]),
    )


def due(day: date, say: Speech) -> Html:
    """Say when an invoice is due, or was."""
    if day < say.today:
        return say("was due on {day}", day=day)
    return say("due on {day}", day=day)


def more_time(held_until: date | None, say: Speech) -> Html | None:
    """Say how long a hold gives time to pay; None if there is none, or it is over."""
    if held_until is None or held_until < say.today:
        return None
    return say("⏳ you have until {day}", day=held_until)


def run_again(names: Sequence[str], say: Speech) -> Html | None:
    """Say which instances run again; None if there are none."""
    if not names:
        return None
    return say("▶️ Running again: {names}.", names=say.names(names))
