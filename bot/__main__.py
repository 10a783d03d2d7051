"""
The command line.

`partnerdesk run`; `partnerdesk sandbox` for Telegram in a box alone; `partnerdesk audit` for proof;
`partnerdesk doctor` for what is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from bot import logs
from bot.settings import Settings, SettingsRefused, load
from bot.simulation import arguments as simulated
from bot.starting import StartRefused

if TYPE_CHECKING:
    from bot.sandbox.box import Box


def main() -> None:
    """Run a command; whatever stops the start is said in a sentence, with exit code 2."""
    arguments = _arguments().parse_args()
    if arguments.command == "simulate":
        return _simulate(arguments)
    try:
        settings = load()
    except SettingsRefused as refused:
        sys.exit(_say(refused))
    logs.set_up(settings.log_level, settings.log_format, secrets=settings.secrets())
    try:
        asyncio.run(_command(arguments, settings))
    except StartRefused as refused:
        sys.exit(_say(refused))


def _simulate(arguments: argparse.Namespace) -> None:
    """Play years of partners over a database in memory; needs no settings and touches nothing."""
    from bot.simulated import SimulatedDesk
    from bot.simulation import command
    from bot.simulation.checking import Wrong

    try:
        print(command.run(arguments, SimulatedDesk))
    except Wrong as wrong:
        sys.exit(f"partnerdesk simulate: {wrong}")


def _say(refused: Exception) -> int:
    print(f"partnerdesk does not start:\n{refused}", file=sys.stderr)
    return 2


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="partnerdesk", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="the bot; without TELEGRAM_BOT_TOKEN in the sandbox")
    box = commands.add_parser(
        "sandbox", help="Telegram in a box alone, for a bot started beside it"
    )
    audit = commands.add_parser("audit", help="prove the books; exit code 1 if something is wrong")
    audit.add_argument("file", nargs="?", type=Path, help="a database; DATABASE_URL if left out")
    audit.add_argument(
        "--posted",
        action="append",
        default=[],
        type=_posted,
        metavar="NAME:ROWS:HASH",
        help="compare with a head from the staff group: entries:1234:5f0c…, audit:5678:91ab…",
    )
    commands.add_parser("doctor", help="what is wrong and how to mend it; exit code 1 if it is")
    played = commands.add_parser("simulate", help="years of partners over a database in memory")
    simulated.declare(played)
    for command in (run, box):
        command.add_argument("--fresh", action="store_true", help="begin the sandbox anew")
        command.add_argument("--at", type=_instant, help="the time in a fresh sandbox")
    return parser


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("needs an offset: 2026-01-30T15:00:00-03:00")
    return found


def _posted(text: str) -> tuple[str, int, str]:
    name, rows, head = text.split(":")
    if name not in ("entries", "audit"):
        raise argparse.ArgumentTypeError("begins with entries: or audit:")
    return name, int(rows), head


async def _audit(arguments: argparse.Namespace, settings: Settings) -> None:
    from billing.services.ports.proofs import Head
    from bot.audited import Wanted, audit
    from bot.clock import SystemClock

    path = arguments.file or _database_file(settings.database_url)
    if path is None:
        raise StartRefused("DATABASE_URL names no file; give one: partnerdesk audit FILE")
    wanted = Wanted(
        path,
        None if settings.sandbox else SystemClock().now(),
        {name: Head(rows, head) for name, rows, head in arguments.posted},
    )
    if not await audit(wanted, print):
        sys.exit(1)


async def _doctor(settings: Settings) -> None:
    """Look at everything, Telegram too where the bot lives among people."""
    from telegram import Bot

    from bot.clock import SystemClock
    from bot.doctor import Patient, examine

    bot = None
    if settings.telegram_bot_token is not None:
        base = settings.telegram_api_url
        bot = Bot(settings.telegram_bot_token.get_secret_value(), base_url=f"{base}/bot")
    at = None if settings.sandbox else SystemClock().now()
    if not await examine(Patient(settings, bot, at), print):
        sys.exit(1)


async def _command(arguments: argparse.Namespace, settings: Settings) -> None:
    if arguments.command == "audit":
        await _audit(arguments, settings)
        return
    if arguments.command == "doctor":
        await _doctor(settings)
        return
    # Before all else: whoever is told to stop while it starts ends as tidily as later.
    stop = _until_told()
    if arguments.command == "sandbox":
        await _box_alone(settings, arguments.fresh, arguments.at, stop)
    elif settings.sandbox:
        await _in_the_box(settings, arguments.fresh, arguments.at, stop)
    elif arguments.fresh or arguments.at:
        raise StartRefused("--fresh and --at are the sandbox's: TELEGRAM_BOT_TOKEN is set.")
    else:
        await _live(settings, stop)


async def _live(settings: Settings, stop: asyncio.Event) -> None:
    from bot.app import App, Place
    from bot.clock import SystemClock

    token, key = settings.telegram_bot_token, settings.secret_key
    assert token is not None, "it is what makes it live"
    assert key is not None, "load() has seen to it"
    place = Place(
        token=token.get_secret_value(),
        api_url=settings.telegram_api_url,
        clock=SystemClock(),
        secret_key=key.get_secret_value(),
    )
    app = await App.open(settings, place)
    code = await app.bind_code()
    if code is not None:
        print(f"No staff group is bound yet. In the group, send:  /bind {code}", flush=True)
    await app.run(stop)


async def _in_the_box(
    settings: Settings, fresh: bool, at: datetime | None, stop: asyncio.Event
) -> None:
    from bot.app import App, Place

    _check_alone(settings)
    if fresh:
        await _forget(settings.database_url)
    box = await _started(settings, fresh, at, with_bot=True)
    try:
        place = Place(
            token=box.token,
            api_url=box.url,
            clock=box.clock,
            secret_key=_kept_key(settings),
            boxed=True,
        )
        app = await App.open(settings, place)
        box.attach(app.boxed)
        people = box.inhabitants
        await app.boxed.settle_in(people.support, people.sofia, people.sam)
        print(f"Sandbox: open {box.url}/ in a browser.", flush=True)
        await app.run(stop)
    finally:
        await box.stop()


async def _box_alone(
    settings: Settings, fresh: bool, at: datetime | None, stop: asyncio.Event
) -> None:
    _check_alone(settings)
    box = await _started(settings, fresh, at)
    print(f"Sandbox: {box.url}/  TELEGRAM_API_URL={box.url}", flush=True)
    print(f"TELEGRAM_BOT_TOKEN={box.token}", flush=True)
    try:
        await stop.wait()
    finally:
        await box.stop()


def _check_alone(settings: Settings) -> None:
    """
    See that the port is free and no other sandbox has the state, before anything is touched.

    :raises StartRefused:
    """
    from bot.sandbox.keeper import Keeper, path_beside
    from bot.web.server import listen

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


async def _started(
    settings: Settings, fresh: bool, at: datetime | None, *, with_bot: bool = False
) -> Box:
    from bot.sandbox.box import Box

    try:
        box = Box(settings.database_url, fresh=fresh, at=at)
    except ValueError as error:
        raise StartRefused(f"{error}; add --fresh.") from None
    if with_bot:
        box.expect_app()
    await box.start(settings.sandbox_port)
    return box


def _until_told() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    return told


def _database_file(database_url: str) -> Path | None:
    path = database_url.removeprefix("sqlite://").removeprefix("/")
    return Path(path) if path else None


async def _forget(database_url: str) -> None:
    """Remove the sandbox's database; a live one is never removed by this program."""
    from bot.app import check_may_go

    path = _database_file(database_url)
    if path is None or not path.exists():
        return
    await check_may_go(database_url)
    _remove(path)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _kept_key(settings: Settings) -> str:
    """Return the sandbox's key for secrets, made once and kept beside its database."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = _database_file(settings.database_url)
    if path is None:
        return Fernet.generate_key().decode()
    kept = Path(f"{path}.key")
    # An empty one was left by a start that was cut short.
    if not kept.exists() or not kept.stat().st_size:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(Fernet.generate_key().decode())
    return kept.read_text()


if __name__ == "__main__":
    main()
