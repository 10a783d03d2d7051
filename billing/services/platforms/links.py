"""
Whether numbers are connected, as looks at the platforms show it; partners hear of a drop.

Kept apart from what is paid. A look is a page at a time, and only what changed is written. Kind
`notice_link_down` {instances: [{id, name, since}]}. Rules: "Connected or not".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from billing import links
from billing.instances import RUNNING, Instance
from billing.links import Link
from billing.notices import NoticeKind
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.ports import Due, Linked, Work
from billing.services.ports.platforms import Held

PAGE = 200
# Drops that are seen within this time are told together.
GATHER = timedelta(minutes=1)
KIND = NoticeKind.LINK_DOWN
# So many are asked about one by one at a visit.
MOST_ASKED = 20
# More buttons than these nobody looks through.
MOST_BUTTONS = 10


@dataclass(frozen=True, slots=True)
class Sight:
    """What a platform held, asked for at `begun`: who is there, and whether it is connected."""

    begun: datetime
    by_remote_id: dict[str, bool | None]
    by_reference: dict[str, bool | None]

    @classmethod
    def of(cls, held: Sequence[Held], begun: datetime) -> Sight:
        """Return what a list shows."""
        return cls(
            begun,
            {one.remote_id: one.connected for one in held},
            {one.reference: one.connected for one in held if one.reference is not None},
        )

    def holds(self, instance_id: str, remote_id: str | None) -> bool:
        """Whether it is there: by its id there once that is known, else by its name."""
        return remote_id in self.by_remote_id if remote_id else instance_id in self.by_reference

    def unsaid(self, one: Linked) -> bool:
        """Whether it runs and is there, and the list does not say whether it is connected."""
        there = self.holds(one.id, one.remote_id)
        return there and one.state in RUNNING and self.connected(one.id, one.remote_id) is None

    def connected(self, instance_id: str, remote_id: str | None) -> bool | None:
        """Whether it is connected; None: it is not there, or the platform does not say."""
        if remote_id:
            return self.by_remote_id.get(remote_id)
        return self.by_reference.get(instance_id)


def changed(page: Iterable[Linked], sight: Sight, *, at: datetime) -> list[tuple[str, bool]]:
    """Return those of a page of which a look tells something new, and what."""
    found = []
    for one in page:
        connected = sight.connected(one.id, one.remote_id)
        if connected is not None and links.seen(one.link, connected=connected, at=at) != one.link:
            found.append((one.id, connected))
    return found


def in_turn(unsaid: Sequence[Linked], after: str) -> list[Linked]:
    """
    Return the next few of those of which the platform's list does not say whether they are.

    What is in doubt leads; the rest take turns by their ids, on from `after`.
    """
    doubted = [one for one in unsaid if one.link.doubted_at is not None]
    others = sorted((one for one in unsaid if one.link.doubted_at is None), key=lambda one: one.id)
    ahead = [one for one in others if one.id > after]
    return [*doubted, *ahead, *others[: len(others) - len(ahead)]][:MOST_ASKED]


async def note(work: Work, looks: Iterable[tuple[str, bool]], *, begun: datetime) -> int:
    """
    Keep what was seen of instances; return how many drops are to be looked at once more.

    What changed after `begun`, when the platform was asked, is newer and stays.
    """
    doubted = 0
    for instance_id, connected in looks:
        known = await work.links.get(instance_id)
        if known is None or (known.link.since is not None and known.link.since > begun):
            continue
        now = links.seen(known.link, connected=connected, at=work.now)
        if now == known.link:
            continue
        await work.links.save(instance_id, now)
        doubted += now.doubted_at is not None
        if links.dropped(known.link, now) and known.state in RUNNING:
            await _announce(work, known)
        if now.connected and known.link.connected is False:
            await _back(work, known)
    return doubted


async def connected_now(work: Work, instance_id: str) -> None:
    """The platform says that a number is connected."""
    await note(work, [(instance_id, True)], begun=work.now)


def _subject(instance_id: str, link: Link) -> str:
    """The subject of a drop; the next one is another."""
    return f"{instance_id}:{int(link.since.timestamp()) if link.since else 0}"


async def _announce(work: Work, known: Linked) -> None:
    partner = await finding.the_partner(work, known.partner_id)
    subject = _subject(known.id, known.link)
    await telling.announce(work, partner.id, partner.night, KIND, subject, gather=GATHER)


async def _back(work: Work, known: Linked) -> None:
    """It is connected again: nothing is said that was not said yet."""
    await work.due.drop(telling.notice_key(KIND, _subject(known.id, known.link)))
    instance = await work.instances.by_id(known.id)
    assert instance is not None, "an instance is never removed"
    await telling.leave_out(work, instance, {KIND: _buttons})


async def tell(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Say which numbers have dropped, and are still not connected."""
    others = await work.due.waiting(due.kind, partner_id=partner.id, until=work.now + GATHER)
    rows = [due, *[row for row in others if await work.due.claim(row.key, at=work.now)]]
    found = {}
    for row in rows:
        standing = await _standing(work, row)
        if standing is not None:
            found[standing[0].id] = standing
    if not found:
        return
    named = finding.by_name(instance for instance, _ in found.values())
    facts: Facts = {
        "instances": [
            {"id": one.id, "name": one.name, "since": found[one.id][1].since} for one in named
        ]
    }
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        facts,
        key=telling.notice_key(kind, due.subject),
        roles=telling.OPERATORS,
        buttons=_buttons(facts),
        quiet_zone=partner.night,
        useful_until=due.useful_until,
    )


async def _standing(work: Work, due: Due) -> tuple[Instance, Link] | None:
    """Return the instance of a notice if it runs and has not been connected since."""
    instance_id = due.subject.partition(":")[0]
    instance = await work.instances.by_id(instance_id)
    known = await work.links.get(instance_id)
    if instance is None or known is None or instance.state not in RUNNING:
        return None
    over = known.link.connected is not False or _subject(instance_id, known.link) != due.subject
    return None if over else (instance, known.link)


def _buttons(facts: Facts) -> list[list[Button]]:
    shown = facts["instances"]
    if len(shown) == 1:
        return [[Button("pair", "pair", {"instance": shown[0]["id"]})]]
    each = [
        Button("named", "pair", {"name": one["name"], "instance": one["id"]})
        for one in shown[:MOST_BUTTONS]
    ]
    return [*(each[at : at + 2] for at in range(0, len(each), 2)), [Button("list", "list")]]
