"""
Whether the desk is well: one list of checks, for /health and for `partnerdesk doctor`.

A check has a name, how it stands, facts, and what mends it; the words are elsewhere. What only the
process and the machine know is handed in (`Machine`); what Telegram lets the bot do is known from
`surroundings`, or asked anew by whoever hands it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from billing.partners import Right
from billing.services import clockwork, sorts, surroundings
from billing.services.access import requires
from billing.services.cards import vitals
from billing.services.desk import summary
from billing.services.facts import Facts
from billing.services.halting import HALTED
from billing.services.people import Actor
from billing.services.platforms import cards as comparison_cards
from billing.services.ports import Line, Work
from billing.services.surroundings import PRESENT, Standing

# How long a part may be silent: as long as the watchdog lets it.
SILENT_SECONDS = 120.0
# How long what is due may wait before somebody should know.
LATE = timedelta(minutes=10)
GIGABYTE = 1024**3
LITTLE_DISK, NO_DISK = 2 * GIGABYTE, GIGABYTE // 5
# The audit comes every night.
AUDIT_AGE = timedelta(days=2)
# What partners need of the operator: one way to pay, and all that an invoice says of its issuer.
WAYS_TO_PAY = frozenset({"bank", "pix", "link"})
ISSUER = frozenset({"legal_name", "tax_id", "address"})


class Level(StrEnum):
    """How a check stands."""

    GOOD = "good"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `mend` names what to do about it, None if nothing is."""

    name: str
    level: Level
    facts: Facts = field(default_factory=dict)
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """
    What the process and the machine know; None where nobody could tell.

    `silent` are seconds by part since each was seen to advance; `unset` is what the operator has
    not told of itself, by its setting's name (`bank` of OPERATOR_BANK); `platforms` why each
    messaging platform that was asked did not answer last, by name, None where it did.
    """

    silent: Mapping[str, float] | None = None
    disk_free: int | None = None
    database_bytes: int | None = None
    unset: frozenset[str] | None = None
    platforms: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Telegram:
    """What Telegram said when it was asked; `trouble` if it was not reached."""

    trouble: str | None = None
    username: str = ""
    reads_all: bool | None = None
    groups: Mapping[int, Standing] = field(default_factory=dict)
    webhook_trouble: str | None = None


@requires(Right.SERVE)
async def health(work: Work, actor: Actor, machine: Machine) -> list[Check]:
    """Return how the desk stands, as far as is known without asking Telegram."""
    del actor
    return await checks(work, machine, await known(work))


async def known(work: Work) -> Telegram:
    """Return what Telegram was last known to let the bot do, without asking it."""
    groups = {chat_id: await surroundings.standing(work, chat_id) for chat_id in await _bound(work)}
    return Telegram(
        reads_all=await surroundings.reads_all(work),
        groups={chat_id: one for chat_id, one in groups.items() if one is not None},
    )


async def checks(work: Work, machine: Machine, telegram: Telegram) -> list[Check]:
    """Return all checks, in the order in which they are told."""
    return [
        *_of_machine(machine),
        *_of_operator(machine.unset),
        *await _of_queues(work),
        *_of_platforms(machine),
        *await _of_desk(work),
        *await _of_comparisons(work),
        await _of_cards(work),
        *_of_telegram(telegram, await _bound(work)),
    ]


async def _bound(work: Work) -> list[int]:
    return await work.people.groups()


