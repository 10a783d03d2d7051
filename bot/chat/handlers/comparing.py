"""Staff about what differs at a messaging platform: looked at, asked about, done by a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.calendar import local_date
from billing.comparison import Mend
from billing.partners import Partner
from billing.refusals import NotFound
from billing.services.desk import office
from billing.services.instances.subscriptions import TermsChanged
from billing.services.platforms import adopting, cards, mending
from billing.services.ports import Difference
from bot.chat.cards import comparing
from bot.chat.cards.card import Card
from bot.chat.turn import Answer, Turn
from bot.chat.words import dates, grammar


async def comparison(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show a page of what differs at a platform: on its card, or as a copy."""
    platform, page = str(args["platform"]), int(args.get("page", 1))
    compared = await turn.work.comparisons.get(platform)
    if compared is None:
        raise NotFound(what="platform", wanted=platform[:64])
    if not turn.on_a_copy:
        await cards.show(turn.work, platform, page=page)
        return None
    return comparing.comparison(await cards.told(turn.work, compared, page=page))


async def difference(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show one difference."""
    found = await mending.look(turn.work, turn.actor, str(args["difference"]))
    return comparing.difference(await cards.row(turn.work, found))


async def ask(turn: Turn, args: dict[str, Any]) -> Answer:
    """Say what would be done about it, and ask."""
    asked = await mending.ask(
        turn.work, turn.actor, str(args["difference"]), Mend(str(args["mend"]))
    )
    return comparing.question(asked, await cards.row(turn.work, asked.difference))


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Do what was shown; if it would be another thing now, show that and do nothing."""
    wanted = Mend(str(args["mend"]))
    try:
        # A refusal takes back what was done until then.
        async with turn.work.savepoint():
            found = await mending.mend(
                turn.work, turn.actor, str(args["difference"]), wanted, terms=str(args["terms"])
            )
    except TermsChanged:
        return await ask(turn, args)
    return await _done(turn, found, wanted)


async def leave(turn: Turn, args: dict[str, Any]) -> Answer:
    """Leave it as it is."""
    found = await mending.leave(turn.work, turn.actor, str(args["difference"]))
    return await _done(turn, found, "left")


async def adopt(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask whose it is."""
    asked = await mending.ask(turn.work, turn.actor, str(args["difference"]), Mend.ADOPT)
    it = asked.difference
    return await turn.ask("adopt", {"difference": it.id}, name=it.name or it.remote_id)


async def adopted_by(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Show how it would come to the partner that was named, paid until the day that was."""
    whose, paid_until = await _understood(turn, words)
    found = await adopting.look(
        turn.work, turn.actor, str(args["difference"]), whose.id, paid_until
    )
    return comparing.adoption(found, whose=whose.id)


async def adopt_confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Take it over as it was shown; if that is no longer true, show it anew and do nothing."""
    difference, whose = str(args["difference"]), str(args["whose"])
    given = args.get("paid_until")
    paid_until = None if given is None else date.fromisoformat(str(given))
    try:
        async with turn.work.savepoint():
            await adopting.take(
                turn.work, turn.actor, difference, whose, paid_until, terms=str(args["terms"])
            )
    except TermsChanged:
        found = await adopting.look(turn.work, turn.actor, difference, whose, paid_until)
        return comparing.adoption(found, whose=whose, changed=True)
    taken = await mending.look(turn.work, turn.actor, difference)
    return await _done(turn, taken, Mend.ADOPT)


async def _done(turn: Turn, found: Difference, mend: Mend | str) -> Card:
    return comparing.done(await cards.row(turn.work, found), mend)


async def _understood(turn: Turn, words: str) -> tuple[Partner, date | None]:
    """
    Return the partner that is meant, and the day, if the last word is one.

    :raises NotFound: nobody is called so, or more than one.
    """
    name, paid_until = " ".join(words.split()), None
    first, _, last = name.rpartition(" ")
    if first and dates.like_a_date(last):
        zone = await turn.zone()
        today = local_date(turn.work.now, zone)
        name, paid_until = first, dates.day(last, language=turn.language, today=today)
    name = (grammar.quoted(name) or (name, ""))[0]
    found = list(await office.find_partners(turn.work, turn.actor, name))
    if len(found) != 1:
        raise NotFound(what="partner", wanted=name[:64])
    return found[0], paid_until
