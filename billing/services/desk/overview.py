"""
Looking: home, lists, one instance, one partner, a month's report, the audit.

Nothing here changes anything; what a price, a month or a date is, the rules of their own modules
say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from billing import partners
from billing.calendar import BillingCalendar, Month
from billing.company import Company
from billing.customers import Customer
from billing.instances import Instance, State
from billing.invoices import Invoice, InvoiceKind
from billing.links import Link
from billing.money import Money, total, zero
from billing.partners import Partner, Right
from billing.programmes import Programme
from billing.services import finding
from billing.services.access import requires
from billing.services.invoices import invoicing
from billing.services.invoices.invoicing import DryRow
from billing.services.people import Actor, Member, Person
from billing.services.ports import AuditRow, Move, Tally, TokenRequest, Work
from billing.tokens import Token

# What the rows of the audit are about.
OF_PARTNER = frozenset({"partner", "token", "token_request", "approval", "support", "receipt"})
OF_INSTANCE = frozenset({"instance", "customer", "link", "staff_delete_task", "deletion_task"})
AUDIT_ROWS = 20


@dataclass(frozen=True, slots=True)
class Home:
    """What a partner sees first; `old_credit` is in the currencies of earlier terms."""

    partner: Partner
    counts: dict[State, int]
    unpaid: list[Invoice]
    preview: invoicing.Preview
    old_credit: list[Money]
    token: Token | None
    next_trial_end: datetime | None


@dataclass(frozen=True, slots=True)
class InstanceCard:
    """One instance; `price` is what a month of it costs now, `history` newest first."""

    instance: Instance
    price: Money | None
    link: Link
    has_secret: bool
    history: list[AuditRow]
    partner: Partner
    customer: Customer | None


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """
    One partner, for staff.

    `unpaid`: open invoices of all kinds; `old_credit` is in the currencies of earlier terms.
    """

    partner: Partner
    company: Company
    programme: Programme
    members: list[tuple[Member, Person | None]]
    counts: dict[State, int]
    unpaid: list[Invoice]
    credit: Money
    old_credit: list[Money]
    token: Token | None
    request: TokenRequest | None
    move: Move | None


@dataclass(frozen=True, slots=True)
class Report:
    """
    A month in figures; money by currency, since partners may differ in it.

    `by_card` is what of the money received cards brought for their own instances.
    """

    month: Month
    invoices: int
    invoiced: dict[str, Money]
    received: list[Money]
    by_card: list[Money]
    owed: dict[str, Money]
    instances: Tally


@requires(Right.VIEW)
async def home(work: Work, actor: Actor) -> Home:
    """
    Return what the home card shows.

    :raises NoPartner:
    """
    partner = await finding.own_partner(work, actor)
    trials = await work.instances.of_partner(partner.id, [State.TRIAL])
    ends = [trial.trial_ends_at for trial in trials if trial.trial_ends_at is not None]
    return Home(
        partner=partner,
        counts=await work.instances.counts(partner.id),
        unpaid=await work.invoices.unpaid(partner.id),
        preview=await invoicing.preview(work, actor),
        old_credit=await invoicing.old_credit_of(work, partner),
        token=await work.tokens.present(partner.id),
        next_trial_end=min(ends, default=None),
    )


@requires(Right.VIEW)
async def instances_of(
    work: Work, actor: Actor, states: Iterable[State] | None = None
) -> list[Instance]:
    """Return the partner's living instances by name, of these states if any are named."""
    found = await work.instances.of_partner(finding.own_partner_id(actor), states)
    return finding.by_name(found)


@requires(Right.VIEW)
async def links_of(work: Work, actor: Actor, found: Iterable[Instance]) -> Mapping[str, Link]:
    """Return whether the partner's own of these are connected, by their ids."""
    partner_id = finding.own_partner_id(actor)
    return await work.links.of_ids([one.id for one in found if one.partner_id == partner_id])


@requires(Right.VIEW)
async def instance_card(work: Work, actor: Actor, instance_id: str) -> InstanceCard:
    """
    Return one of the partner's instances, a deleted one too.

    :raises NotFound:
    """
    partner = await finding.own_partner(work, actor)
    instance = await finding.the_instance(work, partner.id, instance_id)
    programme = finding.programme_of(work, partner)
    price = None
    if programme.postpaid:
        price = partners.price(
            programme,
            await work.partners.agreements(partner.id),
            band=instance.band,
            month=programme.calendar.month_of(work.now),
        )
    return InstanceCard(
        instance=instance,
        price=price,
        link=(await work.links.of_ids([instance.id]))[instance.id],
        has_secret=await work.tokens.secret(f"instance:{instance.id}") is not None,
        history=await work.audit.about(instance.id, limit=6),
        partner=partner,
        customer=await work.customers.of_instance(instance.id),
    )