def _of_machine(machine: Machine) -> list[Check]:
    found = []
    if machine.silent is not None:
        for part, seconds in sorted(machine.silent.items()):
            level = Level.GOOD if seconds < SILENT_SECONDS else Level.WRONG
            facts = {"part": part, "seconds": int(seconds)}
            found.append(_check("part", level, facts, "restart"))
    if machine.database_bytes is not None:
        found.append(Check("database", Level.GOOD, {"megabytes": _megabytes(machine)}))
    if machine.disk_free is not None:
        level = Level.GOOD
        if machine.disk_free < LITTLE_DISK:
            level = Level.WRONG if machine.disk_free < NO_DISK else Level.WARN
        facts = {"megabytes": machine.disk_free // 1024**2}
        found.append(_check("disk", level, facts, "disk"))
    return found


def _of_operator(unset: frozenset[str] | None) -> list[Check]:
    """Look at what partners read of the operator on invoices and where they pay."""
    if unset is None:
        return []
    no_way, nameless = unset >= WAYS_TO_PAY, sorted(unset & ISSUER)
    ways = {"unset": sorted(unset & WAYS_TO_PAY)}
    return [
        _check("ways_to_pay", Level.WARN if no_way else Level.GOOD, ways, "ways_to_pay"),
        _check("issuer", Level.WARN if nameless else Level.GOOD, {"unset": nameless}, "issuer"),
    ]


def _of_platforms(machine: Machine) -> list[Check]:
    """Tell of each messaging platform whether it answers."""
    return [
        _check(
            "platform_answers",
            Level.GOOD if why is None else Level.WRONG,
            {"platform": name, "why": why},
            "platform_answers",
        )
        for name, why in sorted(machine.platforms.items())
    ]


def _megabytes(machine: Machine) -> int:
    return (machine.database_bytes or 0) // 1024**2


async def _of_queues(work: Work) -> list[Check]:
    queues = await work.vitals.queues(work.now, await clockwork.held_kinds(work))
    aside, lost = queues.kept_aside, queues.lost
    return [
        _waits(work, "inbox", queues.inbox, "inbox"),
        _waits(work, "due", queues.due, "due"),
        _waits(work, "outbox", queues.outbox, "outbox"),
        _check(
            "platform",
            Level.WRONG if queues.failing else Level.GOOD,
            {"count": queues.calls.count, "failing": queues.failing, "oldest": queues.calls.oldest},
            "platform",
        ),
        _check("kept_aside", Level.WARN if aside else Level.GOOD, {"count": aside}, "kept_aside"),
        _check("lost", Level.WARN if lost else Level.GOOD, {"count": lost}, "lost"),
    ]


def _waits(work: Work, name: str, line: Line, mend: str) -> Check:
    late = line.oldest is not None and work.now - line.oldest > LATE
    facts = {"count": line.count, "oldest": line.oldest}
    return _check(name, Level.WRONG if late else Level.GOOD, facts, mend)


async def _of_desk(work: Work) -> list[Check]:
    groups = await _bound(work)
    halted = await work.state.get(HALTED)
    return [
        _check("groups", Level.GOOD if groups else Level.WRONG, {"count": len(groups)}, "bind"),
        _check("halted", Level.WARN if halted else Level.GOOD, {"reason": halted}, "resume"),
        await _audited(work),
        *await _of_sorts(work),
    ]


async def _of_sorts(work: Work) -> list[Check]:
    """Cards that no group takes go to all of them, which is hardly meant."""
    left = await sorts.untaken(work)
    facts = {"sorts": [str(sort) for sort in left]}
    return [Check("sorts", Level.WARN, facts, "sorts")] if left else []


async def _audited(work: Work) -> Check:
    audited = await summary.last_audit(work)
    if audited is None:
        return Check("audit", Level.GOOD, {"night": None, "found": 0})
    facts = {"night": audited.night, "found": audited.found}
    if audited.found:
        return Check("audit", Level.WRONG, facts, "audit")
    late = _too_old(audited.night.isoformat(), work.now)
    return _check("audit", Level.WARN if late else Level.GOOD, facts, "audit_late")


async def _of_comparisons(work: Work) -> list[Check]:
    """Look at the last comparison with each platform."""
    found = []
    for one in await work.comparisons.all():
        count = await work.differences.count(one.platform)
        late = one.silent or _too_old(one.night, work.now)
        short = comparison_cards.short_of_days(one)
        facts = {
            "platform": one.platform,
            "night": date.fromisoformat(one.night),
            "held": one.held,
            "count": count,
            "silent": one.error if one.silent else None,
            "days_left": one.days_left,
            "days_owed": one.days_owed,
            "short": short,
        }
        mend = "comparison_late" if late else "comparison" if count else "days_there"
        level = Level.WARN if late or count or short else Level.GOOD
        found.append(_check("comparison", level, facts, mend))
    return found


async def _of_cards(work: Work) -> Check:
    """Look at what is paid by card."""
    found = await vitals.standing(work)
    if found is None:
        return Check("cards", Level.GOOD, {"set": False})
    trouble = found.is_stale(work.now) or found.failing or found.late
    mend = "cards" if trouble else "cards_aside"
    level = Level.WRONG if trouble else Level.WARN if found.quarantined else Level.GOOD
    return _check("cards", level, {"set": True, **asdict(found)}, mend)


def _too_old(night: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(night).replace(tzinfo=now.tzinfo) > AUDIT_AGE


def _of_telegram(telegram: Telegram, groups: list[int]) -> list[Check]:
    if telegram.trouble is not None:
        return [Check("telegram", Level.WRONG, {"why": telegram.trouble}, "telegram")]
    found = [Check("telegram", Level.GOOD, {"username": telegram.username})]
    if telegram.webhook_trouble is not None:
        facts = {"why": telegram.webhook_trouble}
        found.append(Check("webhook", Level.WRONG, facts, "webhook"))
    for chat_id in groups:
        standing = telegram.groups.get(chat_id)
        if standing is not None:
            found.append(_of_group(chat_id, standing, reads_all=bool(telegram.reads_all)))
    return found


def _of_group(chat_id: int, standing: Standing, *, reads_all: bool) -> Check:
    """
    Look at one staff group.

    Commands and replies are heard in privacy mode, too, and an admin hears everything. Without
    the right to manage topics all is said outside of them.
    """
    hears_all = reads_all or standing.status == "administrator"
    facts = {
        "chat_id": chat_id,
        "title": standing.title,
        "status": standing.status,
        "why": standing.trouble,
        "forum": standing.forum,
        "hears_all": hears_all,
    }
    if standing.status not in PRESENT:
        return Check("group", Level.WRONG, facts, "group_gone")
    if standing.forum and not standing.topics:
        return Check("group", Level.WARN, facts, "topics")
    if standing.trouble is not None:
        return Check("group", Level.WARN, facts, "topic_trouble")
    return Check("group", Level.GOOD, facts)


def _check(name: str, level: Level, facts: Facts, mend: str) -> Check:
    return Check(name, level, facts, None if level is Level.GOOD else mend)
