"""/company: the company data for invoices, shown, and changed one by one or all at once."""

from __future__ import annotations

from typing import Any

from billing.company import Field
from billing.services.partners import company
from bot.chat.cards import company as cards
from bot.chat.turn import Answer, Turn
from bot.chat.words import company as company_words


async def company_(turn: Turn, words: str) -> Answer:
    """Show the company data, or take what is told; ask first where another name stands there."""
    if not words.strip():
        return cards.company(await company.look(turn.work, turn.actor))
    told = company_words.told(words)
    before, after = await company.foresee(turn.work, turn.actor, told)
    if before.company.legal_name not in {None, after.company.legal_name}:
        return cards.asking(before, after)
    return cards.company(await company.tell(turn.work, turn.actor, told), changed=True)


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Take what was shown."""
    told = {Field(field): value for field, value in args["told"].items()}
    return cards.company(await company.tell(turn.work, turn.actor, told), changed=True)


async def field_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for one of them."""
    return await _ask(turn, Field(args["field"]), steps=False)


async def steps(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for what is missing, one after the other; `after` is the one that is skipped."""
    told = await company.look(turn.work, turn.actor)
    order = list(Field)
    skipped = order.index(Field(args["after"])) if "after" in args else -1
    waiting = [field for field in order[skipped + 1 :] if field in told.company.missing]
    if not waiting:
        return cards.company(told)
    return await _ask(turn, waiting[0], steps=True)


async def tell(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Take the answer; step by step, ask for the next."""
    field = Field(args["field"])
    value = None if words.strip() in company_words.NOTHING else words
    told = await company.tell(turn.work, turn.actor, {field: value})
    if args["steps"]:
        return await steps(turn, {"after": field.value})
    return cards.company(told, changed=True)


async def _ask(turn: Turn, field: Field, *, steps: bool) -> Answer:
    told = await company.look(turn.work, turn.actor)
    args = {"field": field.value, "steps": steps}
    buttons = cards.skip(field) if steps else ()
    present = getattr(told.company, field.value)
    currency = told.partner.currency
    return await turn.ask(
        "company_field", args, buttons, field=field.value, present=present, currency=currency
    )
