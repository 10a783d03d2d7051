"""What the use cases look up again and again: one's own partner and its things, or a refusal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from billing import terms
from billing.calendar import Month
from billing.instances import Instance
from billing.invoices import Invoice
from billing.partners import Partner, StaffRole
from billing.programmes import Programme
from billing.refusals import NotFound, Refusal
from billing.services.people import Actor
from billing.services.ports import Work

DIGITS = re.compile(r"([0-9]+)")


class NoPartner(Refusal):
    """The person belongs to no partner yet."""

    code = "no_partner"


class NoSuchProgramme(Refusal):
    """There is no programme of that name, or no such version. Facts: `wanted`, `known`."""

    code = "no_such_programme"


def own_partner_id(actor: Actor) -> str:
    """
    Return the partner for which the actor acts.

    :raises NoPartner:
    """
    if actor.partner_id is None:
        raise NoPartner
    return actor.partner_id


async def own_partner(work: Work, actor: Actor) -> Partner:
    """
    Return the actor's partner, to look at: who changes it takes `work.partners.lock`.

    :raises NoPartner:
    """
    return await the_partner(work, own_partner_id(actor))


async def the_partner(work: Work, partner_id: str) -> Partner:
    """
    Return a partner by its id.

    :raises NotFound:
    """
    partner = await work.partners.get(partner_id)
    if partner is None:
        raise NotFound(what="partner", wanted=partner_id)
    return partner


def programme_of(work: Work, partner: Partner) -> Programme:
    """
    Return the version of the terms that the partner is under.

    Its calendar is composed of all that the partner was under.
    """
    return terms.present(work.programmes, partner)


def desk_zone(work: Work) -> str:
    """Return the zone in which is told who chose none: most of the work is in that one."""
    return next((terms.zone for terms in work.programmes.latest() if terms.postpaid), "UTC")


async def staff_zone(work: Work) -> str:
    """Return the staff's zone: the first admin's own choice, else that of most of the work."""
    for person, role in await work.people.staff():
        if role is StaffRole.ADMIN and person.zone is not None:
            return person.zone
    return desk_zone(work)


def programme_named(work: Work, programme_id: str, version: int | None = None) -> Programme:
    """
    Return a version of a programme, by default its newest.

    :raises NoSuchProgramme:
    """
    found = work.programmes.newest(programme_id)
    if found is not None and version is not None:
        try:
            found = work.programmes.get(programme_id, version)
        except KeyError:
            found = None
    if found is None:
        wanted = programme_id if version is None else f"{programme_id} {version}"
        known = [programme.id for programme in work.programmes.latest()]
        raise NoSuchProgramme(wanted=wanted[:64], known=known)
    return found


def programme_in(work: Work, partner: Partner, month: Month) -> Programme:
    """Return the terms that the partner was under in a month, with the calendar up to them."""
    return terms.in_month(work.programmes, partner, month)


def by_name(found: Iterable[Instance]) -> list[Instance]:
    """Return instances in the order in which people look for them."""
    return sorted(found, key=lambda instance: (_natural(instance.name), instance.id))


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a name as it sorts: without case and accents, numbers in it by their value."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in DIGITS.split(plain) if part
    ]


async def the_instance(work: Work, partner_id: str, instance_id: str) -> Instance:
    """
    Return a partner's instance, deleted ones too.

    :raises NotFound: there is none, or it is another partner's.
    """
    instance = await work.instances.get(partner_id, instance_id)
    if instance is None:
        raise NotFound(what="instance", wanted=instance_id)
    return instance


async def the_invoice(work: Work, number: str, *, partner_id: str | None = None) -> Invoice:
    """
    Return an invoice by its number; with `partner_id` only one of that partner.

    :raises NotFound: there is none, or it is another partner's.
    """
    invoice = await work.invoices.by_number(number)
    if invoice is None or partner_id not in {None, invoice.partner_id}:
        raise NotFound(what="invoice", wanted=number)
    return invoice
