"""What an action would mean, asked once; and why it is not possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from billing.calendar import Month, local_date
from billing.instances import State
from billing.invoices import Line
from billing.money import Money, total
from billing.programmes import Settlement
from billing.services.instances.subscriptions import Item, Quote
from billing.services.messages import Button
from billing.services.operations import Operation
from bot.chat.cards.card import Card


def confirm(
    quote: Quote,
    to_bill: Sequence[Line] = (),
    *,
    changed: bool = False,
    runs_on: datetime | None = None,
) -> Card:
    """
    Say what an action would mean, and ask once.

    `items` are those that it would change, `refused` the others with `code` and `facts`. In
    `to_bill` is what is still billed of what ends, and what keeping adds to the next invoice.
    `runs_on`: until when the one that is deleted would run if cancelled, for the same money.
    `returning`: so many days come back to the balance.
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
            "runs_on": runs_on,
            "month": quote.month,
            "invoiced_on": quote.invoiced_on,
            "due_on": quote.due_on,
            "total": quote.total,
            "to_bill": _sum(to_bill, quote),
            "months": sorted({line.period for line in to_bill}),
            "zone": quote.zone,
            "returning": sum(item.returns for item in quote.possible),
            "items": [_possible(item, quote, to_bill) for item in quote.possible],
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


def _sum(found: Iterable[Line], quote: Quote) -> Money:
    return total((line.price for line in found), quote.total.currency)


def _possible(item: Item, quote: Quote, to_bill: Sequence[Line]) -> dict[str, object]:
    after = item.after
    assert after is not None
    last_month = None
    by_month = after.settlement is Settlement.POSTPAID
    if by_month and after.subscribed_at is not None and after.billable_until is not None:
        last = local_date(after.billable_until - timedelta(microseconds=1), quote.zone)
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
        "settlement": after.settlement,
        "returning": item.returns,
        "to_bill": _sum((line for line in to_bill if line.instance_id == after.id), quote),
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
