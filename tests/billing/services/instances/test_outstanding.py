"""What is still billed: only what no invoice has."""

from billing.calendar import Month
from billing.services.instances import outstanding, subscriptions
from billing.services.operations import Operation
from tests.billing.samples import brl


class TestWhatIsStillToBill:
    async def test_is_what_no_invoice_has_yet(self, world, acme):
        (loja,) = await acme.running("loja-1")
        instance = await acme.get(loja)
        [line] = await acme.do(outstanding.still_to_bill, [instance], Month(2026, 1))
        assert (line.instance_id, line.period, line.price) == (loja, Month(2026, 1), brl(5990))
        await world.until("2026-02-02 12:00")
        assert await acme.do(outstanding.still_to_bill, [instance], Month(2026, 1)) == ()
        [line] = await acme.do(outstanding.still_to_bill, [instance], Month(2026, 2))
        assert line.period == Month(2026, 2)

    async def test_is_nothing_of_one_that_ended_and_is_on_invoices_whole(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01")
        await world.until("2026-03-02 12:00")
        assert (await acme.get(loja)).state == "ended"
        quote = await acme.do(subscriptions.quote, Operation.DELETE, [loja])
        assert await acme.do(outstanding.of_quote, quote) == ()

    async def test_is_nothing_where_instances_are_paid_in_days(self, world, acme):
        (loja,) = await acme.new("loja-1")
        instance = await acme.get(loja)
        await world.under_days(acme)
        assert await acme.do(outstanding.still_to_bill, [instance], Month(2026, 1)) == ()

    async def test_of_subscribing_is_nothing_for_it_ends_nothing(self, acme):
        (loja,) = await acme.new("loja-1")
        quote = await acme.do(subscriptions.quote, Operation.SUBSCRIBE, [loja])
        assert await acme.do(outstanding.of_quote, quote) == ()

    async def test_of_keeping_is_only_what_the_cancelled_one_would_not_have_cost(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        quote = await acme.do(subscriptions.quote, Operation.KEEP, [loja])
        # January is billed of it either way.
        assert await acme.do(outstanding.of_quote, quote) == ()


class TestRunningOn:
    """Whoever deletes is told until when it would run if cancelled, for the same money."""

    async def asked(self, acme, operation, *ids):
        quote = await acme.do(subscriptions.quote, operation, ids)
        to_bill = await acme.do(outstanding.of_quote, quote)
        return await acme.do(outstanding.runs_on, quote, to_bill)

    async def test_is_said_of_one_that_is_deleted_though_it_is_billed(self, acme):
        (loja,) = await acme.running("loja-1")
        until = await self.asked(acme, Operation.DELETE, loja)
        await acme.cancel(loja)
        assert until == (await acme.get(loja)).service_ends_at

    async def test_is_not_said_of_what_is_cancelled_nor_of_many(self, acme):
        one, two = await acme.running("loja-1", "loja-2")
        assert await self.asked(acme, Operation.CANCEL, one) is None
        assert await self.asked(acme, Operation.DELETE, one, two) is None

    async def test_is_not_said_of_a_trial_which_cannot_be_cancelled(self, acme):
        (loja,) = await acme.new("loja-1")
        assert await self.asked(acme, Operation.DELETE, loja) is None
