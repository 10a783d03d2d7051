"""
Who is told what: reminders that can be done without, and the hours in which nobody is woken.

Each chooses his own; an owner those of the others, of the group, and the hours. What stops,
deletes or ends something always comes. Rules: "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time

from billing import families, nights
from billing.families import Family
from billing.nights import Night
from billing.partners import Partner, Right, Role
from billing.refusals import NotFound
from billing.services import finding, recording, telling
from billing.services.access import check, requires
from billing.services.days import funds
from billing.services.partners import replanning
from billing.services.people import Actor
from billing.services.ports import Work


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    What one reader gets; `reader` is a user id as text, or `group`.

    `others` are the readers whose choices the actor may look at and change, by name; `owner`:
    the actor may set the hours, too.
    """

    partner: Partner
    reader: str
    name: str
    wanted: Mapping[Family, bool]
    others: Mapping[str, str]
    owner: bool

    @property
    def night(self) -> Night:
        """The partner's quiet hours."""
        return nights.read(self.partner.night)


@requires(Right.VIEW)
async def look(work: Work, actor: Actor, reader: str | None = None) -> Chosen:
    """
    Return what a reader gets; by default the actor.

    :raises NoRight: another's are the owners' to see.
    :raises NotFound: there is no such reader.
    """
    partner = await finding.own_partner(work, actor)
    reader = reader or str(actor.user_id)
    if reader != str(actor.user_id):
        check(actor, Right.OWN)
    members = await work.people.members(partner.id)
    names = {str(one.user_id): await _name(work, one.user_id) for one in members}
    roles = {str(one.user_id): one.role for one in members}
    if await work.groups.of_partner(partner.id) is not None:
        names[telling.GROUP] = ""
    if reader not in names:
        raise NotFound(what="member" if reader != telling.GROUP else "group", wanted=reader)
    chosen = await work.choices.of_partner(partner.id)
    in_days = funds.has_days(work, partner)
    wanted = {
        family: chosen.get((reader, family), _usual(family, roles.get(reader)))
        for family in Family
        if (in_days or family not in families.IN_DAYS)
        and (reader == telling.GROUP or family is not Family.IMPORTANT)
    }
    owner = Right.OWN in actor.rights
    others = {one: name for one, name in names.items() if owner and one != reader}
    return Chosen(partner, reader, names[reader], wanted, others, owner)


@requires(Right.VIEW)
async def choose(work: Work, actor: Actor, reader: str, family: Family, *, wanted: bool) -> Chosen:
    """
    Let a reader get those notices from now on, or no more.

    :raises NoRight: another's are the owners' to choose.
    :raises NotFound: there is no such reader, or the reader has no such choice.
    """
    shown = await look(work, actor, reader)
    if family not in shown.wanted:
        raise NotFound(what="notices", wanted=family)
    await work.choices.choose(shown.partner.id, reader, family, wanted=wanted)
    await recording.of_partner(
        work,
        actor,
        "notices",
        shown.partner.id,
        before=f"{reader} {family} {_word(on=shown.wanted[family])}",
        after=f"{reader} {family} {_word(on=wanted)}",
    )
    return replace(shown, wanted={**shown.wanted, family: wanted})


@requires(Right.OWN)
async def sleep(work: Work, actor: Actor, hours: tuple[time, time] | None) -> Partner:
    """
    Set the hours in which nobody of the partner is woken; None: the usual ones.

    What waits to be said moves along. From an hour to the same: there are none.

    :raises HoursRefused: if there are more than twelve.
    """
    before = await work.partners.lock(finding.own_partner_id(actor))
    partner = replace(before, quiet=None if hours is None else nights.hours(*hours))
    await work.partners.save(partner)
    await replanning.notices(work, partner)
    await recording.of_partner(
        work, actor, "quiet_hours", partner.id, before=before.quiet or "", after=partner.quiet or ""
    )
    return partner


def _usual(family: Family, role: Role | None) -> bool:
    """Whether somebody in that role gets it unasked; a group gets nothing."""
    return role in families.ROLES.get(family, frozenset())


def _word(*, on: bool) -> str:
    return "on" if on else "off"


async def _name(work: Work, user_id: int) -> str:
    person = await work.people.person(user_id)
    return person.name if person and person.name else str(user_id)
