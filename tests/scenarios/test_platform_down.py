"""The platform is down, Telegram fails, somebody is gone: what was promised is done, and once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.world import Human, Refused, Said, World, enrolled, living_in

SILENT = ["timeout_before", "timeout_after", "500"]
TELEGRAM = ["429", "500", "timeout_before", "timeout_after"]
LATER = "it will be done when it answers"
NUMBER = re.compile(r"INT-2026-\d{5}")
UNREADABLE = {
    "no update": "[1, 2]",
    "no text of JSON": '{"update_id": 1, "message":',
    "a chat that is none": '{"update_id": 1, "message": {"chat": "home", "date": 1}}',
    "a date beyond all time": (
        '{"update_id": 1, "message": {"message_id": 1, "date": 99999999999999,'
        ' "chat": {"id": 5, "type": "private"}}}'
    ),
}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with living_in() as found:
        yield found


async def fail(world: World, kind: str, times: int = 1, **what: Any) -> None:
    await world.post("faults", {"kind": kind, "times": times, **what})


async def one_answer(person: Human, text: str) -> Said:
    (said,) = await person.says(text)
    return said


async def shown(person: Human, message_id: int) -> Said:
    (said,) = [one for one in await person.heard() if one.message_id == message_id]
    return said


async def staff_were_told(world: World, *words: str) -> int:
    """Return how many messages to staff hold all of these words."""
    texts = await (await world.staff()).texts()
    return len([text for text in texts if all(word in text for word in words)])


class TestAPlatformThatDoesNotAnswer:
    @pytest.mark.parametrize("kind", SILENT)
    async def test_creates_later_and_the_same_message_says_so(self, world, kind):
        carla = await enrolled(world)
        await fail(world, kind, 3, platform="create")
        waiting = await one_answer(carla, "/new loja-1")
        assert LATER in waiting.text
        assert "loja-1" in (await one_answer(carla, "/list")).text
        after = await carla.last_id()
        await world.advance("30m")
        done = await shown(carla, waiting.message_id)
        assert "1 instance created" in done.text
        assert LATER not in done.text
        assert done.raw["edited"]
        assert await carla.texts(after=after) == []
        assert await world.platform() == {"loja-1": "trial"}
        assert "24 more" in done.text
        # What was done unanswered is found at the second look, before staff need hear of it.
        told = 0 if kind == "timeout_after" else 1
        assert await staff_were_told(world, "does not succeed", "loja-1") == told

    @pytest.mark.parametrize("kind", SILENT)
    async def test_subscribes_later(self, world, kind):
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        await carla.says("/subscribe loja-1")
        await fail(world, kind, 2, platform="subscribe")
        await carla.presses("Confirm")
        assert any(LATER in text for text in await carla.texts())
        await world.advance("20m")
        assert await world.platform() == {"loja-1": "active"}
        assert not any(LATER in text for text in await carla.texts())

    @pytest.mark.parametrize("kind", SILENT)
    async def test_deletes_later(self, world, kind):
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        await carla.says("/delete loja-1")
        await fail(world, kind, 2, platform="delete")
        await carla.presses("Confirm")
        assert any(LATER in text for text in await carla.texts())
        await world.advance("20m")
        assert (await world.platform()).get("loja-1", "deleted") == "deleted"
        assert not any(LATER in text for text in await carla.texts())

    async def test_bills_what_was_subscribed_although_it_answers_a_day_later(self, world):
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        await carla.says("/subscribe loja-1")
        await fail(world, "500", 200, platform="subscribe")
        await carla.presses("Confirm")
        await world.until("2026-02-01T09:05:00-03:00")
        assert "59.90" in (await carla.last()).text
        assert await world.platform() == {"loja-1": "active"}

    async def test_is_told_of_to_staff_once_for_each_call(self, world):
        carla = await enrolled(world)
        await fail(world, "500", 9, platform="create")
        await carla.says("/new loja-1 loja-2")
        await world.advance("1h")
        assert await staff_were_told(world, "does not succeed") == 2
        assert set((await world.platform()).values()) == {"trial"}


class TestAPlatformThatRefuses:
    async def test_gives_the_quota_back_and_is_told_to_both_sides(self, world):
        carla = await enrolled(world)
        await fail(world, "refused", platform="create")
        refused = await one_answer(carla, "/new loja-1")
        assert "refused by the platform" in refused.text
        assert await world.platform() == {}
        assert await staff_were_told(world, "does not succeed", "loja-1", "Acme") == 1
        again = await one_answer(carla, "/new loja-1")
        assert "24 more" in again.text
        assert await world.platform() == {"loja-1": "trial"}

    async def test_a_subscription_leaves_the_trial_and_bills_nothing(self, world):
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        await carla.says("/subscribe loja-1")
        await fail(world, "refused", platform="subscribe")
        await carla.presses("Confirm")
        assert "refused by the platform" in (await carla.last()).text
        assert await world.platform() == {"loja-1": "trial"}
        await world.until("2026-02-02T12:00:00-03:00")
        assert not any(NUMBER.search(text) for text in await carla.texts())


class TestTelegramThatFails:
    @pytest.mark.parametrize("kind", TELEGRAM)
    async def test_never_doubles_a_reminder(self, world, kind):
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        before = await carla.last_id()
        await fail(world, kind, method="sendMessage", chat_id=carla.chat_id)
        await world.advance("30h")
        reminders = [text for text in await carla.texts(after=before) if "loja-1" in text]
        # Where nobody knows whether it arrived, once or not at all; else once.
        assert len(reminders) == (0 if kind == "timeout_before" else 1), reminders

    @pytest.mark.parametrize("kind", TELEGRAM)
    async def test_says_what_is_owed_at_least_once_and_at_most_twice(self, world, kind):
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        await carla.says("/subscribe loja-1")
        await carla.presses("Confirm")
        await world.until("2026-02-01T08:00:00-03:00")
        before = await carla.last_id()
        await fail(world, kind, method="sendMessage", chat_id=carla.chat_id)
        await world.until("2026-02-01T12:00:00-03:00")
        copies = [text for text in await carla.texts(after=before) if NUMBER.search(text)]
        assert len(copies) == (2 if kind == "timeout_after" else 1), copies
        assert len({number for text in copies for number in NUMBER.findall(text)}) == 1

    @pytest.mark.parametrize("kind", TELEGRAM)
    async def test_answers_all_the_same(self, world, kind):
        carla = await enrolled(world)
        before = await carla.last_id()
        await fail(world, kind, 2, method="sendMessage", chat_id=carla.chat_id)
        await carla.says("/new loja-1")
        await world.advance("10m")
        answers = [text for text in await carla.texts(after=before) if "loja-1" in text]
        assert answers
        assert len(answers) == 1 or kind == "timeout_after"
        assert await world.platform() == {"loja-1": "trial"}

    @pytest.mark.parametrize("kind", ["429", "500"])
    async def test_holds_up_no_other_chat(self, world, kind):
        carla, dora = await enrolled(world), await enrolled(world, "Dora", "Borges")
        await fail(world, kind, 1000, method="sendMessage", chat_id=carla.chat_id)
        body = {"chat_id": carla.chat_id, "from_id": carla.id, "text": "/list"}
        await world.post("messages", body)
        for _ in range(3):
            assert await dora.says("/help")

    async def test_edits_again_what_could_not_be_edited(self, world):
        carla = await enrolled(world)
        await fail(world, "500", platform="create")
        waiting = await one_answer(carla, "/new loja-1")
        await fail(world, "500", 3, method="editMessageText", chat_id=carla.chat_id)
        await world.advance("20m")
        assert "1 instance created" in (await shown(carla, waiting.message_id)).text


class TestSomebodyWhoIsGone:
    async def test_because_they_blocked_the_bot_is_told_to_staff(self, world):
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        await carla.says("/subscribe loja-1")
        await carla.presses("Confirm")
        await world.post(f"people/{carla.id}/block", settle=1)
        before = await carla.last_id()
        await world.until("2026-02-01T12:00:00-03:00")
        assert await carla.texts(after=before) == []
        assert await staff_were_told(world, "Carla", "Acme", "cannot be reached") == 1
        await world.post(f"people/{carla.id}/unblock", settle=1)
        await world.until("2026-02-03T12:00:00-03:00")
        assert NUMBER.search((await carla.last()).text)

    async def test_for_telegram_is_told_to_staff(self, world):
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        await fail(world, "403", 1, method="sendMessage", chat_id=carla.chat_id)
        await world.advance("25h")
        assert await staff_were_told(world, "Carla", "cannot be reached") == 1


class TestAStaffGroupThatMoves:
    async def test_takes_its_cards_along(self, world):
        sofia = await world.person("Sofia")
        made = await world.post(
            "chats", {"title": "Desk", "type": "group", "members": [sofia.id]}, settle=1
        )
        group = Human(world, sofia.id, "Sofia", made["id"])
        await group.says("/bind")
        ana = await world.newcomer("Anna")
        await ana.says("/apply Anna's")
        await group.find("Approve")
        moved = await world.post(f"chats/{made['id']}/migrate", settle=1)
        heir = Human(world, sofia.id, "Sofia", moved["id"])
        with pytest.raises(Refused):
            await group.says("/queue")
        # What was shown in the old group is said anew where its outcome has to be seen.
        staff = await world.staff()
        await staff.presses("Approve")
        await staff.presses("integrator")
        assert any("Anna's" in text for text in await heir.texts())
        bia = await world.newcomer("Bia")
        await bia.says("/apply Bia's")
        await heir.presses("Approve")
        await heir.presses("integrator")
        assert await bia.says("/new loja-1")
        assert await world.platform() == {"loja-1": "trial"}


class TestAnUpdateThatCannotBeRead:
    @pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
    async def test_is_kept_aside_told_once_and_holds_up_nobody(self, tmp_path, body):
        async with living_in(tmp_path) as world:
            carla = await enrolled(world)
            put_into_the_inbox(tmp_path, carla.chat_id, body)
            assert await carla.says("/new loja-1")
            assert await world.platform() == {"loja-1": "trial"}
            assert await staff_were_told(world, "could not be read") == 1
            await world.advance("1h")
            assert await staff_were_told(world, "could not be read") == 1
        with closing(sqlite3.connect(tmp_path / "desk.db")) as database:
            kept = database.execute(
                "SELECT body, attempts FROM inbox WHERE state = 'quarantined'"
            ).fetchall()
        assert kept == [(body, 3)]


def put_into_the_inbox(folder: Path, chat_id: int, body: str) -> None:
    """As Telegram would have brought it, before anything else of that chat."""
    with closing(sqlite3.connect(folder / "desk.db")) as database, database:
        database.execute(
            "INSERT INTO inbox (update_id, lane, body, received_at, state)"
            " VALUES (1, ?, ?, 1, 'new')",
            (str(chat_id), body),
        )
