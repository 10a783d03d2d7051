"""Becoming a partner: the applicant's side and the staff's cards."""

from __future__ import annotations

from typing import Any

from billing.refusals import AlreadyDone, NotFound
from billing.services import finding
from billing.services.partners import application_cards, enrolment
from billing.services.partners.enrolment import AlreadyPartner, StaffCannotApply
from billing.services.people import Application, ApplicationState
from bot.chat.cards.card import Card, undo
from bot.chat.cards.plain import applied, said
from bot.chat.turn import Answer, Turn


async def apply(turn: Turn, words: str) -> Answer:
    """Apply with the company that is named, or ask for it."""
    if not words.strip():
        return await apply_pressed(turn, {})
    outcome = await enrolment.apply(turn.work, turn.actor, words, card=turn.key)
    return applied(outcome.application, edited=outcome.edited)


async def apply_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for the company; who cannot apply is told so before thinking of one."""
    del args
    await _refuse_members(turn)
    return await turn.ask("apply")


async def migrate(turn: Turn, args: dict[str, Any]) -> Answer:
    """Change whether active prepaid instances move to the monthly invoice."""
    waiting = await turn.work.people.open_application(turn.user_id)
    if waiting is None:
        await _refuse_members(turn)
        raise NotFound(what="application", wanted="")
    outcome = await enrolment.apply(
        turn.work, turn.actor, waiting.company, migrate=bool(args["migrate"]), card=turn.key
    )
    return applied(outcome.application, edited=False)


async def _refuse_members(turn: Turn) -> None:
    """
    Refuse whoever cannot apply.

    :raises AlreadyPartner, StaffCannotApply:
    """
    if turn.actor.staff is not None:
        raise StaffCannotApply
    if turn.actor.partner_id is not None:
        partner = await finding.own_partner(turn.work, turn.actor)
        raise AlreadyPartner(partner=partner.name)


async def approve(turn: Turn, args: dict[str, Any]) -> Answer:
    """Offer the programmes under which the application can be approved."""
    application = await _open(turn, args)
    if _on_the_card(turn):
        await application_cards.show(turn.work, application, choosing=True)
        return None
    return await _copy(turn, application, choosing=True)


async def approve_as(turn: Turn, args: dict[str, Any]) -> Answer:
    """Make the applicant a partner."""
    application_id = str(args["application"])
    await enrolment.approve(turn.work, turn.actor, application_id, str(args["programme"]))
    if _on_the_card(turn):
        return None
    return await _copy(turn, await application_cards.the_application(turn.work, application_id))


async def application(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show an application's card: the one there is as it stands, or a copy for the queue."""
    found = await application_cards.the_application(turn.work, str(args["application"]))
    await application_cards.show(turn.work, found)
    if _on_the_card(turn):
        return None
    return await _copy(turn, found)


async def decline(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for the reason."""
    found = await _open(turn, args)
    return await turn.ask("decline", {"application": found.id}, company=found.company)


async def decline_because(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Decline for the reason that was asked for."""
    declined = await enrolment.decline(turn.work, turn.actor, str(args["application"]), words)
    return said("declined", [[undo(turn.actor.cause)]], company=declined.company)


async def _open(turn: Turn, args: dict[str, Any]) -> Application:
    found = await application_cards.the_application(turn.work, str(args["application"]))
    if found.state is not ApplicationState.OPEN:
        raise AlreadyDone(action="decide", state=found.state, company=found.company)
    return found


def _on_the_card(turn: Turn) -> bool:
    """Whether the button stands on the card that the use cases keep up to date themselves."""
    return turn.pressed is not None and turn.pressed.message_key.startswith("application:")


async def _copy(turn: Turn, found: Application, *, choosing: bool = False) -> Card:
    facts = await application_cards.told(turn.work, found, choosing=choosing)
    return Card("application", facts, application_cards.buttons_of(turn.work, found, facts))
