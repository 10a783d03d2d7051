"""
The night's comparison of our instances with what a messaging platform holds.

Whoever asks the platforms hands the list in; it is gone through in steps, each a transaction of a
bounded number of rows, from the beginning again after a restart. Nothing is changed there or here:
what differs is kept for people (`mending`). Rules: "Compared every night".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from billing import comparison
from billing.comparison import Kind, Ours, Theirs
from billing.services import access, telling
from billing.services.facts import moment
from billing.services.people import Actor
from billing.services.platforms import cards
from billing.services.platforms.links import Sight
from billing.services.ports import Compared, Difference, Due, Work
from billing.services.ports.comparing import by_remote_id
from billing.services.ports.platforms import Held

PAGE = 200
CLOSED_AT_ONCE = 500
# The night that is to be compared.
WANTED = "comparison_wanted"
# A platform that is silent is asked again so soon, a little later each time.
AGAIN_AFTER, LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=1)
TOLD_STAFF_AT_ATTEMPT = 3


@dataclass(frozen=True, slots=True)
class Round:
    """A comparison that is under way: its platform, its night and what the platform held."""

    platform: str
    night: str
    sight: Sight
    held: int


async def plan(work: Work) -> None:
    """Plan the next night's comparison: 05:00 UTC, after the audit, once a day."""
    tonight = work.now.replace(hour=5, minute=0, second=0, microsecond=0)
    at = tonight if tonight > work.now else tonight + timedelta(days=1)
    await work.due.plan(Due(f"compare:{at.date()}", "compare", str(at.date()), None, at))


async def carry_out(work: Work, actor: Actor, due: Due) -> None:
    """Let every platform be compared, and plan the next night."""
    del actor
    await plan(work)
    await work.state.set(WANTED, due.subject)


async def wanted(work: Work, platform: str) -> str | None:
    """Return the night for which a platform is to be compared now, if it is."""
    night = await work.state.get(WANTED)
    if night is None:
        return None
    last = await work.comparisons.get(platform)
    if last is None or last.night < night:
        return night
    return night if last.silent and last.at <= work.now else None


async def silent(work: Work, platform: str, night: str, why: str) -> None:
    """The platform does not answer: it is asked again, and staff hear of it once a night."""
    last = await work.comparisons.get(platform)
    attempts = last.attempts + 1 if last is not None and last.night == night else 1
    until = work.now + min(AGAIN_AFTER * attempts, LONGEST_PAUSE)
    before = last or Compared(platform, night, until)
    await work.comparisons.save(
        replace(before, night=night, at=until, silent=True, attempts=attempts, error=why[:200])
    )
    if attempts == TOLD_STAFF_AT_ATTEMPT:
        await telling.tell_staff(
            work,
            "staff_comparison_silent",
            {"platform": platform, "night": date.fromisoformat(night), "why": why[:200]},
            key=f"staff:comparison_silent:{platform}:{night}",
        )


async def compare_theirs(work: Work, current: Round, page: Sequence[Held]) -> int:
    """Compare what is there with ours; return how many differences are new."""
    remote_ids = [one.remote_id for one in page]
    references = [one.reference for one in page if one.reference is not None]
    found = await work.comparisons.ours(current.platform, remote_ids, references)
    by_remote = by_remote_id(one for one in found if one.instance.platform == current.platform)
    by_id = {one.id: one for one in found}
    differing: list[tuple[Kind, Held, Ours | None]] = []
    for held in page:
        by_label = by_id.get(held.reference or "")
        ours = by_remote.get(held.remote_id)
        kind = comparison.of_theirs(
            _theirs(held), ours, by_label, platform=current.platform, now=work.now
        )
        if kind is not None:
            differing.append((kind, held, ours or by_label))
    flying = await _in_flight(work, current, [ours for _, _, ours in differing if ours])
    new = 0
    for kind, held, ours in differing:
        if ours is None or ours.id not in flying:
            new += await work.differences.found(_difference(work, current, kind, held, ours))
    return new


async def compare_ours(work: Work, current: Round, after: str) -> tuple[str | None, int]:
    """Find which of our next ones are not there; return after which to go on, and how many new."""
    page = await work.comparisons.living(current.platform, after=after, limit=PAGE)
    gone = [
        one
        for one in page
        if comparison.of_ours(one, held=current.sight.holds(one.id, one.remote_id)) is not None
    ]
    flying = await _in_flight(work, current, gone)
    new = 0
    for ours in gone:
        if ours.id not in flying:
            lost = _difference(work, current, Kind.GONE_THERE, None, ours)
            new += await work.differences.found(lost)
    return page[-1].id if len(page) == PAGE else None, new


async def close_gone(work: Work, current: Round) -> bool:
    """Close what does not differ any more; whether there may be more of it."""
    closed = await work.differences.close_unseen(
        current.platform, current.night, at=work.now, limit=CLOSED_AT_ONCE
    )
    return closed == CLOSED_AT_ONCE


async def finish(work: Work, current: Round, *, new: int, days_left: int | None) -> None:
    """Keep that it is done, and show staff what differs; what is new is a new card."""
    last = await work.comparisons.get(current.platform)
    owed = None if days_left is None else await work.comparisons.days_owed()
    done = Compared(
        platform=current.platform,
        night=current.night,
        at=work.now,
        held=current.held,
        days_left=days_left,
        days_owed=owed,
        card=None if last is None else last.card,
    )
    short = cards.short_of_days(done)
    if new or (short and (last is None or not cards.short_of_days(last))):
        done = replace(done, card=current.night)
    await work.comparisons.save(done)
    await work.audit.record(
        access.by_platform(f"comparison:{current.night}"),
        "compare",
        at=work.now,
        kind="desk",
        object_id=current.platform,
        after=str(await work.differences.count(current.platform)),
    )
    await cards.show(work, current.platform, quiet=True)
    if last is not None and last.card not in {None, done.card}:
        await cards.close(work, current.platform, str(last.card))


def _theirs(held: Held) -> Theirs:
    paid = None if held.paid_until is None else moment(held.paid_until)
    return Theirs(held.remote_id, held.reference, held.state, paid)


async def _in_flight(work: Work, current: Round, ours: Sequence[Ours]) -> frozenset[str]:
    """Return those that were called since the platform was asked, or still are."""
    if not ours:
        return frozenset()
    since: datetime = current.sight.begun
    return await work.comparisons.in_flight([one.id for one in ours], since)


def _difference(
    work: Work, current: Round, kind: Kind, held: Held | None, ours: Ours | None
) -> Difference:
    difference = Difference(
        id=work.ids.opaque(),
        platform=current.platform,
        kind=kind,
        found_at=work.now,
        seen=current.night,
        instance_id="" if ours is None else ours.id,
    )
    if held is None:
        return difference
    theirs = _theirs(held)
    return replace(
        difference,
        remote_id=held.remote_id,
        reference=held.reference,
        name=held.name,
        there=theirs.state,
        paid_until=theirs.paid_until,
        token=None if held.token is None else work.vault.lock(held.token),
    )
