"""From a line of an invoice to the rule, the dates, the price and who did it."""

from datetime import date

import pytest

from billing.money import Money
from billing.partners import Agreement
from billing.refusals import NoRight, NotFound
from billing.services.days import handling
from billing.services.invoices import corrections, explaining
from billing.services.invoices.explaining import Why
from billing.services.partners import agreeing
from tests.billing.samples import brl, local, there
from tests.billing.services.days.people import a_firm, utc
from tests.billing.services.people import FRED, SAM


async def explained(acme, period, instance=None):
    number = (await acme.invoice(period)).number
    return await acme.do(explaining.own, number, instance)


class TestALine:
    async def test_names_the_month_of_the_subscription_and_who_subscribed(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-03-01 12:00")
        (reason,) = (await explained(acme, "2026-01")).reasons
        assert reason.why is Why.SUBSCRIBED
        assert (there(reason.starts), there(reason.ends)) == (
            "2026-01-01 00:00", "2026-02-01 00:00",
        )  # fmt: skip
        assert [row.action for row in reason.acts] == ["subscribe"]
        assert "person 11" in reason.acts[0].actor
        (reason,) = (await explained(acme, "2026-02")).reasons
        assert reason.why is Why.RUNNING

    async def test_names_the_cancellation_and_leaves_out_what_came_after_it(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-02-01 12:00")
        await acme.pays("2026-01")
        await world.until("2026-02-10 12:00")
        await acme.cancel(loja)
        await world.until("2026-03-02 12:00")
        await acme.keep(loja)
        (reason,) = (await explained(acme, "2026-02")).reasons
        assert reason.why is Why.CANCELLED
        assert [row.action for row in reason.acts] == ["subscribe", "cancel"]
        assert reason.line.service_ends_at is not None

    async def test_that_is_of_an_earlier_month_says_that_no_invoice_had_it(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-01 12:00")
        void = (await acme.invoice("2026-01")).number
        await world.staff(FRED).do(corrections.void, void, "wrong price")
        await world.until("2026-03-01 12:00")
        found = await explained(acme, "2026-02")
        assert [(str(one.line.period), one.why) for one in found.reasons] == [
            ("2026-01", Why.CAUGHT_UP),
            ("2026-02", Why.RUNNING),
        ]

    async def test_tells_where_the_price_is_from(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-01 12:00")
        agreed = Agreement(brl(1000), local("2026-02-01 00:00"))
        await world.write(
            lambda w: w.partners.add_agreement(acme.partner_id, agreed, by=1, at=w.now)
        )
        await world.until("2026-03-01 12:00")
        before, after = [
            (await explained(acme, period)).reasons[0] for period in ("2026-01", "2026-02")
        ]
        assert (before.agreement, before.line.price) == (None, brl(5990))
        assert (after.agreement, after.line.price) == (agreed, brl(1000))

    async def test_of_days_tells_how_many_were_used_and_what_was_agreed_for_them(self, world):
        firm = await a_firm(world)
        await world.staff(FRED).do(handling.set_limit, firm.partner_id, 100)
        (loja,) = await firm.new("loja-1")
        await firm.extend(60, loja)
        march = Money(6000, "USD")
        await world.staff(FRED).do(agreeing.agree, firm.partner_id, march, date(2026, 3, 1))
        await world.until_instant(utc("2026-03-02 12:00"))
        await firm.pays("2026-02")
        await world.until_instant(utc("2026-04-02 12:00"))
        found = {
            period: await explained(firm, period, "loja-1") for period in ("2026-02", "2026-03")
        }
        assert {one.zone for one in found.values()} == {"UTC"}
        before, after = [one.reasons[0] for one in found.values()]
        assert (before.why, before.line.days, before.agreement) == (Why.DAYS, 27, None)
        assert (after.why, after.line.days, after.line.price) == (
            Why.DAYS, 31, Money(31 * 200, "USD"),
        )  # fmt: skip
        assert (before.used, after.used) == (27, 31)
        assert after.agreement is not None
        assert after.agreement.price == march


class TestAnInvoice:
    async def test_of_many_instances_is_asked_about_one_of_them(self, world, acme):
        first, _ = await acme.running("loja-1", "loja-2")
        await world.until("2026-02-01 12:00")
        found = await explained(acme, "2026-01")
        assert (found.reasons, len(found.lines)) == ([], 2)
        for wanted in (first, first.lower(), "LOJA-1"):
            (reason,) = (await explained(acme, "2026-01", wanted)).reasons
            assert reason.line.instance_id == first
        with pytest.raises(NotFound):
            await explained(acme, "2026-01", "loja-3")

    async def test_is_its_partners_and_the_staffs(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-01 12:00")
        number = (await acme.invoice("2026-01")).number
        other = await world.enrolled(12, "Other")
        with pytest.raises(NotFound):
            await other.do(explaining.own, number, None)
        with pytest.raises(NoRight):
            await acme.do(explaining.any_, number, None)
        found = await world.staff(SAM).do(explaining.any_, number.lower(), None)
        assert found.invoice.number == number
