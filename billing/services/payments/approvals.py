"""What waits for a second person: looked at, confirmed by a colleague, or dropped."""

from __future__ import annotations

from dataclasses import replace

from billing.partners import Right
from billing.refusals import AlreadyDone, NotFound
from billing.services.access import requires
from billing.services.payments import booking, giving, reversals, second
from billing.services.payments.booking import Booked
from billing.services.payments.giving import Given, Refunded
from billing.services.payments.reversing import Reversal
from billing.services.payments.second import ApprovalChanged, SecondPersonNeeded
from billing.services.people import Actor
from billing.services.ports import Approval, ApprovalState, Work

Outcome = Booked | Reversal | Given | Refunded


@requires(Right.SERVE)
async def look(work: Work, actor: Actor, approval_id: str) -> dict[str, object]:
    """
    Return what a card says of it, and show the card in every staff group anew.

    :raises NotFound:
    """
    del actor
    approval = await _found(work, approval_id)
    await second.show(work, approval)
    return await second.told(work, approval)


@requires(Right.BOOK)
async def confirm(work: Work, actor: Actor, approval_id: str, terms: str | None = None) -> Outcome:
    """
    Do what a colleague asked for; all that it depends on is asked again, now.

    `terms` stand for what the card showed; without, it is what was asked for.

    :raises NotFound:
    :raises ApprovalChanged: it would do something else now; show it anew.
    :raises AlreadyDone: it was confirmed or dropped.
    :raises SecondPersonNeeded: who asked for it.
    :raises Refusal: it can no longer be done; it goes on waiting until it is dropped.
    """
    approval = await _found(work, approval_id)
    if approval.state is ApprovalState.WAITING and actor.user_id == approval.asked_by:
        raise SecondPersonNeeded(person=(await second.told(work, approval))["asked_by"])
    await work.partners.lock(approval.partner_id)
    if approval.state is ApprovalState.WAITING:
        ahead = await second.look_ahead(work, approval.kind, approval.args)
        if ahead.terms != (approval.terms if terms is None else terms):
            raise ApprovalChanged
    done = await _decided(work, actor, approval, ApprovalState.DONE)
    outcome = await _carry_out(work, actor, done)
    assert not isinstance(outcome, Approval), "what was confirmed waits for nobody"
    return outcome


@requires(Right.BOOK)
async def drop(work: Work, actor: Actor, approval_id: str) -> Approval:
    """
    Leave it undone: a colleague declines, or who asked for it takes it back.

    :raises NotFound, AlreadyDone:
    """
    return await _decided(work, actor, await _found(work, approval_id), ApprovalState.DROPPED)


async def _found(work: Work, approval_id: str) -> Approval:
    approval = await work.approvals.get(approval_id)
    if approval is None:
        raise NotFound(what="approval", wanted=approval_id[:64])
    return approval


async def _decided(work: Work, actor: Actor, approval: Approval, state: ApprovalState) -> Approval:
    await work.partners.lock(approval.partner_id)
    decided = replace(approval, state=state, decided_by=actor.user_id, decided_at=work.now)
    if not await work.approvals.decide(decided):
        raise AlreadyDone(action="approval")
    await work.audit.record(
        actor,
        "second_person",
        at=work.now,
        kind="approval",
        object_id=approval.id,
        partner_id=approval.partner_id,
        before=f"{approval.kind} {approval.state}",
        after=state,
        amount=approval.amount,
    )
    await second.show(work, decided)
    return decided


async def _carry_out(work: Work, actor: Actor, done: Approval) -> Outcome | Approval:
    args = done.args
    match done.kind:
        case "paid":
            return await booking.book(
                work,
                actor,
                args["number"],
                args["amount"],
                args["reference"],
                args.get("received_on"),
                confirmed=done,
            )
        case "unpaid":
            return await reversals.reverse(
                work, actor, args["number"], args["reason"], args["reference"], confirmed=done
            )
        case "credit":
            return await giving.give(
                work, actor, args["partner"], args["amount"], args["reason"], confirmed=done
            )
        case "credit_days":
            return await giving.give_days(
                work, actor, args["partner"], args["days"], args["reason"], confirmed=done
            )
        case _:
            return await giving.refund(
                work, actor, args["partner"], args["amount"], args["reference"], confirmed=done
            )
