"""/invoices, /invoice, /preview, /pay."""

from __future__ import annotations

from typing import Any

from billing.partners import Right
from billing.services import finding
from billing.services.cards import paying
from billing.services.invoices import invoicing
from bot.chat.cards import invoices as cards
from bot.chat.cards.documents import document
from bot.chat.handlers import receipts
from bot.chat.handlers.days import own as own_days
from bot.chat.turn import Answer, Turn


async def invoices(turn: Turn, words: str) -> Answer:
    """List the partner's invoices."""
    del words
    found = await invoicing.own_invoices(turn.work, turn.actor)
    partner = await finding.own_partner(turn.work, turn.actor)
    in_days = not finding.programme_of(turn.work, partner).postpaid
    return cards.invoices(found, in_days=in_days, payer=turn.may(Right.PAY))


async def invoice(turn: Turn, words: str) -> Answer:
    """Show one invoice, its PDF below; without a number the newest, or the list without any."""
    number = words.strip()
    if not number:
        found = await invoicing.own_invoices(turn.work, turn.actor)
        if not found:
            return await invoices(turn, "")
        number = found[0].number
    statement = await invoicing.own_invoice(turn.work, turn.actor, number[:64])
    await turn.give("invoice_pdf", number=statement.invoice.number)
    return cards.invoice(statement)


async def file(turn: Turn, args: dict[str, Any]) -> Answer:
    """Bring an invoice as a file: one's own, or as staff any."""
    find = invoicing.any_invoice if turn.in_staff_group else invoicing.own_invoice
    statement = await find(turn.work, turn.actor, str(args["number"])[:64])
    return document(str(args["what"]), number=statement.invoice.number)


async def shown(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show one of the partner's invoices."""
    return cards.invoice(
        await invoicing.own_invoice(turn.work, turn.actor, str(args["number"])[:64])
    )


async def preview(turn: Turn, words: str) -> Answer:
    """Show the invoice that is coming."""
    del words
    shown = await invoicing.preview(turn.work, turn.actor)
    return cards.preview(shown, in_days=await own_days(turn))


async def pay(turn: Turn, words: str) -> Answer:
    """Tell how an invoice is paid; without a number the only unpaid one, or which."""
    if words.strip():
        return await to_pay(turn, {"number": words.strip()})
    partner = await finding.own_partner(turn.work, turn.actor)
    unpaid = await turn.work.invoices.open_of(partner.id)
    if len(unpaid) == 1:
        return await to_pay(turn, {"number": unpaid[0].number})
    return cards.choose(unpaid, partner.currency)


async def to_pay(turn: Turn, args: dict[str, Any]) -> Answer:
    """Tell how one invoice is paid."""
    statement = await invoicing.own_invoice(turn.work, turn.actor, str(args["number"])[:64])
    await receipts.remember(turn, statement.invoice.number)
    by_card = paying.offered(turn.work, statement.invoice)
    return cards.pay(statement, turn.ways, by_card=by_card)
