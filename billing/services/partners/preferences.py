"""
A person's language, and the time zone in which a partner is told.

Rules: "What the bot says unasked"; what is billed and stopped goes by the programme's zone.
"""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import available_timezones

from billing.partners import Right
from billing.refusals import Refusal
from billing.services import finding, recording
from billing.services.access import check, requires
from billing.services.partners import replanning
from billing.services.people import Actor, Person
from billing.services.ports import Work


class UnknownZone(Refusal):
    """There is no time zone of that name. Facts: `wanted`."""

    code = "unknown_zone"


@requires(Right.ANYONE)
async def speak(work: Work, actor: Actor, language: str) -> Person:
    """Speak `language`, a catalogue's name, with this person from now on."""
    person = await _person(work, actor)
    chosen = replace(person, language=language)
    await work.people.save_person(chosen, at=work.now)
    return chosen


@requires(Right.ANYONE)
async def live_in(work: Work, actor: Actor, wanted: str) -> str:
    """
    Set the zone of the person's partner, or the person's own who has none.

    What waits to be said to the partner moves along. Names are read without regard to case.

    :raises UnknownZone:
    :raises NoRight: a member who may only look.
    """
    zones = {zone.casefold(): zone for zone in available_timezones() if "/" in zone}
    zone = {**zones, "utc": "UTC"}.get(wanted.strip().replace(" ", "_").casefold())
    if zone is None:
        raise UnknownZone(wanted=wanted)
    if actor.partner_id is not None:
        check(actor, Right.OPERATE)
    person = await _person(work, actor)
    await work.people.save_person(replace(person, zone=zone), at=work.now)
    if actor.partner_id is not None:
        await _move(work, actor, actor.partner_id, zone)
    return zone


async def _move(work: Work, actor: Actor, partner_id: str, zone: str) -> None:
    before = await work.partners.lock(partner_id)
    partner = replace(before, zone=zone)
    await work.partners.save(partner)
    await replanning.notices(work, partner)
    await recording.of_partner(work, actor, "timezone", partner.id, before=before.zone, after=zone)


async def _person(work: Work, actor: Actor) -> Person:
    known = await work.people.person(actor.user_id or 0)
    return known or Person(actor.user_id or 0, actor.name, "en", None)


async def own_zone(work: Work, actor: Actor) -> str:
    """Return the zone in which this person is told times."""
    if actor.partner_id is not None:
        return (await finding.own_partner(work, actor)).zone
    person = await work.people.person(actor.user_id or 0)
    return (person.zone if person else None) or finding.desk_zone(work)
