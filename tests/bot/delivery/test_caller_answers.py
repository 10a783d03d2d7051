"""What a platform takes later, or leaves to a person: the row waits and is not forgotten."""

from datetime import timedelta

from billing.services.instances import answered
from billing.services.operations import Operation
from billing.services.ports.platforms import (
    PlatformLater,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from tests.billing.services.people import SAM
from tests.bot.delivery.test_caller import office

assert office


def answers(office, operation, *failures):
    """Let the next calls of an operation be answered so, and then as ever."""
    waiting, real = list(failures), office.line._platform

    class Answering:
        def __getattr__(self, name):
            async def call(remote: Remote, *more):
                if name == operation and waiting:
                    raise waiting.pop(0)
                return await getattr(real, name)(remote, *more)

            return call

    office.line._platform = Answering()


class TestLater:
    async def test_is_tried_at_that_instant_unasked_and_no_sooner(self, office):
        until = office.desk.clock.now() + timedelta(minutes=30)
        answers(office, "create", PlatformLater(until, "20 creations"))
        (loja,) = await office.desk.ask_for("loja-1")
        await office.shows("queued")
        await office.quiet()
        office.desk.clock.move(minutes=29)
        await office.quiet()
        assert office.line.asked == [("create", loja)]
        office.desk.clock.move(minutes=1)
        await office.shows("done")
        # Nothing was done the first time: there is nothing to be looked up.
        assert office.line.asked == [("create", loja)] * 2
        assert await office.desk.told_staff("platform_trouble") == []

    async def test_after_silence_looks_up_what_may_have_been_made(self, office):
        until = office.desk.clock.now() + timedelta(minutes=30)
        failures = (PlatformSilent("cut"), PlatformLater(until, "20 creations"))
        answers(office, "create", *failures)
        await office.desk.ask_for("loja-1")
        await office.quiet()
        await office.retried()
        await office.shows("queued")
        office.desk.clock.move(minutes=30)
        await office.shows("done")
        assert [operation for operation, _ in office.line.asked] == [
            *("create", "find", "create"),
            *("find", "create"),
        ]

    async def test_outlives_a_restart(self, office):
        until = office.desk.clock.now() + timedelta(minutes=30)
        answers(office, "create", PlatformLater(until, "20 creations"))
        await office.desk.ask_for("loja-1")
        await office.shows("queued")
        await office.end()
        office.start()
        await office.quiet()
        office.desk.clock.move(minutes=30)
        office.caller.nudge()
        await office.quiet()
        assert await office.held() == {"loja-1": "trial"}


class TestUnable:
    async def test_is_left_alone_until_a_person_has_done_it(self, office):
        answers(office, "cancel", PlatformUnable("no call for it"))
        (loja,) = await office.desk.ask_for("loja-1")
        await office.quiet()
        await office.desk.act(Operation.SUBSCRIBE, loja)
        await office.quiet()
        await office.desk.act(Operation.CANCEL, loja)
        await office.shows("by_hand")
        await office.end()
        office.start()
        office.desk.clock.move(days=3)
        office.caller.nudge()
        await office.quiet()
        asked = [operation for operation, _ in office.line.asked]
        assert asked == ["create", "subscribe", "cancel"]
        (task,) = await office.desk.told_staff("staff_by_hand")
        await office.desk.world.staff(SAM).do(answered.done_by_hand, task["id"])
        await office.shows("done")

    async def test_holds_up_nothing_of_its_instance(self, office):
        answers(office, "subscribe", PlatformUnable("no call for it"))
        (loja,) = await office.desk.ask_for("loja-1")
        await office.quiet()
        await office.desk.act(Operation.SUBSCRIBE, loja)
        await office.quiet()
        await office.desk.act(Operation.CANCEL, loja)
        await office.quiet()
        assert [state for _, state, _ in await office.desk.calls()] == ["done", "open", "done"]
