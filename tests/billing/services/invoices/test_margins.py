"""The margin of the present month: costs as on the invoice, earnings as they were told."""

from datetime import date

import pytest

from billing.money import zero
from billing.refusals import NoRight
from billing.services.instances import customers
from billing.services.instances.customers import Told
from billing.services.invoices import invoicing, margins
from tests.billing.samples import brl
from tests.billing.services.days.people import a_firm

COST = 100


async def told(firm, instance, name="Bakery", minor=9900, until=None):
    await firm.do(customers.tell, instance, Told(name, minor, None, until))


async def test_of_whole_months_it_is_what_the_invoice_will_say(world, acme):
    active, deleted = await acme.running("a", "b")
    (trial,) = await acme.new("c")
    await told(acme, active)
    await told(acme, deleted)
    await acme.delete(deleted)
    found = await acme.do(margins.own)
    preview = await acme.do(invoicing.preview)
    assert found.margin.cost == preview.draft.total
    assert (found.margin.earned, found.margin.left) == (brl(9900), brl(9900) - found.margin.cost)
    assert [row.instance.id for row in found.margin.rows] == [active, deleted, trial]
    assert (found.unknown, found.in_days, found.to_charge) == (1, False, [])
    assert str(found.month) == "2026-01"


async def test_who_has_paid_for_a_week_or_less_is_to_be_charged(world, acme):
    ids = await acme.new("late", "soon", "later", "never", "gone")
    days = (date(2026, 1, 10), date(2026, 2, 4), date(2026, 2, 5), None, date(2026, 1, 1))
    for instance, until in zip(ids, days, strict=True):
        await told(acme, instance, until=until)
    await acme.delete(ids[-1])
    found = await acme.do(margins.own)
    assert [instance.name for instance, _ in found.to_charge] == ["late", "soon"]
    card = await acme.do(customers.look, ids[0])
    assert card.to_charge


async def test_in_days_it_is_what_was_used_so_far(world):
    firm = await a_firm(world)
    await firm.buys(300)
    kept, gone, trial = await firm.new("a", "b", "c")
    await firm.extend(30, kept, gone)
    await told(firm, kept)
    nothing = await firm.do(margins.own)
    assert nothing.margin.cost == zero("USD")
    await world.until("2026-02-03 12:00", "UTC")
    await firm.delete(gone)
    found = await firm.do(margins.own)
    assert found.in_days
    assert [(row.instance.id, row.cost.minor) for row in found.margin.rows] == [
        (kept, COST), (gone, COST), (trial, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "may"), [("finance", True), ("manager", False), ("viewer", False)]
)
async def test_it_is_for_those_who_pay(acme, role, may):
    member = await acme.joined(31, role)
    if may:
        await member.do(margins.own)
    else:
        with pytest.raises(NoRight):
            await member.do(margins.own)
