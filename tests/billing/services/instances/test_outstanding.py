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
