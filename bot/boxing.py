"""
The bot in the box: Telegram, people and a clock that can be moved, all in one process.

What the sandbox keeps, its database, its state beside it and its key, is its own: it may be
forgotten, and a live one never is.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet

from bot.sandbox.box import Box
from bot.sandbox.keeper import Keeper, path_beside
from bot.settings import Settings
from bot.starting import StartRefused
from bot.web.server import listen


@dataclass(frozen=True, slots=True)
class Beginning:
    """How the sandbox begins: `fresh` forgets what was; only then a time can be given."""

    fresh: bool = False
    at: datetime | None = None


async def run(
    settings: Settings, begin: Beginning, stop: asyncio.Event, tell: Callable[[str], None]
) -> None:
    """
    Run the bot and the box around it until told to stop.

    :raises StartRefused: the port or the state is another's, or what is kept is not a sandbox's.
    """
    _check_alone(settings)
    if begin.fresh:
        await forget(settings)
    box = await _started(settings, begin, with_bot=True)
    try:
        # The box answers by now: it need not wait until all of the bot is read in.
        from bot.app import App, Place

        place = Place(
            token=box.token,
            api_url=box.url,
            clock=box.clock,
            secret_key=kept_key(settings),
            boxed=True,
        )
        app = await App.open(settings, place)
        box.attach(app.boxed)
        people = box.inhabitants
        await app.boxed.settle_in(people.support, people.sofia, people.sam)
        tell(f"Sandbox: open {box.url}/ in a browser.")
        await app.run(stop)
    finally:
        await box.stop()


async def run_alone(
    settings: Settings, begin: Beginning, stop: asyncio.Event, tell: Callable[[str], None]
) -> None:
    """
    Run the box for a bot that is started beside it, and print what that one needs.

    :raises StartRefused: as `run`.
    """
    _check_alone(settings)
    box = await _started(settings, begin)
    tell(f"Sandbox: {box.url}/  TELEGRAM_API_URL={box.url}\nTELEGRAM_BOT_TOKEN={box.token}")
    try:
        await stop.wait()
    finally:
        await box.stop()


def _check_alone(settings: Settings) -> None:
    """
    See that the port is free and no other sandbox has the state, before anything is touched.

    :raises StartRefused:
    """
    port = settings.sandbox_port
    try:
        listen(port).close()
    except OSError as error:
        raise StartRefused(f"SANDBOX_PORT {port} cannot be used: {error.strerror}.") from None
    try:
        Keeper(path_beside(settings.database_url)).close()
    except (sqlite3.Error, OSError) as error:
        raise StartRefused(
            f"DATABASE_URL: the sandbox's state beside it cannot be opened ({error});"
            " perhaps another sandbox has it."
        ) from None


async def _started(settings: Settings, begin: Beginning, *, with_bot: bool = False) -> Box:
    try:
        box = Box(settings.database_url, fresh=begin.fresh, at=begin.at)
    except ValueError as error:
        raise StartRefused(f"{error}; add --fresh.") from None
    if with_bot:
        box.expect_app()
    await box.start(settings.sandbox_port)
    return box


async def forget(settings: Settings) -> None:
    """Remove the sandbox's database; a live one is never removed by this program."""
    path = settings.database_file
    if not settings.on_server and (path is None or not path.exists()):
        return
    from bot.opening import check_may_go, empty

    await check_may_go(settings.database_url)
    if path is None:
        await empty(settings.database_url)
    else:
        _remove(path)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def kept_key(settings: Settings) -> str:
    """Return the sandbox's key for secrets, made once and kept beside its database."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    # A server has no folder; what is the sandbox's own lies where the bot runs.
    path = path_beside(settings.database_url) if settings.on_server else settings.database_file
    if path is None:
        return Fernet.generate_key().decode()
    kept = Path(f"{path}.key")
    # An empty one was left by a start that was cut short.
    if not kept.exists() or not kept.stat().st_size:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(Fernet.generate_key().decode())
    return kept.read_text()
