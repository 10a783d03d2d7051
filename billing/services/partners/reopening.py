"""What staff declined waits again, for a decline that was a mistake."""

from __future__ import annotations

from dataclasses import replace

from billing.partners import Right
from billing.refusals import AlreadyDone
from billing.services import recording, telling
from billing.services.access import requires
from billing.services.messages import Message, Urgency
from billing.services.partners import application_cards, enrolment, token_requests
from billing.services.partners.enrolment import AlreadyPartner, StaffCannotApply
from billing.services.people import Actor, Application, ApplicationState
from billing.services.ports import TokenRequest, Work


@requires(Right.SERVE)
async def token_request(work: Work, actor: Actor, partner_id: str) -> TokenRequest:
    """
    Take a decline back: the request waits again, and the owners hear so.

    :raises AlreadyDone: the newest request is not declined. Facts: `partner`.
    """
    partner = await work.partners.lock(partner_id)
    request = await work.tokens.last_request(partner.id)
    if request is None or request.granted is not False:
        raise AlreadyDone(action="reopen", partner=partner.name)
    waits = replace(request, granted=None, decided_by=None, decided_at=None, reason="")
    await work.tokens.save_request(waits)
    await recording.of_partner(work, actor, "token_reopened", partner.id, before=request.reason)
    await token_requests.show(work, waits, partner)
    await telling.tell_partner(
        work,
        partner.id,
        "token_reopened",
        {},
        key=f"token_reopened:{request.id}:{actor.cause}",
        roles=telling.OWNERS,
        urgency=Urgency.REPLY,
    )
    return waits


@requires(Right.SERVE)
async def application(work: Work, actor: Actor, application_id: str) -> Application:
    """
    Take a decline back: the application waits again, and the applicant hears so.

    :raises NotFound, StaffCannotApply, AlreadyPartner:
    :raises AlreadyDone: it is not declined, or the person has applied anew. Facts: `company`.
    """
    found = await application_cards.the_application(work, application_id)
    another = await work.people.open_application(found.user_id)
    if found.state is not ApplicationState.DECLINED or another is not None:
        raise AlreadyDone(action="reopen", company=found.company)
    await _check_is_free(work, found)
    waits = replace(
        found, state=ApplicationState.OPEN, reason=None, decided_by=None, decided_at=None
    )
    await work.audit.record(
        actor,
        "reopen",
        at=work.now,
        kind="application",
        object_id=found.id,
        before=f"declined: {found.reason}",
        after="open",
    )
    await enrolment.keep_decision(work, waits)
    message = Message(
        key=f"decided:{found.id}",
        chat_id=found.user_id,
        kind="reopened",
        facts={"company": found.company},
        reader=found.user_id,
    )
    await work.messages.say(message, at=work.now)
    return waits


async def _check_is_free(work: Work, found: Application) -> None:
    if await work.people.staff_role(found.user_id) is not None:
        raise StaffCannotApply
    if await work.people.member(found.user_id) is not None:
        raise AlreadyPartner(partner=found.company)
