"""
What staff are told each morning: what waits, what is due, overdue, to be stopped and deleted.

Once a day, at 09:00 of the staff's zone, with the ends of the books' chains; before the first audit
only if there is something to say. Rules: "What the bot says unasked".
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from billing.calendar import instant, local_date
from billing.debts import Debt
from billing.instances import Instance
from billing.money import Money, total
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.books import proving
from billing.services.desk import debts, waiting
from billing.services.desk.waiting import Waits
from billing.services.facts import Facts
from billing.services.invoices import dunning
from billing.services.messages import Button, Urgency
from billing.services.people import Actor
from billing.services.ports import Due, Work

HOUR = time(9)
A_DAY = timedelta(days=1)

Row = tuple[Debt, Partner]
Takes = Callable[[Work, Partner], Awaitable[list[Instance]]]


@dataclass(frozen=True, slots=True)
class Audited:
    """The last night that was audited, how much was found, and where the chains ended."""

    night: date
    found: int
    ends: Facts


async def plan(work: Work) -> None:
    """Plan the next summary: today's, or tomorrow's if its hour is over."""
    there = await finding.staff_zone(work)
    today = local_date(work.now, there)
    day = today if work.now < instant(today, HOUR, there) else today + A_DAY
    at = instant(day, HOUR, there)
    await work.due.plan(Due(f"summary:{day}", "summary", str(day), None, at))


async def carry_out(work: Work, actor: Actor, due: Due) -> None:
    """Say a day's summary, unless that day is over or there is nothing to say."""
    del actor
    await plan(work)
    day = date.fromisoformat(due.subject)
    if local_date(work.now, await finding.staff_zone(work)) != day:
        return
    facts = await told(work, day)
    said = ("halted", "waits", "due", "overdue", "stops", "deletions", "audit")
    if not any(facts[name] for name in said):
        return
    await telling.tell_staff(
        work,
        "staff_summary",
        facts,
        key=f"staff:summary:{day}",
        buttons=[[Button("queue", "queue"), Button("debts", "debts")]],
        urgency=Urgency.REMINDER,
        useful_until=work.now + A_DAY / 2,
    )


async def told(work: Work, day: date) -> Facts:
    """
    Return what it says: `waits` by kind, `due` and `overdue` money, `stops` and `deletions`.

    Stops and deletions are partners who lose something in the next 24 hours; `audit` is the last
    night's, or None.
    """
    queue = await waiting.look(work)
    owed = (await debts.look(work)).rows
    audited = await last_audit(work)
    return {
        "day": day,
        "halted": queue.halted,
        "waits": [_waits(work, kind, found) for kind, found in queue.kinds.items() if found],
        "due": _sums(row for row in owed if row[0].invoice.due_on == day),
        "overdue": _sums(row for row in owed if row[0].days),
        "stops": await _count(
            work,
            dunning.stoppable,
            [
                partner
                for debt, partner in owed
                if partner.stopped_at is None and _soon(work, debt.invoice.stop_at)
            ],
        ),
        "deletions": await _count(
            work,
            dunning.doomed,
            [partner for debt, partner in owed if _soon(work, debt.invoice.delete_at)],
        ),
        "audit": None
        if audited is None
        else {**audited.ends, "night": audited.night, "found": audited.found},
    }


async def last_audit(work: Work) -> Audited | None:
    """Return the last night's audit that came to its end, or None if none did."""
    kept = await work.state.get(proving.RESULT)
    if kept is None:
        return None
    night, _, found = kept.partition(" ")
    ends = json.loads(await work.state.get(proving.HEADS) or "{}")
    return Audited(date.fromisoformat(night), int(found), ends)


def _waits(work: Work, kind: str, found: list[Waits]) -> dict[str, object]:
    late = sum(one.by is not None and one.by < work.now for one in found)
    oldest = min(one.since for one in found)
    return {"kind": kind, "count": len(found), "since": oldest, "late": late}


def _sums(rows: Iterable[Row]) -> Facts | None:
    """Return how many invoices these are and what is owed by currency; None for none."""
    owed = [debt.invoice.owed for debt, _ in rows]
    if not owed:
        return None
    currencies = sorted({money.currency for money in owed})
    return {"count": len(owed), "owed": [_of(owed, currency) for currency in currencies]}


def _of(owed: list[Money], currency: str) -> Money:
    return total((money for money in owed if money.currency == currency), currency)


async def _count(work: Work, taken: Takes, partners: Iterable[Partner]) -> int:
    """Return how many partners have instances that would be taken."""
    each = {partner.id: partner for partner in partners}
    return sum([bool(await taken(work, partner)) for partner in each.values()])


def _soon(work: Work, at: datetime) -> bool:
    return work.now < at <= work.now + A_DAY
