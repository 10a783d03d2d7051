"""What is paid by card: an offer, the page where it is paid, its end, and what Stripe told."""

from __future__ import annotations

from dataclasses import replace

from billing.cards import Interval
from billing.services.cards.subscribing import Held, Offer
from billing.services.facts import Facts
from billing.services.messages import Button
from bot.chat.cards.card import Buttons, Card


def offer(found: Offer, *, days: int, balance: int) -> Card:
    """Offer days from the balance, or a card charged at one of three intervals."""
    it = found.instance
    by_days = Button("so_many_days", "extend", {"instances": [it.id], "days": days})
    by_card = [
        [
            Button(
                "by_card",
                "card_begin",
                {
                    "instance": it.id,
                    "interval": interval,
                    "minor": price.minor,
                    "currency": price.currency,
                },
            )
        ]
        for interval, price in found.prices.items()
    ]
    return Card(
        "card_offer",
        {
            "id": it.id,
            "name": it.name,
            "days": days,
            "balance": balance,
            "discount": found.discount_percent,
            "month": found.prices[Interval.MONTH],
        },
        [[by_days], *by_card, [Button("back", "show", {"instance": it.id})]],
    )


def payment(facts: Facts, buttons: Buttons) -> Card:
    """Say how far a payment by card is; the service says it anew as it goes on."""
    return Card("card_payment", facts, buttons)


def portal() -> Card:
    """Say that the partner's own page at Stripe is being opened."""
    return Card("card_portal", {"step": "asked", "why": None}, [[Button("home", "home")]])


def cancel(held: Held) -> Card:
    """Ask once whether a subscription is to end with the period that is paid."""
    it = held.instance
    return Card(
        "card_cancel",
        {"id": it.id, "name": it.name, "until": held.until},
        [
            [
                Button("confirm", "card_end", {"instance": it.id, "on": True}, once=True),
                Button("back", "show", {"instance": it.id}),
            ]
        ],
    )


def ending(held: Held, *, on: bool) -> Card:
    """Say that Stripe is asked to let it end, or go on; the service says then that it is so."""
    it = held.instance
    return Card(
        "card_ending",
        {
            "step": "asked",
            "on": on,
            "id": it.id,
            "name": it.name,
            "until": held.until,
            "why": None,
        },
        [[Button("show", "show", {"instance": it.id}), Button("home", "home")]],
    )


def paid_so(shown: Card, held: Held, *, operator: bool, payer: bool) -> Card:
    """Put on an instance's card how it is paid, what ends that, and where it is managed."""
    it = held.instance
    first = []
    if operator:
        ending = held.subscription.ending
        first.append(
            Button("keep", "keep", {"instances": [it.id]})
            if ending
            else Button("cancel_instance", "card_cancel", {"instance": it.id})
        )
    if payer:
        first.append(Button("card_portal", "card_portal", {"instance": it.id}))
    others = [[button for button in row if button.action != "cancel"] for row in shown.buttons]
    rows = [row for row in ([*first], *others) if row]
    return replace(shown, facts={**shown.facts, "by_card": of_instance(held)}, buttons=rows)


def offering(shown: Card, instance_id: str) -> Card:
    """Offer to subscribe, where there is more than one way to pay."""
    if any(button.action == "subscribe" for row in shown.buttons for button in row):
        return shown
    subscribe = Button("subscribe", "subscribe", {"instances": [instance_id]})
    return replace(shown, buttons=[[subscribe], *shown.buttons])


def of_instance(held: Held) -> dict[str, object]:
    """Return what is shown of an instance that is paid by card."""
    subscription = held.subscription
    return {
        "interval": subscription.interval,
        "amount": subscription.amount,
        "until": held.until,
        "ending": subscription.ending,
        "state": subscription.state,
    }
