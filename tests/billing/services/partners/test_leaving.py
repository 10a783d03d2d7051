"""A partner ends the partnership."""

from datetime import date

import pytest

from billing.calendar import Month
from billing.days.requests import RequestState
from billing.partners import PartnerLeft, Role
from billing.refusals import AlreadyDone, NoRight
from billing.services.days import standing_orders
from billing.services.instances.subscriptions import TermsChanged
from billing.services.invoices import invoicing
from billing.services.partners import importing, leaving, moving
from billing.services.partners.import_rows import Row
from tests.billing.samples import brl, there
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import FRED, GROUP


async def leave(firm):
    shown = await firm.do(leaving.look)
    left = await firm.do(leaving.leave, terms=shown.terms, message_key="answer:1")
    await firm.world.settle()
    return left


class TestLeaving:
    async def test_cancels_what_runs_and_deletes_what_is_tried(self, world, acme):
        await acme.running("loja-1")
        await acme.new("loja-2")
        shown = await acme.do(leaving.look)
        assert [item.instance.name for item in shown.cancelled.possible] == ["loja-1"]
        assert [item.instance.name for item in shown.deleted.possible] == ["loja-2"]
        await leave(acme)
        assert await acme.states() == {"loja-1": "cancelled", "loja-2": "deleted"}

    async def test_shows_the_last_invoice_and_what_is_left_of_the_credit(self, world, acme):
        await acme.running("loja-1", "loja-2")
        await world.until("2026-02-03 10:00")
        await acme.pays("2026-01", 50000)
        await world.until("2026-03-10 10:00")
        shown = await leave(acme)
        # February was paid from the credit; March is the last month.
        assert (shown.last, shown.invoiced_on) == (Month(2026, 3), date(2026, 4, 1))
        assert (shown.bill, shown.credit, shown.left) == (
            brl(11980), brl(50000 - 2 * 11980), brl(50000 - 3 * 11980),
        )  # fmt: skip
        await world.until("2026-06-02 10:00")
        assert list(await acme.billed()) == ["2026-01", "2026-02", "2026-03"]
        assert await acme.balance() == (0, 50000 - 3 * 11980)

    async def test_lets_nothing_new_begin_but_what_was_owed_be_paid(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await leave(acme)
        for attempt in (acme.new("loja-2"), acme.subscribe(loja), acme.keep(loja)):
            with pytest.raises(PartnerLeft):
                await attempt
        assert (await acme.do(invoicing.preview)).draft.total == brl(5990)
        await world.until("2026-02-02 10:00")
        await acme.pays("2026-01")
        await world.until("2026-05-01 10:00")
        assert await acme.states() == {"loja-1": "deleted"}
        assert await acme.balance() == (0, 0)

    async def test_leaves_what_is_cancelled_as_it_is(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        ends = (await acme.get(loja)).service_ends_at
        await world.until("2026-01-30 10:00")
        shown = await leave(acme)
        assert [one.name for one in shown.ending] == ["loja-1"]
        assert (await acme.get(loja)).service_ends_at == ends

    async def test_of_which_something_changed_is_shown_anew(self, world, acme):
        await acme.running("loja-1")
        shown = await acme.do(leaving.look)
        await acme.new("loja-2")
        with pytest.raises(TermsChanged):
            await acme.do(leaving.leave, terms=shown.terms, message_key="answer:1")
        assert (await acme.partner()).left_at is None

    async def test_happens_once(self, world, acme):
        await leave(acme)
        assert there((await acme.partner()).left_at) == "2026-01-28 12:00"
        with pytest.raises(AlreadyDone):
            await acme.do(leaving.look)

    async def test_is_told_to_all_who_belong_to_it_and_to_the_staff(self, world, acme):
        await acme.joined(12, Role.FINANCE)
        await leave(acme)
        assert [kind for _, kind in world.heard(12)] == ["partnership_ended"]
        assert world.heard(GROUP, "staff_left")

    async def test_takes_back_a_move_that_waits(self, world, acme):
        await world.staff().do(moving.plan, acme.partner_id, "integrator-classic")
        await leave(acme)
        await world.until("2026-02-02 10:00")
        assert (await acme.partner()).programme == "integrator"

    async def test_is_the_owners(self, world, acme):
        manager = await acme.joined(12, Role.MANAGER)
        with pytest.raises(NoRight):
            await manager.do(leaving.look)
        with pytest.raises(NoRight):
            await world.staff(FRED).do(leaving.look)


class TestLeavingUnderDays:
    async def test_deletes_what_runs_on_days_and_shows_what_comes_back(self, world):
        firm = await a_firm(world)
        await firm.buys(40)
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        shown = await leave(firm)
        assert [item.returns for item in shown.deleted.possible] == [30]
        assert (shown.days, await firm.days()) == (40, 40)
        assert await firm.states() == {"loja-1": "deleted"}

    async def test_ends_the_standing_order_and_what_was_asked_for(self, world):
        firm = await a_firm(world)
        await firm.do(standing_orders.switch, on=True)
        asked = await firm.asks(channels=1)
        await leave(firm)
        request = await world.read(lambda work: work.days.request(asked.request.id))
        assert request.state is RequestState.WITHDRAWN
        assert not (await firm.partner()).standing_order
        assert await world.due("standing:%") == []

    async def test_lets_what_is_paid_for_elsewhere_run_to_its_date(self, world):
        firm = await a_firm(world)
        row = Row(1, (await firm.partner()).name, None, "loja-1", date(2026, 5, 15))
        staff = world.staff()
        terms = (await staff.do(importing.look, [row])).terms
        await staff.do(importing.bring, [row], terms=terms)
        await world.settle()
        shown = await leave(firm)
        assert [one.name for one in shown.ending] == ["loja-1"]
        assert await firm.states() == {"loja-1": "active"}
        await world.until("2026-05-16 12:00")
        assert await firm.states() == {"loja-1": "stopped"}
