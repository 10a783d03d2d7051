"""Staff about money: /paid, /hold, /report, /dryrun."""

from __future__ import annotations

from typing import Any

from billing.calendar import Month, local_date
from billing.money import Money
from billing.services import finding
from billing.services.desk import overview
from billing.services.invoices import invoicing
from billing.services.payments import booking
from billing.services.ports import Approval
from bot.chat import dates, grammar
from bot.chat.amounts import AmountUnclear
from bot.chat.cards import staff
from bot.chat.cards.card import named
from bot.chat.cards.plain import said
from bot.chat.handlers.correcting import waits
from bot.chat.turn import Answer, Turn
from bot.chat.understanding import WordsMissing


async def paid(turn: Turn, words: str) -> Answer:
    """Book a payment; an amount without a currency is in the invoice's."""
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
            return await _ask(turn, "paid", number)
        amount = " ".join(word for word in rest if not dates.like_a_date(word))
        return await _ask(turn, "paid", number, amount)
    statement = await invoicing.any_invoice(turn.work, turn.actor, said_.number)
    currency = said_.amount.currency or statement.invoice.total.currency
    booked = await booking.book(
        turn.work,
        turn.actor,
        statement.invoice.number,
        Money(said_.amount.minor, currency),
        said_.reference,
        said_.received_on,
    )
    return (
        waits(statement.partner, booked) if isinstance(booked, Approval) else staff.booked(booked)
    )


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
        [[named(held.number, "staff_invoice", number=held.number)]],
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


async def _ask(turn: Turn, command: str, number: str, known: str = "") -> Answer:
    """
    Ask for the rest, of an invoice that is named already or of one that is not.

    `known` is what was said beside the number: the amount, or the day.
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
        owed=found.owed,
        last_on=found.last_on,
    )


async def report(turn: Turn, words: str) -> Answer:
    """Show a month in figures, by default the present one."""
    zone = await desk_zone(turn)
    month = await _present_month(turn)
    if words.strip():
        month = dates.month(words, language=turn.language, present=month)
    return staff.report(await overview.report(turn.work, turn.actor, month, zone), zone)


async def report_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show another month."""
    return await report(turn, str(args["month"]))


async def dryrun(turn: Turn, words: str) -> Answer:
    """Show what the close of a month would draw up, or drew up when it is over."""
    if not words.strip():
        return await turn.ask("dryrun")
    present = await _present_month(turn)
    month = dates.month(words, language=turn.language, present=present)
    drawn = await overview.drawn_up(turn.work, turn.actor, month)
    if drawn is not None:
        return staff.dryrun(month, drawn, when="closed")
    when = "later" if month > present else "open"
    return staff.dryrun(month, await invoicing.dry_run(turn.work, turn.actor, month), when=when)


async def _present_month(turn: Turn) -> Month:
    today = local_date(turn.work.now, await desk_zone(turn))
    return Month(today.year, today.month)


async def desk_zone(turn: Turn) -> str:
    """Return the zone that staff are told in: one's own choice, else the first programme's."""
    if turn.person.zone is not None:
        return turn.person.zone
    return turn.work.programmes.latest()[0].zone
