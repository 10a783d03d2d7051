"""What it would cost is what it costs, and asking changes nothing."""

import pytest

from billing.services.instances.subscriptions import NotSettledSo
from billing.services.invoices import foreseeing
from billing.services.invoices.foreseeing import CountRefused
from tests.billing.samples import brl, there


def totals(found):
    return [
        tuple(draft.total.minor if draft else None for draft in (one.as_is, one.would_be))
        for one in found.coming
    ]


class TestCancelling:
    async def test_shows_this_invoice_as_it_is_and_the_next_one_without_it(self, world, acme):
        first, _ = await acme.running("loja-1", "loja-2")
        before = await world.kept()
        found = await acme.do(foreseeing.cancel, [first, first])
        assert totals(found) == [(11980, 11980), (11980, 5990)]
        assert [str(one.month) for one in found.coming] == ["2026-01", "2026-02"]
        assert there(found.changed[0].service_ends_at) == "2026-02-27 12:00"
        assert str(found.coming[0].due_on) == "2026-02-05"
        assert await world.kept() == before

    async def test_is_what_then_happens(self, world, acme):
        first, _ = await acme.running("loja-1", "loja-2")
        found = await acme.do(foreseeing.cancel, [first])
        await acme.cancel(first)
        await world.until("2026-03-01 12:00")
        drawn = [(await acme.invoice(period)).total for period in ("2026-01", "2026-02")]
        assert drawn == [one.would_be.total for one in found.coming]

    async def test_tells_what_cannot_be_cancelled(self, world, acme):
        (trial,) = await acme.new("loja-1")
        found = await acme.do(foreseeing.cancel, [trial])
        assert [why.code for _, why in found.refused] == ["nothing_to_cancel"]
        assert totals(found) == [(None, None), (None, None)]


class TestAddingAndSubscribing:
    async def test_adds_whole_months_from_this_one_on(self, world, acme):
        await acme.running("loja-1")
        before = await world.kept()
        found = await acme.do(foreseeing.add, 20)
        assert totals(found) == [(5990, 21 * 5990)] * 2
        assert found.left == 24
        assert await world.kept() == before

    async def test_subscribes_the_trials_that_end_first(self, world, acme):
        first = await acme.new("loja-1")
        await world.until("2026-01-28 13:00")
        await acme.new("loja-2")
        found = await acme.do(foreseeing.subscribe, 1)
        assert [one.id for one in found.changed] == first
        assert totals(found) == [(None, 5990)] * 2
        await acme.subscribe(*first)
        await world.until("2026-02-01 12:00")
        assert (await acme.invoice("2026-01")).total == found.coming[0].would_be.total

    async def test_uses_credit_once(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01", 5990 + 7000)
        found = await acme.do(foreseeing.add, 1)
        first, second = (one.would_be for one in found.coming)
        assert (first.credit, second.credit) == (brl(7000), brl(0))
        first, second = (one.as_is for one in found.coming)
        assert (first.credit, second.credit) == (brl(5990), brl(1010))

    @pytest.mark.parametrize("count", [0, -1, 10**6])
    async def test_refuses_what_is_no_number_of_instances(self, world, acme, count):
        await acme.new("loja-1")
        for use_case in (foreseeing.add, foreseeing.subscribe):
            with pytest.raises(CountRefused):
                await acme.do(use_case, count)

    async def test_is_for_who_is_billed_by_the_month(self, world, acme):
        await world.under_days(acme)
        with pytest.raises(NotSettledSo):
            await acme.do(foreseeing.add, 1)
