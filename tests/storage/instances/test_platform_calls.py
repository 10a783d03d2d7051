"""Promised calls keep their order, and are closed once."""

import asyncio
from dataclasses import replace

import pytest

from billing.services.ports import Call
from storage.engine.rows import RowMissing
from tests.storage.stocked import HOUR, NOW, instance

CREATE = Call("C1", "K7Q2M", "P1", "create", "answer:1", 0, NOW, NOW)
STOP = replace(CREATE, id="C2", operation="stop", message_key=None)
OTHER = replace(CREATE, id="C3", instance_id="OTHER")


@pytest.fixture
async def shop(desk):
    for one in (instance(), instance("OTHER", "other")):
        await desk.write(lambda work, one=one: work.instances.add(one))
    for call in (CREATE, STOP, OTHER):
        await desk.write(lambda work, call=call: work.calls.promise(call))
    return desk


def close(shop, call_id: str, state: str = "done", error: str | None = None):
    return shop.write(lambda work: work.calls.close(call_id, state, error=error, at=NOW))


def ready(shop, at=NOW, limit: int = 50):
    return shop.read(lambda work: work.calls.open_by(at, limit=limit))


class TestOrder:
    async def test_of_one_instance_is_one_after_the_other(self, shop):
        assert await ready(shop) == [CREATE, OTHER]
        assert await ready(shop, limit=1) == [CREATE]
        await close(shop, "C1")
        assert await ready(shop) == [STOP, OTHER]

    async def test_is_kept_while_the_first_is_put_off(self, shop):
        await shop.write(lambda w: w.calls.put_off("C1", until=NOW + HOUR, error="timeout"))
        assert await ready(shop) == [OTHER]
        later = await ready(shop, NOW + HOUR)
        assert [call.id for call in later] == ["C3", "C1"]

    async def test_of_an_instance_is_that_of_the_promises(self, shop):
        assert await shop.read(lambda work: work.calls.open_of("K7Q2M")) == [CREATE, STOP]
        await close(shop, "C1")
        assert await shop.read(lambda work: work.calls.open_of("K7Q2M")) == [STOP]

    async def test_names_the_subscriptions_that_nobody_has_confirmed(self, shop):
        asked = replace(CREATE, id="C4", operation="subscribe")
        await shop.write(lambda work: work.calls.promise(asked))
        waiting = lambda: shop.read(lambda work: work.calls.subscribing(["P1"]))  # noqa: E731
        assert await waiting() == {"P1": {"K7Q2M"}}
        assert await shop.read(lambda work: work.calls.subscribing(["P2"])) == {"P2": frozenset()}
        await close(shop, "C4")
        assert await waiting() == {"P1": frozenset()}

    async def test_of_a_message_is_that_of_the_promises(self, shop):
        await close(shop, "C1", "refused", "no")
        found = await shop.read(lambda work: work.calls.of_message("answer:1"))
        assert [(call.id, call.state, call.error) for call in found] == [
            ("C1", "refused", "no"),
            ("C3", "open", None),
        ]

    async def test_of_a_message_is_left_while_it_may_be_tried(self, shop):
        async def left(at=NOW):
            return await shop.read(lambda work: work.calls.left_of("answer:1", at))

        assert await left(NOW - HOUR) == (2, 0)
        assert await left() == (2, 2)
        await close(shop, "C1", "refused", "no")
        assert await left() == (2, 1)
        await shop.write(lambda work: work.calls.put_off("C3", until=NOW + HOUR, error="silent"))
        assert await left() == (2, 0)
        # Behind the stop that was promised before it.
        await shop.write(lambda work: work.calls.promise(replace(CREATE, id="C4")))
        assert await left() == (3, 0)


class TestAttempts:
    async def test_are_counted_before_the_call(self, shop):
        counts = [await shop.write(lambda work: work.calls.started("C1")) for _ in range(3)]
        assert counts == [1, 2, 3]
        failing = await shop.read(lambda work: work.calls.failing())
        assert failing == [replace(CREATE, attempts=3)]
        assert await shop.read(lambda work: work.calls.get("C1")) == failing[0]

    async def test_of_a_closed_call_are_an_error(self, shop):
        await close(shop, "C1")
        with pytest.raises(RowMissing):
            await shop.write(lambda work: work.calls.started("C1"))
        with pytest.raises(RowMissing):
            await shop.write(lambda work: work.calls.put_off("C1", until=NOW, error=""))


class TestClose:
    async def test_happens_once_of_fifty(self, shop):
        closed = await asyncio.gather(*(close(shop, "C1") for _ in range(50)))
        assert sum(closed) == 1
        assert not await close(shop, "nothing")

    async def test_to_open_is_refused(self, shop):
        with pytest.raises(ValueError, match="closed to"):
            await close(shop, "C1", "open")
