"""What happens because its instant has come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.instances import State
from billing.refusals import AlreadyDone, NoRight
from billing.services import clockwork, noticing
from billing.services.desk import office, waiting
from billing.services.facts import micros
from billing.services.operations import Operation
from storage.delivery.inbox import Inbox
from tests.billing.samples import local, there
from tests.billing.services.people import FRED, GROUP, SAM

TRIAL = ("notice_trial",)


class TestATrial:
    async def test_is_told_of_three_times_ends_after_48_hours_and_is_deleted_a_day_later(
        self, world, acme
    ):
        (loja,) = await acme.new("loja-1")
        assert there((await acme.get(loja)).trial_ends_at) == "2026-01-30 12:00"
        await world.until("2026-01-30 11:59")
        assert await acme.states() == {"loja-1": "trial"}
        await world.until("2026-01-30 12:00")
        assert await acme.states() == {"loja-1": "stopped"}
        await world.until("2026-01-31 11:59")
        assert await acme.states() == {"loja-1": "stopped"}
        await world.until("2026-01-31 12:00")
        assert await acme.states() == {"loja-1": "deleted"}
        await world.until("2026-01-31 12:01")
        assert acme.heard(*TRIAL) == [
            ("2026-01-29 12:00", "notice_trial_24h"),
            ("2026-01-30 09:00", "notice_trial_3h"),
            ("2026-01-30 12:00", "notice_trial_ended"),
            ("2026-01-31 12:01", "notice_trial_deleted"),
        ]
        ended = world.last(acme.chat_id, "notice_trial_ended").facts["instances"]
        assert [one["delete_at"] for one in ended] == [{"$at": micros(local("2026-01-31 12:00"))}]
        assert world.asked == [("create", loja), ("stop", loja), ("delete", loja)]
        assert await acme.invoices() == []
        await world.until("2026-03-02 12:00")
        assert await acme.invoices() == []

    async def test_is_restarted_by_subscribing_until_it_is_deleted(self, world, acme):
        (loja,) = await acme.new("loja-1")
        await world.until("2026-01-31 11:59")
        await acme.subscribe(loja)
        await world.until("2026-02-01 12:00")
        assert await acme.states() == {"loja-1": "active"}
        assert await acme.billed() == {"2026-01": ["loja-1 2026-01"]}

    async def test_that_is_subscribed_is_not_spoken_of_any_more(self, world, acme):
        (loja,) = await acme.new("loja-1")
        await acme.subscribe(loja)
        await world.until("2026-02-01 00:00")
        assert acme.heard(*TRIAL) == []
        assert await world.due("%trial%") == []

    async def test_wakes_nobody_when_it_ends_at_night(self, world, acme):
        await world.until("2026-01-29 02:00")
        await acme.new("loja-1")
        await world.until("2026-02-02 00:00")
        assert acme.heard(*TRIAL) == [
            ("2026-01-30 08:00", "notice_trial_24h"),
            ("2026-01-30 21:30", "notice_trial_3h"),
            ("2026-01-31 08:00", "notice_trial_ended"),
            ("2026-02-01 08:00", "notice_trial_deleted"),
        ]

    async def test_of_classic_is_a_task_for_staff_and_can_be_subscribed_until_it_is_done(
        self, world
    ):
        firm = await world.enrolled(programme="integrator-classic")
        first, second = await firm.new("loja-1", "loja-2")
        await world.until("2026-02-20 12:00")
        assert set((await firm.states()).values()) == {"stopped"}
        assert [kind for _, kind in world.heard(GROUP, "staff_delete_task")] == (
            ["staff_delete_task"] * 2
        )
        queue = await world.staff(SAM).do(waiting.queue)
        assert [item.facts["id"] for item in queue.kinds["deletions"]] == sorted([first, second])
        await firm.subscribe(first)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(office.deletion_done, first)
        deleted = await world.staff(SAM).do(office.deletion_done, second)
        assert deleted.state is State.DELETED
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(office.deletion_done, second)
        await world.settle()
        assert await firm.states() == {"loja-1": "active", "loja-2": "deleted"}
        assert world.last(GROUP, "staff_delete_task").facts["state"] == "deleted"
        assert ("delete", second) in world.asked

    async def test_that_was_stopped_late_leaves_its_day_to_subscribe_in(self, world, acme):
        (loja,) = await acme.new("loja-1")
        world.down_until("2026-02-03 03:00")
        await world.settle()
        assert await acme.states() == {"loja-1": "stopped"}
        await world.until("2026-02-03 20:00")
        assert acme.heard(*TRIAL) == [("2026-02-03 08:00", "notice_trial_ended")]
        await acme.subscribe(loja)
        await world.until("2026-02-05 00:00")
        assert await acme.states() == {"loja-1": "active"}


class TestTheOneSwitch:
    async def test_holds_every_stop_and_deletion_back_and_nothing_else(self, world, acme):
        _, leaves, runs = await acme.new("tries", "leaves", "runs")
        await acme.subscribe(leaves, runs)
        await acme.cancel(leaves)
        await world.staff().do(office.halt, "audit")
        with pytest.raises(AlreadyDone) as refused:
            await world.staff().do(office.halt, "again")
        assert refused.value.facts["reason"] == "audit"
        await world.until("2026-03-05 12:00")
        assert await acme.states() == {"leaves": "cancelled", "runs": "active", "tries": "trial"}
        assert sorted(await acme.billed()) == ["2026-01", "2026-02"]
        assert acme.heard("notice_stopped", "notice_del", "notice_service_ended") == []
        queue = await world.staff().do(waiting.queue)
        assert queue.halted == "audit"

        await world.staff().do(office.resume)
        with pytest.raises(AlreadyDone):
            await world.staff().do(office.resume)
        await world.settle()
        assert await acme.states() == {"leaves": "ended", "runs": "overdue", "tries": "stopped"}
        await world.until("2026-03-06 11:59")
        assert await acme.states() == {"leaves": "ended", "runs": "overdue", "tries": "stopped"}
        await world.until("2026-03-06 12:00")
        assert (await acme.states())["tries"] == "deleted"
        await world.until("2026-03-10 08:59")
        assert (await acme.states())["runs"] == "overdue"
        await world.until("2026-03-10 09:00")
        assert set((await acme.states()).values()) == {"deleted"}
        assert acme.heard("notice_stopped", "notice_del") == [
            ("2026-03-05 12:00", "notice_stopped"),
            ("2026-03-09 09:00", "notice_deletion_tomorrow"),
            ("2026-03-10 09:00", "notice_deleted"),
        ]

    async def test_ends_what_is_paid_in_the_meantime_where_its_service_is_over(self, world, acme):
        leaves, _ = await acme.running("leaves", "runs")
        await acme.cancel(leaves)
        await world.until("2026-02-12 12:00")
        await world.staff().do(office.halt, "audit")
        await world.until("2026-02-28 12:00")
        assert await acme.states() == {"leaves": "overdue", "runs": "overdue"}
        booked = await acme.pays("2026-01")
        assert [instance.name for instance in booked.restored] == ["runs"]
        assert await acme.states() == {"leaves": "ended", "runs": "active"}
        assert acme.heard("notice_service_ended") == [("2026-02-28 12:00", "notice_service_ended")]
        await world.until("2026-03-12 12:00")
        assert (await acme.states())["leaves"] == "ended"
        await world.staff().do(office.resume)
        await world.settle()
        assert (await acme.states())["leaves"] == "deleted"

    async def test_is_the_admins_alone(self, world):
        for use_case, words in ((office.halt, ["x"]), (office.resume, [])):
            with pytest.raises(NoRight):
                await world.staff(FRED).do(use_case, *words)

    async def test_is_thrown_by_a_clock_that_jumps(self, world, acme):
        await acme.new("loja-1")
        for hours in (-6, 6):
            jump = timedelta(hours=hours)
            await world.write(lambda work: clockwork.clock_jumped(work, jump))  # noqa: B023
        await world.settle()
        assert world.heard(GROUP, "staff_clock") == []
        for hours in (-7, 30):
            jump = timedelta(hours=hours)
            await world.write(lambda work: clockwork.clock_jumped(work, jump))  # noqa: B023
        await world.until("2026-01-31 12:00")
        assert await acme.states() == {"loja-1": "trial"}
        assert [kind for _, kind in world.heard(GROUP, "staff_clock")] == ["staff_clock_jumped"]
        assert (await world.actions())[-1] == "halt"
        await world.staff().do(office.resume)
        await world.settle()
        assert await acme.states() == {"loja-1": "stopped"}


class TestARow:
    """A row that was listed is looked at again before anything is done."""

    async def listed(self, world, key):
        row = await world.read(lambda work: work.due.planned(key))
        assert row is not None
        return row

    async def carry(self, world, row):
        return await world.write(lambda work: clockwork.carry_out(work, row))

    async def test_is_carried_out_once(self, world, acme):
        (loja,) = await acme.new("loja-1")
        row = await self.listed(world, f"trial_end:{loja}")
        world.clock.at = row.at
        assert await self.carry(world, row)
        assert not await self.carry(world, row)
        assert (await world.actions(loja)).count("trial_end") == 1

    async def test_that_somebody_else_claims_at_the_same_time_is_theirs(
        self, world, acme, monkeypatch
    ):
        first, _ = await acme.new("loja-1", "loja-2")
        row = await self.listed(world, f"trial_end:{first}")
        notice = await self.listed(world, f"notice:trial_24h:{first}")

        async def lost(rows, key, *, at):
            return False

        world.clock.at = notice.at
        with monkeypatch.context() as others:
            others.setattr("storage.due.DueRows.claim", lost)
            assert not await self.carry(world, replace(row, at=notice.at))
            assert not await self.carry(world, notice)
            # Nor is a trial taken along whose notice somebody else says.
            await world.store.write(lambda work: noticing.say(work, notice))
        await world.deliver()
        said = world.last(acme.chat_id, "notice_trial_24h").facts["instances"]
        assert [one["id"] for one in said] == [first]

    async def test_that_was_moved_or_dropped_since_is_left_alone(self, world, acme):
        first, second = await acme.new("loja-1", "loja-2")
        rows = [await self.listed(world, f"trial_end:{loja}") for loja in (first, second)]
        world.clock.at = rows[0].at

        async def move(work):
            await work.due.plan(replace(rows[0], at=rows[0].at + timedelta(hours=1)))

        await world.write(move)
        await acme.act(Operation.SUBSCRIBE, second, settle=False)
        assert [await self.carry(world, row) for row in rows] == [False, False]
        assert await acme.states() == {"loja-1": "trial", "loja-2": "active"}

    async def test_that_waits_for_people_is_left_alone(self, world, acme):
        (loja,) = await acme.new("loja-1")
        row = await self.listed(world, f"trial_end:{loja}")
        world.clock.at = row.at
        await world.staff().do(office.halt, "audit")
        assert not await self.carry(world, row)
        assert await self.listed(world, row.key) == row

    @pytest.mark.parametrize(
        "kind", ["trial_end", "trial_over", "trial_delete", "service_end", "ended_delete"]
    )
    async def test_whose_instance_is_not_there_for_it_any_more_does_nothing(
        self, world, acme, kind
    ):
        (loja,) = await acme.running("loja-1")
        row = clockwork.Due(f"{kind}:x", kind, loja, acme.partner_id, world.clock.at)
        await world.write(lambda work: work.due.plan(row))
        before = await world.actions()
        assert await self.carry(world, row)
        assert await world.actions() == before
        assert await acme.states() == {"loja-1": "active"}

    async def test_of_the_night_is_said_in_the_morning(self, world, acme):
        await acme.new("loja-1")
        world.down_until("2026-01-29 23:30")
        await world.settle()
        assert acme.heard(*TRIAL) == []
        await world.until("2026-01-30 12:00")
        assert acme.heard(*TRIAL) == [
            ("2026-01-30 08:00", "notice_trial_24h"),
            ("2026-01-30 09:00", "notice_trial_3h"),
            ("2026-01-30 12:00", "notice_trial_ended"),
        ]
        assert local("2026-01-30 12:00") == world.clock.at


class TestHousekeeping:
    async def test_forgets_what_is_of_no_use_any_more_each_morning(self, world, acme):
        await world.store.write(clockwork.plan_housekeeping)
        await acme.new("loja-1")
        received = [(7, "11", "{}"), (8, "11", "{}")]
        await world.database.write(lambda tx: Inbox(tx).store(received, world.clock.at))
        await world.database.write(lambda tx: Inbox(tx).claim(7, world.clock.at))
        done = "SELECT COUNT(*) AS n FROM due WHERE state <> 'waiting'"
        pressed = "SELECT COUNT(*) AS n FROM intents WHERE expires_at < :now"
        await world.until("2026-02-20 12:00")
        assert (await world.sql(done))[0]["n"] > 0
        (planned,) = await world.due("housekeeping:%")
        assert planned == ("2026-02-21 01:00", "housekeeping:2026-02-21")
        assert len(await world.sql("SELECT 1 FROM inbox")) == 2
        await world.until("2026-03-01 12:00")
        # What nobody has dealt with yet stays.
        assert [row["update_id"] for row in await world.sql("SELECT update_id FROM inbox")] == [8]
        await world.until("2027-05-20 12:00")
        assert (await world.sql(pressed, now=micros(world.clock.at - timedelta(days=1))))[0][
            "n"
        ] == 0
        old = "SELECT COUNT(*) AS n FROM due WHERE state <> 'waiting' AND at < :before"
        before = micros(world.clock.at - clockwork.KEPT_SETTLED - timedelta(days=1))
        assert (await world.sql(old, before=before))[0]["n"] == 0
