"""
A partner's company data: what its invoices are made out to from now on.

Rules: "Ways to pay an invoice".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from billing import company
from billing.company import Company, Field
from billing.partners import Partner, Right
from billing.services import finding, recording
from billing.services.access import requires
from billing.services.people import Actor
from billing.services.ports import Work


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a partner's company."""

    partner: Partner
    company: Company


@requires(Right.PAY)
async def look(work: Work, actor: Actor) -> Told:
    """Return the company data as they stand on the next invoice."""
    partner = await finding.own_partner(work, actor)
    return Told(partner, await work.partners.company(partner.id))


@requires(Right.PAY)
async def foresee(work: Work, actor: Actor, told: Mapping[Field, str | None]) -> tuple[Told, Told]:
    """
    Say how the company data are and how they would be; changes nothing.

    :raises CompanyRefused:
    """
    before = await look(work, actor)
    after = _with(before.company, told, before.partner)
    return before, replace(before, company=after)


@requires(Right.PAY)
async def tell(work: Work, actor: Actor, told: Mapping[Field, str | None]) -> Told:
    """
    Change some of the company data; None takes one away. All of them, or none.

    Invoices that were issued keep what they were issued with. The same said again changes
    nothing.

    :raises CompanyRefused:
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    before = await work.partners.company(partner.id)
    after = _with(before, told, partner)
    if after == before:
        return Told(partner, before)
    await work.partners.save_company(partner.id, after)
    await recording.of_partner(
        work,
        actor,
        "company",
        partner.id,
        before=_differing(before, after),
        after=_differing(after, before),
    )
    return Told(partner, after)


def _with(before: Company, told: Mapping[Field, str | None], partner: Partner) -> Company:
    checked = {
        field.value: None
        if text is None
        else company.checked(field, text, currency=partner.currency)
        for field, text in told.items()
    }
    return replace(before, **checked)


def _differing(one: Company, other: Company) -> str:
    """Return what one says differently from the other."""
    return "; ".join(
        f"{field}: {getattr(one, field) or '-'}"
        for field in Field
        if getattr(one, field) != getattr(other, field)
    )
