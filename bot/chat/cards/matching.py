"""A bank's statement: what its rows would be booked as, and what came of them."""

from __future__ import annotations

from billing.matching import Found
from billing.money import Money
from billing.refusals import Refusal
from billing.services.messages import Button, Urgency
from billing.services.payments.matching import Entered, Known, Matched, Outcome, Proposal
from bot.chat.cards.card import Buttons, Card
from bot.chat.tables.bank import BankTable

MOST_ROWS = 10
LONGEST = 60


def proposed(
    found: Proposal, table: BankTable, place: str, key: str, *, changed: bool = False
) -> Card:
    """Show what would be booked, what is left for the hand, what is known; ask once."""
    args = {"statement": key, "at": place, "terms": found.terms}
    confirm = [Button("confirm", "matching_confirm", args, once=True)] if found.matched else []
    buttons: Buttons = [[*confirm, Button("back", "queue")]]
    known = {
        "known": [_known(one) for one in found.known[:MOST_ROWS]],
        "knowns": len(found.known),
    }
    facts = {
        "changed": changed,
        "rows": [_matched(one) for one in found.matched[:MOST_ROWS]],
        "count": len(found.matched),
        "totals": totals([one.found.amount for one in found.matched]),
        "others": table.others,
    }
    return Card("matching", facts | known | by_hand(found, table), buttons, fresh=True)


def entered(done: Entered, table: BankTable) -> Card:
    """Show what came of every row, those that are not booked first, and what is for the hand."""
    booked = [one for one in done.outcomes if one.came == "booked"]
    ordered = sorted(
        done.outcomes, key=lambda one: (one.came == "booked", one.matched.found.row.line)
    )
    facts = {
        "rows": [_outcome(one) for one in ordered[:MOST_ROWS]],
        "more": max(0, len(ordered) - MOST_ROWS),
        "booked": len(booked),
        "totals": totals([one.matched.found.amount for one in booked]),
    }
    card = facts | by_hand(done.proposal, table)
    return Card("matched", card, [[Button("queue", "queue")]], urgency=Urgency.MONEY)


def totals(amounts: list[Money]) -> list[Money]:
    """Sum amounts up, a sum for each currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        before = sums.get(amount.currency)
        sums[amount.currency] = amount if before is None else before + amount
    return list(sums.values())


def by_hand(found: Proposal, table: BankTable) -> dict[str, object]:
    """Return what nobody but a person can book: rows without an invoice, and unread ones."""
    return {
        "unmatched": [_unmatched(one) for one in found.unmatched[:MOST_ROWS]],
        "unmatched_count": len(found.unmatched),
        "unread": [{"line": line, "refusal": _told(why)} for line, why in table.unread[:MOST_ROWS]],
        "unread_count": len(table.unread),
    }


def _matched(one: Matched) -> dict[str, object]:
    row = one.found.row
    return {
        "line": row.line,
        "on": row.on,
        "amount": one.found.amount,
        "reference": row.reference[:LONGEST],
        "number": one.invoice.number,
        "partner": one.partner.name,
        "owed": one.owed,
        "by": str(one.found.by),
        "waits": one.waits,
    }


def _outcome(one: Outcome) -> dict[str, object]:
    refusal = None if one.refusal is None else _told(one.refusal)
    return {**_matched(one.matched), "came": one.came, "refusal": refusal}


def _known(one: Known) -> dict[str, object]:
    return {
        "line": one.row.line,
        "reference": one.payment.reference[:LONGEST],
        "amount": one.payment.amount,
        "number": one.number,
    }


def _unmatched(one: Found) -> dict[str, object]:
    row = one.row
    return {
        "line": row.line,
        "on": row.on,
        "minor": row.minor,
        "currency": row.currency,
        "reference": row.reference[:LONGEST],
        "text": row.text[:LONGEST],
        "why": str(one.by),
    }


def _told(refusal: Refusal) -> dict[str, object]:
    return {"code": refusal.code, "facts": {**refusal.facts, "staff": True}}
