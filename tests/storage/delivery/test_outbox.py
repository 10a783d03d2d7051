"""A message is what was said last, and its row knows how far it has come."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.delivery.outbox import Outbox
from storage.delivery.sending import Sending
from storage.engine.database import Database
from tests.engines import TestDatabase

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = await TestDatabase.anew()
    yield opened
    await opened.close()


def say(key: str = "k", **changed: Any):
    said = {"chat_id": 7, "kind": "home", "facts": {"n": 1}, "at": NOW} | changed
    return lambda tx: Outbox(tx).say(key, **said)


async def row(database: Database, key: str = "k") -> dict[str, Any]:
    found = await database.read(
        lambda tx: tx.one("SELECT * FROM messages WHERE key = :key", key=key)
    )
    assert found is not None
    return dict(found)


async def begin(database: Database, key: str = "k", now: datetime = NOW):
    return await database.write(lambda tx: Sending(tx).begin(key, now))


async def sent(database: Database, key: str = "k", message_id: int = 50, version: int = 1) -> None:
    await database.write(lambda tx: Sending(tx).sent(key, message_id, version, NOW))


class TestSay:
    async def test_replaces_what_was_not_sent_yet(self, database):
        await database.write(say())
        await database.write(say(facts={"n": 2}))
        message = await begin(database)
        assert (message.facts, message.version, message.message_id) == ({"n": 2}, 2, None)

    async def test_edits_what_was_sent(self, database):
        await database.write(say())
        await begin(database)
        await sent(database)
        await database.write(say(facts={"n": 2}))
        message = await begin(database)
        assert (message.version, message.message_id, message.attempts) == (2, 50, 1)

    async def test_changes_nothing_when_it_says_the_same_again(self, database):
        await database.write(say())
        await begin(database)
        await sent(database)
        before = await row(database)
        await database.write(say(at=LATER))
        assert await row(database) == before

    async def test_reaches_who_is_being_sent_the_old_version_as_an_edit(self, database):
        await database.write(say())
        await begin(database)
        await database.write(say(facts={"n": 2}))
        assert (await row(database))["state"] == "sending"
        await sent(database, version=1)
        assert (await row(database))["state"] == "queued"
        message = await begin(database)
        assert (message.version, message.message_id) == (2, 50)

    async def test_is_a_new_message_in_another_chat(self, database):
        await database.write(say())
        await begin(database)
        await sent(database)
        await database.write(say(chat_id=8))
        message = await begin(database)
        assert (message.chat_id, message.message_id) == (8, None)

    async def test_queues_again_what_was_taken_back(self, database):
        await database.write(say())
        assert await database.write(lambda tx: Outbox(tx).drop("k"))
        assert await begin(database) is None
        await database.write(say())
        assert await begin(database) is not None

    async def test_leaves_superseded_what_is_of_no_use_any_more(self, database):
        await database.write(say(useful_until=LATER))
        assert await begin(database, now=LATER) is None
        await database.write(say(useful_until=LATER, at=LATER))
        assert (await row(database))["state"] == "superseded"

    async def test_edits_what_stands_in_a_chat_however_late(self, database):
        await database.write(say(useful_until=LATER))
        await begin(database)
        await sent(database)
        await database.write(say(facts={"n": 2}, useful_until=LATER, at=LATER))
        (head,) = await database.read(lambda tx: Sending(tx).heads(LATER, 10))
        assert head.useful_until is None
        message = await begin(database, now=LATER)
        assert (message.facts, message.message_id) == ({"n": 2}, 50)

    async def test_is_undone_with_the_unit_that_said_it(self, database):
        async def fails(tx) -> None:
            await say()(tx)
            raise LookupError

        with pytest.raises(LookupError):
            await database.write(fails)
        assert await begin(database) is None


class TestDue:
    async def test_knows_when_the_next_may_go(self, database):
        await database.write(say("later", not_before=LATER))
        assert await database.read(lambda tx: Outbox(tx).next_due(NOW)) == LATER
        assert await begin(database, "later") is None
        assert await database.read(lambda tx: Outbox(tx).next_due(LATER)) is None


class TestHeads:
    async def test_are_one_of_each_chat_the_most_urgent_first(self, database):
        await database.write(say("broadcast", chat_id=1, class_="broadcast"))
        await database.write(say("reminder", chat_id=1, class_="reminder"))
        await database.write(say("reply", chat_id=2))
        await database.write(say("money late", chat_id=3, class_="money", at=LATER))
        await database.write(say("money", chat_id=3, class_="money"))
        await database.write(say("put off", chat_id=4, not_before=LATER + timedelta(1)))
        heads = await database.read(lambda tx: Sending(tx).heads(LATER, 10))
        assert [head.key for head in heads] == ["money", "reply", "reminder"]


class TestDoubt:
    @pytest.mark.parametrize(
        ("class_", "states"),
        [
            ("money", ["queued", "ambiguous"]),  # may come twice, may not be lost
            ("reply", ["queued"] * 100 + ["ambiguous"]),  # who asked has to be answered
            ("reminder", ["ambiguous"]),  # twice would be worse than never
            ("broadcast", ["ambiguous"]),
        ],
    )
    async def test_repeats_what_has_to_arrive_and_nothing_else(self, database, class_, states):
        await database.write(say(class_=class_))
        for state in states:
            await begin(database)
            again = await database.write(lambda tx: Sending(tx).doubted("k"))
            assert (await row(database))["state"] == state
            assert again == (state == "queued")

    async def test_always_repeats_an_edit(self, database):
        await database.write(say(class_="reminder"))
        await begin(database)
        await sent(database)
        await database.write(say(class_="reminder", facts={"n": 2}))
        for _ in range(3):
            await begin(database)
            assert await database.write(lambda tx: Sending(tx).doubted("k"))

    async def test_falls_on_everything_that_was_being_sent_at_a_crash(self, database):
        await database.write(say("money", class_="money"))
        await database.write(say("reminder", class_="reminder"))
        await database.write(say("waiting"))
        await begin(database, "money")
        await begin(database, "reminder")
        assert await database.write(lambda tx: Sending(tx).recover()) == 2
        states = {
            key: (await row(database, key))["state"] for key in ("money", "reminder", "waiting")
        }
        assert states == {"money": "queued", "reminder": "ambiguous", "waiting": "queued"}


class TestFailed:
    async def test_gives_a_newer_version_its_own_try(self, database):
        await database.write(say())
        await begin(database)
        await database.write(say(facts={"n": 2}))
        await database.write(lambda tx: Sending(tx).failed("k", 1, "too long"))
        assert (await row(database))["state"] == "queued"
        await begin(database)
        await database.write(lambda tx: Sending(tx).failed("k", 2, "too long"))
        assert (await row(database))["state"] == "failed"


class TestMigrate:
    async def test_takes_everything_of_the_group_along(self, database):
        await database.write(say("old", chat_id=-5))
        await begin(database, "old")
        await sent(database, "old")
        await database.write(say("new", chat_id=-5))
        await database.write(lambda tx: Sending(tx).migrate(-5, -1005))
        assert (await row(database, "old"))["message_id"] is None
        assert (await begin(database, "new")).chat_id == -1005
