"""What differs at a messaging platform, and what a person is asked before anything is done."""

from __future__ import annotations

from billing.comparison import Mend
from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.platforms import cards
from billing.services.platforms.adopting import Adoption
from billing.services.platforms.mending import Asked
from bot.chat.cards.card import Card


def comparison(facts: Facts) -> Card:
    """Show a copy of a platform's card, for the queue."""
    rows = cards.buttons_of(facts)
    return Card("staff_comparison", facts, [*rows, [Button("queue", "queue")]])


def difference(facts: Facts) -> Card:
    """Show one difference, and what can be done about it."""
    return Card("difference", facts, cards.buttons_of_one(facts))


def question(asked: Asked, facts: Facts) -> Card:
    """Say what would be done, and ask once."""
    one = {"difference": asked.difference.id}
    args = {**one, "mend": asked.mend, "terms": asked.terms}
    return Card(
        "mend_question",
        {**facts, "mend": asked.mend, "returns": asked.returns},
        [[Button("confirm", "mend_confirm", args, once=True), Button("back", "difference", one)]],
    )


def adoption(found: Adoption, *, whose: str, changed: bool = False) -> Card:
    """Say how an instance would come to a partner, and ask once."""
    it, instance = found.difference, found.instance
    one = {"difference": it.id}
    paid_until = found.paid_until
    args = {
        **one,
        "whose": whose,
        "paid_until": None if paid_until is None else paid_until.isoformat(),
        "terms": found.terms,
    }
    return Card(
        "adoption",
        {
            "platform": it.platform,
            "label": it.name,
            "remote_id": it.remote_id,
            "id": instance.id,
            "name": instance.name,
            "partner": found.partner.name,
            "settlement": instance.settlement,
            "paid_until": paid_until,
            "billed_from": instance.subscribed_at,
            "changed": changed,
        },
        [[Button("confirm", "adopt_confirm", args, once=True), Button("back", "difference", one)]],
    )


def done(facts: Facts, mend: Mend | str) -> Card:
    """Say what was done, or asked for."""
    back = Button("back", "comparison", {"platform": facts["platform"]})
    return Card("mended", {**facts, "mend": mend}, [[back]])
