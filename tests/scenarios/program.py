"""The command line as a process of its own, with no settings but those that are given."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from cryptography.fernet import Fernet

from bot.settings import Settings
from tests.scenarios.process import free_port
from tests.scenarios.world import World

SAID_SECONDS = 20.0
# What every start prints when it is up.
UP = re.compile(r"Sandbox: .*?(http://127\.0\.0\.1:\d+)/")


def clean_environment(**variables: str) -> dict[str, str]:
    """Return this process's environment with these settings and no others."""
    ours = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | variables


class Program:
    """`partnerdesk …`, started in a folder of its own, and what it prints."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self._folder, self._arguments, self._variables = folder, arguments, variables
        self.out = ""
        self.began = time.monotonic()

    async def start(self) -> Program:
        # Without a .env of the developer's in the folder.
        self._folder.mkdir(exist_ok=True)
        self.began = time.monotonic()
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *self._arguments),
            cwd=self._folder,
            env=clean_environment(**self._variables),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while chunk := await self.process.stdout.read(65536):
            self.out += chunk.decode()

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait until it has printed that."""
        async with asyncio.timeout(SAID_SECONDS):
            while not (found := re.search(pattern, self.out)):
                if self.process.returncode is not None:
                    raise AssertionError(f"it ended with {self.process.returncode}:\n{self.out}")
                await asyncio.sleep(0.005)
        return found

    async def ended(self) -> int:
        """Wait for its end, and return its exit code."""
        async with asyncio.timeout(SAID_SECONDS):
            code = await self.process.wait()
        await self._reading
        return code

    async def terminate(self) -> tuple[int, float]:
        """Ask it to stop, and return its exit code and how long that took."""
        began = time.monotonic()
        self.process.terminate()
        return await self.ended(), time.monotonic() - began

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.ended()

    def resident_mb(self) -> float:
        """Return the most memory that it ever held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024 / 1e6


@asynccontextmanager
async def started(folder: Path, *arguments: str, **variables: str) -> AsyncIterator[Program]:
    """Run the program for a while; whatever happens, it is gone afterwards."""
    program = await Program(folder, *arguments, **variables).start()
    try:
        yield program
    finally:
        await program.kill()


@dataclass
class Telegram:
    """A box alone in a process of its own: Telegram, for a bot in another one."""

    program: Program
    world: World
    url: str
    token: str

    def settings(self, folder: Path, **more: str) -> dict[str, str]:
        """Return what a live bot is given to reach it."""
        return {
            "TELEGRAM_BOT_TOKEN": self.token,
            "TELEGRAM_API_URL": self.url,
            "SECRET_KEY": Fernet.generate_key().decode(),
            "DATABASE_URL": f"sqlite:///{folder}/live.db",
            **more,
        }


@asynccontextmanager
async def telegram(folder: Path) -> AsyncIterator[Telegram]:
    variables = {
        "SANDBOX_PORT": str(free_port()),
        "DATABASE_URL": f"sqlite:///{folder}/box.db",
    }
    async with started(folder, "sandbox", **variables) as program:
        url = (await program.says(UP.pattern))[1]
        token = (await program.says(r"TELEGRAM_BOT_TOKEN=(\S+)"))[1]
        async with aiohttp.ClientSession() as http:
            yield Telegram(program, World(http, url), url, token)
        assert (await program.terminate())[0] == 0, program.out
