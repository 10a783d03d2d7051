"""/buy, and what staff do with the requests that come of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing.partners import check_may_begin
from billing.refusals import NotFound
from billing.services import finding
from billing.services.days import asked_cards, buying, handling, staff_cards
from billing.services.days.buying import BuyChanged
from bot.chat.cards import buying as cards
from bot.chat.cards.card import Card
from bot.chat.handlers import days
from bot.chat.handlers.days import understood
from bot.chat.turn import Answer, Turn
from bot.chat.words import days as day_words
from bot.chat.words.days import Channels, Days, Monthly, NoUnit


async def buy(turn: Turn, words: str) -> Answer:
    """Quote channels or days, or switch the standing order; without words ask what is wanted."""
    if not words.strip():
        return await _ask(turn)
    match await understood(turn, lambda: day_words.purchase(words)):
        case Channels(count):
            return await _quoted(turn, channels=count)
        case Days(count):
            return await _quoted(turn, by_days=count)
        case NoUnit(count):
            return await _ask_unit(turn, count)
        case Monthly(None):
            return await days.card(turn)
        case Monthly(on):
            return await days.standing(turn, {"on": on})


async def buy_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Quote what stands on the button, or ask what is wanted."""
    if args.get("channels"):
        return await _quoted(turn, channels=int(args["channels"]))
    if args.get("days"):
        return await _quoted(turn, by_days=int(args["days"]))
    return await _ask(turn)


async def _ask(turn: Turn) -> Card:
    """Ask for a number; where nothing may be bought, refuse before anybody thinks of one."""
    check_may_begin(await finding.own_partner(turn.work, turn.actor))
    have = await days.own_funds(turn)
    return await turn.ask("buy", None, cards.offers(), balance=have.balance)


async def _ask_unit(turn: Turn, count: int | Decimal) -> Card:
    """A number alone may be either: it is asked back, never guessed."""
    await buying.quote(turn.work, turn.actor, by_days=count)
    have = await days.own_funds(turn)
    before, buttons = {"before": str(count)}, cards.either(int(count))
    return await turn.ask("buy", before, buttons, balance=have.balance, known=int(count))


async def _quoted(
    turn: Turn,
    *,
    channels: int | Decimal | None = None,
    by_days: int | Decimal | None = None,
    changed: bool = False,
) -> Card:
    shown = await buying.quote(turn.work, turn.actor, channels=channels, by_days=by_days)
    return cards.quote(shown, changed=changed)


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """
    Ask for what was quoted; if that is no longer true, quote anew and do nothing.

    The quote stays as it is, without its buttons; below it the request shows how it goes on.
    """
    channels, by_days = args.get("channels"), args.get("days")
    try:
        done = await buying.request(
            turn.work, turn.actor, channels=channels, by_days=by_days, terms=str(args["terms"])
        )
    except BuyChanged:
        return await _quoted(turn, channels=channels, by_days=by_days, changed=True)
    quoted = await turn.work.messages.get(turn.key)
    if quoted is not None:
        await turn.work.messages.say(quoted, at=turn.work.now)
    await asked_cards.show(turn.work, done.request)
    return None


async def withdraw(turn: Turn, args: dict[str, Any]) -> Answer:
    """Withdraw a request; its own card shows that, any other place shows the days anew."""
    await buying.withdraw(turn.work, turn.actor, str(args["request"]))
    if turn.pressed is not None and turn.pressed.message_key.startswith("day_asked:"):
        return None
    return await days.card(turn)


async def request(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show a request, for the queue."""
    return await _shown(turn, str(args["request"]))


async def claim(turn: Turn, args: dict[str, Any]) -> Answer:
    """See to a request oneself."""
    done = await handling.claim(turn.work, turn.actor, str(args["request"]))
    return None if _on_its_own_card(turn) else await _shown(turn, done.id)


async def hand_over(turn: Turn, args: dict[str, Any]) -> Answer:
    """Leave a request to whoever claims it next."""
    done = await handling.hand_over(turn.work, turn.actor, str(args["request"]))
    return None if _on_its_own_card(turn) else await _shown(turn, done.id)


async def prepare(turn: Turn, args: dict[str, Any]) -> Answer:
    """Draw up the invoice of a request; who does so sees to it, whoever claimed it before."""
    request_id = str(args["request"])
    await _take_over(turn, request_id)
    await handling.prepare(turn.work, turn.actor, request_id)
    return None if _on_its_own_card(turn) else await _shown(turn, request_id)


async def _take_over(turn: Turn, request_id: str) -> None:
    asked = await turn.work.days.request(request_id)
    if asked is not None and asked.claimed_by == turn.user_id:
        return
    if asked is not None and asked.claimed_by is not None:
        await handling.hand_over(turn.work, turn.actor, request_id)
    await handling.claim(turn.work, turn.actor, request_id)


def _on_its_own_card(turn: Turn) -> bool:
    """Whether the button stands on a card that the use cases keep up to date."""
    return turn.pressed is not None and turn.pressed.message_key.startswith("day_request")


async def _shown(turn: Turn, request_id: str) -> Card:
    asked = await turn.work.days.request(request_id)
    if asked is None:
        raise NotFound(what="request", wanted=request_id[:64])
    facts = await staff_cards.told(turn.work, asked)
    return cards.request(facts, staff_cards.buttons_of(asked))
