"""
The command line.

`partnerdesk run`; `partnerdesk sandbox` for Telegram in a box alone; `partnerdesk audit` for proof;
`partnerdesk doctor` for what is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from datetime import datetime
from functools import partial
from pathlib import Path

from bot import logs
from bot.settings import Settings, SettingsRefused, load
from bot.simulation import arguments as simulated
from bot.starting import StartRefused


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

    path = arguments.file or settings.database_file
    if path is None:
        raise StartRefused(
            "DATABASE_URL names no file, and only files are audited from the command line;"
            " give one: partnerdesk audit FILE"
        )
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
    if arguments.command == "sandbox" or settings.sandbox:
        from bot import boxing

        run = boxing.run_alone if arguments.command == "sandbox" else boxing.run
        begin = boxing.Beginning(arguments.fresh, arguments.at)
        await run(settings, begin, stop, partial(print, flush=True))
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


def _until_told() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    return told


if __name__ == "__main__":
    main()