@requires(Right.SERVE)
async def partner_card(work: Work, actor: Actor, partner_id: str) -> PartnerCard:
    """
    Return everything about one partner.

    :raises NotFound:
    """
    del actor
    partner = await finding.the_partner(work, partner_id)
    members = await work.people.members(partner.id)
    return PartnerCard(
        partner=partner,
        company=await work.partners.company(partner.id),
        programme=finding.programme_of(work, partner),
        members=[(member, await work.people.person(member.user_id)) for member in members],
        counts=await work.instances.counts(partner.id),
        unpaid=await work.invoices.open_of(partner.id),
        credit=await invoicing.credit_of(work, partner),
        old_credit=await invoicing.old_credit_of(work, partner),
        token=await work.tokens.present(partner.id),
        request=await work.tokens.request(partner.id),
        move=await work.moves.waiting(partner.id),
    )


@requires(Right.BOOK)
async def report(work: Work, actor: Actor, month: Month, zone: str) -> Report:
    """Return a month in figures, by the midnights of `zone`; what is owed is as of now."""
    del actor
    calendar = BillingCalendar(zone=zone)
    start, end = calendar.start(month), calendar.end(month)
    issued = await work.invoices.issued_between(start, end)
    unpaid = await work.invoices.all_unpaid()
    return Report(
        month=month,
        invoices=sum(invoice.kind is not InvoiceKind.CREDIT_NOTE for invoice in issued),
        invoiced=_by_currency([_earned(invoice) for invoice in issued]),
        received=await work.totals.received(start, end),
        by_card=await work.totals.by_card(start, end),
        owed=_by_currency([invoice.owed for invoice in unpaid]),
        instances=await work.instances.tally(start, end),
    )


@requires(Right.BOOK)
async def drawn_up(work: Work, actor: Actor, month: Month) -> list[DryRow] | None:
    """Return what the close of a month drew up; None while it is not closed everywhere."""
    del actor
    calendars = [programme.calendar for programme in work.programmes.latest()]
    if any(month >= calendar.month_of(work.now) for calendar in calendars):
        return None
    rows = []
    for partner in await work.partners.all():
        invoice = await work.invoices.of_period(partner.id, month)
        before = await work.invoices.of_period(partner.id, month.plus(-1))
        if invoice is None and before is None:
            continue
        nothing = zero(partner.currency)
        lines = await work.invoices.lines(invoice.id) if invoice else []
        drawn, earlier = (it.total if it else nothing for it in (invoice, before))
        rows.append(DryRow(partner, len(lines), drawn, earlier))
    return rows


@requires(Right.SERVE)
async def audit(work: Work, actor: Actor, wanted: str | None) -> list[AuditRow]:
    """Return the last 20 acts, newest first: of all, or about a partner, an object, an invoice."""
    del actor
    return await work.audit.about(wanted, limit=AUDIT_ROWS)


@requires(Right.SERVE)
async def names(work: Work, actor: Actor, rows: Sequence[AuditRow]) -> dict[str, str]:
    """Return how people call what acts are about, by its id; what has no name is left out."""
    del actor
    found = {}
    for row in rows:
        if row.kind in OF_PARTNER and row.partner_id is not None:
            found[row.object_id] = (await finding.the_partner(work, row.partner_id)).name
        elif row.kind in OF_INSTANCE:
            instance = await work.instances.by_id(row.object_id)
            found[row.object_id] = instance.name if instance is not None else ""
        elif row.kind == "application":
            application = await work.people.application(row.object_id)
            found[row.object_id] = application.company if application is not None else ""
        elif row.kind == "person" and row.object_id.isdigit():
            person = await work.people.person(int(row.object_id))
            found[row.object_id] = person.name if person is not None else ""
    return {key: name for key, name in found.items() if name}


def _earned(invoice: Invoice) -> Money:
    """Return what an invoice adds to what was invoiced: a credit note takes it off again."""
    return -invoice.total if invoice.kind is InvoiceKind.CREDIT_NOTE else invoice.total


def _by_currency(amounts: list[Money]) -> dict[str, Money]:
    return {
        currency: total((money for money in amounts if money.currency == currency), currency)
        for currency in sorted({money.currency for money in amounts})
    }
