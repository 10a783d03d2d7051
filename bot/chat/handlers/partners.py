"""Staff about one partner: /partner, /grant, /freeze, /unfreeze, requests for the next tier."""

from __future__ import annotations

from typing import Any

from billing.partners import Partner, Right
from billing.refusals import AlreadyDone, NotFound
from billing.services import finding, topics
from billing.services.desk import office, overview
from billing.services.invoices import invoicing
from billing.services.partners import integrator
from billing.tokens import Token
from bot.chat.cards import invoices, staff
from bot.chat.cards.card import Card, undo
from bot.chat.cards.plain import said
from bot.chat.handlers.choosing import partner_named
from bot.chat.handlers.days import of_partner as days_of
from bot.chat.turn import Answer, Turn
from bot.chat.words import grammar
from bot.chat.words.understanding import folded


async def partner(turn: Turn, words: str) -> Answer:
    """Show the partner that is named, or the one whose topic this is."""
    if not words.strip():
        here = await topics.whose(turn.work, turn.heard.chat_id, turn.heard.thread_id)
        return await turn.ask("partner") if here is None else await _card(turn, here)
    # Every word is the name's: a partner that fits only a part of them is not meant.
    wanted = (grammar.quoted(words) or (" ".join(words.split()), ""))[0]
    found = list(await office.find_partners(turn.work, turn.actor, wanted))
    if not found:
        raise NotFound(what="partner", wanted=wanted[:64])
    if len(found) > 1:
        return staff.partner_choice(wanted, found, [f"/partner {it.id}" for it in found])
    return await _card(turn, found[0].id)


async def shown(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show a partner by its id."""
    return await _card(turn, str(args["partner"]))


async def invoice(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show staff an invoice."""
    statement = await invoicing.any_invoice(turn.work, turn.actor, str(args["number"]))
    return invoices.invoice(statement, staff=True)


async def grant(turn: Turn, words: str) -> Answer:
    """Give a partner a token of the tier that is named, or of the next one."""
    found = await partner_named(turn, "grant", words)
    if isinstance(found, Card):
        return found
    chosen, wanted = found
    tier = _tier(turn, chosen, wanted) if wanted else None
    return _granted(turn, chosen, await integrator.grant(turn.work, turn.actor, chosen.id, tier))


def _granted(turn: Turn, partner: Partner, token: Token) -> Card:
    tier = finding.programme_of(turn.work, partner).tier(token.tier).name
    return said("granted", partner=partner.name, tier=tier, allowed=token.allowed)


async def freeze(turn: Turn, words: str) -> Answer:
    """Freeze a partner for a reason."""
    found = await partner_named(turn, "freeze", words, more=True)
    if isinstance(found, Card):
        return found
    chosen, why = found
    frozen = await office.freeze(turn.work, turn.actor, chosen.id, grammar.reason(why))
    return said(
        "frozen", [[undo(turn.actor.cause)]], partner=frozen.name, reason=frozen.frozen_reason
    )


async def freeze_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for the reason."""
    chosen = await finding.the_partner(turn.work, str(args["partner"]))
    return await turn.ask("freeze", {"before": chosen.id}, partner=chosen.name)


async def unfreeze(turn: Turn, words: str) -> Answer:
    """Let a frozen partner go on."""
    found = await partner_named(turn, "unfreeze", words)
    if isinstance(found, Card):
        return found
    thawed = await office.unfreeze(turn.work, turn.actor, found[0].id)
    return said("unfrozen", [[undo(turn.actor.cause)]], partner=thawed.name)


async def unfreeze_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Let a frozen partner go on, and show it."""
    thawed = await office.unfreeze(turn.work, turn.actor, str(args["partner"]))
    return await _card(turn, thawed.id)


async def token_approve(turn: Turn, args: dict[str, Any]) -> Answer:
    """Grant the tier that was asked for."""
    partner_id = str(args["partner"])
    request = await turn.work.tokens.request(partner_id)
    if request is None:
        raise AlreadyDone(action="decide")
    token = await integrator.grant(turn.work, turn.actor, partner_id, request.tier)
    if _on_the_request(turn):
        return _granted(turn, await finding.the_partner(turn.work, partner_id), token)
    return await _card(turn, partner_id)


async def token_decline(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for the reason."""
    chosen = await finding.the_partner(turn.work, str(args["partner"]))
    if await turn.work.tokens.request(chosen.id) is None:
        raise AlreadyDone(action="decide", partner=chosen.name)
    return await turn.ask("token_decline", {"partner": chosen.id}, partner=chosen.name)


async def token_decline_because(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Decline the request for the next tier for the reason that was asked for."""
    chosen = await finding.the_partner(turn.work, str(args["partner"]))
    await integrator.refuse_request(turn.work, turn.actor, chosen.id, words)
    return said("request_refused", [[undo(turn.actor.cause)]], partner=chosen.name)


def _on_the_request(turn: Turn) -> bool:
    """Whether the button stands on the request's own card, which the use cases keep up to date."""
    return turn.pressed is not None and turn.pressed.message_key.startswith("token_request:")


async def _card(turn: Turn, partner_id: str) -> Card:
    card = await overview.partner_card(turn.work, turn.actor, partner_id)
    in_days = await days_of(turn, partner_id)
    return staff.partner(card, in_days, finance=turn.may(Right.BOOK))


def _tier(turn: Turn, partner: Partner, wanted: str) -> int:
    """
    Return the number of the tier that is named, or numbered.

    :raises NotFound:
    """
    tiers = finding.programme_of(turn.work, partner).tiers
    for number, tier in enumerate(tiers, start=1):
        if folded(wanted) in {folded(tier.name), str(number)}:
            return number
    raise NotFound(what="tier", wanted=wanted[:64])
