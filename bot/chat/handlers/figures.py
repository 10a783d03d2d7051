"""Pictures and tables: /chart of a partner, /report and /debts of the desk."""

from __future__ import annotations

from typing import Any

from billing.calendar import Month
from billing.services import finding
from billing.services.desk import debts as owing
from billing.services.desk import overview, series
from billing.services.invoices import invoicing
from bot.chat.cards import figures as cards
from bot.chat.cards.card import Card
from bot.chat.cards.documents import document
from bot.chat.cards.plain import said
from bot.chat.handlers.booking import desk_zone, present_month
from bot.chat.turn import Answer, Turn
from bot.chat.words import dates
from bot.chat.words.understanding import NoWords

# What is drawn or written of a month, and what of all debts.
OF_MONTH = ("report_png", "report_xlsx")
OF_DEBTS = ("debts_png", "debts_xlsx")


async def chart(turn: Turn, words: str) -> Answer:
    """Draw how the speaker's partner has fared; there is one picture, and no words choose."""
    if words.strip():
        raise NoWords(command="chart", wanted=words.strip()[:64])
    partner = await series.own(turn.work, turn.actor)
    preview = await invoicing.preview(turn.work, turn.actor)
    present = finding.programme_of(turn.work, partner).calendar.month_of(turn.work.now)
    coming = preview.draft if preview.month == present else None
    more = {"coming": coming.total} if coming is not None else {}
    return document("chart_png", partner=partner.id, **more)


async def debts(turn: Turn, words: str) -> Answer:
    """Show who owes for how long, with a picture and a table below."""
    del words
    found = await owing.debts(turn.work, turn.actor)
    if found.rows:
        for what in OF_DEBTS:
            await turn.give(what)
    return cards.debts(found)


async def report(turn: Turn, words: str) -> Answer:
    """Show a month in figures, by default the present one, with a picture and tables below."""
    month = await present_month(turn)
    if words.strip():
        month = dates.month(words, language=turn.language, present=month)
    if month > await present_month(turn):
        return said("month_to_come", month=month)
    card = await _report(turn, month)
    for what in OF_MONTH:
        await turn.give(what, month=month, zone=await desk_zone(turn))
    return card


async def report_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show another month; what is drawn of it has a button."""
    return await _report(turn, Month.parse(str(args["month"])))


async def file(turn: Turn, args: dict[str, Any]) -> Answer:
    """Bring a picture or a table that a card offers."""
    what = str(args["what"])
    if what in OF_DEBTS:
        return document(what)
    month = Month.parse(str(args["month"]))
    return document(what, month=month, zone=await desk_zone(turn))


async def _report(turn: Turn, month: Month) -> Card:
    zone = await desk_zone(turn)
    shown = await overview.report(turn.work, turn.actor, month, zone)
    return cards.report(shown, zone, latest=month >= await present_month(turn))
