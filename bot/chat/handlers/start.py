"""/start, /help, /language, /timezone, and the home card."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from rapidfuzz import process

from billing.partners import Partner, Right
from billing.refusals import AlreadyDone
from billing.services import access, finding
from billing.services.days import funds
from billing.services.desk import overview
from billing.services.partners import linking, preferences
from billing.services.partners.linking import CodeRefused
from billing.services.partners.preferences import UnknownZone
from bot.chat import commands, languages
from bot.chat.cards import partner, plain
from bot.chat.cards.card import Card
from bot.chat.commands import Here, Place
from bot.chat.handlers import team
from bot.chat.handlers.days import own as own_days
from bot.chat.turn import Answer, Turn
from bot.chat.words import guessing
from bot.chat.words.understanding import folded

# As `ids.opaque` makes them.
LIKE_A_CODE = re.compile(r"[A-Za-z0-9_-]{22}")
ZONES = (
    "America/Sao_Paulo",
    "America/Manaus",
    "America/Rio_Branco",
    "America/Noronha",
    "Europe/Lisbon",
    "America/New_York",
)
CONTINENTS = (
    *("America/", "Europe/", "Asia/", "Africa/"),
    *("Atlantic/", "Australia/", "Indian/", "Pacific/"),
)
# Cities after which no zone is called, and whose country people name instead.
CAPITALS = {
    "brasilia": "America/Sao_Paulo",
    "rio de janeiro": "America/Sao_Paulo",
    "belo horizonte": "America/Sao_Paulo",
    "бразилиа": "America/Sao_Paulo",
}


async def start(turn: Turn, words: str) -> Answer:
    """Greet, or show the home card; a code that follows /start links to a partner before."""
    staff = turn.actor.staff
    code = words.strip() if LIKE_A_CODE.fullmatch(words.strip()) else ""
    match turn.here:
        case Here.PARTNER_GROUP:
            return await _home(turn)
        case Here.FOREIGN_GROUP:
            # As Telegram says it in a group into which the bot was let by a link.
            return (
                await team.bind(turn, code)
                if code
                else plain.bind_hint(first=not await turn.work.people.groups())
            )
        case Here.STAFF_GROUP:
            return plain.staff_greeting(staff or "", here=True, bound=True)
    if code and (linked := await _linked(turn, code)) is not None:
        return await _home(linked)
    if staff is not None:
        bound = bool(await turn.work.people.groups())
        return plain.staff_greeting(staff, here=False, bound=bound)
    if turn.actor.partner_id is not None:
        return await _home(turn)
    waiting = await turn.work.people.open_application(turn.user_id)
    return plain.greeting(applied=waiting is not None)


async def _linked(turn: Turn, code: str) -> Turn | None:
    """Return the turn of a person whom the code has linked; None: it was linked before."""
    try:
        async with turn.work.savepoint():
            await linking.link(turn.work, turn.actor, code)
    except (AlreadyDone, CodeRefused):
        if turn.actor.partner_id is None:
            raise
        return None
    actor, person = await access.recognise(turn.work, turn.heard)
    return replace(turn, actor=actor, person=person)


async def _home(turn: Turn) -> Card:
    return partner.home(
        await overview.home(turn.work, turn.actor),
        owner=turn.may(Right.OWN),
        payer=turn.may(Right.PAY),
        operator=turn.may(Right.OPERATE),
        in_days=await own_days(turn),
    )


async def help_(turn: Turn, words: str) -> Answer:
    """List what the speaker can say here, or explain one command."""
    wanted = words.strip().removeprefix("/")
    if wanted:
        command = commands.command_named(wanted, private=turn.heard.private)
        if command is not None:
            others = list(command.names[1:])
            return plain.help_command(command.name, others, private=turn.heard.private)
        near = guessing.nearest(wanted, commands.TABLE, turn.language)
        return plain.did_you_mean(wanted, [(f"/{name}", f"/help {name}") for name in near])
    private = turn.heard.private
    listed = [found.name for found in commands.may_say(turn.actor.rights, turn.here)]
    who, in_days = "stranger", False
    if turn.actor.partner_id is not None:
        who = "partner"
        own = await finding.own_partner(turn.work, turn.actor)
        in_days = funds.has_days(turn.work, own)
        idle = {"apply", *_of_no_use(turn, own)}
        listed = [name for name in listed if name not in idle]
    if turn.actor.staff is not None:
        who = "staff_private" if private else "staff"
        listed = [name for name in listed if commands.COMMANDS[name].place is not Place.PRIVATE]
    return plain.help_card(listed, who=who, in_days=in_days)


def _of_no_use(turn: Turn, own: Partner) -> frozenset[str]:
    """Return the commands about what the partner's terms do not know."""
    found = frozenset() if funds.has_days(turn.work, own) else commands.OF_DAYS
    if finding.programme_of(turn.work, own).postpaid:
        return found
    coming = frozenset() if funds.in_arrears(turn.work, own) else {"preview"}
    return found | commands.OF_MONTHS | coming


async def language(turn: Turn, words: str) -> Answer:
    """Speak another language from now on, or offer those that there are."""
    code = languages.named(words) if words.strip() else None
    if code is not None:
        person = await preferences.speak(turn.work, turn.actor, code)
        return plain.said("spoken", [plain.HOME], language=person.language)
    choices = list(languages.LANGUAGES.items())
    return plain.language(languages.nearest(turn.language), choices, wanted=words.strip()[:64])


async def timezone(turn: Turn, words: str) -> Answer:
    """Tell times in another zone from now on, or show the present one."""
    if not words.strip():
        return plain.timezone(await turn.zone(), ZONES)
    try:
        called = _called(languages.nearest(turn.language)).get(folded(words), words)
        zone = await preferences.live_in(turn.work, turn.actor, called)
    except UnknownZone:
        near = process.extract(folded(words)[:64], _zones(), limit=3, score_cutoff=70)
        if not near:
            raise
        texts = [(zone, f"/timezone {zone}") for _, _, zone in near]
        return plain.did_you_mean(words, texts, what="timezone")
    return plain.said("zone_set", [plain.HOME], zone=zone)


@cache
def _called(language: str) -> dict[str, str]:
    """Return the time zones by their cities, as that language calls them."""
    known = available_timezones()
    cities = {
        folded(names["city"]): zone
        for zone, names in Locale.parse(language).time_zones.items()
        if "city" in names and zone in known
    }
    return {**{city: zone for zone, city in _zones().items()}, **cities, **CAPITALS}


@cache
def _zones() -> dict[str, str]:
    """Return the cities of the time zones, by zone."""
    return {
        zone: folded(zone.rpartition("/")[2].replace("_", " "))
        for zone in sorted(available_timezones())
        if zone.startswith(CONTINENTS)
    }
