"""
Credit given by staff, in money or in days; credit paid back outside.

Given credit settles what is unpaid, oldest first, as an overpayment does. Rules: "Refunds are
paid outside and booked up to the credit that exists".
"""

from __future__ import annotations

from dataclasses import dataclass

from billing import ledger
from billing.calendar import local_date
from billing.corrections import CreditTooSmall
from billing.instances import Instance
from billing.invoices import AmountRefused, Invoice, ReferenceTaken
from billing.money import Money
from billing.partners import Partner, Right
from billing.programmes import Settlement
from billing.refusals import AlreadyDone, Fact, Refusal
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.days import funds
from billing.services.invoices import invoicing, settling
from billing.services.messages import Urgency
from billing.services.payments import second
from billing.services.people import Actor
from billing.services.ports import Approval, Refund, Work


class DaysRefused(Refusal):
    """Days cannot be given. Facts: `why` (not_positive, too_many, no_days), `most`."""

    code = "days_refused"


# A hundred channels for ten years.
MOST_DAYS = 365_000


@dataclass(frozen=True, slots=True)
class Given:
    """Money or days given; `settled` are the invoices that it went to, `credit` what is left."""

    partner: Partner
    amount: Money | None
    days: int
    credit: Money
    settled: list[Invoice]
    restored: list[Instance]


@dataclass(frozen=True, slots=True)
class Refunded:
    """Credit that was paid back, and what is left of it."""

    refund: Refund
    partner: Partner
    credit: Money


@requires(Right.BOOK)
async def give(
    work: Work,
    actor: Actor,
    partner_id: str,
    amount: Money,
    reason: str,
    *,
    confirmed: Approval | None = None,
) -> Given | Approval:
    """
    Give credit; above the programme's limit it waits for a second person.

    :raises NotFound, AmountRefused:
    """
    partner = await _locked(work, partner_id)
    _check(amount, partner.currency)
    if confirmed is None and await second.wanted_to_give(work, partner, amount, by=actor.user_id):
        args = {"partner": partner.id, "amount": amount, "reason": reason}
        return await second.ask(work, actor, "credit", partner, amount, args)
    entry = ledger.credit_given(partner.id, reason, amount)
    await work.ledger.post(entry, actor=actor, at=work.now)
    await recording.of_partner(work, actor, "credit", partner.id, after=reason, amount=amount)
    there = await invoicing.credit_of(work, partner)
    settled, left = await settling.use_credit(work, actor, partner, there)
    restored = await settling.let_go(work, actor, partner, settled)
    given = Given(partner, amount, 0, left, [after for _, after in settled], restored)
    await _tell(work, actor, given, reason)
    return given


@requires(Right.BOOK)
async def give_days(
    work: Work,
    actor: Actor,
    partner_id: str,
    days: int,
    reason: str,
    *,
    confirmed: Approval | None = None,
) -> Given | Approval:
    """
    Give days; if they are worth more than the programme's limit, a second person confirms.

    :raises NotFound, DaysRefused:
    """
    partner = await _locked(work, partner_id)
    programme = finding.programme_of(work, partner)
    if programme.days is None or Settlement.DAYS not in programme.settlements:
        raise DaysRefused(why="no_days", most=MOST_DAYS)
    if not 0 < days <= MOST_DAYS:
        raise DaysRefused(why="too_many" if days > 0 else "not_positive", most=MOST_DAYS)
    channel = programme.days
    worth = Money(days * channel.channel_price_minor // channel.channel_days, partner.currency)
    if confirmed is None and await second.wanted_to_give(work, partner, worth, by=actor.user_id):
        args = {"partner": partner.id, "days": days, "reason": reason}
        return await second.ask(work, actor, "credit_days", partner, worth, args)
    entry = ledger.days_granted(partner.id, reason, days)
    await work.ledger.post(entry, actor=actor, at=work.now)
    await funds.grown(work, partner.id)
    await recording.of_partner(
        work, actor, "credit_days", partner.id, after=f"{days}: {reason}", amount=worth
    )
    given = Given(partner, None, days, await invoicing.credit_of(work, partner), [], [])
    await _tell(work, actor, given, reason)
    return given


@requires(Right.BOOK)
async def refund(
    work: Work,
    actor: Actor,
    partner_id: str,
    amount: Money,
    reference: str,
    *,
    confirmed: Approval | None = None,
) -> Refunded | Approval:
    """
    Book credit that was paid back outside; the same again is answered with the first one.

    Also credit in a currency of earlier terms.

    :raises NotFound, AmountRefused, CreditTooSmall:
    :raises AlreadyDone: booked before. Facts: `amount`, `on`, `reference`.
    :raises ReferenceTaken: that reference is another refund's.
    """
    partner = await _locked(work, partner_id)
    await _check_reference(work, partner, amount, reference)
    there = await invoicing.credit_in(work, partner, amount.currency)
    _check(amount, amount.currency if there else partner.currency)
    if amount > there:
        raise CreditTooSmall(credit=there, amount=amount)
    if confirmed is None and await second.wanted_to_give(work, partner, amount, by=actor.user_id):
        args = {"partner": partner.id, "amount": amount, "reference": reference}
        return await second.ask(work, actor, "refund", partner, amount, args)
    user_id = actor.user_id or 0
    booked = Refund(work.ids.opaque(), partner.id, amount, reference, user_id, work.now)
    if await work.payments.refund(booked) is not None:
        await _check_reference(work, partner, amount, reference)
    entry = ledger.refunded(partner.id, reference, amount)
    await work.ledger.post(entry, actor=actor, at=work.now)
    await recording.of_partner(work, actor, "refund", partner.id, after=reference, amount=amount)
    refunded = Refunded(booked, partner, there - amount)
    await _tell_refunded(work, refunded)
    return refunded


async def _locked(work: Work, partner_id: str) -> Partner:
    await finding.the_partner(work, partner_id)
    return await work.partners.lock(partner_id)


def _check(amount: Money, currency: str) -> None:
    if amount.currency != currency:
        raise AmountRefused(why="currency", currency=currency)
    if amount.minor <= 0:
        raise AmountRefused(why="not_positive", currency=currency)


async def _check_reference(work: Work, partner: Partner, amount: Money, reference: str) -> None:
    first = await work.payments.refunded_as(reference)
    if first is None:
        return
    facts: dict[str, Fact] = {
        "number": "",
        "amount": first.amount,
        "on": local_date(first.booked_at, finding.programme_of(work, partner).zone),
        "reference": first.reference,
    }
    if (first.partner_id, first.amount) == (partner.id, amount):
        raise AlreadyDone(action="refund", **facts)
    raise ReferenceTaken(**facts)


async def _tell_refunded(work: Work, done: Refunded) -> None:
    refund = done.refund
    await telling.tell_partner(
        work,
        done.partner.id,
        "refunded",
        {"amount": refund.amount, "reference": refund.reference, "credit": done.credit},
        key=f"refund:{refund.id}",
        roles=telling.PAYERS,
        urgency=Urgency.MONEY,
    )


async def _tell(work: Work, actor: Actor, given: Given, reason: str) -> None:
    await telling.tell_partner(
        work,
        given.partner.id,
        "credit_given",
        {
            "amount": given.amount,
            "days": given.days,
            "reason": reason,
            "credit": given.credit,
            "settled": [{"number": it.number, "owed": it.owed} for it in given.settled],
            "restored": [instance.name for instance in given.restored],
        },
        key=f"credit:{given.partner.id}:{actor.cause}",
        roles=telling.PAYERS,
        urgency=Urgency.MONEY,
    )
