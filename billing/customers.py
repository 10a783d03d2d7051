"""
The partner's own customers: whose an instance is, what the partner charges, until when it is paid.

Nothing of it concerns what the partner itself owes. Rules: "Partner's own customers".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from billing.invoices import AmountRefused
from billing.money import Money

# A customer is to be charged this long before what it has paid for is over.
AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Customer:
    """
    Who has an instance of the partner, `price` a month; it has paid until the end of a day.

    What the partner did not tell is None.
    """

    name: str
    price: Money | None = None
    paid_until: date | None = None


def checked_price(price: Money, currency: str) -> Money:
    """
    Return a price that a partner may charge, in its own currency.

    :raises AmountRefused: it is in another currency, or nothing.
    """
    if price.currency != currency:
        raise AmountRefused(why="currency", currency=currency)
    if price.minor <= 0:
        raise AmountRefused(why="not_positive", currency=currency)
    return price


def is_to_charge(customer: Customer, today: date) -> bool:
    """Whether what the customer has paid for is over within 7 days, or is already."""
    return customer.paid_until is not None and customer.paid_until <= today + AHEAD
