"""
Becoming a partner: applying, approving, declining.

Rules: "Enrolment and tokens". An open application is edited, not doubled; a person belongs to
one partner, staff to none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from billing.money import Money
from billing.partners import Partner, Right, Role, checked_name
from billing.programmes import Programme, Settlement
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.finding import NoSuchProgramme
from billing.services.invoices import invoicing
from billing.services.messages import Button, Message, Urgency
from billing.services.partners import application_cards
from billing.services.people import Actor, Application, ApplicationState, Member
from billing.services.ports import Work
from billing.tokens import Token


class AlreadyPartner(Refusal):
    """The person acts for a partner already. Facts: `partner`."""

    code = "already_partner"


class StaffCannotApply(Refusal):
    """Staff belong to no partner."""

    code = "staff_cannot_apply"


@dataclass(frozen=True, slots=True)
class Applied:
    """The application as it is now; `edited` when it was open before."""

    application: Application
    edited: bool


@requires(Right.ANYONE)
async def apply(
    work: Work,
    actor: Actor,
    company: str,
    *,
    migrate: bool | None = None,
    card: str | None = None,
) -> Applied:
    """
    Ask to become a partner, or edit the open application.

    `migrate` moves active prepaid instances to the monthly invoice, never later; None leaves
    it as it was, at first no. `card` is the key of the message that shows it to the applicant: it
    follows what becomes of it.

    :raises AlreadyPartner, StaffCannotApply, NameRefused:
    """
    await _check_may_apply(work, actor)
    before = await work.people.open_application(actor.user_id or 0)
    application = _written(work, actor, before, checked_name(company), migrate, card)
    await work.people.save_application(application)
    await work.audit.record(
        actor,
        "apply",
        at=work.now,
        kind="application",
        object_id=application.id,
        before=before.company if before else "",
        after=f"{application.company} migrate={'yes' if application.migrate else 'no'}",
    )
    await application_cards.show(work, application)
    return Applied(application, before is not None)


def _written(
    work: Work,
    actor: Actor,
    before: Application | None,
    company: str,
    migrate: bool | None,
    card: str | None,
) -> Application:
    """Return a new application, or the open one edited."""
    if before is not None:
        chosen = before.migrate if migrate is None else migrate
        return replace(before, company=company, migrate=chosen, card=card or before.card)
    return Application(
        id=work.ids.short(),
        user_id=actor.user_id or 0,
        company=company,
        migrate=bool(migrate),
        state=ApplicationState.OPEN,
        created_at=work.now,
        card=card,
    )


@requires(Right.SERVE)
async def approve(work: Work, actor: Actor, application_id: str, programme_id: str) -> Partner:
    """
    Make the applicant a partner under the newest version of a programme.

    :raises NotFound, NoSuchProgramme, AlreadyPartner, StaffCannotApply:
    :raises AlreadyDone: it was decided. Facts: `state`, `company`.
    """
    application = await _open(work, application_id)
    programme = work.programmes.newest(programme_id)
    known = application_cards.offered(work)
    if programme is None or programme not in known:
        raise NoSuchProgramme(wanted=programme_id, known=[choice.id for choice in known])
    partner = await _enrol(work, application, programme)
    decided = replace(
        application,
        state=ApplicationState.APPROVED,
        programme=programme.id,
        decided_by=actor.user_id,
        decided_at=work.now,
    )
    await work.audit.record(
        actor,
        "approve",
        at=work.now,
        kind="application",
        object_id=application.id,
        partner_id=partner.id,
        before="open",
        after=f"approved: {programme.id} v{programme.version}",
    )
    await keep_decision(work, decided)
    await _welcome(work, decided, partner, programme)
    return partner


@requires(Right.SERVE)
async def decline(work: Work, actor: Actor, application_id: str, reason: str) -> Application:
    """
    Decline an application; the applicant hears the reason.

    :raises NotFound:
    :raises AlreadyDone: it was decided. Facts: `state`, `company`.
    """
    application = await _open(work, application_id)
    decided = replace(
        application,
        state=ApplicationState.DECLINED,
        reason=reason.strip()[:500],
        decided_by=actor.user_id,
        decided_at=work.now,
    )
    await work.audit.record(
        actor,
        "decline",
        at=work.now,
        kind="application",
        object_id=application.id,
        before="open",
        after=f"declined: {decided.reason}",
    )
    await keep_decision(work, decided)
    message = Message(
        key=f"decided:{application.id}",
        chat_id=application.user_id,
        kind="declined",
        facts={"company": application.company, "reason": decided.reason},
        buttons=[[Button("apply_again", "apply")]],
        reader=application.user_id,
    )
    await work.messages.say(message, at=work.now)
    return decided


async def withdraw(work: Work, actor: Actor, application: Application) -> None:
    """The applicant is gone, and the application with it; staff see it on its card."""
    closed = replace(
        application,
        state=ApplicationState.DECLINED,
        decided_by=actor.user_id,
        decided_at=work.now,
    )
    await work.audit.record(
        actor,
        "withdraw",
        at=work.now,
        kind="application",
        object_id=application.id,
        before="open",
        after="declined",
    )
    await keep_decision(work, closed)


async def keep_decision(work: Work, application: Application) -> None:
    """Keep a decision; staff and the applicant see it on their cards."""
    await work.people.save_application(application)
    await work.claims.drop(application_cards.KIND, application.id)
    await application_cards.show(work, application)
    await application_cards.show_applicant(work, application)


async def _open(work: Work, application_id: str) -> Application:
    application = await application_cards.the_application(work, application_id)
    if application.state is not ApplicationState.OPEN:
        raise AlreadyDone(action="decide", state=application.state, company=application.company)
    return application


async def _check_may_apply(work: Work, actor: Actor) -> None:
    if actor.staff is not None:
        raise StaffCannotApply
    if actor.partner_id is not None:
        partner = await finding.the_partner(work, actor.partner_id)
        raise AlreadyPartner(partner=partner.name)


async def _enrol(work: Work, application: Application, programme: Programme) -> Partner:
    if await work.people.staff_role(application.user_id) is not None:
        raise StaffCannotApply
    person = await work.people.person(application.user_id)
    partner = Partner(
        id=work.ids.short(),
        name=application.company,
        programme=programme.id,
        programme_version=programme.version,
        currency=programme.currency,
        zone=(person.zone if person else None) or programme.zone,
        created_at=work.now,
        migrates=application.migrate,
    )
    await work.partners.add(partner)
    owner = Member(application.user_id, partner.id, Role.OWNER)
    if not await work.people.add_member(owner, at=work.now):
        raise AlreadyPartner(partner=application.company)
    first = Token(work.ids.short(8), partner.id, 1, 0, programme.tier(1).allowed)
    await work.tokens.add(first, at=work.now)
    await invoicing.plan_close(work, partner, programme.calendar.month_of(work.now))
    return partner


def _channel(programme: Programme) -> dict[str, object] | None:
    terms = programme.days
    if terms is None or Settlement.DAYS not in programme.settlements:
        return None
    price = Money(terms.channel_price_minor, programme.currency)
    return {"price": price, "days": terms.channel_days}


async def _welcome(
    work: Work, application: Application, partner: Partner, programme: Programme
) -> None:
    message = Message(
        key=f"decided:{application.id}",
        chat_id=application.user_id,
        kind="approved",
        facts={
            "company": partner.name,
            "programme": programme.id,
            "prices": [programme.price(band + 1) for band in range(len(programme.prices_minor))],
            "channel": _channel(programme),
            "trial_hours": programme.trial.hours,
            "tier": programme.tier(1).name,
            "allowed": programme.tier(1).allowed,
            "due_day": programme.deadlines.due_day,
            "last_day": programme.deadlines.last_day,
            "delete_day": programme.deadlines.delete_day,
            "zone": partner.zone,
        },
        buttons=[
            [Button("new", "new"), Button("show_token", "token_show")],
            [Button("timezone", "timezone"), Button("home", "home")],
        ],
        urgency=Urgency.REPLY,
        reader=application.user_id,
    )
    await work.messages.say(message, at=work.now)
