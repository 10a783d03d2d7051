"""Whose an instance is."""

from __future__ import annotations

from billing.customers import Customer
from billing.services.instances.customers import CustomerCard
from billing.services.messages import Button
from bot.chat.cards.card import Buttons, Card


def customer(shown: CustomerCard) -> Card:
    """Say whose an instance is from now on; `customer` None: nobody's."""
    one = {"instance": shown.instance.id}
    return Card(
        "customer",
        {
            "id": shown.instance.id,
            "name": shown.instance.name,
            "customer": facts_of(shown.customer),
            "to_charge": shown.to_charge,
        },
        [
            [Button("customer", "customer", one), Button("show", "show", one)],
            [Button("list", "list"), Button("home", "home")],
        ],
    )


def facts_of(customer: Customer | None) -> dict[str, object] | None:
    """Return what is known of a customer."""
    if customer is None:
        return None
    return {"name": customer.name, "price": customer.price, "paid_until": customer.paid_until}


def no_customer(shown: CustomerCard) -> Buttons:
    """Return the button that takes the customer away, and the way back."""
    one = {"instance": shown.instance.id}
    clear = [Button("customer_clear", "customer_clear", one)] if shown.customer else []
    return [[*clear, Button("back", "show", one)]]
