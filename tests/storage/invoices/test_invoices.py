"""Numbers have no gap, a month is billed once, a reference is booked once."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from billing.calendar import Month
from billing.instances import State
from billing.invoices import InvoiceKind, InvoiceState, LineKind
from billing.money import Money
from storage.engine.rows import RowMissing
from tests.engines import Refused
from tests.storage.stocked import CALENDAR, CURRENCY, DAY, NOW, instance, invoice, line, partner

RUNS = instance(state=State.ACTIVE, subscribed_at=NOW, cancelled_at=NOW, service_ends_at=NOW + DAY)
OTHER = instance("OTHER", "Água", state=State.ACTIVE, subscribed_at=NOW)


@pytest.fixture
async def shop(desk):
    for one in (RUNS, OTHER):
        await desk.write(lambda work, one=one: work.instances.add(one))
    return desk


def add(shop, issued, *lines):
    return shop.write(lambda work: work.invoices.add(issued, list(lines)))


class TestNumbers:
    async def test_are_gapless_and_distinct_among_fifty_at_once(self, desk):
        numbers = await asyncio.gather(
            *(
                desk.write(lambda work: work.invoices.next_number("integrator", "INT", 2026))
                for _ in range(50)
            )
        )
        assert sorted(numbers) == [f"INT-2026-{number:05d}" for number in range(1, 51)]

    async def test_of_a_close_that_failed_are_used_again(self, desk):
        async def fails(work):
            await work.invoices.next_number("integrator", "INT", 2026)
            raise LookupError

        with pytest.raises(LookupError):
            await desk.write(fails)
        take = lambda work: work.invoices.next_number("integrator", "INT", 2026)  # noqa: E731
        assert await desk.write(take) == "INT-2026-00001"

    async def test_begin_anew_with_programme_and_year(self, desk):
        for programme, prefix, year in (("a", "AA", 2026), ("b", "BB", 2026), ("a", "AA", 2027)):
            number = await desk.write(
                lambda work, p=programme, x=prefix, y=year: work.invoices.next_number(p, x, y)
            )
            assert number == f"{prefix}-{year}-00001"


class TestInvoices:
    async def test_come_back_with_their_lines(self, shop):
        issued = invoice()
        lines = [line(RUNS, "2026-03"), line(RUNS, "2026-02", 4999), line(OTHER, "2026-03")]
        await add(shop, issued, *lines)
        assert await shop.read(lambda work: work.invoices.by_id(issued.id)) == issued
        by_number = await shop.read(lambda w: w.invoices.by_number(issued.number.lower()))
        assert by_number == issued
        found = await shop.read(lambda work: work.invoices.of_period("P1", Month(2026, 3)))
        assert found == issued
        assert await shop.read(lambda w: w.invoices.lines(issued.id)) == [
            lines[2],  # Água
            lines[1],
            lines[0],
        ]

    async def test_are_held_settled_and_saved(self, shop):
        issued = invoice()
        await add(shop, issued)
        held = replace(
            issued,
            settled=Money(10, CURRENCY),
            stop_at=NOW + 50 * DAY,
            last_on=date(2026, 4, 20),
            held_until=date(2026, 4, 20),
            hold_reason="promised",
        )
        await shop.write(lambda work: work.invoices.save(held))
        assert await shop.read(lambda work: work.invoices.by_id(issued.id)) == held

    async def test_that_are_not_there_are_not_saved_in_silence(self, shop):
        with pytest.raises(RowMissing):
            await shop.write(lambda work: work.invoices.save(invoice()))

    async def test_cannot_be_settled_beyond_their_total(self, shop):
        issued = invoice()
        await add(shop, issued)
        beyond = replace(issued, settled=Money(10_001, CURRENCY))
        with pytest.raises(Refused):
            await shop.write(lambda work: work.invoices.save(beyond))

    async def test_are_one_per_period(self, shop):
        await add(shop, invoice())
        with pytest.raises(Refused):
            await add(shop, invoice())

    async def test_bill_a_month_of_an_instance_once(self, shop):
        await add(shop, invoice("2026-03"), line(RUNS, "2026-03"))
        with pytest.raises(Refused):
            await add(shop, invoice("2026-04"), line(RUNS, "2026-03"))

    async def test_that_are_void_give_their_months_back(self, shop):
        issued = invoice()
        await add(shop, issued, line(RUNS, "2026-03"))
        void = replace(issued, state=InvoiceState.VOID)
        await shop.write(lambda work: work.invoices.save(void))
        assert await shop.read(lambda w: w.invoices.of_period("P1", Month(2026, 3))) is None
        assert await shop.read(lambda work: work.instances.billed_months("P1", CALENDAR)) == {}
        again = invoice()
        await add(shop, again, line(RUNS, "2026-03"))
        assert await shop.read(lambda w: w.invoices.of_period("P1", Month(2026, 3))) == again
        assert len(await shop.read(lambda work: work.invoices.lines(issued.id))) == 1

    async def test_of_every_kind_come_back_and_only_the_monthly_ones_are_unpaid(self, shop):
        monthly = invoice()
        days = invoice(kind=InvoiceKind.DAYS, days=2250, channels=75)
        note = invoice(
            kind=InvoiceKind.CREDIT_NOTE,
            corrects=monthly.number,
            state=InvoiceState.PAID,
            settled=monthly.total,
        )
        for issued in (monthly, days, note):
            await add(shop, issued)
            assert await shop.read(lambda w, i=issued: w.invoices.by_id(i.id)) == issued
        assert await shop.read(lambda w: w.invoices.unpaid("P1")) == [monthly]
        assert await shop.read(lambda w: w.invoices.all_unpaid()) == [monthly]
        assert await shop.read(lambda w: w.invoices.open_of("P1")) == [monthly, days]
        assert await shop.read(lambda w: w.invoices.all_open()) == [monthly, days]
        assert await shop.read(lambda w: w.invoices.of_period("P1", monthly.period)) == monthly

    async def test_bill_the_days_used_in_a_month_beside_the_month_and_once_too(self, shop):
        used = replace(line(RUNS, "2026-03"), kind=LineKind.DAYS, days=12)
        first = invoice("2026-03")
        await add(shop, first, line(RUNS, "2026-03"), used)
        assert used in await shop.read(lambda w: w.invoices.lines(first.id))
        months = await shop.read(lambda w: w.instances.billed_months("P1", CALENDAR))
        assert Month(2026, 3) in months[RUNS.id]
        with pytest.raises(Refused):
            await add(shop, invoice("2026-04"), used)

    async def test_are_listed_in_their_orders(self, shop):
        await shop.write(lambda work: work.partners.add(partner("P2")))
        march, april = invoice("2026-03"), invoice("2026-04", stop_at=NOW)
        paid = invoice("2026-05", state=InvoiceState.PAID)
        others = invoice("2026-03", partner_id="P2", stop_at=NOW + DAY)
        for issued in (april, paid, march, others):
            await add(shop, issued)
        assert await shop.read(lambda w: w.invoices.of_partner("P1")) == [paid, april, march]
        assert await shop.read(lambda w: w.invoices.unpaid("P1")) == [march, april]
        assert await shop.read(lambda w: w.invoices.all_unpaid()) == [april, others, march]
        start, end = march.issued_at, april.issued_at
        between = await shop.read(lambda w: w.invoices.issued_between(start, end))
        assert between == [march, others]

    async def test_are_listed_at_most_two_years_back(self, shop):
        for number in range(30):
            await add(shop, invoice(str(Month(2026, 1).plus(number))))
        listed = await shop.read(lambda work: work.invoices.of_partner("P1"))
        assert [str(one.period) for one in (listed[0], listed[-1])] == ["2028-06", "2026-07"]
        assert len(listed) == 24
