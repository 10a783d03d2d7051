"""`kill -9` at random moments, while commands flow: each has one effect, and an answer."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.scenarios.process import BotProcess
from tests.scenarios.world import Human, World, enrolled

PARTNERS = 5
CREATIONS = 40
RENAMES = 40
PAYMENTS = 20  # of each partner's invoice
KILLS = 50
WAITING = (aiohttp.ClientError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Command:
    """What is said once, however often it takes to say it."""

    speaker: Human
    text: str


class Persistent:
    """Says commands to a bot that keeps dying, each exactly once, by looking before repeating."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._said = 0
        self._news = asyncio.Condition()

    async def reached(self, count: int) -> None:
        """Return when so many commands were said."""
        async with self._news:
            await self._news.wait_for(lambda: self._said >= count)

    async def say_all(self, commands: list[Command]) -> None:
        for command in commands:
            while not await self._heard(command):
                with suppress(*WAITING):
                    await self._say(command)
            async with self._news:
                self._said += 1
                self._news.notify_all()

    async def _say(self, command: Command) -> None:
        body = {
            "chat_id": command.speaker.chat_id,
            "from_id": command.speaker.id,
            "text": command.text,
        }
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self._url}/sandbox/messages", json=body) as response,
        ):
            assert response.status == 200, await response.text()

    async def _heard(self, command: Command) -> bool:
        """Whether Telegram has it: a call that was cut may have come through."""
        while True:
            with suppress(*WAITING):
                query = {"chat_id": command.speaker.chat_id, "limit": 1000}
                async with (
                    aiohttp.ClientSession() as http,
                    http.get(f"{self._url}/sandbox/messages", params=query) as response,
                ):
                    said = await response.json()
                return any(one["text"] == command.text for one in said)
            await asyncio.sleep(0.05)


def creations(partner: Human, n: int) -> Iterator[Command]:
    for i in range(CREATIONS):
        yield Command(partner, f"/new made-{n}-{i}")


def renames(partner: Human, n: int) -> Iterator[Command]:
    for i in range(RENAMES):
        yield Command(partner, f"/rename base-{n}-{i % 2} named-{n}-{i}")
        yield Command(partner, f"/rename named-{n}-{i} base-{n}-{i % 2}")


async def invoices_of(world: World, partner: Human) -> str:
    """Return the number of the partner's invoice."""
    text = (await partner.last()).text
    return next(word.strip(".,:*") for word in text.split() if word.startswith("INT-"))


async def prepared(world: World) -> tuple[list[list[Command]], list[Command]]:
    """Enrol partners with an unpaid invoice each; return what will be said, by chat."""
    sofia = await world.staff()
    partners = []
    for n in range(PARTNERS):
        partner = await enrolled(world, f"Partner{n}", f"Company {n}")
        await sofia.says(f'/grant "Company {n}" definitive')
        await partner.says(f"/new base-{n}-0 base-{n}-1")
        await partner.says(f"/subscribe base-{n}-0 base-{n}-1")
        await partner.presses("Confirm")
        partners.append(partner)
    await world.until("2026-02-01T09:05:00-03:00")
    by_chat = []
    for n, partner in enumerate(partners):
        by_chat.append([*creations(partner, n), *list(renames(partner, n))[:RENAMES]])
    bookings = [
        Command(sofia, f"/paid {await invoices_of(world, partner)} 0.10 REF-{n}-{i}")
        for n, partner in enumerate(partners)
        for i in range(PAYMENTS)
    ]
    return by_chat, bookings


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_every_command_has_one_effect_and_an_answer_through_50_kills(tmp_path: Path, mode):
    bot = BotProcess(tmp_path, webhook=mode == "webhook")
    await bot.start("--fresh", "--at", "2026-01-30T15:00:00-03:00")
    async with aiohttp.ClientSession() as http:
        by_chat, bookings = await prepared(World(http, bot.url))
    chats = [*by_chat, bookings]
    total = sum(len(commands) for commands in chats)
    chance = random.Random(2026)
    persistent = Persistent(bot.url)
    flowing = asyncio.gather(*(persistent.say_all(commands) for commands in chats))
    for kill in range(KILLS):
        # Spread over the flow, so that commands are under way at each of them.
        await persistent.reached(total * kill // KILLS)
        await asyncio.sleep(chance.uniform(0, 0.8))
        await bot.kill()
        await bot.start()
    await flowing
    async with aiohttp.ClientSession() as http:
        world = World(http, bot.url)
        for _ in range(20):
            await world.settle()
        await assert_answered(world, chats)
    assert await bot.end() == 0
    assert_effects(bot.database)


async def assert_answered(world: World, chats: list[list[Command]]) -> None:
    for commands in chats:
        speaker = commands[0].speaker
        heard = await Human(world, speaker.id, speaker.name, speaker.chat_id).heard()
        asked = {command.text for command in commands}
        answers = [said for said in heard if said.by_bot]
        questions = [said for said in heard if said.text in asked]
        assert len(questions) == len(commands)
        assert len(answers) >= len(commands), "somebody has no answer"


def assert_effects(path: Path) -> None:
    connection = sqlite3.connect(path)

    def value(sql: str) -> int:
        return int(connection.execute(sql).fetchone()[0])

    made = PARTNERS * CREATIONS
    assert value("SELECT COUNT(*) FROM instances WHERE name LIKE 'made-%'") == made
    assert value("SELECT COUNT(DISTINCT name) FROM instances WHERE name LIKE 'made-%'") == made
    assert value("SELECT COUNT(*) FROM instances WHERE state = 'trial'") == made
    assert value("SELECT COUNT(*) FROM embedded_instances WHERE name LIKE 'made-%'") == made
    assert value("SELECT SUM(created) FROM tokens") == made + PARTNERS * 2
    assert value("SELECT COUNT(*) FROM audit WHERE action = 'rename'") == PARTNERS * RENAMES
    paid = PARTNERS * PAYMENTS
    assert value("SELECT COUNT(*) FROM payments") == paid
    assert value("SELECT COUNT(*) FROM entries WHERE kind = 'payment_booked'") == paid
    assert value("SELECT COUNT(*) FROM audit WHERE action = 'paid'") == paid
    assert value("SELECT SUM(amount) FROM postings") == 0
    # Every update has its answer, in the chat.
    assert value("SELECT COUNT(*) FROM inbox WHERE state <> 'done'") == 0
    assert value("SELECT COUNT(*) FROM messages WHERE class = 'reply' AND state <> 'sent'") == 0
    # Money is repeated once: killed twice between send and mark, it stays in doubt.
    in_doubt = "SELECT COUNT(*) FROM messages WHERE state <> 'sent' AND state <> 'ambiguous'"
    assert value(in_doubt) == 0
    connection.close()
