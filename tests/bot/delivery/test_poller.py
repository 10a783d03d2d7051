"""Polling acknowledges what is stored, and nothing else, and does not die."""

import asyncio
import json
import sqlite3

import pytest

from bot.delivery.poller import Poller
from bot.delivery.updates import ALLOWED_UPDATES
from storage.delivery.delivery_store import StoredInbox
from tests.bot.delivery.telegram import CONFLICT, HANG_UP_AFTER, SERVER_ERROR, too_many


def update(number: int, chat_id: int = 7) -> dict[str, object]:
    return {"update_id": number, "message": {"chat": {"id": chat_id}, "text": f"n{number}"}}


class Inbox(StoredInbox):
    """Fails as often as it is told to."""

    failures = 0

    async def store(self, batch, at):
        if self.failures:
            self.failures -= 1
            raise sqlite3.OperationalError("database is locked")
        return await super().store(batch, at)


@pytest.fixture
def inbox(database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def woken() -> list[str]:
    return []


@pytest.fixture
def poller(bot, inbox, woken, clock, hearts) -> Poller:
    return Poller(bot, inbox, woken.append, clock, hearts, poll_seconds=1)


async def poll_until_acknowledged(poller: Poller, telegram) -> None:
    task = asyncio.create_task(poller.run())
    async with asyncio.timeout(10):
        while telegram.updates and not task.done():  # noqa: ASYNC110 - the fake has no event
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def stored(database) -> list[int]:
    rows = await database.read(lambda tx: tx.all("SELECT update_id FROM inbox ORDER BY 1"))
    return [row["update_id"] for row in rows]


class TestPoller:
    async def test_stores_before_it_acknowledges(self, poller, telegram, database, woken):
        telegram.updates = [update(number, chat_id=number % 3) for number in range(10, 260)]
        await poll_until_acknowledged(poller, telegram)
        assert await stored(database) == list(range(10, 260))
        assert telegram.offsets[:4] == [None, 110, 210, 260]
        assert set(woken) == {"0", "1", "2"}

    async def test_asks_for_the_whole_list_of_kinds(self, poller, telegram):
        telegram.updates = [update(1)]
        await poll_until_acknowledged(poller, telegram)
        for given in telegram.called("getUpdates"):
            assert tuple(json.loads(given["allowed_updates"])) == ALLOWED_UPDATES

    async def test_acknowledges_nothing_while_the_database_is_locked(
        self, poller, telegram, database, inbox
    ):
        inbox.failures = 3
        telegram.updates = [update(1)]
        await poll_until_acknowledged(poller, telegram)
        assert telegram.offsets[:4] == [None] * 4
        assert await stored(database) == [1]

    @pytest.mark.parametrize(
        "fault", [SERVER_ERROR, CONFLICT, HANG_UP_AFTER, too_many(3), (401, {"description": "no"})]
    )
    async def test_outlives_whatever_telegram_answers(self, poller, telegram, database, fault):
        telegram.fail("getUpdates", fault, fault)
        telegram.updates = [update(1)]
        await poll_until_acknowledged(poller, telegram)
        assert await stored(database) == [1]

    async def test_stands_back_when_another_bot_polls(self, poller, telegram, clock):
        telegram.fail("getUpdates", CONFLICT)
        telegram.updates = [update(1)]
        await poll_until_acknowledged(poller, telegram)
        assert clock.passed().total_seconds() >= 10

    async def test_removes_a_webhook_that_is_in_the_way(self, poller, telegram):
        text = "Conflict: can't use getUpdates method while webhook is active"
        telegram.fail("getUpdates", (409, {"description": text}))
        telegram.updates = [update(1)]
        await poll_until_acknowledged(poller, telegram)
        (given,) = telegram.called("deleteWebhook")
        assert given.get("drop_pending_updates") != "true"

    async def test_keeps_what_cannot_be_read_and_goes_on(self, poller, telegram, database):
        telegram.updates = [{"update_id": 1, "message": 5}, "nonsense", update(3)]
        await poll_until_acknowledged(poller, telegram)
        ids = await stored(database)
        assert len(ids) == 3
        assert ids[1:] == [1, 3]

    async def test_follows_ids_that_jump_downwards(self, poller, telegram, database):
        telegram.updates = [update(900)]
        await poll_until_acknowledged(poller, telegram)
        # After an idle week Telegram goes on at a random number.
        telegram.updates = [update(901)]
        await poll_until_acknowledged(poller, telegram)
        assert await stored(database) == [900, 901]
