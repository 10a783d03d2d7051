"""What was promised of the platform is done once, when it answers, and shown as it is."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from billing.services.instances import platform
from billing.services.operations import Operation
from billing.services.ports import Work
from billing.services.ports.platforms import Remote
from bot.delivery.caller import AT_ONCE, Caller
from bot.delivery.heartbeat import Heartbeats
from bot.gateways.embedded import EmbeddedPlatform, Faults
from bot.ids import RandomIds
from bot.vault import Vault
from storage.instances.embedded_shelf import EmbeddedShelf
from tests.billing.services.world import KEY
from tests.bot.delivery.desk import Desk, opened, until


class Line:
    """The way to the platform: sees every call, and can hold it or be cut after the effect."""

    def __init__(self, platform: EmbeddedPlatform) -> None:
        self._platform = platform
        self.asked: list[tuple[str, str]] = []
        self.underway: Counter[str] = Counter()
        self.most_at_once = 0
        self.overlapped = False
        self.held = asyncio.Event()
        self.held.set()
        self.hangs_after = False
        self.on_answer: Any = None

    def at(self, name: str) -> "Line":
        assert name == "embedded"
        return self

    def __getattr__(self, operation: str) -> Any:
        async def call(remote: Remote, *more: str) -> Any:
            reference = remote.reference
            self.asked.append((operation, reference))
            self.underway[reference] += 1
            self.overlapped = self.overlapped or self.underway[reference] > 1
            self.most_at_once = max(self.most_at_once, self.underway.total())
            try:
                await self.held.wait()
                answer = await getattr(self._platform, operation)(remote, *more)
                if self.hangs_after:
                    await asyncio.Event().wait()
                if self.on_answer is not None:
                    self.on_answer()
                return answer
            finally:
                self.underway[reference] -= 1

        return call


class Office:
    """A desk, a caller at work in it, and the platform far away."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.faults = Faults()
        self.hearts = Heartbeats()
        self.shelf = EmbeddedShelf(desk.world.database, desk.clock, RandomIds())
        self.line = Line(
            EmbeddedPlatform(self.shelf, desk.clock, faults=self.faults, chance=lambda: 1.0)
        )
        self.start()

    def start(self) -> None:
        store: Any = self.desk.store
        self.caller = Caller(store, self.line, self.desk.clock, self.hearts)
        self.desk.world.store._on_commit = self.caller.nudge
        self.task = asyncio.create_task(self.caller.run())

    async def end(self) -> None:
        await self.caller.stop(grace_seconds=0.05)
        await self.task

    async def at_rest(self) -> bool:
        return not self.caller.busy

    async def quiet(self) -> None:
        """Return when nothing is under way and nothing is due at the clock's instant."""

        async def reached() -> bool:
            return await self.at_rest() and not await self.desk.world.read(
                lambda work: work.calls.open_by(work.now)
            )

        await until(reached)

    async def shows(self, at_platform: str) -> None:
        async def reached() -> bool:
            return {how for _, how in await self.desk.shown()} == {at_platform}

        await until(reached)

    async def held(self) -> dict[str, str]:
        return {row.name: row.state for row in await self.shelf.all()}

    async def retried(self) -> None:
        """Move to the instant at which the platform is asked again: it is, unasked."""
        self.desk.clock.move(minutes=5)
        await self.quiet()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as desk:
        found = Office(desk)
        yield found
        await found.end()


