"""
`partnerdesk doctor`: the checks of /health, and what only Telegram can tell, from the command line.

It only looks: the database is opened to be read, and Telegram is asked what it has nothing
against. Words are the desk's own, in English.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from cryptography.fernet import Fernet
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from billing import catalogue
from billing.catalogue import ProgrammeRefused
from billing.services.desk import health
from billing.services.desk.health import Check, Level, Telegram
from billing.services.ports import StripeSetup, Work
from billing.services.ports.cards import CardsRefused, CardsSilent
from billing.services.surroundings import Standing
from bot import machine
from bot.chat.formats import Speech, plain
from bot.chat.hearing import opens_topics
from bot.chat.languages import SOURCE
from bot.chat.replies.health import line
from bot.clock import StoppedClock, SystemClock
from bot.ids import RandomIds
from bot.platforms import WiredPlatforms
from bot.settings import Settings
from bot.vault import Vault
from storage.engine.onlooking import Looking
from storage.engine.transaction import Units
from storage.engine.unusable import UnknownDatabase, UnusableDatabase
from storage.unit_of_work import DeskStore

ASKING_SECONDS = 15.0
# As of when nothing is that nothing was written into.
DAWN = datetime(2000, 1, 1, tzinfo=UTC)


class Seen(Units, Protocol):
    """A database that is only looked into."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Patient:
    """
    What is looked at: the settings, and the bot to ask; None where there is none (the sandbox).

    `at` None is the instant of the newest row of the audit: in the sandbox time is what it says.
    """

    settings: Settings
    bot: Bot | None
    at: datetime | None


async def examine(patient: Patient, say: Callable[[str], None]) -> bool:
    """Say how each check stands; return whether nothing is wrong."""
    say("ok     the settings can be used")
    try:
        programmes = catalogue.load()
    except ProgrammeRefused as refused:
        say(f"WRONG  the programmes: {refused}")
        return False
    say(f"ok     {len(list(programmes.latest()))} programmes")
    if patient.settings.on_server:
        return await _examine_there(patient, say)
    path = patient.settings.database_file
    if path is None or not path.exists():
        say(f"WRONG  the database: {path or 'in memory'} is not there")
        say("       → Start the bot once, or look at DATABASE_URL.")
        return False
    try:
        return await _examine(patient, Looking(path), say)
    except sqlite3.DatabaseError as error:
        say(f"WRONG  the database {path} cannot be read: {error}")
        say("       → If the file is damaged, run partnerdesk audit on a copy of it.")
        return False


async def _examine_there(patient: Patient, say: Callable[[str], None]) -> bool:
    from storage.engine.postgres_onlooking import LookingThere

    try:
        looking = LookingThere(patient.settings.database_url)
        return await _examine(patient, looking, say)
    except (UnknownDatabase, UnusableDatabase) as error:
        say(f"WRONG  the database: {error}")
        say("       → Start the bot once, or look at DATABASE_URL.")
        return False


async def _examine(patient: Patient, looking: Seen, say: Callable[[str], None]) -> bool:
    try:
        newest = await _store(patient.settings, looking, DAWN).read(_last_at)
        at = patient.at or newest
        store = _store(patient.settings, looking, at)
        telegram = None
        if patient.bot is not None:
            groups = await store.read(lambda work: work.people.groups())
            telegram = await _ask(patient.bot, groups)

        answers = await _platforms(patient.settings)

        async def unit(work: Work) -> list[Check]:
            seen = replace(machine.look(patient.settings), platforms=answers)
            return await health.checks(work, seen, telegram or await health.known(work))

        found = await store.read(unit)
    finally:
        looking.close()
    trouble = await _stripe(patient.settings)
    if trouble is not None:
        say(f"WRONG  Stripe: {trouble}")
        say("       → Look at STRIPE_SECRET_KEY and STRIPE_API_URL, and at Stripe's status page.")
    well = _tell(found, at, say, asked=telegram is not None)
    return well and trouble is None


def _store(settings: Settings, looking: Seen, at: datetime) -> DeskStore:
    return DeskStore(
        looking,
        clock=StoppedClock(at),
        programmes=catalogue.load(),
        ids=RandomIds(),
        # Nothing is opened: no secret is looked at.
        vault=Vault(Fernet.generate_key().decode()),
        stripe=StripeSetup(settings.stripe_live) if settings.stripe_secret_key else None,
    )


def _tell(found: list[Check], at: datetime, say: Callable[[str], None], *, asked: bool) -> bool:
    speech = Speech(SOURCE, "UTC", at)
    signs = {Level.GOOD: "ok", Level.WARN: "warn", Level.WRONG: "WRONG"}
    for check in found:
        if check.name == "telegram" and not asked:
            say("ok     Telegram: not asked, the bot lives in the sandbox")
            continue
        told, *mends = plain(line(asdict(check), speech)).split("\n")
        say(f"{signs[check.level]:6} {told.partition(' ')[2]}")
        for mend in mends:
            say(f"       {mend.strip()}")
    wrong = sum(check.level is Level.WRONG for check in found)
    warned = sum(check.level is Level.WARN for check in found)
    say(f"{wrong} wrong, {warned} to look at")
    return not wrong


async def _ask(bot: Bot, groups: list[int]) -> Telegram:
    """Ask Telegram who the bot is, what it hears, and what it may do in its groups."""
    try:
        async with asyncio.timeout(ASKING_SECONDS):
            await bot.initialize()
            standings = {chat_id: await _standing(bot, chat_id) for chat_id in groups}
            hook = await bot.get_webhook_info()
            return Telegram(
                username=bot.username,
                reads_all=bool(bot.can_read_all_group_messages),
                groups=standings,
                webhook_trouble=hook.last_error_message if hook.url else None,
            )
    except (TelegramError, TimeoutError) as error:
        return Telegram(trouble=str(error) or type(error).__name__)
    finally:
        await bot.shutdown()


async def _platforms(settings: Settings) -> dict[str, str | None]:
    """Ask each messaging platform that is set up whether the account answers."""
    wired = WiredPlatforms(settings, SystemClock())
    try:
        async with asyncio.timeout(ASKING_SECONDS):
            return await wired.all.ask()
    except TimeoutError:
        return {name: why or "no answer in time" for name, why in wired.all.troubles().items()}
    finally:
        await wired.close()


async def _stripe(settings: Settings) -> str | None:
    """Ask Stripe whether it takes the key; return what is wrong, None also without a key."""
    if settings.stripe_secret_key is None:
        return None
    from bot.gateways.stripe import StripeCards

    cards = StripeCards(settings.stripe_secret_key.get_secret_value(), settings.stripe_api_url)
    try:
        async with asyncio.timeout(ASKING_SECONDS):
            await cards.check()
    except (CardsRefused, CardsSilent) as error:
        return error.why
    except TimeoutError:
        return "no answer in time"
    finally:
        await cards.close()
    return None


async def _standing(bot: Bot, chat_id: int) -> Standing:
    try:
        chat = await bot.get_chat(chat_id)
        member = await bot.get_chat_member(chat_id, bot.id)
    except (Forbidden, BadRequest):
        return Standing("left")
    rights = bool(chat.is_forum), opens_topics(member)
    return Standing(member.status, *rights, title=chat.title or "")


async def _last_at(work: Work) -> datetime:
    rows = await work.audit.about(None, limit=1)
    return rows[0].at if rows else work.now
