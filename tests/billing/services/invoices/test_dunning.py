"""What an unpaid invoice leads to, by the clock."""

import pytest

from billing.instances import State
from billing.money import Money
from billing.partners import PartnerStopped
from billing.services.desk import office
from billing.services.facts import moment
from billing.services.payments import booking
from billing.services.ports import Due
from tests.billing.samples import there
from tests.billing.services.people import FRED, GROUP, SAM

DUNNING = ("notice_invoice", "notice_stop", "notice_last", "notice_del")
UNTIL_THE_STOP = [
    ("2026-02-01 09:00", "notice_invoice_issued"),
    ("2026-02-03 09:00", "notice_invoice_due_soon"),
    ("2026-02-05 09:00", "notice_invoice_due"),
    ("2026-02-06 09:00", "notice_invoice_overdue"),
    ("2026-02-08 09:00", "notice_stop_soon"),
    ("2026-02-10 09:00", "notice_last_day"),
]
FROM_THE_STOP_ON = [
    ("2026-02-11 08:00", "notice_stopped"),
    ("2026-02-14 09:00", "notice_deletion_tomorrow"),
    ("2026-02-15 09:00", "notice_deleted"),
]


class TestAnUnpaidInvoice:
    async def test_is_told_of_stops_and_deletes_and_says_each_exactly_once(self, world, acme):
        await acme.running("loja-1", "loja-2")
        await world.until("2026-02-15 08:59")
        assert set((await acme.states()).values()) == {"overdue"}
        await world.until("2026-02-20 12:00")
        assert acme.heard(*DUNNING) == [*UNTIL_THE_STOP, *FROM_THE_STOP_ON]
        assert set((await acme.states()).values()) == {"deleted"}
        before = len(world.sent)
        await world.settle()
        assert len(world.sent) == before
        world.nobody_was_woken(acme.chat_id)

    async def test_lets_everything_run_to_the_end_of_the_tenth(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-02-10 23:59")
        assert await acme.states() == {"loja-1": "active"}
        await world.until("2026-02-11 00:00")
        assert await acme.states() == {"loja-1": "overdue"}
        assert world.asked[-1] == ("stop", loja)
        partner = await acme.partner()
        assert there(partner.stopped_at) == "2026-02-11 00:00"
        assert {"stop"} <= set(await world.actions(acme.partner_id))

    async def test_keeps_anything_from_beginning_once_it_has_stopped(self, world, acme):
        running, trial = await acme.new("loja-1", "loja-2")
        await acme.subscribe(running)
        await world.until("2026-02-11 00:00")
        for begin in (acme.new("loja-3"), acme.subscribe(trial), acme.keep(running)):
            with pytest.raises(PartnerStopped):
                await begin
        await acme.cancel(running)
        assert (await acme.get(running)).state is State.OVERDUE

    async def test_takes_trials_along_on_the_fifteenth_and_what_has_ended(self, world, acme):
        over, _ = await acme.running("is over", "runs")
        await acme.cancel(over)
        await world.until("2026-02-10 12:00")
        (tries,) = await acme.new("tries")
        await acme.held("2026-01", "2026-02-24")
        await acme.subscribe(tries)
        await world.until("2026-02-27 12:00")
        assert await acme.states() == {
            "is over": "ended", "runs": "overdue", "tries": "overdue",
        }  # fmt: skip
        await world.until("2026-03-01 08:59")
        assert "deleted" not in (await acme.states()).values()
        await world.until("2026-03-01 09:00")
        assert set((await acme.states()).values()) == {"deleted"}
        assert await world.due("%ended_delete%") == []
        # What was served in February is billed all the same.
        assert (await acme.billed())["2026-02"] == ["runs 2026-02", "tries 2026-02"]

    async def test_deletes_what_was_being_made_only_when_it_is_there(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-10 23:00")
        world.silent.add("create")
        await acme.new("loja-2")
        await world.until("2026-02-15 12:00")
        assert await acme.states() == {"loja-1": "deleted", "loja-2": "creating"}
        world.silent.clear()
        await world.until("2026-02-16 12:00")
        assert (await acme.states())["loja-2"] == "trial"

    async def test_is_a_list_for_staff_on_the_fourteenth_and_a_word_when_it_is_done(self, world):
        firms = [await world.enrolled(11, "Acme"), await world.enrolled(12, "Bolt")]
        for firm in firms:
            await firm.running("loja-1")
        await world.until("2026-02-06 12:00")
        assert len(world.heard(GROUP, "staff_overdue")) == 2
        await world.until("2026-02-14 12:00")
        assert world.heard(GROUP, "staff_deletions") == [("2026-02-14 09:00", "staff_deletions")]
        facts = world.last(GROUP, "staff_deletions").facts
        assert {row["partner"] for row in facts["invoices"]} == {"Acme", "Bolt"}
        await firms[0].held("2026-01", "2026-02-28")
        await world.until("2026-02-16 12:00")
        assert world.heard(GROUP, "staff_deleted") == [("2026-02-15 09:00", "staff_deleted")]
        assert await firms[0].states() == {"loja-1": "active"}

    async def test_is_not_on_the_list_where_nothing_is_left_to_delete(self, world):
        acme, bolt = await world.enrolled(11, "Acme"), await world.enrolled(12, "Bolt")
        await acme.running("loja-1")
        (loja,) = await bolt.running("loja-1")
        await world.until("2026-02-12 12:00")
        await bolt.delete(loja)
        await world.until("2026-02-14 12:00")
        facts = world.last(GROUP, "staff_deletions").facts
        assert [row["partner"] for row in facts["invoices"]] == ["Acme"]
        assert bolt.heard("notice_del") == []

    async def test_that_comes_after_a_deletion_threatens_nobody_with_another(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-03-20 12:00")
        assert sorted(await acme.billed()) == ["2026-01", "2026-02"]
        march = [kind for at, kind in acme.heard(*DUNNING) if at > "2026-03-01"]
        assert "notice_deletion_tomorrow" not in march
        assert "notice_stopped" not in march
        assert "notice_deleted" not in march
        assert await acme.balance() == (2 * 5990, 0)

    async def test_that_stops_late_is_deleted_four_full_days_later_and_says_so(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-10 12:00")
        world.down_until("2026-02-12 14:00")
        await world.until("2026-02-20 12:00")
        assert acme.heard("notice_stopped", "notice_del") == [
            ("2026-02-12 14:00", "notice_stopped"),
            ("2026-02-16 09:00", "notice_deletion_tomorrow"),
            ("2026-02-17 09:00", "notice_deleted"),
        ]

    async def test_that_is_put_off_leaves_no_row_of_the_day_before(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-10 12:00")
        world.down_until("2026-02-12 14:00")
        await world.settle()
        invoice = await acme.invoice("2026-01")
        assert await world.due(f"%{invoice.id}:2026-02-15") == []
        assert await world.due(f"%{invoice.id}:2026-02-17") == [
            ("2026-02-16 09:00", f"notice:deletion_tomorrow:{invoice.id}:2026-02-17"),
            ("2026-02-17 09:00", f"delete:{invoice.id}:2026-02-17"),
        ]
        await world.until("2026-02-20 12:00")
        assert len(acme.heard("notice_deletion_tomorrow")) == 1

    async def test_that_comes_after_a_deletion_warns_of_no_stop(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-03-20 12:00")
        assert [kind for at, kind in acme.heard("notice") if at > "2026-03-02"] == [
            "notice_invoice_due_soon", "notice_invoice_due", "notice_invoice_overdue",
        ]  # fmt: skip

    async def test_warns_of_no_stop_where_nothing_runs(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-02-07 12:00")
        await acme.delete(loja)
        await acme.new("tries")
        await world.until("2026-02-13 12:00")
        assert acme.heard("notice_stop", "notice_last") == []
        # Nothing new begins all the same.
        assert (await acme.partner()).stopped_at is not None

    async def test_warns_of_no_stop_of_what_is_stopped_already(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-10 12:00")
        await acme.held("2026-01", "2026-03-12")
        await world.until("2026-03-11 12:00")
        assert await acme.states() == {"loja-1": "overdue"}
        await world.until("2026-03-12 12:00")
        stopped = [kind for at, kind in acme.heard(*DUNNING) if at > "2026-03-11 00:00"]
        assert stopped == ["notice_stopped"]


class TestAPayment:
    async def test_in_the_night_of_the_stop_takes_the_word_of_it_back(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-11 01:00")
        assert len(await world.due("notice:stopped:%")) == 1
        await acme.pays("2026-01")
        assert await world.due("notice:stopped:%") == []

    async def test_takes_the_word_of_the_stop_back_that_has_not_gone_out(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-11 01:00")
        world.telegram_is_down = True
        await world.until("2026-02-11 12:00")
        await acme.pays("2026-01")
        world.telegram_is_down = False
        await world.settle()
        assert acme.heard("notice_stopped") == []
        await world.until("2026-03-11 12:00")
        assert acme.heard("notice_stopped") == [("2026-03-11 08:00", "notice_stopped")]

    async def test_of_too_much_runs_again_what_another_invoice_had_stopped(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-10 12:00")
        await acme.held("2026-01", "2026-03-12")
        await world.until("2026-03-13 12:00")
        assert await acme.states() == {"loja-1": "overdue"}
        booked = await acme.pays("2026-02", 2 * 5990)
        assert [instance.name for instance in booked.restored] == ["loja-1"]
        assert await acme.balance() == (0, 0)
        first, second = await acme.invoices()
        assert await world.due(f"%{first.id}%") == await world.due(f"%{second.id}%") == []

    async def test_before_the_stop_forgets_the_rest(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-04 12:00")
        await acme.pays("2026-01")
        await world.until("2026-02-20 12:00")
        assert acme.heard(*DUNNING) == UNTIL_THE_STOP[:2]
        assert await acme.states() == {"loja-1": "active"}

    async def test_at_a_minute_to_nine_saves_what_would_be_deleted(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-02-15 08:59")
        booked = await acme.pays("2026-01")
        assert [instance.id for instance in booked.restored] == [loja]
        await world.until("2026-02-20 12:00")
        assert await acme.states() == {"loja-1": "active"}
        assert world.asked[-2:] == [("stop", loja), ("restart", loja)]
        assert acme.heard("notice_deleted") == []
        assert (await acme.partner()).stopped_at is None

    async def test_of_one_of_two_overdue_ones_restores_nothing_yet(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-10 12:00")
        await acme.held("2026-01", "2026-03-12")
        await world.until("2026-03-11 12:00")
        assert await acme.states() == {"loja-1": "overdue"}
        await world.until("2026-03-13 12:00")
        assert (await acme.pays("2026-01")).restored == []
        assert await acme.states() == {"loja-1": "overdue"}
        assert len((await acme.pays("2026-02")).restored) == 1
        assert await acme.states() == {"loja-1": "active"}

    async def test_never_restores_what_staff_froze(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-12 12:00")
        await world.staff(SAM).do(office.freeze, acme.partner_id, "fraud")
        await acme.pays("2026-01")
        assert await acme.states() == {"loja-1": "overdue"}
        await world.staff(SAM).do(office.unfreeze, acme.partner_id)
        await world.settle()
        assert await acme.states() == {"loja-1": "active"}

    async def test_runs_a_cancelled_one_until_its_end_only(self, world, acme):
        _, leaves = await acme.running("stays", "leaves")
        await acme.cancel(leaves)
        await world.until("2026-02-12 12:00")
        await acme.pays("2026-01")
        assert await acme.states() == {"leaves": "cancelled", "stays": "active"}
        await world.until("2026-02-27 12:00")
        assert await acme.states() == {"leaves": "ended", "stays": "active"}


class TestTheRowsOfAnInvoice:
    @pytest.mark.parametrize("kind", ["stop", "delete"])
    async def test_that_come_too_early_do_nothing(self, world, acme, kind):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        invoice = await acme.invoice("2026-01")
        row = Due(f"{kind}:early", kind, invoice.id, acme.partner_id, world.clock.at)
        await world.write(lambda work: work.due.plan(row))
        await world.settle()
        assert await acme.states() == {"loja-1": "active"}
        assert await world.actions(invoice.number) == ["invoice"]
        await acme.pays("2026-01")
        row = Due(f"{kind}:late", kind, invoice.id, acme.partner_id, world.clock.at)
        await world.write(lambda work: work.due.plan(row))
        await world.settle()
        assert await acme.states() == {"loja-1": "active"}

    async def test_are_decided_with_the_payment_that_comes_at_the_same_time(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-15 08:59")
        invoice = await acme.invoice("2026-01")
        world.clock.at = invoice.delete_at
        await world.staff(FRED).do(booking.book, invoice.number, Money(5990, "BRL"), "pix 1")
        await world.settle()
        assert await acme.states() == {"loja-1": "active"}
        (row,) = await world.sql("SELECT MAX(at) AS at FROM audit WHERE action = 'stop'")
        assert there(moment(row["at"])) == "2026-02-11 00:00"
