"""Staff about money: /paid, /hold, /dryrun."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.calendar import Month, local_date
from billing.invoices import InvoiceState
from billing.money import Money
from billing.services import finding
from billing.services.desk import overview
from billing.services.invoices import invoicing
from billing.services.invoices.invoicing import Statement
from billing.services.payments import booking
from billing.services.ports import Approval
from bot.chat.cards import staff
from bot.chat.cards.card import Card, named, undo
from bot.chat.cards.plain import said
from bot.chat.handlers import matching
from bot.chat.handlers.correcting import waits
from bot.chat.tables import bank
from bot.chat.turn import Answer, Turn
from bot.chat.words import dates, grammar
from bot.chat.words.amounts import AmountUnclear
from bot.chat.words.understanding import WordsMissing


async def paid(turn: Turn, words: str) -> Answer:
    """Book a payment, in the invoice's currency unless it has one; of a statement, several."""
    if bank.is_table(words):
        return await matching.proposed(turn, words)
    if len(words.split()) < 2:
        return await _ask(turn, "paid", words)
    try:
        said_ = grammar.payment(words, language=turn.language)
    except (WordsMissing, AmountUnclear) as missing:
        number, *rest = words.split()
        if isinstance(missing, AmountUnclear):
            if len(rest) > 1 or rest[0][0].isdigit() or missing.facts["why"] != "form":
                raise
            # A reference alone.
            return await _ask(turn, "paid", number, missed=rest[0])
        amount = " ".join(word for word in rest if not dates.like_a_date(word))
        return await _ask(turn, "paid", number, amount)
    statement = await invoicing.any_invoice(turn.work, turn.actor, said_.number)
    currency = said_.amount.currency or statement.invoice.total.currency
    came_in = Money(said_.amount.minor, currency)
    # A known reference is no second payment: the booking itself says so.
    new = await turn.work.payments.referenced(said_.reference) is None
    if statement.invoice.state is InvoiceState.PAID and new and came_in.minor > 0:
        return staff.paid_again(statement, came_in, said_.reference, said_.received_on)
    return await _booked(turn, statement, came_in, said_.reference, said_.received_on)


async def paid_confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Book what came in for an invoice that is paid already."""
    statement = await invoicing.any_invoice(turn.work, turn.actor, str(args["number"]))
    amount = Money(int(args["minor"]), str(args["currency"]))
    on = date.fromisoformat(args["on"]) if args["on"] else None
    return await _booked(turn, statement, amount, str(args["reference"]), on)


async def _booked(
    turn: Turn, statement: Statement, amount: Money, reference: str, on: date | None
) -> Card:
    number = statement.invoice.number
    booked = await booking.book(turn.work, turn.actor, number, amount, reference, on)
    if isinstance(booked, Approval):
        return waits(statement.partner, booked)
    return staff.booked(booked)


async def paid_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for amount, reference and day."""
    return await _ask(turn, "paid", str(args["number"]))


async def hold(turn: Turn, words: str) -> Answer:
    """Give an invoice more time."""
    if len(words.split()) < 2:
        return await _ask(turn, "hold", words)
    try:
        said_ = grammar.hold(words, language=turn.language)
    except WordsMissing:
        return await _ask(turn, "hold", *words.split())
    held = await booking.hold(turn.work, turn.actor, said_.number, said_.until, said_.reason)
    partner = await finding.the_partner(turn.work, held.partner_id)
    zone = finding.programme_of(turn.work, partner).zone
    return said(
        "hold_set",
        [[named(held.number, "staff_invoice", number=held.number), undo(turn.actor.cause)]],
        number=held.number,
        partner=partner.name,
        until=said_.until,
        reason=said_.reason,
        owed=held.owed,
        delete_on=local_date(held.delete_at, zone),
    )


async def hold_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for the day and the reason."""
    return await _ask(turn, "hold", str(args["number"]))


async def _ask(
    turn: Turn, command: str, number: str, known: str = "", *, missed: str = ""
) -> Answer:
    """
    Ask for the rest, of an invoice that is named already or of one that is not.

    `known` is what was said beside the number: the amount, or the day. `missed` was said there
    and is neither.
    """
    number = number.strip()
    if not number:
        return await turn.ask(command)
    found = (await invoicing.any_invoice(turn.work, turn.actor, number.upper())).invoice
    return await turn.ask(
        command,
        {"before": f"{found.number} {known}".strip()},
        number=found.number,
        known=known,
        missed=missed[:40],
        owed=found.owed,
        last_on=found.last_on,
    )


async def dryrun(turn: Turn, words: str) -> Answer:
    """Show what the close of a month would draw up, or drew up when it is over."""
    if not words.strip():
        return await turn.ask("dryrun")
    present = await present_month(turn)
    month = dates.month(words, language=turn.language, present=present)
    drawn = await overview.drawn_up(turn.work, turn.actor, month)
    if drawn is not None:
        return staff.dryrun(month, drawn, when="closed")
    when = "later" if month > present else "open"
    return staff.dryrun(month, await invoicing.dry_run(turn.work, turn.actor, month), when=when)


async def present_month(turn: Turn) -> Month:
    """Return the month that it is for the staff."""
    today = local_date(turn.work.now, await desk_zone(turn))
    return Month(today.year, today.month)


async def desk_zone(turn: Turn) -> str:
    """Return the zone that staff are told in: one's own choice, else the desk's."""
    return turn.person.zone or finding.desk_zone(turn.work)
