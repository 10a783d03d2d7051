"""The platforms are watched: each by itself, without haste, and nothing of it is lost."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest

from billing.comparison import Mend
from billing.services.platforms import comparing, mending
from billing.services.ports.platforms import (
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
)
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.watcher import AGAIN_AFTER, EVERY, MOST_HINTS, Watcher
from tests.billing.services.people import SOFIA
from tests.billing.services.platforms.there import There
from tests.bot.delivery.desk import opened, until


class Place:
    """A platform as the watcher asks it: says what it holds, or what it is told to raise."""

    def __init__(self, there):
        self.there = there
        self.asked, self.deleted = [], []
        self.trouble = None
        self.free = asyncio.Event()
        self.free.set()

    async def held(self):
        self.asked.append("held")
        await self.free.wait()
        self._meet()
        return list(self.there.rows.values())

    async def days_left(self):
        return self.there.days

    async def connected(self, remote):
        self.asked.append(remote.reference)
        self._meet()
        return bool(self.there.rows[remote.reference].connected)

    async def delete(self, remote):
        self.asked.append("delete")
        self._meet()
        self.deleted.append(remote.remote_id)

    def _meet(self):
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
async def desk():
    async with opened() as found:
        yield found


@pytest.fixture
async def there(desk):
    """Return the platform, with an instance that is connected there."""
    platform = There(desk.world)
    (made,) = await desk.firm.new("loja-1")
    platform.hold(made, connected=True)
    return platform


@pytest.fixture
async def watched(desk, there):
    """Return the watcher at work, and the platforms that it asks by their names."""
    places = {"embedded": Place(there)}
    platforms = SimpleNamespace(at=places.__getitem__)
    hearts = Heartbeats()
    watcher = Watcher(desk.store, platforms, desk.clock, hearts)
    running = asyncio.create_task(watcher.run())
    await until(lambda: said(places["embedded"].asked, 1))
    await until(lambda: idle(watcher))
    yield SimpleNamespace(watcher=watcher, places=places, hearts=hearts, place=places["embedded"])
    await watcher.stop(0.05)
    await asyncio.wait_for(running, 2)


async def idle(watcher):
    return not watcher.busy


async def passed(desk, watched, span):
    desk.clock.move(seconds=span.total_seconds())
    watched.watcher.nudge()
    await until(lambda: idle(watched.watcher))


async def link(desk, there):
    (reference,) = there.rows
    return (await desk.world.read(lambda work: work.links.get(reference))).link


class TestVisits:
    async def test_come_at_once_and_then_every_ten_minutes(self, desk, there, watched):
        assert watched.place.asked == ["held"]
        assert (await link(desk, there)).connected is True
        await passed(desk, watched, EVERY - timedelta(seconds=1))
        assert watched.place.asked == ["held"]
        await passed(desk, watched, timedelta(seconds=1))
        assert watched.place.asked == ["held"] * 2
        assert "watcher" in watched.hearts.silent_seconds()

    async def test_come_sooner_where_a_number_dropped(self, desk, there, watched):
        (reference,) = there.rows
        there.change(reference, connected=False)
        await passed(desk, watched, EVERY)
        assert (await link(desk, there)).doubted_at is not None
        await passed(desk, watched, AGAIN_AFTER)
        assert (await link(desk, there)).doubted_at is None
        (row,) = await desk.world.due("notice:link_down:%")
        assert reference in row[1]

    async def test_fail_in_silence_and_come_again(self, desk, there, watched):
        watched.place.trouble = PlatformSilent("HTTP 500")
        await passed(desk, watched, EVERY)
        assert (await link(desk, there)).connected is True
        watched.place.trouble = None
        await passed(desk, watched, EVERY)
        assert watched.place.asked == ["held"] * 3

    async def test_of_one_platform_hold_up_no_other(self, desk, there, watched):
        (made,) = await desk.firm.new("loja-2")
        await desk.world.sql("UPDATE instances SET platform = 'slow' WHERE id = :id", id=made)
        slow = watched.places["slow"] = Place(There(desk.world, "slow"))
        slow.free.clear()
        desk.clock.move(seconds=EVERY.total_seconds())
        watched.watcher.nudge()
        await until(lambda: said(slow.asked, 1))
        await until(lambda: said(watched.place.asked, 2))
        assert watched.watcher.busy
        slow.free.set()
        await until(lambda: idle(watched.watcher))

    async def test_ask_one_by_one_where_the_list_does_not_say(self, desk, there, watched):
        (reference,) = there.rows
        there.change(reference, connected=None)
        (other,) = await desk.firm.new("loja-2")
        there.hold(other, connected=None)
        await passed(desk, watched, EVERY)
        assert watched.place.asked == ["held", "held", *sorted([reference, other])]
        # What is not said to be connected is not: that is a drop, looked at again soon.
        await passed(desk, watched, AGAIN_AFTER)
        assert watched.place.asked[4:6] == ["held", reference]
        assert len(await desk.world.due("notice:link_down:%")) == 1

    async def test_are_made_again_where_the_database_failed(self, desk, there, watched):
        desk.store.failing_reads = 1
        await passed(desk, watched, EVERY)
        await passed(desk, watched, timedelta(seconds=1))
        assert watched.place.asked == ["held"] * 2


async def said(asked, count):
    return len(asked) >= count


class TestHints:
    async def test_let_one_be_asked_about(self, desk, there, watched):
        (reference,) = there.rows
        there.change(reference, connected=False)
        watched.watcher.hint(reference)
        await until(lambda: idle(watched.watcher))
        assert watched.place.asked == ["held", reference]
        assert (await link(desk, there)).doubted_at is not None
        await passed(desk, watched, AGAIN_AFTER)
        assert watched.place.asked == ["held", reference, "held"]

    async def test_of_what_nobody_knows_or_no_answer_change_nothing(self, desk, there, watched):
        (reference,) = there.rows
        watched.place.trouble = PlatformSilent("HTTP 500")
        watched.watcher.hint("ZZZZ9")
        watched.watcher.hint(reference)
        await until(lambda: idle(watched.watcher))
        assert watched.place.asked == ["held", reference]
        assert (await link(desk, there)).connected is True

    async def test_are_no_more_than_there_is_room_for(self, desk, watched):
        await watched.watcher.stop(0)
        for nth in range(MOST_HINTS + 5):
            watched.watcher.hint(f"X{nth}")
        assert len(watched.watcher._hints) == MOST_HINTS


class TestTheNight:
    async def test_is_compared_when_it_is_wanted(self, desk, there, watched):
        there.hold("ZZZZ9", reference=None)
        there.days = 7
        await desk.world.write(lambda work: work.state.set(comparing.WANTED, "2026-03-02"))
        await passed(desk, watched, timedelta(0))
        (one,) = await there.differences()
        assert one.remote_id == "ZZZZ9"
        compared = await desk.world.read(lambda work: work.comparisons.get("embedded"))
        assert (compared.night, compared.held, compared.days_left) == ("2026-03-02", 2, 7)
        asked = len(watched.place.asked)
        await passed(desk, watched, timedelta(minutes=1))
        assert len(watched.place.asked) == asked

    @pytest.mark.parametrize("trouble", [PlatformSilent, PlatformRefused, PlatformUnable])
    async def test_is_compared_later_where_it_cannot_be(self, desk, there, watched, trouble):
        watched.place.trouble = trouble("not now")
        await desk.world.write(lambda work: work.state.set(comparing.WANTED, "2026-03-02"))
        await passed(desk, watched, timedelta(0))
        compared = await desk.world.read(lambda work: work.comparisons.get("embedded"))
        assert (compared.silent, compared.error) == (True, "not now")
        watched.place.trouble = None
        await passed(desk, watched, comparing.AGAIN_AFTER)
        compared = await desk.world.read(lambda work: work.comparisons.get("embedded"))
        assert not compared.silent


class TestDeletions:
    @pytest.fixture
    async def wanted(self, desk, there, watched):
        """Return a difference that a person wants deleted there."""
        there.hold("ZZZZ9", reference=None)
        await there.compare("2026-03-02")
        (one,) = await there.differences()
        await desk.world.staff(SOFIA).do(mending.mend, one.id, Mend.DELETE_THERE, terms="")
        return one.id

    async def state(self, desk, wanted):
        return await desk.world.read(lambda work: work.differences.get(wanted))

    async def test_are_done_and_posted(self, desk, watched, wanted):
        await passed(desk, watched, timedelta(0))
        assert watched.place.deleted == ["ZZZZ9"]
        assert (await self.state(desk, wanted)).outcome == Mend.DELETE_THERE

    async def test_are_tried_again_when_the_platform_does_not_answer(self, desk, watched, wanted):
        watched.place.trouble = PlatformSilent("HTTP 500")
        await passed(desk, watched, timedelta(0))
        assert (await self.state(desk, wanted)).error == "HTTP 500"
        watched.place.trouble = None
        await passed(desk, watched, timedelta(seconds=4))
        assert watched.place.deleted == []
        await passed(desk, watched, timedelta(seconds=1))
        assert watched.place.deleted == ["ZZZZ9"]

    async def test_wait_as_long_as_the_platform_wants(self, desk, watched, wanted):
        later = desk.clock.now() + timedelta(days=40)
        watched.place.trouble = PlatformLater(later, "40 days past")
        await passed(desk, watched, timedelta(0))
        assert (await self.state(desk, wanted)).not_before == later

    async def test_go_back_to_a_person_where_it_says_no(self, desk, watched, wanted):
        watched.place.trouble = PlatformRefused("only when disconnected")
        await passed(desk, watched, timedelta(0))
        found = await self.state(desk, wanted)
        assert (found.state, found.error) == ("open", "only when disconnected")
