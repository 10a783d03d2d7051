"""
The partner's own customer of an instance: told, told anew, taken away.

Rules: "Partner's own customers".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing import customers
from billing.calendar import local_date
from billing.customers import Customer
from billing.instances import Instance
from billing.money import Money
from billing.partners import Partner, Right, checked_name
from billing.refusals import Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.people import Actor
from billing.services.ports import Work


class CustomerUnnamed(Refusal):
    """The instance has no customer yet, so a name is needed first. Facts: `instance`."""

    code = "customer_unnamed"


@dataclass(frozen=True, slots=True)
class Told:
    """
    What is told of a customer; what is None is not told.

    `minor` in the partner's currency, unless `currency` says which was written.
    """

    name: str | None = None
    minor: int | None = None
    currency: str | None = None
    paid_until: date | None = None


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """Whose an instance is; `to_charge`: it is time to ask for the next payment."""

    instance: Instance
    customer: Customer | None
    to_charge: bool


@requires(Right.VIEW)
async def look(work: Work, actor: Actor, instance_id: str) -> CustomerCard:
    """
    Return whose one of the partner's instances is.

    :raises NotFound:
    """
    partner = await finding.own_partner(work, actor)
    instance = await finding.the_instance(work, partner.id, instance_id)
    return _card(work, partner, instance, await work.customers.of_instance(instance.id))


@requires(Right.VIEW)
async def names(work: Work, actor: Actor) -> dict[str, str]:
    """Return the names of the customers by the id of their instance."""
    found = await work.customers.of_partner(finding.own_partner_id(actor))
    return {instance_id: customer.name for instance_id, customer in found.items()}


@requires(Right.OPERATE)
async def tell(work: Work, actor: Actor, instance_id: str, told: Told) -> CustomerCard:
    """
    Say whose an instance is; of the same customer what is not told stays as it is.

    The same said again changes nothing.

    :raises NotFound, NameRefused, AmountRefused, CustomerUnnamed:
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    instance = await finding.the_instance(work, partner.id, instance_id)
    before = await work.customers.of_instance(instance.id)
    after = _told(partner, instance, before, told)
    await _save(work, actor, instance, before, after)
    return _card(work, partner, instance, after)


@requires(Right.OPERATE)
async def clear(work: Work, actor: Actor, instance_id: str) -> CustomerCard:
    """
    Say that an instance is nobody's; said of one that is changes nothing.

    :raises NotFound:
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    instance = await finding.the_instance(work, partner.id, instance_id)
    before = await work.customers.of_instance(instance.id)
    await _save(work, actor, instance, before, None)
    return _card(work, partner, instance, None)


def _told(partner: Partner, instance: Instance, before: Customer | None, told: Told) -> Customer:
    name = checked_name(told.name) if told.name is not None else None
    if name is None and before is None:
        raise CustomerUnnamed(instance=instance.name)
    known = before if before is not None and name in {None, before.name} else None
    price = known.price if known else None
    if told.minor is not None:
        asked = Money(told.minor, told.currency or partner.currency)
        price = customers.checked_price(asked, partner.currency)
    paid_until = told.paid_until or (known.paid_until if known else None)
    return Customer(name or (before.name if before else ""), price, paid_until)


async def _save(
    work: Work, actor: Actor, instance: Instance, before: Customer | None, after: Customer | None
) -> None:
    if before == after:
        return
    await work.customers.save(instance.id, after)
    await work.audit.record(
        actor,
        "customer",
        at=work.now,
        # The rows of the kind "instance" tell its life, which this is no part of.
        kind="customer",
        object_id=instance.id,
        partner_id=instance.partner_id,
        before=_written(before),
        after=_written(after),
    )


def _written(customer: Customer | None) -> str:
    if customer is None:
        return "-"
    told = [customer.name]
    if customer.price is not None:
        told.append(f"{customer.price.minor} {customer.price.currency}")
    if customer.paid_until is not None:
        told.append(f"until {customer.paid_until}")
    return "; ".join(told)


def _card(
    work: Work, partner: Partner, instance: Instance, customer: Customer | None
) -> CustomerCard:
    today = local_date(work.now, partner.zone)
    to_charge = customer is not None and customers.is_to_charge(customer, today)
    return CustomerCard(instance, customer, to_charge)
