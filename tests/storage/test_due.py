"""What is due is a row: moved while it waits, done once."""

import asyncio
from dataclasses import replace

from billing.services.ports import Due
from tests.storage.stocked import DAY, HOUR, NOW

STOP = Due("stop:I1", "stop", "I1", "P1", NOW, useful_until=NOW + DAY)


def plan(desk, *dues: Due):
    async def unit(work):
        for due in dues:
            await work.due.plan(due)

    return desk.write(unit)


class TestPlan:
    async def test_moves_what_waits(self, desk):
        await plan(desk, STOP)
        assert await desk.read(lambda work: work.due.planned("stop:I1")) == STOP
        moved = replace(STOP, at=NOW + DAY, useful_until=None, subject="I2")
        await plan(desk, moved)
        assert await desk.read(lambda work: work.due.planned("stop:I1")) == moved

    async def test_brings_back_what_was_dropped_but_never_what_was_done(self, desk):
        other = replace(STOP, key="other")
        await plan(desk, STOP, other)
        assert await desk.write(lambda work: work.due.claim("stop:I1", at=NOW))
        await desk.write(lambda work: work.due.drop("other"))
        assert await desk.read(lambda work: work.due.next_by(NOW + DAY)) == []
        moved = replace(other, at=NOW + HOUR)
        await plan(desk, STOP, moved)
        assert await desk.read(lambda work: work.due.planned("stop:I1")) is None
        assert await desk.read(lambda work: work.due.next_by(NOW + DAY)) == [moved]


class TestClaim:
    async def test_is_won_by_one_of_fifty(self, desk):
        await plan(desk, STOP)
        claims = (desk.write(lambda work: work.due.claim("stop:I1", at=NOW)) for _ in range(50))
        assert sum(await asyncio.gather(*claims)) == 1

    async def test_is_lost_where_nothing_waits(self, desk):
        assert not await desk.write(lambda work: work.due.claim("nothing", at=NOW))
        await plan(desk, STOP)
        await desk.write(lambda work: work.due.drop("stop:I1"))
        assert not await desk.write(lambda work: work.due.claim("stop:I1", at=NOW))


class TestClaimingTogether:
    async def test_takes_what_waits_and_has_come_in_the_order_of_the_keys(self, desk):
        rows = [replace(STOP, key=key) for key in ("a", "b", "done", "dropped")]
        await plan(desk, *rows, replace(STOP, key="later", at=NOW + HOUR))
        await desk.write(lambda work: work.due.claim("done", at=NOW))
        await desk.write(lambda work: work.due.drop("dropped"))
        keys = ["later", "b", "dropped", "nothing", "done", "a"]
        claimed = await desk.write(lambda work: work.due.claim_all(keys, at=NOW))
        assert claimed == [replace(STOP, key="b"), replace(STOP, key="a")]
        assert await desk.write(lambda work: work.due.claim_all(keys, at=NOW)) == []


class TestForgetting:
    async def test_takes_what_was_done_or_dropped_long_ago_and_leaves_what_waits(self, desk):
        rows = [replace(STOP, key=key) for key in ("done", "dropped", "waits")]
        recent = replace(STOP, key="recent", at=NOW + DAY)
        await plan(desk, *rows, recent)
        for key in ("done", "recent"):
            await desk.write(lambda work, key=key: work.due.claim(key, at=NOW + DAY))
        await desk.write(lambda work: work.due.drop("dropped"))
        assert await desk.write(lambda work: work.due.forget_settled(NOW + HOUR)) == 2
        left = await desk.database.read(lambda tx: tx.all("SELECT key FROM due ORDER BY key"))
        assert [row["key"] for row in left] == ["recent", "waits"]


class TestLists:
    async def test_come_in_the_order_of_their_instants(self, desk):
        early, late = replace(STOP, key="b", at=NOW - HOUR), replace(STOP, key="c", at=NOW + HOUR)
        also_now, delete = replace(STOP, key="a"), replace(STOP, key="d", kind="delete")
        await plan(desk, late, STOP, delete, also_now, early)
        found = await desk.read(lambda work: work.due.next_by(NOW))
        assert found == [early, also_now, delete, STOP]
        without = await desk.read(lambda work: work.due.next_by(NOW, without=["delete"]))
        assert without == [early, also_now, STOP]
        assert await desk.read(lambda work: work.due.next_by(NOW, limit=1)) == [early]

    async def test_of_a_partner_hold_one_kind(self, desk):
        others = [
            replace(STOP, key="late", at=NOW + DAY),
            replace(STOP, key="kind", kind="delete"),
            replace(STOP, key="partner", partner_id="P2"),
        ]
        await plan(desk, STOP, *others)
        found = await desk.read(
            lambda work: work.due.waiting("stop", partner_id="P1", until=NOW + HOUR)
        )
        assert found == [STOP]
