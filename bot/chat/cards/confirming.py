"""What an action would mean, asked once; and why it is not possible."""

from __future__ import annotations

from datetime import timedelta

from billing.calendar import Month, local_date
from billing.instances import State
from billing.services.messages import Button
from billing.services.platform import Operation
from billing.services.subscriptions import Item, Quote
from bot.chat.cards.card import Card


def confirm(quote: Quote, *, changed: bool = False) -> Card:
    """
    Say what an action would mean, and ask once.

    `items` are those that it would change, `refused` the others with `code` and `facts`.
    `changed`: what an earlier card showed is no longer true, and nothing was done.
    """
    ids = [item.instance.id for item in quote.possible]
    back = Button("back", "show", {"instance": ids[0]}) if len(ids) == 1 else Button("back", "list")
    args = {"operation": quote.operation, "instances": ids, "terms": quote.terms}
    return Card(
        "confirm",
        {
            "operation": quote.operation,
            "changed": changed,
            "month": quote.month,
            "invoiced_on": quote.invoiced_on,
            "due_on": quote.due_on,
            "total": quote.total,
            "zone": quote.zone,
            "items": [_possible(item, quote.zone) for item in quote.possible],
            "refused": [refused(item) for item in quote.items if item.refusal is not None],
        },
        [[Button("confirm", "confirm", args, once=True), back]],
    )


def impossible(quote: Quote) -> Card:
    """Say of each why nothing can be done; a trial can be deleted, one that is over subscribed."""
    trials = [
        item.instance
        for item in quote.items
        if item.refusal is not None and item.refusal.code == "nothing_to_cancel"
    ]
    buttons = [[Button("list", "list"), Button("home", "home")]]
    if trials and quote.operation is Operation.CANCEL:
        of = {"instances": [trial.id for trial in trials]}
        buttons.insert(0, [Button("delete", "delete", of)])
        if all(trial.state is State.STOPPED for trial in trials):
            buttons[0].insert(0, Button("subscribe", "subscribe", of))
    elif len(quote.items) == 1:
        buttons[0].insert(0, Button("show", "show", {"instance": quote.items[0].instance.id}))
    return Card(
        "impossible",
        {
            "operation": quote.operation,
            "zone": quote.zone,
            "refused": [refused(item) for item in quote.items],
        },
        buttons,
    )


def _possible(item: Item, zone: str) -> dict[str, object]:
    after = item.after
    assert after is not None
    last_month = None
    if after.subscribed_at is not None and after.billable_until is not None:
        last = local_date(after.billable_until - timedelta(microseconds=1), zone)
        last_month = Month(last.year, last.month)
    return {
        "id": after.id,
        "name": after.name,
        "before": item.instance.state,
        "after": after.state,
        "price": item.price,
        "trial_ends_at": item.instance.trial_ends_at,
        "subscribed": after.subscribed_at is not None,
        "service_ends_at": after.service_ends_at,
        "last_month": last_month,
    }


def refused(item: Item) -> dict[str, object]:
    """Return why one instance stays as it is."""
    assert item.refusal is not None
    return {
        "id": item.instance.id,
        "name": item.instance.name,
        "state": item.instance.state,
        "code": item.refusal.code,
        "facts": dict(item.refusal.facts),
    }
