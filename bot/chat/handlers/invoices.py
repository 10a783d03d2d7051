"""/invoices, /invoice, /preview, /pay."""

from __future__ import annotations

from typing import Any

from billing.services import finding
from billing.services.invoices import invoicing
from bot.chat.cards import invoices as cards
from bot.chat.turn import Answer, Turn


async def invoices(turn: Turn, words: str) -> Answer:
    """List the partner's invoices."""
    del words
    found = await invoicing.own_invoices(turn.work, turn.actor)
    partner = await finding.own_partner(turn.work, turn.actor)
    return cards.invoices(found, in_days=not finding.programme_of(turn.work, partner).postpaid)


async def invoice(turn: Turn, words: str) -> Answer:
    """Show one invoice; without a number the newest, or the list where there is none."""
    if words.strip():
        return await shown(turn, {"number": words.strip()})
    found = await invoicing.own_invoices(turn.work, turn.actor)
    return await shown(turn, {"number": found[0].number}) if found else await invoices(turn, "")


async def shown(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show one of the partner's invoices."""
    return cards.invoice(
        await invoicing.own_invoice(turn.work, turn.actor, str(args["number"])[:64])
    )


async def preview(turn: Turn, words: str) -> Answer:
    """Show the invoice that is coming."""
    del words
    return cards.preview(await invoicing.preview(turn.work, turn.actor))


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
    number = str(args["number"])[:64]
    return cards.pay(await invoicing.own_invoice(turn.work, turn.actor, number), turn.ways)
