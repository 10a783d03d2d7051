"""
Partners, instances and open balances that come from another system.

Looked at first: everything is done and taken back again, so that what is shown is what would be
made. Each row stands for itself: one that is refused does not hold up the rest. Rules: "Enrolment
and tokens".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256

from billing.adoption import AdoptionRefused, Arriving, adopt
from billing.instances import Instance, Origin
from billing.money import Money
from billing.partners import Partner, Right, check_may_begin, checked_name
from billing.programmes import Settlement
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding, recording
from billing.services.access import requires
from billing.services.days import life
from billing.services.instances import creation, platform
from billing.services.instances.subscriptions import TermsChanged
from billing.services.invoices import invoicing
from billing.services.operations import Operation
from billing.services.partners import agreeing, linking
from billing.services.partners.import_rows import Import, ImportRefused, Result, Row, Sum
from billing.services.payments import giving
from billing.services.people import Actor
from billing.services.ports import Approval, Work
from billing.tokens import Token

REASON = "import"
# As they are given here: perhaps of letters alone, but never of digits alone.
AN_ID = re.compile(r"(?=.*[A-Z])[0-9A-HJKMNP-TV-Z]{5,8}")


class _OnlyLooking(Exception):
    """Take back what was tried."""


@dataclass(slots=True)
class _Batch:
    """What the rows before this one made."""

    made: dict[str, Partner] = field(default_factory=dict)


@requires(Right.ADMINISTER)
async def look(work: Work, actor: Actor, rows: Sequence[Row]) -> Import:
    """Say what the rows would bring; changes nothing."""
    found: list[Import] = []
    try:
        async with work.savepoint():
            found.append(await _bring(work, actor, rows))
            raise _OnlyLooking
    except _OnlyLooking:
        return found[0]


@requires(Right.ADMINISTER)
async def bring(work: Work, actor: Actor, rows: Sequence[Row], *, terms: str) -> Import:
    """
    Bring the rows in as they were shown; each partner that is made gets a code for its owner.

    :raises TermsChanged: what was shown is no longer true; nothing was done.
    """
    done = await _bring(work, actor, rows)
    if done.terms != terms:
        raise TermsChanged(operation="import")
    made = [result.partner for result in done.results if result.made and result.partner]
    codes = tuple([await linking.offer(work, actor, partner.id) for partner in made])
    return Import(done.results, done.terms, codes)


async def _bring(work: Work, actor: Actor, rows: Sequence[Row]) -> Import:
    batch = _Batch()
    results = []
    for row in rows:
        result = Result(row, row.unread)
        if row.unread is None:
            try:
                async with work.savepoint():
                    result = await _row(work, actor, row, batch)
            except Refusal as refusal:
                result = Result(row, refusal)
        if result.made and result.partner is not None:
            batch.made[result.partner.id] = result.partner
        results.append(result)
    told = "\n".join(result.told for result in results)
    return Import(tuple(results), sha256(told.encode()).hexdigest()[:32])


async def _row(work: Work, actor: Actor, row: Row, batch: _Batch) -> Result:
    if row.instance is None and (row.paid_until or row.migrate is not None or row.reference):
        raise ImportRefused(why="instance_missing", wanted=row.partner)
    partner, made = await _partner(work, actor, row)
    price, balance, waits = None, None, False
    if row.price is not None:
        price = await _price(work, actor, partner, row.price)
    if row.credit is not None or row.days is not None:
        if not made:
            raise ImportRefused(why="balance_known", wanted=partner.name)
        balance, waits = await _balance(work, actor, partner, row)
    instance = None
    if row.instance is not None:
        new = made or partner.id in batch.made
        instance = await _instance(work, actor, partner, row, new=new)
    if not made and instance is None and price is None:
        raise ImportRefused(why="nothing", wanted=partner.name)
    return Result(row, None, partner, made, instance, price, balance, waits)


async def _partner(work: Work, actor: Actor, row: Row) -> tuple[Partner, bool]:
    """Return the partner of a row, and whether it had to be made."""
    if not row.partner.strip():
        raise ImportRefused(why="partner_missing", wanted="")
    known = await work.partners.named(row.partner)
    if len(known) > 1:
        raise ImportRefused(why="several", wanted=row.partner)
    if not known:
        return await _new_partner(work, actor, row), True
    partner = await work.partners.lock(known[0].id)
    check_may_begin(partner)
    if row.programme is not None and row.programme != partner.programme:
        raise ImportRefused(why="programme_differs", wanted=row.programme)
    return partner, False


async def _new_partner(work: Work, actor: Actor, row: Row) -> Partner:
    if row.programme is None:
        raise ImportRefused(why="programme_missing", wanted=row.partner)
    programme = finding.programme_named(work, row.programme)
    partner = Partner(
        id=work.ids.short(),
        name=checked_name(row.partner),
        programme=programme.id,
        programme_version=programme.version,
        currency=programme.currency,
        zone=programme.zone,
        created_at=work.now,
    )
    await work.partners.add(partner)
    first = Token(work.ids.short(8), partner.id, 1, 0, programme.tier(1).allowed)
    await work.tokens.add(first, at=work.now)
    await invoicing.plan_close(work, partner, programme.calendar.month_of(work.now))
    await recording.of_partner(
        work, actor, "import", partner.id, after=f"{programme.id} v{programme.version}"
    )
    return partner


async def _price(work: Work, actor: Actor, partner: Partner, price: Sum) -> Money:
    """Agree on the price from the present month on; one that is agreed already is no obstacle."""
    month = finding.programme_of(work, partner).calendar.month_of(work.now)
    money = price.of(partner)
    with suppress(AlreadyDone):
        await agreeing.agree(work, actor, partner.id, money, month.day(1))
    return money


async def _balance(
    work: Work, actor: Actor, partner: Partner, row: Row
) -> tuple[Money | int, bool]:
    """Give a partner what it had; above the programme's limit a second person is asked."""
    if row.credit is not None:
        amount = row.credit.of(partner)
        given = await giving.give(work, actor, partner.id, amount, REASON)
        return amount, isinstance(given, Approval)
    days = row.days or 0
    granted = await giving.give_days(work, actor, partner.id, days, REASON)
    return days, isinstance(granted, Approval)