class TestACreation:
    async def test_is_done_shown_and_counted_once(self, office):
        (loja,) = await office.desk.ask_for("loja-1")
        await office.shows("done")
        assert await office.held() == {"loja-1": "trial"}
        assert await office.desk.firm.states() == {"loja-1": "trial"}
        assert await office.desk.used() == 1
        assert office.line.asked == [("create", loja)]

    @pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "500"])
    async def test_that_is_not_answered_will_be_done_when_it_answers_and_is(self, office, kind):
        office.faults.order("create", kind, 2)
        await office.desk.ask_for("loja-1")
        await office.shows("waiting")
        await office.quiet()
        before = await office.desk.world.sql("SELECT key, version FROM messages")
        assert await office.desk.firm.states() == {"loja-1": "creating"}
        await office.retried()
        await office.retried()
        assert await office.desk.shown() == [("loja-1", "done")]
        assert await office.held() == {"loja-1": "trial"}
        assert await office.desk.firm.states() == {"loja-1": "trial"}
        assert await office.desk.used() == 1
        # The same message says so, edited: no other was begun.
        after = await office.desk.world.sql("SELECT key, version FROM messages")
        assert [row["key"] for row in after] == [row["key"] for row in before]
        assert sum(row["version"] for row in after) > sum(row["version"] for row in before)

    async def test_that_was_done_unanswered_is_looked_up_and_keeps_its_token(self, office):
        office.faults.order("create", "timeout_after", 1)
        (loja,) = await office.desk.ask_for("loja-1")
        await office.shows("waiting")
        (made,) = await office.shelf.all()
        await office.quiet()
        await office.retried()
        assert office.line.asked == [("create", loja), ("find", loja)]
        kept = await office.desk.world.read(lambda work: work.tokens.secret(f"instance:{loja}"))
        assert Vault(KEY).open(kept) == made.token

    async def test_that_is_refused_gives_the_quota_back_and_says_why(self, office):
        office.faults.order("create", "refused", 1)
        await office.desk.ask_for("loja-1", "loja-2")
        await office.quiet()
        (refused,) = [one for one in await office.desk.progress() if one["why"]]
        assert refused["why"] == "the platform refuses it"
        assert sorted((await office.desk.firm.states()).values()) == ["failed", "trial"]
        assert await office.desk.used() == 1
        assert len(await office.held()) == 1
        (told,) = await office.desk.told_staff("platform_trouble")
        assert (told["operation"], told["why"]) == ("create", "the platform refuses it")

    async def test_leaves_its_name_free_if_it_was_refused(self, office):
        office.faults.order("create", "refused", 1)
        await office.desk.ask_for("loja-1")
        await office.quiet()
        await office.desk.ask_for("loja-1")
        await office.quiet()
        assert await office.held() == {"loja-1": "trial"}
        assert await office.desk.used() == 1


class TestAPlatformThatIsDown:
    async def test_is_asked_again_ever_more_rarely_but_within_five_minutes(self, office):
        office.faults.order("create", "500", 12)
        await office.desk.ask_for("loja-1")
        await office.quiet()
        pauses = []
        while office.faults._ordered["create"]:
            (row,) = await office.desk.world.sql("SELECT not_before FROM platform_calls")
            now = office.desk.clock.at
            pause = row["not_before"] / 1_000_000 - now.timestamp()
            pauses.append(pause)
            office.desk.clock.move(seconds=pause)
            await office.quiet()
        assert pauses == sorted(pauses)
        assert pauses[0] == 5
        assert pauses[-1] == timedelta(minutes=5).total_seconds()

    async def test_is_told_of_to_staff_once(self, office):
        office.faults.order("create", "500", 8)
        await office.desk.ask_for("loja-1")
        await office.quiet()
        for _ in range(8):
            await office.retried()
        (told,) = await office.desk.told_staff("platform_trouble")
        assert told["version"] == 1
        assert await office.held() == {"loja-1": "trial"}

    async def test_is_not_asked_before_its_pause_is_over(self, office):
        office.faults.order("create", "500", 1)
        await office.desk.ask_for("loja-1")
        await office.quiet()
        for _ in range(20):
            office.caller.nudge()
            await asyncio.sleep(0.002)
        assert len(office.line.asked) == 1

    async def test_holds_up_no_other_instance(self, office):
        office.faults.order("create", "500", 1)
        await office.desk.ask_for("loja-1")
        await office.quiet()
        await office.desk.ask_for("loja-2")
        await office.quiet()
        assert await office.held() == {"loja-2": "trial"}


