"""Days that are paid for after they were used: the limit, the month's invoice, what it leads to."""

import asyncio
from datetime import date

import pytest

from billing.catalogue import Programmes
from billing.days.quotes import LimitRefused, NotEnoughDays
from billing.invoices import InvoiceKind, InvoiceState, LineKind
from billing.money import Money
from billing.partners import PartnerStopped
from billing.refusals import AlreadyDone, NoRight
from billing.services.days import funds, handling
from billing.services.days.funds import NoDays
from billing.services.invoices import corrections, invoicing
from billing.services.partners import moving
from billing.services.payments import booking, giving
from tests.billing.samples import INTEGRATOR
from tests.billing.services.days.people import a_firm, utc
from tests.billing.services.people import FRED, SAM


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
async def firm(world):
    """Return a partner that may go 100 days below nothing."""
    firm = await a_firm(world)
    await world.staff(FRED).do(handling.set_limit, firm.partner_id, 100)
    return firm


async def lines_of(world, invoice):
    return await world.read(lambda work: work.invoices.lines(invoice.id))


class TestALimit:
    async def test_is_how_far_below_nothing_the_balance_may_go(self, firm):
        one, two = await firm.new("loja-1", "loja-2")
        await firm.extend(60, one)
        assert await firm.days() == -60
        with pytest.raises(NotEnoughDays) as refused:
            await firm.extend(41, two)
        assert refused.value.facts == {"asked": 41, "balance": -60, "possible": 40, "limit": 100}
        await firm.extend(40, two)
        assert await firm.days() == -100

    async def test_cannot_be_passed_by_two_at_once(self, firm):
        ids = await firm.new(*(f"loja-{number}" for number in range(10)))
        done = await asyncio.gather(
            *(firm.extend(30, one, settle=False) for one in ids), return_exceptions=True
        )
        assert sum(isinstance(one, NotEnoughDays) for one in done) == 7
        assert await firm.days() == -90

    async def test_is_agreed_by_who_keeps_the_books(self, world, firm):
        with pytest.raises(NoRight):
            await world.staff(SAM).do(handling.set_limit, firm.partner_id, 5)
        fred = world.staff(FRED)
        with pytest.raises(AlreadyDone):
            await fred.do(handling.set_limit, firm.partner_id, 100)
        with pytest.raises(LimitRefused):
            await fred.do(handling.set_limit, firm.partner_id, -1)
        other = await world.enrolled(12, "Bolt")
        with pytest.raises(NoDays):
            await fred.do(handling.set_limit, other.partner_id, 5)

    async def test_ends_only_when_nothing_is_owed(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        fred = world.staff(FRED)
        with pytest.raises(LimitRefused) as refused:
            await fred.do(handling.set_limit, firm.partner_id, None)
        assert refused.value.facts["why"] == "unpaid"
        await firm.buys(30)
        await fred.do(handling.set_limit, firm.partner_id, None)
        assert not await world.read(lambda work: _in_arrears(work, firm.partner_id))


async def _in_arrears(work, partner_id):
    return funds.in_arrears(work, await work.partners.get(partner_id))


class TestTheMonthsInvoice:
    async def test_has_the_days_that_were_used_and_credits_them_when_it_is_paid(self, world, firm):
        one, two = await firm.new("loja-1", "loja-2")
        await firm.extend(30, one)
        await firm.extend(10, two)
        await world.until_instant(utc("2026-03-01 12:00"))
        (invoice,) = await firm.invoices()
        # From 2 February 15:00 on: 27 periods began in February, and 10 for the other.
        assert (invoice.kind, str(invoice.period)) == (InvoiceKind.MONTHLY, "2026-02")
        assert (invoice.days, invoice.total) == (37, usd(3700))
        shown = await lines_of(world, invoice)
        assert [(line.name, line.days, line.price, line.kind) for line in shown] == [
            ("loja-1", 27, usd(2700), LineKind.DAYS),
            ("loja-2", 10, usd(1000), LineKind.DAYS),
        ]
        assert await firm.days() == -40
        await firm.pays_for(invoice)
        assert await firm.days() == -3

    async def test_leaves_out_what_was_bought_before(self, world, firm):
        await firm.buys(20)
        (loja,) = await firm.new("loja-1")
        await firm.extend(40, loja)
        await world.until_instant(utc("2026-03-01 12:00"))
        (invoice,) = [one for one in await firm.invoices() if one.kind is InvoiceKind.MONTHLY]
        assert (invoice.days, invoice.total) == (7, usd(700))

    async def test_is_none_where_all_was_bought(self, world, firm):
        await firm.buys(40)
        (loja,) = await firm.new("loja-1")
        await firm.extend(40, loja)
        await world.until_instant(utc("2026-04-02 12:00"))
        assert [one.kind for one in await firm.invoices()] == [InvoiceKind.DAYS]

    async def test_does_not_have_again_what_an_unpaid_one_has(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(90, loja)
        await world.until_instant(utc("2026-03-01 12:00"))
        (february,) = await firm.invoices()
        await world.staff(FRED).do(_hold, february.number)
        await world.until_instant(utc("2026-04-01 12:00"))
        february, march = await firm.invoices()
        assert (february.days, march.days) == (27, 31)
        assert (await lines_of(world, march))[0].days == 31

    async def test_has_again_what_a_void_one_had(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(90, loja)
        await world.until_instant(utc("2026-03-01 12:00"))
        (february,) = await firm.invoices()
        await world.staff(FRED).do(corrections.void, february.number, "wrong")
        await world.until_instant(utc("2026-04-01 12:00"))
        march = (await firm.invoices())[-1]
        assert (march.days, march.total) == (58, usd(5800))

    async def test_has_again_what_a_void_one_had_of_instances_that_ended_since(self, world, firm):
        (ended,) = await firm.new("loja-1")
        await firm.extend(10, ended)
        await world.until_instant(utc("2026-03-01 12:00"))
        (february,) = await firm.invoices()
        await world.staff(FRED).do(corrections.void, february.number, "wrong")
        (runs,) = await firm.new("loja-2")
        await firm.extend(5, runs)
        await world.until_instant(utc("2026-04-01 12:00"))
        march = (await firm.invoices())[-1]
        shown = await lines_of(world, march)
        assert [(line.name, line.days) for line in shown] == [("loja-1", 10), ("loja-2", 5)]
        assert (march.days, march.total) == (15, usd(1500))

    async def test_is_what_the_preview_says(self, world, firm):
        (one,) = await firm.new("loja-1")
        await firm.extend(30, one)
        await world.until_instant(utc("2026-02-10 14:00"))
        shown = await firm.do(invoicing.preview)
        # Eight periods began by then.
        assert (shown.draft.days, shown.draft.total) == (8, usd(800))
        await firm.delete(one)
        (two,) = await firm.new("loja-2")
        await firm.extend(5, two)
        # Its trial comes first.
        assert (await firm.do(invoicing.preview)).draft.days == 8
        await world.until_instant(utc("2026-02-15 14:01"))
        assert (await firm.do(invoicing.preview)).draft.days == 9
        await world.until_instant(utc("2026-02-28 23:59"))
        shown = await firm.do(invoicing.preview)
        await world.until_instant(utc("2026-03-01 12:00"))
        (invoice,) = await firm.invoices()
        assert (invoice.days, invoice.total) == (shown.draft.days, shown.draft.total)
        assert invoice.days == 13

    async def test_that_is_late_has_the_days_of_its_month_alone(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(40, loja)
        await world.until_instant(utc("2026-02-28 12:00"))
        world.clock.at = utc("2026-03-09 12:00")
        await firm.delete(loja)
        invoice = (await firm.invoices())[0]
        assert (str(invoice.period), invoice.days) == ("2026-02", 27)

    async def test_is_rounded_once_and_its_lines_sum_to_it(self, world, firm):
        await world.sql(
            """
            INSERT INTO agreements (partner_id, since, price_minor, currency, agreed_at)
            VALUES (:id, 0, 2999, 'USD', 0)
            """,
            id=firm.partner_id,
        )
        ids = await firm.new("loja-1", "loja-2", "loja-3")
        await firm.extend(7, *ids)
        await world.until_instant(utc("2026-03-01 12:00"))
        (invoice,) = await firm.invoices()
        assert (invoice.days, invoice.total) == (21, usd(2099))
        assert sum(line.price.minor for line in await lines_of(world, invoice)) == 2099


async def _hold(work, actor, number):
    return await booking.hold(work, actor, number, date(2026, 4, 20), "bank strike")


class TestNotPaid:
    async def test_the_postpaid_calendar_holds_for_instances_on_days(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(90, loja)
        await world.until_instant(utc("2026-03-11 12:00"))
        assert await firm.states() == {"loja-1": "overdue"}
        await world.until_instant(utc("2026-03-15 12:00"))
        assert await firm.states() == {"loja-1": "deleted"}
        # 34 periods had begun by the deletion after 5 days of trial, and 6 more while stopped.
        assert await firm.days() == -41
        assert ("notice_deleted" in {kind for _, kind in firm.heard("notice_")}) is True

    async def test_a_payment_lets_them_run_again_with_their_notices(self, world, firm):
        runs, ended = await firm.new("loja-1", "loja-2")
        await firm.extend(45, runs)
        await firm.extend(37, ended)
        await world.until_instant(utc("2026-03-12 12:00"))
        assert set((await firm.states()).values()) == {"overdue"}
        (invoice,) = await firm.invoices()
        await firm.pays_for(invoice)
        assert await firm.states() == {"loja-1": "active", "loja-2": "stopped"}
        assert world.asked[-1] == ("restart", runs)
        await world.until_instant(utc("2026-03-20 12:00"))
        assert await firm.states() == {"loja-1": "stopped", "loja-2": "stopped"}

    async def test_nothing_is_said_of_the_end_of_what_is_stopped_until_it_is_paid(
        self, world, firm
    ):
        (loja,) = await firm.new("loja-1")
        await firm.extend(39, loja)
        await world.until_instant(utc("2026-03-13 16:00"))
        assert await firm.states() == {"loja-1": "overdue"}
        assert firm.heard("notice_days") == [("2026-03-10 15:00", "notice_days_3d")]
        await firm.pays_for((await firm.invoices())[0])
        await world.until_instant(utc("2026-03-13 17:00"))
        assert await firm.states() == {"loja-1": "stopped"}
        assert firm.heard("notice_days")[1:] == [("2026-03-13 16:01", "notice_days_out")]

    async def test_what_waits_for_days_takes_none_while_the_partner_is_stopped(self, world, firm):
        waits, runs = await firm.new("loja-1", "loja-2")
        await firm.extend(20, waits)
        await firm.extend(45, runs)
        await firm.auto(waits, by=50)
        await world.until_instant(utc("2026-03-12 12:00"))
        assert await firm.states() == {"loja-1": "stopped", "loja-2": "overdue"}
        await world.staff(FRED).do(giving.give_days, firm.partner_id, 30, "sorry")
        await world.settle()
        assert ((await firm.get(waits)).state, await firm.days()) == ("stopped", -35)
        await firm.pays_for((await firm.invoices())[0])
        # The 47 days of February are paid for.
        assert ((await firm.get(waits)).state, await firm.days()) == ("active", -38)

    async def test_nothing_is_extended_from_the_stop_on(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(45, loja)
        await firm.auto(loja)
        await world.until_instant(utc("2026-03-12 12:00"))
        with pytest.raises(PartnerStopped):
            await firm.extend(1, loja)
        assert [one.state for one in await firm.invoices()] == [InvoiceState.DUE]

    async def test_stops_them_also_after_a_move_to_terms_that_know_no_days(self, world, firm):
        monthly = {"id": "monthly", "currency": "USD", "zone": "UTC", "invoice_prefix": "MON"}
        world.set_programmes(
            Programmes([*world.programmes.all(), INTEGRATOR.model_copy(update=monthly)])
        )
        (loja,) = await firm.new("loja-1")
        await firm.extend(90, loja)
        await world.until_instant(utc("2026-02-10 12:00"))
        await world.staff().do(moving.plan, firm.partner_id, "monthly", None)
        await world.until_instant(utc("2026-03-11 12:00"))
        assert (await firm.partner()).programme == "monthly"
        (invoice,) = await firm.invoices()
        assert invoice.days
        assert await firm.states() == {"loja-1": "overdue"}
        await firm.pays_for(invoice)
        assert await firm.states() == {"loja-1": "active"}
        # What is billed under the terms of now does not stop what was paid for.
        await firm.running("loja-2")
        await world.until_instant(utc("2026-04-11 12:00"))
        assert await firm.states() == {"loja-1": "active", "loja-2": "overdue"}
