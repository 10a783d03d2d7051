"""The desk's own words: states, tiers, roles and actions, as people call them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.formats import Html, Speech, bold, code, mark

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
}
FILTERS = {
    "all": mark("all"),
    "trial": mark("in trial"),
    "stopped": mark("stopped after the trial"),
    "active": mark("subscribed"),
    "cancelled": mark("cancelled"),
    "overdue": mark("stopped: unpaid"),
    "unpaid": mark("unpaid"),
    "ended": mark("ended"),
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
    "trial_end": mark("trial over"),
    "service_end": mark("service ended"),
    "stop": mark("stopped: unpaid"),
    "restore": mark("running again"),
}
OUTCOMES = {"denied": mark("⛔ denied")}


def word(words: dict[str, str], name: str, say: Speech) -> Html:
    """Return the word for something; what has none is shown by its own name."""
    return say(words[name]) if name in words else say.show(name)


def named(name: str, instance_id: str) -> Html:
    """Show an instance: its name, and the id that can be copied."""
    return Html(f"{bold(name)} {code(instance_id)}")


def item(*parts: Html | None) -> Html:
    """Show one row of a list."""
    return Html("• " + " · ".join(part for part in parts if part))


def run_again(names: Sequence[str], say: Speech) -> Html | None:
    """Say which instances run again; None if there are none."""
    if not names:
        return None
    return say("▶️ Running again: {names}.", names=say.names(names))
