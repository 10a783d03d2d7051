"""
Taking over an instance that only the platform knows: whose it is, a person says.

It comes as an instance of the import does, keeps its id and its token there, and is not created
anew. Rules: "Enrolment and tokens", "Compared every night".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from billing.adoption import Arriving, adopt
from billing.calendar import local_date
from billing.comparison import A_DAY, Mend
from billing.instances import Instance, Origin
from billing.partners import Partner, Right, check_may_begin
from billing.refusals import NotFound
from billing.services import finding
from billing.services.access import requires
from billing.services.instances import creation
from billing.services.instances.subscriptions import TermsChanged
from billing.services.partners import importing
from billing.services.people import Actor
from billing.services.platforms import mending
from billing.services.ports import Account, Difference, Work


@dataclass(frozen=True, slots=True)
class Adoption:
    """
    An instance as it would come, and to whom; `terms` stand for what was shown.

    `paid_until` is the last day that is paid whole, None where it is billed from now on.
    """

    difference: Difference
    partner: Partner
    instance: Instance
    paid_until: date | None

    @property
    def terms(self) -> str:
        """What it says, in a form that changes when that does."""
        it = self.instance
        return f"{self.partner.id} {it.name} {it.settlement} {self.paid_until}"


@requires(Right.ADMINISTER)
async def look(
    work: Work, actor: Actor, difference_id: str, whose: str, paid_until: date | None = None
) -> Adoption:
    """
    Say how an instance would come to a partner; changes nothing.

    `paid_until` is a day that is paid whole; by default as the platform has it.

    :raises NotFound: there is no such partner, or more than one of that name.
    :raises AlreadyDone: somebody has seen to it.
    :raises AdoptionRefused, NameRefused, NameTaken, PartnerFrozen, PartnerStopped:
    """
    return await _adoption(work, actor, difference_id, whose, paid_until)


@requires(Right.ADMINISTER)
async def take(
    work: Work,
    actor: Actor,
    difference_id: str,
    whose: str,
    paid_until: date | None,
    *,
    terms: str,
) -> Instance:
    """
    Take it over as it was shown.

    :raises TermsChanged: what was shown is no longer true; nothing was done.
    """
    found = await _adoption(work, actor, difference_id, whose, paid_until)
    if found.terms != terms:
        raise TermsChanged(operation=Mend.ADOPT)
    instance, it = found.instance, found.difference
    await importing.bring_in(work, actor, found.partner, instance, there=True)
    await work.instances.keep_account(instance.id, Account(it.token, it.remote_id))
    await mending.close(work, actor, replace(it, instance_id=instance.id), Mend.ADOPT)
    return instance


async def _adoption(
    work: Work, actor: Actor, difference_id: str, whose: str, paid_until: date | None
) -> Adoption:
    asked = await mending.ask(work, actor, difference_id, Mend.ADOPT)
    it = asked.difference
    known = await work.partners.named(whose)
    if len(known) != 1:
        raise NotFound(what="partner", wanted=whose[:64])
    partner = await work.partners.lock(known[0].id)
    check_may_begin(partner)
    programme = finding.programme_of(work, partner)
    if paid_until is None and it.paid_until is not None and it.paid_until > work.now + A_DAY:
        # The last day that is paid whole: what is paid of the next is not promised.
        paid_until = local_date(it.paid_until - A_DAY, programme.zone)
    arriving = Arriving(
        instance_id=await _id(work, partner, it),
        partner_id=partner.id,
        name=await _name(work, partner, it),
        paid_until=paid_until,
        migrate=bool(partner.migrates),
        origin=Origin.PANEL,
    )
    adopted = adopt(arriving, at=work.now, programme=programme)
    instance = replace(adopted, platform=it.platform)
    return Adoption(it, partner, instance, paid_until)


async def _id(work: Work, partner: Partner, it: Difference) -> str:
    """Return the id: the one that its name there carries, where nobody ever had it."""
    reference = it.reference or ""
    if importing.AN_ID.fullmatch(reference) and not await work.instances.id_taken(reference):
        return reference
    return await creation.new_id(work, partner)


async def _name(work: Work, partner: Partner, it: Difference) -> str:
    """
    Return what it is called here: as it is there, without our reference.

    :raises NameRefused, NameTaken:
    """
    bare = it.name.removesuffix(f"-{it.reference}") if it.reference else it.name
    wanted = bare if bare and bare != it.reference else f"adopted-{it.remote_id}"[:40]
    name = await creation.checked_instance_name(work, partner.id, wanted)
    if await work.instances.named(partner.id, name) is not None:
        raise await creation.taken(work, partner.id, name)
    return name
