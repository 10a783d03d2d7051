"""What was received is kept once, and done once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.delivery.inbox import FailedUpdate, Inbox
from storage.engine.database import Database
from tests.engines import TestDatabase

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = await TestDatabase.anew()
    yield opened
    await opened.close()


def store(*batch: tuple[int, str, str]):
    return lambda tx: Inbox(tx).store(batch, NOW)


class TestStore:
    async def test_keeps_what_comes_twice_once(self, database):
        assert await database.write(store((1, "a", "{}"), (2, "b", "{}"))) == [1, 2]
        assert await database.write(store((2, "b", "other"), (3, "a", "{}"))) == [3]
        pending = await database.read(lambda tx: Inbox(tx).pending("b", 5))
        assert [update.body for update in pending] == ["{}"]

    async def test_does_not_bring_back_what_is_done(self, database):
        await database.write(store((1, "a", "{}")))
        await database.write(lambda tx: Inbox(tx).claim(1, NOW))
        assert await database.write(store((1, "a", "{}"))) == []
        assert await database.read(lambda tx: Inbox(tx).lanes()) == []


class TestClaim:
    async def test_is_won_by_one_of_many(self, database):
        await database.write(store((1, "a", "{}")))
        claim = [database.write(lambda tx: Inbox(tx).claim(1, NOW)) for _ in range(50)]
        assert sum(await asyncio.gather(*claim)) == 1

    async def test_is_undone_with_the_unit_that_made_it(self, database):
        await database.write(store((1, "a", "{}")))

        async def fails(tx) -> None:
            await Inbox(tx).claim(1, NOW)
            raise LookupError

        with pytest.raises(LookupError):
            await database.write(fails)
        assert await database.write(lambda tx: Inbox(tx).claim(1, NOW))


class TestFailed:
    async def test_puts_an_update_aside_at_the_third_time(self, database):
        await database.write(store((1, "a", "raw"), (2, "a", "{}")))
        fail = [await database.write(lambda tx: Inbox(tx).failed(1, "bad")) for _ in range(4)]
        assert fail == [
            FailedUpdate(1, quarantined=False),
            FailedUpdate(2, quarantined=False),
            FailedUpdate(3, quarantined=True),
            None,
        ]
        row = await database.read(lambda tx: tx.one("SELECT * FROM inbox WHERE update_id = 1"))
        assert (row["state"], row["body"], row["error"]) == ("quarantined", "raw", "bad")
        pending = await database.read(lambda tx: Inbox(tx).pending("a"))
        assert [update.update_id for update in pending] == [2]


class TestLanes:
    async def test_come_in_the_order_in_which_they_began_to_wait(self, database):
        await database.write(store((9, "late", "{}")))
        await database.write(lambda tx: Inbox(tx).store([(1, "later", "{}")], NOW + timedelta(1)))
        assert await database.read(lambda tx: Inbox(tx).lanes()) == ["late", "later"]


class TestPurge:
    async def test_forgets_what_was_dealt_with_a_month_ago_and_nothing_else(self, database):
        """Raw updates are kept 30 days, also those that could not be read."""
        await database.write(store(*((n, "a", "{}") for n in range(4))))
        await database.write(lambda tx: Inbox(tx).claim(0, NOW))
        await database.write(lambda tx: Inbox(tx).claim(1, NOW + timedelta(days=1)))
        for _ in range(3):
            await database.write(lambda tx: Inbox(tx).failed(2, "bad"))
        late = NOW + timedelta(days=30, hours=1)
        assert await database.write(lambda tx: Inbox(tx).purge(NOW + timedelta(days=30))) == 0
        assert await database.write(lambda tx: Inbox(tx).purge(late)) == 2
        left = await database.read(lambda tx: tx.all("SELECT update_id FROM inbox ORDER BY 1"))
        assert [row["update_id"] for row in left] == [1, 3]
