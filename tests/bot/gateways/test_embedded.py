"""The embedded platform behaves as another company's servers do, failures included."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from billing.services.facts import micros
from billing.services.ports.platforms import (
    Held,
    HeldState,
    PlatformRefused,
    PlatformSilent,
    Remote,
)
from bot.gateways import embedded
from bot.gateways.embedded import FAULTS, OPERATIONS, EmbeddedPlatform, Faults
from bot.ids import RandomIds
from storage.engine.database import Database
from storage.instances.embedded_shelf import EmbeddedShelf
from tests.bot.delivery.clock import HurriedClock
from tests.engines import TestDatabase

MOVES = ("subscribe", "cancel", "keep", "stop", "restart", "delete")


class Far:
    """A platform, and what it would tell anybody who looks."""

    def __init__(self, database: Database, clock: HurriedClock) -> None:
        self.database, self.clock = database, clock
        self.faults = Faults()
        self.platform = self.started()

    def started(self, delay_seconds: float = 0, rate: float = 0, chance: float = 0.5):
        """Return a platform over the same shelf."""
        return EmbeddedPlatform(
            EmbeddedShelf(self.database, self.clock, RandomIds()),
            self.clock,
            faults=self.faults,
            chance=lambda: chance,
            delay=timedelta(seconds=delay_seconds),
            failure_rate=rate,
        )

    async def states(self) -> dict[str, str]:
        return {row.id: row.state for row in await self.platform.shelved()}

    async def held(self) -> Held:
        (held,) = await self.platform.held()
        return held

    async def move(self, operation: str, reference: str = "A1") -> None:
        await getattr(self.platform, operation)(Remote(reference, ""))


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    database = await TestDatabase.anew()
    yield Far(database, HurriedClock())
    await database.close()


async def test_what_was_created_is_found_again_with_the_same_token_by_the_next_process(far):
    made = await far.platform.create(Remote("A1", "loja-1"))
    assert made == await far.platform.find(Remote("A1", ""))
    assert made == await far.started().find(Remote("A1", ""))
    held = await far.held()
    assert (held.name, held.state, held.connected) == ("loja-1", HeldState.TRIAL, False)
    assert held.paid_until is None
    assert await far.platform.find(Remote("A2", "")) is None


async def test_creating_the_same_reference_again_makes_nothing_new(far):
    first = await far.platform.create(Remote("A1", "loja-1"))
    assert await far.platform.create(Remote("A1", "other")) == first
    held = await far.held()
    assert held.name == "loja-1"


async def test_two_instances_have_two_tokens(far):
    one, two = [await far.platform.create(Remote(reference, "loja")) for reference in ("A1", "A2")]
    assert one.token != two.token


async def test_an_instance_goes_through_its_life(far):
    await far.platform.create(Remote("A1", "loja-1"))
    seen = []
    for operation in ("subscribe", "cancel", "keep", "stop", "restart", "delete", "delete"):
        await far.move(operation)
        seen.append((await far.states())["A1"])
    assert seen == ["active", "active", "active", "stopped", "active", "deleted", "deleted"]


@pytest.mark.parametrize("operation", [name for name in MOVES if name != "delete"])
async def test_what_is_not_there_can_not_be_moved(far, operation):
    with pytest.raises(PlatformRefused, match="not found"):
        await far.move(operation)


async def test_what_is_not_there_is_as_good_as_deleted(far):
    await far.move("delete")
    assert await far.states() == {}


@pytest.mark.parametrize("operation", [name for name in MOVES if name != "delete"])
async def test_what_was_deleted_stays_deleted(far, operation):
    await far.platform.create(Remote("A1", "loja-1"))
    await far.move("delete")
    with pytest.raises(PlatformRefused, match="not found"):
        await far.move(operation)
    assert await far.states() == {"A1": "deleted"}


@pytest.mark.parametrize(
    ("kind", "raised", "done"),
    [
        ("refused", PlatformRefused, False),
        ("500", PlatformSilent, False),
        ("timeout_before", PlatformSilent, False),
        ("timeout_after", PlatformSilent, True),
    ],
)
async def test_a_fault_that_was_ordered_happens_before_or_after_the_effect(far, kind, raised, done):
    far.faults.order("create", kind, 1)
    with pytest.raises(raised):
        await far.platform.create(Remote("A1", "loja-1"))
    assert (await far.states() == {"A1": "trial"}) is done
    await far.platform.create(Remote("A1", "loja-1"))
    far.faults.order("subscribe", kind, 1)
    with pytest.raises(raised):
        await far.move("subscribe")
    assert (await far.states() == {"A1": "active"}) is done


async def test_faults_are_used_up_in_their_order_by_their_own_operation(far):
    far.faults.order("stop", "refused", 2)
    far.faults.order("stop", "500", 1)
    await far.platform.create(Remote("A1", "loja-1"))
    for raised in (PlatformRefused, PlatformRefused, PlatformSilent):
        with pytest.raises(raised):
            await far.move("stop")
    await far.move("stop")
    assert await far.states() == {"A1": "stopped"}


@pytest.mark.parametrize(
    ("operation", "kind", "times"),
    [("teleport", "500", 1), ("create", "fire", 1), ("create", "500", 0)],
)
async def test_a_fault_that_there_is_not_is_refused(far, operation, kind, times):
    with pytest.raises(ValueError, match="no such fault"):
        far.faults.order(operation, kind, times)


async def test_every_operation_can_be_failed_in_every_way(far):
    for operation in OPERATIONS:
        for kind in FAULTS:
            far.faults.order(operation, kind, 1)
            assert far.faults.take(operation) == kind
        assert far.faults.take(operation) is None


async def test_a_slow_platform_answers_after_its_delay_by_the_clock(far):
    slow = far.started(delay_seconds=90)
    await slow.create(Remote("A1", "loja-1"))
    assert far.clock.passed() == timedelta(seconds=90)


@pytest.mark.parametrize(("chance", "fails"), [(0.29, True), (0.3, False), (0.31, False)])
async def test_an_unreliable_platform_fails_as_often_as_it_was_set_to(far, chance, fails):
    unreliable = far.started(rate=0.3, chance=chance)
    if fails:
        with pytest.raises(PlatformSilent):
            await unreliable.create(Remote("A1", "loja-1"))
    else:
        await unreliable.create(Remote("A1", "loja-1"))
    assert await far.states() == ({} if fails else {"A1": "trial"})


async def test_creations_at_once_of_one_reference_make_one_instance(far):
    made = await asyncio.gather(*(far.platform.create(Remote("A1", "loja-1")) for _ in range(20)))
    assert len(set(made)) == 1
    assert await far.states() == {"A1": "trial"}


async def test_an_extension_lets_it_run_until_the_last_instant_that_was_named(far):
    await far.platform.create(Remote("A1", "loja-1"))
    await far.move("stop")
    first = far.clock.now() + timedelta(days=30)
    for until in (first, first, first + timedelta(days=5)):
        await far.platform.extend(Remote("A1", ""), until)
    held = await far.held()
    assert (held.state, held.paid_until) == ("active", micros(first + timedelta(days=5)))
    await far.move("delete")
    with pytest.raises(PlatformRefused):
        await far.platform.extend(Remote("A1", ""), first)


async def test_a_code_changes_with_the_time_until_a_phone_is_connected(far):
    await far.platform.create(Remote("A1", "loja-1"))
    first = await far.platform.pairing(Remote("A1", ""), None)
    assert await far.platform.pairing(Remote("A1", ""), None) == first
    await far.clock.sleep_until(far.clock.now() + first.lasts)
    second = await far.platform.pairing(Remote("A1", ""), None)
    assert second.content != first.content
    assert second.lasts == timedelta(seconds=20)
    by_phone = await far.platform.pairing(Remote("A1", ""), "5511987654321")
    assert len(by_phone.content) == len("ABCD-1234")
    assert not await far.platform.connected(Remote("A1", ""))
    assert await far.platform.connect("A1", connected=True)
    assert await far.platform.connected(Remote("A1", ""))
    assert (await far.platform.pairing(Remote("A1", ""), None)).connected
    assert not await far.platform.connect("A2", connected=True)
    with pytest.raises(PlatformRefused):
        await far.platform.pairing(Remote("A2", ""), None)


async def test_what_somebody_makes_or_loses_there_is_held_or_not(far, monkeypatch):
    monkeypatch.setattr(embedded, "PAGE", 2)
    made = [await far.platform.appear(f"shop-{nth}") for nth in range(5)]
    await far.platform.create(Remote("A1", "loja-1"))
    await far.platform.delete(Remote(made[0], ""))
    assert await far.platform.vanish(made[1])
    assert not await far.platform.vanish(made[1])
    assert not await far.platform.vanish(made[0])
    held = await far.platform.held()
    assert [one.remote_id for one in held] == sorted([*made[2:], "A1"])
    # What is gone can be made again, as if it had never been.
    assert (await far.platform.create(Remote(made[1], "shop"))).remote_id == made[1]
