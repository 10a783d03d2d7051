"""
Claiming a card, and handing it over: a table of the kinds that can be.

Who claimed a card is on it; anybody may decide it all the same. Requests for days have claims of
their own (`days/handling.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from billing.instances import State
from billing.partners import Right
from billing.refusals import AlreadyDone, NotFound
from billing.services import claimed, finding
from billing.services.access import requires
from billing.services.instances import by_hand, deletion_tasks
from billing.services.partners import application_cards, token_requests
from billing.services.payments import receipt_cards
from billing.services.people import Actor, ApplicationState
from billing.services.platforms import cards as comparison_cards
from billing.services.ports import Claim, ReceiptState, Work
from billing.services.support import cards as support_cards
from billing.services.support import relaying

# Says the cards anew; refuses with NotFound or AlreadyDone what waits no more.
Renew = Callable[[Work, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Claimable:
    """
    A kind of card. Both take what it is about.

    `partner` refuses what waits no more, and returns whose it is; `renew` says its cards anew.
    """

    partner: Callable[[Work, str], Awaitable[str | None]]
    renew: Renew


@requires(Right.SERVE)
async def claim(work: Work, actor: Actor, kind: str, subject: str) -> None:
    """
    See to a card oneself; the others see who does.

    :raises NotFound:
    :raises AlreadyDone: it waits no more, or is claimed. Facts: `by`, `since`.
    """
    partner_id = await _the_kind(kind).partner(work, subject)
    taken = Claim(kind, subject, actor.user_id or 0, work.now)
    if not await work.claims.take(taken):
        before = await work.claims.get(kind, subject)
        assert before is not None, "somebody has it"
        by = await claimed.name_of(work, before.claimed_by)
        raise AlreadyDone(action="claim", by=by, since=before.claimed_at)
    await _changed(work, actor, "claim", kind, subject, partner_id)


@requires(Right.SERVE)
async def hand_over(work: Work, actor: Actor, kind: str, subject: str) -> None:
    """
    Leave a card to whoever claims it next.

    :raises NotFound:
    :raises AlreadyDone: it waits no more, or nobody has claimed it.
    """
    partner_id = await _the_kind(kind).partner(work, subject)
    before = await work.claims.get(kind, subject)
    if before is None or not await work.claims.drop(kind, subject):
        raise AlreadyDone(action="hand_over")
    by = await claimed.name_of(work, before.claimed_by) or ""
    await _changed(work, actor, "hand_over", kind, subject, partner_id, before=by)


async def _changed(
    work: Work,
    actor: Actor,
    action: str,
    kind: str,
    subject: str,
    partner_id: str | None,
    *,
    before: str = "",
) -> None:
    await work.audit.record(
        actor,
        action,
        at=work.now,
        kind=kind,
        object_id=subject,
        partner_id=partner_id,
        before=before,
    )
    await _the_kind(kind).renew(work, subject)


def _the_kind(kind: str) -> Claimable:
    if kind not in CLAIMABLE:
        raise NotFound(what="card", wanted=kind)
    return CLAIMABLE[kind]


async def _application(work: Work, subject: str) -> None:
    found = await application_cards.the_application(work, subject)
    if found.state is not ApplicationState.OPEN:
        raise AlreadyDone(action="decide", state=found.state, company=found.company)


async def _renew_application(work: Work, subject: str) -> None:
    found = await application_cards.the_application(work, subject)
    await application_cards.show(work, found)
    await application_cards.show_applicant(work, found)


async def _token_request(work: Work, subject: str) -> str:
    partner = await finding.the_partner(work, subject)
    if await work.tokens.request(partner.id) is None:
        raise AlreadyDone(action="decide", partner=partner.name)
    return partner.id


async def _renew_token_request(work: Work, subject: str) -> None:
    request = await work.tokens.request(subject)
    assert request is not None, "it waits"
    await token_requests.show(work, request, await finding.the_partner(work, subject))


async def _deletion(work: Work, subject: str) -> str:
    instance = await work.instances.by_id(subject)
    if instance is None:
        raise NotFound(what="instance", wanted=subject)
    if instance.state is not State.STOPPED:
        raise AlreadyDone(action="delete", state=instance.state)
    return instance.partner_id


async def _renew_deletion(work: Work, subject: str) -> None:
    instance = await work.instances.by_id(subject)
    assert instance is not None, "it waits"
    await deletion_tasks.show(work, instance)


async def _by_hand(work: Work, subject: str) -> str:
    call = await by_hand.the_call(work, subject)
    if call.state != "open":
        raise AlreadyDone(action="by_hand", state=call.state)
    return call.partner_id


async def _renew_by_hand(work: Work, subject: str) -> None:
    await by_hand.show(work, await by_hand.the_call(work, subject))


async def _message(work: Work, subject: str) -> str:
    message = await relaying.the_message(work, subject)
    if message.answered_at is not None:
        raise AlreadyDone(action="support")
    return message.partner_id


async def _renew_message(work: Work, subject: str) -> None:
    await support_cards.show(work, await relaying.the_message(work, subject))


async def _receipt(work: Work, subject: str) -> str:
    found = await receipt_cards.the_receipt(work, subject)
    receipt = receipt_cards.standing(await receipt_cards.on_card(work, found))
    if receipt.state is not ReceiptState.WAITING:
        raise AlreadyDone(action="receipt", state=receipt.state)
    return receipt.partner_id


async def _renew_receipt(work: Work, subject: str) -> None:
    await receipt_cards.show(work, await receipt_cards.the_receipt(work, subject))


async def _comparison(work: Work, subject: str) -> None:
    if await work.comparisons.get(subject) is None:
        raise NotFound(what="platform", wanted=subject[:64])
    if not await work.differences.count(subject):
        raise AlreadyDone(action="difference")


CLAIMABLE: dict[str, Claimable] = {
    application_cards.KIND: Claimable(_application, _renew_application),
    token_requests.KIND: Claimable(_token_request, _renew_token_request),
    deletion_tasks.KIND: Claimable(_deletion, _renew_deletion),
    by_hand.KIND: Claimable(_by_hand, _renew_by_hand),
    receipt_cards.KIND: Claimable(_receipt, _renew_receipt),
    support_cards.KIND: Claimable(_message, _renew_message),
    comparison_cards.KIND: Claimable(_comparison, comparison_cards.show),
}
