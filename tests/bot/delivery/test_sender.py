"""What is said arrives once, in order, at a bearable pace, whatever Telegram does meanwhile."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot

from bot.delivery.heartbeat import Heartbeats
from bot.delivery.ports import MessageRow
from bot.delivery.sender import Sender
from storage.delivery.delivery_store import StoredOutbox
from storage.delivery.outbox import Outbox
from storage.delivery.sending import Sending
from storage.engine.database import Database, Transaction
from storage.waiting import Waiting
from tests.bot.delivery.clock import START, HurriedClock
from tests.bot.delivery.telegram import (
    FORBIDDEN,
    HANG_UP_AFTER,
    HANG_UP_BEFORE,
    SERVER_ERROR,
    FakeTelegram,
    migrated,
    refusal,
    too_many,
)


@dataclass(frozen=True, slots=True)
class Words:
    text_html: str
    keyboard: list[list[tuple[str, str]]] = field(default_factory=list)
    document: tuple[str, bytes] | None = None
    photo: tuple[str, bytes] | None = None
    copies: tuple[int, int] | None = None
    topic: str | None = None
    leaves: bool = False


async def render(row: MessageRow) -> Words:
    if row.kind == "broken":
        raise LookupError("no such template")
    document = ("a.pdf", b"%PDF") if row.kind == "invoice" else None
    buttons = [[("Pay", "https://pay.example"), ("No", "i1")]] if row.kind == "buttons" else []
    repeat = " (may repeat)" if row.doubts else ""
    text = row.facts["text"] + repeat
    if row.kind == "topic":
        return Words(text, topic=row.facts["text"])
    copies = (9, 5) if row.kind == "copy" else None
    return Words(text, buttons, document, copies=copies, leaves=row.kind == "leave")


class Desk:
    """A sender at work, and a person who says things."""

    def __init__(
        self, bot: Bot, telegram: FakeTelegram, database: Database, clock: HurriedClock
    ) -> None:
        self.telegram = telegram
        self.clock = clock
        self.database = database
        self.unreachable: list[tuple[int, str]] = []
        self.refused: list[tuple[int, str, str]] = []
        self.moved: list[tuple[int, int]] = []
        self.hearts = Heartbeats()
        self.sender = Sender(
            bot,
            StoredOutbox(database),
            render,
            clock,
            self.hearts,
            on_unreachable=self._unreachable,
            on_refused=self._refused,
            on_migrated=self._migrated,
        )
        self.task: asyncio.Task[None] | None = None

    async def say(
        self, key: str, text: str | None = None, *, run: bool = True, **more: Any
    ) -> None:
        said = {"chat_id": 7, "kind": "text", "facts": {"text": text or key}} | more
        await self.database.write(lambda tx: Outbox(tx).say(key, at=self.clock.now(), **said))
        if run:
            self.go()

    def go(self) -> None:
        if self.task is None:
            self.task = asyncio.create_task(self.sender.run())
        self.sender.nudge()

    async def settle(self) -> None:
        async def quiet(tx: Transaction) -> bool:
            return not await Waiting(tx).open_counts(self.clock.now(), ())

        async with asyncio.timeout(20):
            while self.sender.busy or not await self.database.read(quiet):
                assert self.task is None or not self.task.done()
                await asyncio.sleep(0.005)

    async def state(self, key: str) -> str:
        row = await self.database.read(
            lambda tx: tx.one("SELECT state FROM messages WHERE key = :key", key=key)
        )
        return str(row["state"]) if row else "none"

    async def stop(self) -> None:
        await self.sender.stop()
        if self.task is not None:
            await self.task

    async def _unreachable(self, chat_id: int, key: str) -> None:
        self.unreachable.append((chat_id, key))

    async def _refused(self, chat_id: int, key: str, why: str) -> None:
        self.refused.append((chat_id, key, why))

    async def _migrated(self, old: int, new: int) -> None:
        self.moved.append((old, new))


@pytest.fixture
async def desk(
    bot: Bot, telegram: FakeTelegram, database: Database, clock: HurriedClock
) -> AsyncIterator[Desk]:
    opened = Desk(bot, telegram, database, clock)
    yield opened
    await opened.stop()


class TestSending:
    async def test_shows_the_message_and_marks_it(self, desk):
        await desk.say("hello", "<b>hello</b>", kind="buttons", reply_to=3)
        await desk.settle()
        (given,) = desk.telegram.called("sendMessage")
        assert given["text"] == "<b>hello</b>"
        assert given["parse_mode"] == "HTML"
        assert '"url": "https://pay.example"' in given["reply_markup"]
        assert '"callback_data": "i1"' in given["reply_markup"]
        assert '"is_disabled": true' in given["link_preview_options"]
        assert '"allow_sending_without_reply": true' in given["reply_parameters"]
        assert await desk.state("hello") == "sent"

    async def test_edits_what_is_said_differently(self, desk):
        await desk.say("card", "one")
        await desk.settle()
        await desk.say("card", "two")
        await desk.settle()
        assert desk.telegram.texts(7) == ["two"]
        assert desk.telegram.copies == {"one": 1}

    async def test_makes_one_edit_of_many_changes(self, desk):
        await desk.say("card", "0")
        await desk.settle()
        for number in range(1, 10):
            await desk.say("card", str(number), run=False)
        desk.go()
        await desk.settle()
        assert len(desk.telegram.called("editMessageText")) == 1
        assert desk.telegram.texts(7) == ["9"]

    async def test_sends_files(self, desk):
        await desk.say("invoice", kind="invoice")
        await desk.settle()
        (given,) = desk.telegram.called("sendDocument")
        assert given["document"] == ("a.pdf", b"%PDF")

    async def test_edits_what_is_written_beside_a_file(self, desk):
        await desk.say("invoice", "one", kind="invoice")
        await desk.settle()
        await desk.say("invoice", "two", kind="invoice")
        await desk.settle()
        assert desk.telegram.texts(7) == ["two"]

    async def test_keeps_the_order_within_a_chat_and_urgency_before_it(self, desk):
        for number in range(3):
            for class_ in ("broadcast", "reminder", "reply", "money"):
                await desk.say(f"{class_} {number}", class_=class_, run=False)
        desk.go()
        await desk.settle()
        assert desk.telegram.texts(7) == [
            f"{class_} {number}"
            for class_ in ("money", "reply", "reminder", "broadcast")
            for number in range(3)
        ]

    async def test_serves_many_chats_at_once_but_not_more_than_sixteen(self, desk):
        for number in range(60):
            await desk.say(f"k{number}", chat_id=1000 + number, run=False)
        desk.go()
        await desk.settle()
        assert sum(desk.telegram.copies.values()) == 60
        assert desk.telegram.most_in_flight <= 16
        # 28 at once, 28 a second later, the rest after another.
        assert timedelta(seconds=2) <= desk.clock.passed() < timedelta(seconds=4)

    async def test_waits_for_messages_that_are_put_off(self, desk):
        await desk.say("later", not_before=START + timedelta(hours=1))
        async with asyncio.timeout(5):
            await desk.telegram.said.wait()
        assert desk.clock.passed() >= timedelta(hours=1)

    async def test_supersedes_what_came_too_late(self, desk):
        await desk.say("late", useful_until=START, class_="reminder")
        await desk.settle()
        assert await desk.state("late") == "superseded"
        assert not desk.telegram.copies

    async def test_goes_on_after_a_message_that_nobody_can_put_into_words(self, desk):
        await desk.say("broken", kind="broken", run=False)
        await desk.say("fine")
        await desk.settle()
        assert await desk.state("broken") == "failed"
        assert desk.telegram.texts(7) == ["fine"]


class TestRefusals:
    async def test_a_429_holds_only_its_own_chat(self, desk):
        desk.telegram.fail("sendMessage", too_many(30))
        await desk.say("first", chat_id=7)
        await desk.settle()
        waited = desk.clock.passed()
        await desk.say("other", chat_id=8)
        await desk.settle()
        assert desk.telegram.copies == {"first": 1, "other": 1}
        assert waited >= timedelta(seconds=30)
        assert desk.clock.passed() - waited < timedelta(seconds=1)

    async def test_a_block_fails_the_message_and_is_told(self, desk):
        desk.telegram.fail("sendMessage", FORBIDDEN)
        await desk.say("k")
        await desk.settle()
        assert await desk.state("k") == "failed"
        assert desk.unreachable == [(7, "k")]

    async def test_a_group_that_moved_is_followed(self, desk):
        desk.telegram.fail("sendMessage", migrated(-1005))
        await desk.say("k", chat_id=-5)
        await desk.settle()
        assert desk.telegram.texts(-1005) == ["k"]
        assert desk.moved == [(-5, -1005)]

    async def test_an_edit_that_changes_nothing_is_a_success(self, desk):
        await desk.say("k", "one")
        await desk.settle()
        desk.telegram.fail("editMessageText", refusal("message is not modified: same content"))
        await desk.say("k", "two")
        await desk.settle()
        assert await desk.state("k") == "sent"

    async def test_an_edit_of_what_was_deleted_is_sent_anew(self, desk):
        await desk.say("k", "one")
        await desk.settle()
        desk.telegram.fail("editMessageText", refusal("message to edit not found"))
        await desk.say("k", "two")
        await desk.settle()
        assert desk.telegram.copies == {"one": 1, "two": 1}

    async def test_markup_that_cannot_be_read_is_shown_as_plain_text(self, desk):
        desk.telegram.fail("sendMessage", refusal("can't parse entities: unclosed tag"))
        await desk.say("k", "<b>1 &lt; 2")
        await desk.settle()
        assert desk.telegram.texts(7) == ["1 < 2"]
        assert "parse_mode" not in desk.telegram.called("sendMessage")[1]

    async def test_a_refusal_is_final(self, desk):
        desk.telegram.fail("sendMessage", refusal("message is too long"))
        await desk.say("k")
        await desk.settle()
        assert await desk.state("k") == "failed"
        assert len(desk.telegram.called("sendMessage")) == 1

    async def test_an_error_of_telegram_is_tried_again_later_and_later(self, desk):
        desk.telegram.fail("sendMessage", *[SERVER_ERROR] * 4)
        await desk.say("k")
        await desk.settle()
        assert desk.telegram.copies == {"k": 1}
        assert desk.clock.passed() >= timedelta(seconds=1 + 2 + 4 + 8)


class TestDoubt:
    @pytest.mark.parametrize(
        ("class_", "fault", "copies", "state"),
        [
            ("money", HANG_UP_AFTER, 2, "sent"),  # at least once, marked as a repetition
            ("money", HANG_UP_BEFORE, 1, "sent"),
            ("reply", HANG_UP_BEFORE, 1, "sent"),  # its sender waits for it
            ("reminder", HANG_UP_AFTER, 1, "ambiguous"),  # never twice
            ("broadcast", HANG_UP_BEFORE, 0, "ambiguous"),
        ],
    )
    async def test_repeats_only_what_may_repeat(self, desk, class_, fault, copies, state):
        desk.telegram.fail("sendMessage", fault)
        await desk.say("k", class_=class_)
        await desk.settle()
        assert sum(desk.telegram.copies.values()) == copies
        assert await desk.state("k") == state
        assert all("may repeat" in text for text in desk.telegram.texts(7)[1:])

    async def test_repeats_edits_as_often_as_it_takes(self, desk):
        await desk.say("k", "one", class_="reminder")
        await desk.settle()
        desk.telegram.fail("editMessageText", *[HANG_UP_BEFORE] * 3)
        await desk.say("k", "two", class_="reminder")
        await desk.settle()
        assert desk.telegram.texts(7) == ["two"]

    async def test_falls_on_what_a_killed_run_was_sending(self, desk):
        for key, class_ in (("money", "money"), ("reminder", "reminder")):
            await desk.say(key, class_=class_, run=False)
            await desk.database.write(lambda tx, key=key: Sending(tx).begin(key, START))
        desk.go()
        await desk.settle()
        assert desk.telegram.copies == {"money (may repeat)": 1}
        assert await desk.state("reminder") == "ambiguous"

    async def test_risks_no_message_while_telegram_hangs_for_a_day(self, desk):
        def hang(times: int) -> None:
            desk.telegram.fail("getMe", *[HANG_UP_BEFORE] * times)

        desk.telegram.fail("sendMessage", *[HANG_UP_BEFORE] * 16)
        hang(1440)
        for number in range(100):
            await desk.say(f"k{number}", chat_id=100 + number, class_="money", run=False)
        desk.go()
        await desk.settle()
        assert desk.clock.passed() >= timedelta(hours=20)
        assert sum(desk.telegram.copies.values()) == 100
        assert len(desk.telegram.called("sendMessage")) == 116


class TestLockedDatabase:
    @pytest.mark.parametrize("method", ["recover", "heads", "begin", "sent"])
    async def test_loses_and_doubles_nothing(self, desk, monkeypatch, method):
        left = 3
        works = getattr(StoredOutbox, method)

        async def locked_at_first(*given: Any) -> Any:
            nonlocal left
            if left:
                left -= 1
                raise sqlite3.OperationalError("database is locked")
            return await works(*given)

        monkeypatch.setattr(StoredOutbox, method, locked_at_first)
        await desk.say("k")
        await desk.settle()
        assert left == 0
        assert desk.telegram.copies == {"k": 1}
        assert await desk.state("k") == "sent"


class TestStop:
    async def test_leaves_nothing_marked_as_sent_that_was_not(self, desk):
        for number in range(40):
            await desk.say(f"k{number}", chat_id=100 + number, run=False)
        desk.go()
        await asyncio.sleep(0.03)
        await desk.stop()
        sent = await desk.database.read(
            lambda tx: tx.all("SELECT key FROM messages WHERE state = 'sent'")
        )
        assert {row["key"] for row in sent} == set(desk.telegram.copies)
        assert desk.hearts.silent_seconds() == {}


class TestNextDue:
    async def test_names_the_instant_at_which_a_pause_ends(self, desk, monkeypatch):
        until: list[Any] = []
        asleep = asyncio.Event()

        async def wait(instant: Any) -> None:
            until.append(instant)
            asleep.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(desk.clock, "sleep_until", wait)
        desk.telegram.fail("sendMessage", too_many(30))
        await desk.say("k")
        async with asyncio.timeout(5):
            await asleep.wait()
        assert until == [START + timedelta(seconds=30)]
        assert desk.sender.next_due() == START + timedelta(seconds=30)
        assert not desk.sender.busy