async def _instance(work: Work, actor: Actor, partner: Partner, row: Row, *, new: bool) -> Instance:
    name = await creation.checked_instance_name(work, partner.id, row.instance or "")
    if await work.instances.named(partner.id, name) is not None:
        raise await creation.taken(work, partner.id, name)
    arriving = Arriving(
        instance_id=await _id(work, partner, row.reference),
        partner_id=partner.id,
        name=name,
        paid_until=row.paid_until,
        migrate=_migrates(partner, row, new=new),
        origin=Origin.PANEL if row.panel else Origin.API,
    )
    programme = finding.programme_of(work, partner)
    adopted = adopt(arriving, at=work.now, programme=programme)
    instance = replace(adopted, platform=work.platform_for(programme.id))
    await bring_in(work, actor, partner, instance, there=row.reference is not None)
    return instance


async def bring_in(
    work: Work, actor: Actor, partner: Partner, instance: Instance, *, there: bool
) -> None:
    """
    Add an instance that comes from elsewhere; `there`: its platform holds it already.

    :raises ImportRefused: its id is taken.
    """
    if not await work.instances.add(instance):
        raise ImportRefused(why="id_taken", wanted=instance.id)
    await work.audit.record(
        actor,
        "import",
        at=work.now,
        kind="instance",
        object_id=instance.id,
        partner_id=partner.id,
        after=instance.state,
    )
    if instance.settlement is Settlement.DAYS:
        await life.plan(work, partner, instance)
    if not there:
        await platform.promise(work, Operation.CREATE, instance)
    runs = Operation.EXTEND if instance.settlement is Settlement.DAYS else Operation.RESTART
    await platform.promise(work, runs, instance)


def _migrates(partner: Partner, row: Row, *, new: bool) -> bool:
    """
    Whether an instance moves to the monthly invoice: as it was chosen at the enrolment.

    A partner that is made here chooses with the row; one that was made before chose then.

    :raises AdoptionRefused:
    """
    chosen = row.migrate if new else partner.migrates
    if row.migrate is not None and row.migrate != bool(chosen):
        raise AdoptionRefused(why="chosen", name=row.instance or "")
    return bool(chosen)


async def _id(work: Work, partner: Partner, reference: str | None) -> str:
    """Return the id: the one at the platform, for that is what it is called there."""
    if reference is None:
        return await creation.new_id(work, partner)
    wanted = reference.strip().upper()
    if not AN_ID.fullmatch(wanted):
        raise ImportRefused(why="id_form", wanted=reference[:64])
    return wanted
