"""Staff about a partner's terms: /price, /programme."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from billing.money import Money
from billing.services import finding
from billing.services.partners import agreeing, moving
from bot.chat.cards import terms as cards
from bot.chat.cards.card import Card
from bot.chat.handlers.choosing import partner_named
from bot.chat.handlers.partners import shown
from bot.chat.turn import Answer, Turn
from bot.chat.words import amounts, dates
from bot.chat.words.amounts import Amount
from bot.chat.words.understanding import WordsMissing, folded

# Between the price and its date, in English, Portuguese, Spanish and Russian.
FROM = re.compile(
    r"(.*?)\s+(?:from|since|a\s+partir\s+de|desde|de|с)\s+(.+)", re.DOTALL | re.IGNORECASE
)
VERSION = re.compile(r"v?([0-9]{1,6})")


async def price(turn: Turn, words: str) -> Answer:
    """Agree on a partner's own price from a date on."""
    found = await partner_named(turn, "price", words, more=True)
    if isinstance(found, Card):
        return found
    partner, rest = found
    try:
        amount, since = _price(rest, turn.language)
    except WordsMissing:
        known = " ".join(rest.split())
        before = {"before": f"{partner.id} {known} from"}
        return await turn.ask("price", before, partner=partner.name, known=known)
    money = Money(amount.minor, amount.currency or partner.currency)
    agreed = await agreeing.agree(turn.work, turn.actor, partner.id, money, since)
    return cards.agreed(agreed, turn.actor.cause)


def _price(words: str, language: str) -> tuple[Amount, date]:
    """
    Read `49,90 from 2026-04-01`; a month is its 1st, and the word between may be left out.

    :raises WordsMissing, AmountUnclear, DateUnclear, MonthUnclear:
    """
    if parted := FROM.fullmatch(words.strip()):
        written, when = parted[1], " ".join(parted[2].split())
    else:
        written, _, when = words.strip().rpartition(" ")
        if not dates.like_a_date(when):
            amounts.amount(words)
            raise WordsMissing(command="price", missing="date")
    amount = amounts.amount(written)
    if dates.like_a_date(when):
        return amount, dates.day(when, language=language)
    return amount, dates.month(when, language=language).day(1)


async def programme(turn: Turn, words: str) -> Answer:
    """Let a partner be under other terms from the next 1st on."""
    found = await partner_named(turn, "programme", words, more=True)
    if isinstance(found, Card):
        return found
    partner, rest = found
    name, *versions = folded(rest).split()
    version = VERSION.fullmatch(versions[0]) if len(versions) == 1 else None
    if versions and version is None:
        raise finding.NoSuchProgramme(
            wanted=rest[:64], known=[known.id for known in turn.work.programmes.latest()]
        )
    planned = await moving.plan(
        turn.work, turn.actor, partner.id, name, int(version[1]) if version else None
    )
    return cards.planned(planned)


async def take_back(turn: Turn, args: dict[str, Any]) -> Answer:
    """Take a waiting move back, and show the partner."""
    await moving.take_back(turn.work, turn.actor, str(args["partner"]))
    return await shown(turn, args)
