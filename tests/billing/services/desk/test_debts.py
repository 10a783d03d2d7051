"""Who owes for how long, and how months have gone."""

import pytest

from billing.calendar import Month
from billing.debts import Age
from billing.money import Money
from billing.refusals import NoRight
from billing.services.desk import debts, series
from billing.services.finding import NoPartner
from tests.billing.samples import SAO_PAULO
from tests.billing.services.people import FRED, SAM


async def subscribed(world, firm, *names):
    ids = await firm.new(*names)
    await firm.subscribe(*ids)
    return ids


class TestDebts:
    async def test_are_listed_oldest_first_with_their_sums(self, world, acme):
        bolt = await world.enrolled(12, "Bolt")
        await subscribed(world, acme, "loja-1")
        await subscribed(world, bolt, "a", "b")
        await world.until("2026-02-03 12:00")
        found = await world.staff(FRED).do(debts.debts)
        assert {age for ages in found.sums.values() for age in ages} == {Age.NOT_DUE}
        await bolt.pays("2026-01", 5990)
        await world.until("2026-03-07 12:00")
        found = await world.staff(FRED).do(debts.debts)
        rows = [(str(debt.invoice.period), debt.days) for debt, _ in found.rows]
        assert rows == [("2026-01", 30), ("2026-01", 30), ("2026-02", 2), ("2026-02", 2)]
        assert {partner.name for _, partner in found.rows[:2]} == {"Acme", "Bolt"}
        assert found.sums == {
            "BRL": {Age.TO_5: Money(3 * 5990, "BRL"), Age.TO_30: Money(2 * 5990, "BRL")}
        }

    async def test_are_for_those_who_keep_the_books(self, world):
        with pytest.raises(NoRight):
            await world.staff(SAM).do(debts.debts)
        assert (await world.staff(FRED).do(debts.debts)).rows == []


class TestTheCourse:
    async def test_of_a_partner_begins_with_it(self, world, acme):
        await subscribed(world, acme, "loja-1", "loja-2")
        course = await world.read(lambda work: series.of_partner(work, acme.partner_id))
        assert [(str(row.month), row.instances, row.days, row.cost) for row in course.months] == [
            ("2026-01", 2, None, None)
        ]
        await world.until("2026-02-03 12:00")
        await acme.pays("2026-01", 2 * 5990)
        (first, *_) = await world.read(lambda work: work.instances.of_partner(acme.partner_id))
        await acme.delete(first.id)
        course = await world.read(lambda work: series.of_partner(work, acme.partner_id))
        assert [(row.instances, row.cost) for row in course.months] == [
            (2, Money(2 * 5990, "BRL")),
            (1, None),
        ]

    async def test_of_a_partner_shows_a_year_at_most(self, world, acme):
        await world.until("2027-06-10 12:00")
        course = await world.read(lambda work: series.of_partner(work, acme.partner_id))
        assert (len(course.months), str(course.months[0].month)) == (12, "2026-07")

    async def test_of_a_partner_in_days_has_its_balance(self, world, acme):
        await world.under_days(acme)
        course = await world.read(lambda work: series.of_partner(work, acme.partner_id))
        assert ([row.days for row in course.months], course.in_days) == ([0], True)

    async def test_is_seen_by_its_members(self, world, acme):
        viewer = await acme.joined(21, "viewer")
        assert (await viewer.do(series.own)).name == "Acme"
        with pytest.raises((NoRight, NoPartner)):
            await world.person(99).do(series.own)

    async def test_of_the_desk_is_a_year(self, world, acme):
        await subscribed(world, acme, "loja-1", "loja-2")
        await acme.new("tries")
        await world.until("2026-02-04 12:00")
        await acme.pays("2026-01", 5990)
        rows = await world.read(lambda work: series.of_desk(work, Month(2026, 2), SAO_PAULO))
        assert (len(rows), str(rows[0].month)) == (12, "2025-03")
        january, february = rows[-2:]
        assert (january.created, january.converted, january.instances) == (3, 2, 2)
        assert (january.invoiced, january.received) == ([], [])
        assert february.invoiced == [Money(2 * 5990, "BRL")]
        assert (february.received, february.instances) == ([Money(5990, "BRL")], 2)
        assert rows[0].instances == 0