class TestARefusalOfWhatHasToBecomeSo:
    async def test_has_the_platform_asked_again_an_hour_later_unasked_and_no_sooner(self, office):
        (loja,) = await office.desk.ask_for("loja-1")
        await office.quiet()
        await office.desk.act(Operation.SUBSCRIBE, loja)
        await office.quiet()
        office.faults.order("cancel", "refused", 2)
        await office.desk.act(Operation.CANCEL, loja)
        await office.quiet()
        for asked in (1, 2):
            office.desk.clock.move(minutes=59)
            await office.quiet()
            assert office.line.asked[2:] == [("cancel", loja)] * asked
            assert await office.desk.shown() == [("loja-1", "waiting")]
            office.desk.clock.move(minutes=1)
            await office.quiet()
        assert office.line.asked[2:] == [("cancel", loja)] * 3
        assert await office.desk.shown() == [("loja-1", "done")]
        (told,) = await office.desk.told_staff("platform_trouble")
        assert (told["operation"], told["version"]) == ("cancel", 1)
        assert office.desk.clock.sleepers == 0

    async def test_gives_way_at_once_to_what_was_promised_since(self, office):
        (loja,) = await office.desk.ask_for("loja-1")
        await office.quiet()
        await office.desk.act(Operation.SUBSCRIBE, loja)
        await office.quiet()
        office.faults.order("cancel", "refused", 1)
        office.line.held.clear()
        await office.desk.act(Operation.CANCEL, loja)
        await until(lambda: _so(office.line.asked[-1] == ("cancel", loja)))
        await office.desk.act(Operation.KEEP, loja)
        office.line.held.set()
        await office.quiet()
        assert office.line.asked[2:] == [("cancel", loja), ("keep", loja)]
        assert [state for _, state, _ in await office.desk.calls()][2:] == ["void", "done"]
        # Nothing is left that would be asked in an hour.
        assert office.desk.clock.sleepers == 0


class TestCalls:
    async def test_of_one_instance_go_one_after_the_other_in_the_order_promised(self, office):
        office.line.held.clear()
        (loja,) = await office.desk.ask_for("loja-1")
        office.line.held.set()
        await office.quiet()
        office.line.held.clear()
        for operation in (Operation.SUBSCRIBE, Operation.CANCEL, Operation.KEEP):
            await office.desk.act(operation, loja)
        await asyncio.sleep(0.02)
        assert office.line.asked[1:] == [("subscribe", loja)]
        office.line.held.set()
        await office.quiet()
        assert office.line.asked[1:] == [("subscribe", loja), ("cancel", loja), ("keep", loja)]
        assert not office.line.overlapped

    async def test_behind_one_that_waits_for_the_platform_do_not_overtake_it(self, office):
        (loja,) = await office.desk.ask_for("loja-1")
        await office.quiet()
        office.faults.order("subscribe", "timeout_after", 1)
        await office.desk.act(Operation.SUBSCRIBE, loja)
        await office.quiet()
        await office.desk.act(Operation.CANCEL, loja)
        await office.quiet()
        assert office.line.asked[1:] == [("subscribe", loja)]
        await office.retried()
        assert office.line.asked[2:] == [("subscribe", loja), ("cancel", loja)]

    async def test_of_many_instances_go_side_by_side_but_not_all_at_once(self, office):
        office.line.held.clear()
        await office.desk.ask_for(*(f"loja-{n}" for n in range(20)))
        await until(lambda: _so(office.line.underway.total() == AT_ONCE))
        office.line.held.set()
        await office.quiet()
        assert office.line.most_at_once == AT_ONCE
        assert len(await office.held()) == 20
        assert not office.line.overlapped

    async def test_that_end_while_the_rows_are_read_are_not_made_again(self, office):
        office.line.held.clear()
        (loja,) = await office.desk.ask_for("loja-1")
        await until(lambda: _so(bool(office.line.asked)))
        read = office.desk.world.store.read

        async def slow(unit: Any) -> Any:
            rows = await read(unit)
            office.line.held.set()
            await until(lambda: _so(not office.caller._underway))
            return rows

        office.desk.store.read = slow
        office.caller.nudge()
        await until(lambda: _so(office.line.held.is_set()))
        await office.quiet()
        assert office.line.asked == [("create", loja)]
        assert office.desk.clock.sleepers == 0

    async def test_carry_out_every_operation(self, office):
        (loja,) = await office.desk.ask_for("loja-1")
        await office.quiet()
        await office.desk.world.sql("UPDATE instances SET active_until = trial_ends_at")
        # How a number is connected is asked on behalf of a message, and has tests of its own.
        operations = [one for one in Operation if one is not Operation.PAIR]
        for operation in operations:
            if operation is not Operation.CREATE:
                await office.desk.world.write(
                    lambda work, operation=operation: _promise(work, operation, loja)
                )
        await office.quiet()
        assert [operation for operation, _ in office.line.asked] == operations
        assert {state for _, state, _ in await office.desk.calls()} == {"done"}


