"""
Runs a command with stand-ins beside it: `python -m tests.standins NAME[+NAME] -- COMMAND…`.

The command finds them by its environment. What time it is there is asked of the sandbox that the
command starts (SANDBOX_PORT); before that, and without one, it is the machine's time.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from importlib import import_module

import aiohttp

# Each has `beside(now, fresh=…)`, which runs it for a while and yields the settings to reach it.
MODULES = {
    "zapi": "tests.standins.zapi",
    "whapi": "tests.standins.whapi",
    "evolution": "tests.standins.evolution",
    "stripe": "tests.standins.stripe.beside",
}
USAGE = f"python -m tests.standins NAME[+NAME] -- COMMAND…; names: {', '.join(MODULES)}"


class SandboxTime:
    """The sandbox's time; asked anew at each call, and the machine's where nobody answers."""

    def __init__(self, port: int, http: aiohttp.ClientSession) -> None:
        self._url, self._http = f"http://127.0.0.1:{port}/sandbox/clock", http

    async def now(self) -> datetime:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._http.get(self._url) as response:
                if response.status == 200:
                    return datetime.fromisoformat((await response.json())["now"])
        return datetime.now(UTC)


def read(words: list[str]) -> tuple[list[str], list[str]]:
    """
    Return the names and the command.

    :raises SystemExit: with how it is used.
    """
    if "--" not in words:
        sys.exit(USAGE)
    split = words.index("--")
    names, command = "+".join(words[:split]).split("+"), words[split + 1 :]
    if not command or not all(name in MODULES for name in names):
        sys.exit(USAGE)
    return names, command


async def run(names: list[str], command: list[str]) -> int:
    """Return the command's exit code."""
    port = int(os.environ.get("SANDBOX_PORT") or 8090)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        )
        time = SandboxTime(port, http)
        # It is a sandbox, whatever else is set: nobody among people is served by a stand-in.
        environment = {**os.environ, "TELEGRAM_BOT_TOKEN": "", "PLATFORM": "", "PLATFORMS": ""}
        for name in names:
            beside = import_module(MODULES[name]).beside
            settings: Mapping[str, str] = await stack.enter_async_context(
                beside(time.now, fresh="--fresh" in command)
            )
            environment |= settings
            url = next((one for key, one in settings.items() if key.endswith("_URL")), "")
            print(f"Stand-in {name}: {url}/state", flush=True)
        return await _carried(command, environment)


async def _carried(command: list[str], environment: Mapping[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    loop = asyncio.get_running_loop()
    # A terminal's Ctrl-C reaches the command by itself; both end when the command has ended.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    loop.add_signal_handler(signal.SIGTERM, process.terminate)
    return await process.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(run(*read(sys.argv[1:]))))
