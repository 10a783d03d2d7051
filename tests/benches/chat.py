"""
How long an answer takes: from a message posted to the sandbox until it is received there.

    python -m tests.benches.chat [--chats N] [--seconds N]

The bot and its sandbox are a process of their own. Partners talk all at once, each in a chat,
one command a second, and read what happens as the sandbox's page does: over its stream of events.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

import aiohttp

from tests.scenarios.process import BotProcess
from tests.scenarios.world import Human, World, enrolled

CHATS = 20
SECONDS = 30
# The aims, for what is no document.
MEDIAN_SECONDS, P99_SECONDS = 0.050, 0.200
COMMANDS = ("/list", "/show loja-1", "/new {name}", "/preview", "/start", "/invoices", "/help")


class Ears:
    """Hears every message of the bot, in all chats, over one stream of events."""

    def __init__(self) -> None:
        self._waiting: dict[int, asyncio.Future[float]] = {}

    def listen(self, chat_id: int) -> asyncio.Future[float]:
        """Return what will hold the instant at which the bot is next heard in a chat."""
        self._waiting[chat_id] = asyncio.get_running_loop().create_future()
        return self._waiting[chat_id]

    async def hear(self, http: aiohttp.ClientSession, url: str) -> None:
        async with http.get(f"{url}/sandbox/events", timeout=aiohttp.ClientTimeout()) as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    self._heard(json.loads(line.removeprefix(b"data: ")))

    def _heard(self, event: dict[str, object]) -> None:
        now, message = time.perf_counter(), event.get("message")
        if not isinstance(message, dict) or not message.get("from", {}).get("is_bot"):
            return
        waiting = self._waiting.pop(int(str(event["chat_id"])), None)
        if waiting is not None:
            waiting.set_result(now)


async def talk(world: World, ears: Ears, human: Human, begins: float, seconds: int) -> list[float]:
    """Say a command each second; return how long each answer took, in seconds."""
    took = []
    for second, words in enumerate(islice(cycle(COMMANDS), seconds)):
        await asyncio.sleep(begins + second - time.perf_counter())
        text = words.format(name=f"{human.name.lower()}-{second}")
        heard = ears.listen(human.chat_id)
        said_at = time.perf_counter()
        await world.post("messages", {"chat_id": human.chat_id, "from_id": human.id, "text": text})
        async with asyncio.timeout(30):
            took.append(await heard - said_at)
    return took


async def measure(chats: int, seconds: int) -> list[float]:
    """Return how long all the answers took."""
    with tempfile.TemporaryDirectory() as folder:
        bot = BotProcess(Path(folder), webhook=False)
        await bot.start("--fresh")
        try:
            async with aiohttp.ClientSession() as http:
                return await _measure(World(http, bot.url), http, bot.url, chats, seconds)
        finally:
            await bot.end()


async def _measure(
    world: World, http: aiohttp.ClientSession, url: str, chats: int, seconds: int
) -> list[float]:
    people = []
    for number in range(chats):
        person = await enrolled(world, f"P{number}", f"Firm {number}")
        await person.says("/new loja-1")
        people.append(person)
    await world.advance("1m")
    ears = Ears()
    hearing = asyncio.create_task(ears.hear(http, url))
    begins = time.perf_counter() + 0.5
    try:
        # Spread over the second, as people are.
        talks = [
            talk(world, ears, person, begins + number / chats, seconds)
            for number, person in enumerate(people)
        ]
        return [one for took in await asyncio.gather(*talks) for one in took]
    finally:
        hearing.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("--chats", type=int, default=CHATS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    given = parser.parse_args()
    took = sorted(asyncio.run(measure(given.chats, given.seconds)))
    median, p99 = statistics.median(took), took[int(len(took) * 0.99) - 1]
    print(f"{len(took)} answers, {given.chats} chats at once, one command a second each")
    print(f"median {median * 1000:.1f} ms (aim {MEDIAN_SECONDS * 1000:.0f})")
    print(f"p99 {p99 * 1000:.1f} ms (aim {P99_SECONDS * 1000:.0f}), slowest {took[-1] * 1000:.1f}")
    if median > MEDIAN_SECONDS or p99 > P99_SECONDS:
        sys.exit("slower than the aims")


if __name__ == "__main__":
    main()