async def _so(value: bool) -> bool:
    return value


async def _promise(work: Work, operation: Operation, instance_id: str) -> None:
    instance = await work.instances.by_id(instance_id)
    assert instance is not None
    await platform.promise(work, operation, instance)


class TestARestart:
    @pytest.mark.parametrize("after_the_effect", [False, True])
    async def test_between_call_and_posting_makes_exactly_one_instance(
        self, office, after_the_effect
    ):
        if after_the_effect:
            office.line.hangs_after = True
        else:
            office.line.held.clear()
        await office.desk.ask_for("loja-1")

        async def met() -> bool:
            made = bool(await office.held())
            return made if after_the_effect else bool(office.line.asked)

        await until(met)
        await office.end()
        assert await office.desk.firm.states() == {"loja-1": "creating"}
        assert (await office.desk.calls())[0][1:] == ("open", 1)
        office.line.hangs_after = False
        office.line.held.set()
        office.start()
        await office.quiet()
        assert await office.held() == {"loja-1": "trial"}
        assert await office.desk.firm.states() == {"loja-1": "trial"}
        assert await office.desk.used() == 1
        assert await office.desk.shown() == [("loja-1", "done")]

    async def test_leaves_no_alarm_behind(self, office):
        office.faults.order("create", "500", 1)
        await office.desk.ask_for("loja-1")
        await office.quiet()
        assert office.desk.clock.sleepers == 1
        await office.end()
        await asyncio.sleep(0)
        assert office.desk.clock.sleepers == 0
        office.start()
        await office.retried()
        assert await office.held() == {"loja-1": "trial"}

    async def test_waits_for_what_is_under_way(self, office):
        office.line.held.clear()
        await office.desk.ask_for("loja-1")
        await until(lambda: _so(bool(office.line.asked)))
        ending = asyncio.create_task(office.caller.stop(grace_seconds=2))
        await asyncio.sleep(0.01)
        office.line.held.set()
        await ending
        assert await office.desk.firm.states() == {"loja-1": "trial"}

    async def test_begins_nothing_more_once_it_is_told_to_stop(self, office):
        await office.caller.stop()
        await office.task
        await office.desk.ask_for("loja-1")
        assert office.line.asked == []
        assert "caller" not in office.hearts.silent_seconds()
        office.start()
        await office.quiet()
        assert await office.held() == {"loja-1": "trial"}


class TestADatabaseThatFails:
    async def test_after_the_call_has_the_call_repeated_without_spinning(self, office):
        def lock() -> None:
            office.desk.store.failing_writes = 1
            office.line.on_answer = None

        office.line.on_answer = lock
        await office.desk.ask_for("loja-1")
        await until(lambda: _so(office.desk.clock.sleepers == 1))
        for _ in range(20):
            office.caller.nudge()
            await asyncio.sleep(0.002)
        assert len(office.line.asked) == 1
        assert await office.desk.firm.states() == {"loja-1": "creating"}
        office.desk.clock.move(seconds=1)
        await office.quiet()
        assert [operation for operation, _ in office.line.asked] == ["create", "find"]
        assert await office.held() == await office.desk.firm.states() == {"loja-1": "trial"}
        assert await office.desk.used() == 1

    async def test_before_the_call_has_nothing_asked(self, office):
        office.desk.store.failing_writes = 1
        await office.desk.ask_for("loja-1")
        await until(lambda: _so(office.desk.clock.sleepers == 1))
        assert office.line.asked == []
        office.desk.clock.move(seconds=1)
        await office.quiet()
        assert await office.held() == {"loja-1": "trial"}

    async def test_when_it_is_read_does_not_end_the_caller(self, office):
        office.desk.store.failing_reads = 1
        office.caller.nudge()
        await until(lambda: _so(office.desk.store.failing_reads == 0))
        await office.desk.ask_for("loja-1")
        await office.quiet()
        assert not office.task.done()
        assert await office.held() == {"loja-1": "trial"}
