"""The end of a partnership: what it means, asked once."""

from __future__ import annotations

from billing.instances import Instance
from billing.services.instances.subscriptions import Quote
from billing.services.messages import Button
from billing.services.partners.leaving import Farewell
from bot.chat.cards.card import Card


def farewell(shown: Farewell, *, changed: bool = False) -> Card:
    """Say what becomes of each instance, of the last invoice and the credit, and ask once."""
    confirm = Button("confirm", "leave_confirm", {"terms": shown.terms}, once=True)
    return Card(
        "farewell",
        {
            "partner": shown.partner.name,
            "changed": changed,
            "zone": shown.cancelled.zone,
            "cancelled": _items(shown.cancelled),
            "deleted": _items(shown.deleted),
            "ending": [_item(instance) for instance in shown.ending],
            **_money(shown),
        },
        [[confirm, Button("back", "home")]],
    )


def left(shown: Farewell) -> Card:
    """Say that it is done."""
    return Card(
        "farewell_done",
        {
            "cancelled": len(shown.cancelled.possible),
            "deleted": len(shown.deleted.possible),
            **_money(shown),
        },
        [[Button("invoices", "invoices"), Button("list", "list")]],
    )


def _money(shown: Farewell) -> dict[str, object]:
    return {
        "last": shown.last,
        "invoiced_on": shown.invoiced_on,
        "bill": shown.bill,
        "credit": shown.credit,
        "left": shown.left,
        "unpaid": shown.unpaid,
        "days": shown.days,
    }


def _items(quote: Quote) -> list[dict[str, object]]:
    return [
        {**_item(item.after), "returns": item.returns}
        for item in quote.possible
        if item.after is not None
    ]


def _item(instance: Instance) -> dict[str, object]:
    return {
        "id": instance.id,
        "name": instance.name,
        "state": instance.state,
        "ends_at": instance.service_ends_at or instance.active_until,
    }
