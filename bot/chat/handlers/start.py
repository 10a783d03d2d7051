"""/start, /help, /language, /timezone, and the home card."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from zoneinfo import available_timezones

from rapidfuzz import process

from billing.partners import Right
from billing.services import access, finding
from billing.services.days import funds
from billing.services.desk import overview
from billing.services.partners import linking, preferences
from billing.services.partners.preferences import UnknownZone
from bot.chat import commands, languages
from bot.chat.cards import partner, plain
from bot.chat.cards.card import Card
from bot.chat.commands import Place
from bot.chat.handlers.days import own as own_days
from bot.chat.turn import Answer, Turn
from bot.chat.understanding import folded

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


async def start(turn: Turn, words: str) -> Answer:
    """Greet, or show the home card; a code that follows /start links to a partner before."""
    staff = turn.actor.staff
    if not turn.heard.private:
        if not turn.in_staff_group:
            return plain.bind_hint()
        return plain.staff_greeting(staff or "", here=True, bound=True)
    if LIKE_A_CODE.fullmatch(words.strip()) and turn.actor.partner_id is None:
        await linking.link(turn.work, turn.actor, words.strip())
        actor, person = await access.recognise(turn.work, turn.heard)
        return await _home(replace(turn, actor=actor, person=person))
    if staff is not None:
        bound = bool(await turn.work.people.groups())
        return plain.staff_greeting(staff, here=False, bound=bound)
    if turn.actor.partner_id is not None:
        return await _home(turn)
    waiting = await turn.work.people.open_application(turn.user_id)
    return plain.greeting(applied=waiting is not None)


async def _home(turn: Turn) -> Card:
    return partner.home(
        await overview.home(turn.work, turn.actor),
        payer=turn.may(Right.PAY),
        operator=turn.may(Right.OPERATE),
        in_days=await own_days(turn),
    )


async def help_(turn: Turn, words: str) -> Answer:
    """List what the speaker can say here, or explain one command."""
    wanted = words.strip().removeprefix("/")
    if wanted:
        command = commands.command_named(wanted)
        if command is not None:
            return plain.help_command(command.name, {"pt": list(command.portuguese)})
        near = commands.nearest(wanted, commands.TABLE)
        return plain.did_you_mean(wanted, [(f"/{name}", f"/help {name}") for name in near])
    private = turn.heard.private
    listed = [found.name for found in commands.may_say(turn.actor.rights, private=private)]
    who, in_days = "stranger", False
    if turn.actor.partner_id is not None:
        who = "partner"
        partner = await finding.own_partner(turn.work, turn.actor)
        in_days = funds.has_days(turn.work, partner)
        listed = [name for name in listed if name != "apply"]
    if turn.actor.staff is not None:
        who = "staff_private" if private else "staff"
        listed = [name for name in listed if commands.COMMANDS[name].place is not Place.PRIVATE]
    return plain.help_card(listed, who=who, in_days=in_days)


async def language(turn: Turn, words: str) -> Answer:
    """Speak another language from now on, or offer those that there are."""
    wanted = folded(words).replace("-", "_")
    for code, name in languages.LANGUAGES.items():
        if wanted and (folded(code).startswith(wanted) or folded(name).startswith(wanted)):
            person = await preferences.speak(turn.work, turn.actor, code)
            return plain.said("spoken", [plain.HOME], language=person.language)
    return plain.language(languages.nearest(turn.language), list(languages.LANGUAGES.items()))


async def timezone(turn: Turn, words: str) -> Answer:
    """Tell times in another zone from now on, or show the present one."""
    if not words.strip():
        return plain.timezone(await turn.zone(), ZONES)
    try:
        zone = await preferences.live_in(turn.work, turn.actor, words)
    except UnknownZone:
        near = process.extract(folded(words)[:64], _zones(), limit=3, score_cutoff=70)
        if not near:
            raise
        texts = [(zone, f"/timezone {zone}") for _, _, zone in near]
        return plain.did_you_mean(words, texts, what="timezone")
    return plain.said("zone_set", [plain.HOME], zone=zone)


@cache
def _zones() -> dict[str, str]:
    """Return the cities of the time zones, by zone."""
    return {
        zone: folded(zone.rpartition("/")[2].replace("_", " "))
        for zone in sorted(available_timezones())
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
    }
