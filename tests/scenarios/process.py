"""The bot as a process of its own, to be killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

import aiohttp

READY_SECONDS = 30.0


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class BotProcess:
    """`partnerdesk run` in the sandbox: its Telegram, its clock and its bot die together."""

    def __init__(self, folder: Path, *, webhook: bool) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "desk.db"
        self._log = folder / "log.txt"
        self._process: asyncio.subprocess.Process | None = None
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "TELEGRAM_BOT_TOKEN"},
            "SANDBOX_PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "LOG_LEVEL": "WARNING",
        }
        if webhook:
            port = free_port()
            self._environment |= {
                "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
                "WEBHOOK_SECRET": "a_secret_of_the_tests",
                "WEB_PORT": str(port),
            }

    async def start(self, *arguments: str) -> None:
        """Start, and return when the people's side answers."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", *arguments),
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as http:
            while True:
                with suppress(aiohttp.ClientError):
                    async with http.get(f"{self.url}/sandbox/clock"):
                        return
                if self._process.returncode is not None:
                    raise AssertionError(f"it ended:\n{self._log.read_text()[-3000:]}")
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """As a power cut does it, without a word."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def end(self) -> int:
        """Ask it to stop, and return its exit code."""
        assert self._process is not None
        self._process.terminate()
        async with asyncio.timeout(10):
            return await self._process.wait()

    @property
    def pid(self) -> int:
        """The process, for whoever measures it."""
        assert self._process is not None
        return self._process.pid
