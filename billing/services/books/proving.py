"""
The audit: the books are as they were written, they add up, and what is agrees with them.

Every night and whenever an operator asks. It goes in steps, each of a bounded number of rows and
a transaction of its own, so that nobody waits for it however much there is; partners are looked
at one after the other. It changes nothing it looks at.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, replace
from datetime import date, timedelta

from billing.services import finding, telling
from billing.services.books import rounds
from billing.services.books.rounds import Finding, Round, Stage
from billing.services.messages import Urgency
from billing.services.people import Actor
from billing.services.ports import Due, Work
from billing.services.ports.proofs import Check, Contradiction, Head

ROWS_AT_ONCE = 5_000
ENTRIES_AT_ONCE = 20_000
PARTNERS_AT_ONCE = 20
# So many are kept of a round, and so many are shown on its card.
MOST_KEPT = 100
ON_A_CARD = 20

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# How long each may last before it is wrong: what is done by the clock is done soon after.
AFTER = {
    Check.TRIAL_ALIVE: HOUR,
    Check.DAYS_OVER: HOUR,
    Check.CARD_OVER: DAY,
    Check.STOP_MISSED: HOUR,
    Check.CALL_STUCK: DAY,
    # It is in /queue all the while.
    Check.TASK_FORGOTTEN: timedelta(days=7),
}
# What the operator's switch holds back is late for a reason that staff know.
HELD_BY_HALT = frozenset({Check.TRIAL_ALIVE, Check.DAYS_OVER, Check.STOP_MISSED})

OF_PARTNER = (
    Check.BALANCE_WRONG,
    Check.INVOICE_WRONG,
    Check.CARD_WRONG,
    Check.LINE_TWICE,
    Check.DAYS_LOST,
    Check.INSTANCE_UNSEEN,
    Check.INVOICE_UNSEEN,
    Check.TRIAL_ALIVE,
    Check.DAYS_OVER,
    Check.CARD_OVER,
    Check.STOP_MISSED,
)
OF_DESK = (Check.BOOKS_UNBALANCED, Check.CALL_STUCK, Check.TASK_FORGOTTEN)

KEPT = "audit_round"
# The last night that was audited to its end, and how much was found.
RESULT = "audit_result"
# Where the chains ended then, as it is posted.
HEADS = "audit_heads"

Stepped = tuple[Round, list[Finding]]


async def step(work: Work, current: Round, *, halted: bool) -> Stepped:
    """Look at the next rows; return how far it is then, and what was found among them."""
    after, found = await _STAGES[current.stage](work, current, halted)
    kept = (*current.findings, *found)[:MOST_KEPT]
    return replace(after, findings=kept, found=current.found + len(found)), found


async def compare(work: Work, name: str, posted: Head) -> list[Finding]:
    """Compare a chain with a head that was posted before: whoever computed it anew differs."""
    found = await work.chains.hash_at(name, posted.length) or ""
    if found == posted.hash:
        return []
    return [Finding(Check.HEAD_DIFFERS, f"{name} {posted.length}", posted.hash, found)]


async def plan(work: Work) -> None:
    """Plan the next night's audit: 04:30 UTC, once a day."""
    tonight = work.now.replace(hour=4, minute=30, second=0, microsecond=0)
    at = tonight if tonight > work.now else tonight + DAY
    await work.due.plan(Due(f"audit:{at.date()}", "audit", str(at.date()), None, at))


async def carry_on(work: Work, actor: Actor, due: Due, *, halted: bool) -> None:
    """
    Take a step of a night's audit, and plan the next one or report.

    A subject is a night and, but for the first, the number of the step.
    """
    night, _, nth = due.subject.partition(":")
    current = Round()
    if nth:
        kept = await work.state.get(KEPT)
        # A night that began meanwhile has taken the place of this one.
        if kept is None or not kept.startswith(night):
            return
        current = rounds.load(kept.removeprefix(night))
    else:
        await plan(work)
    current, _ = await step(work, current, halted=halted)
    if current.stage is not Stage.OVER:
        await work.state.set(KEPT, night + rounds.dump(current))
        subject = f"{night}:{int(nth or 0) + 1}"
        await work.due.plan(Due(f"audit:{subject}", "audit", subject, None, work.now))
        return
    await work.state.set(KEPT, None)
    await _report(work, actor, night, current)


async def _report(work: Work, actor: Actor, night: str, current: Round) -> None:
    """Keep the ends of the chains for the staff's summary; post at once what was found."""
    entries, audit = current.heads["entries"], current.heads["audit"]
    await work.audit.record(
        actor, "audit", at=work.now, kind="desk", object_id=night, after=str(current.found)
    )
    await work.state.set(RESULT, f"{night} {current.found}")
    facts = {
        "entries": entries.length,
        "entries_head": entries.hash,
        "audit": audit.length,
        "audit_head": audit.hash,
        "found": current.found,
    }
    await work.state.set(HEADS, json.dumps(facts))
    if not current.found:
        # Where all agrees the staff's summary of the day has the ends.
        return
    await telling.tell_staff(
        work,
        "staff_books",
        {"day": date.fromisoformat(night), "partners": current.partners, **facts},
        key=f"staff:books:{night}",
        urgency=Urgency.REMINDER,
    )
    shown = [asdict(one) for one in current.findings[:ON_A_CARD]]
    await telling.tell_staff(
        work,
        "staff_findings",
        {"day": date.fromisoformat(night), "findings": shown, "more": current.found - len(shown)},
        key=f"staff:findings:{night}",
        urgency=Urgency.MONEY,
    )


async def _chain(work: Work, current: Round, halted: bool) -> Stepped:
    """Follow the books' chain, then the audit's; what is behind a break cannot be proved."""
    del halted
    name = current.stage
    followed = await work.chains.follow(name, current.head, limit=ROWS_AT_ONCE)
    if not followed.over:
        return replace(current, head=followed.head), []
    heads = {**current.heads, name: await work.chains.head(name)}
    following = Stage.AUDIT if name is Stage.ENTRIES else Stage.BOOKS
    found = []
    if followed.broken is not None:
        at = f"{name} {followed.broken.row}"
        found.append(Finding(Check.CHAIN_BROKEN, at, found=followed.broken.why))
    return replace(current, stage=following, head=Head(), heads=heads), found


async def _books(work: Work, current: Round, halted: bool) -> Stepped:
    """See that each entry sums to nothing, and that what is kept for all is what was posted."""
    del halted
    until = current.entry + ENTRIES_AT_ONCE
    unequal = await work.proofs.unbalanced(after=current.entry, until=until)
    found = _findings(Check.ENTRY_UNBALANCED, unequal)
    folded = Counter(current.folded)
    folded.update(await work.proofs.fold_shared(after=current.entry, until=until))
    last = (await work.chains.head("entries")).length
    if last > until:
        return replace(current, entry=until, folded=folded), found
    kept = Counter(await work.proofs.kept_shared())
    for account, unit in sorted(folded.keys() | kept.keys()):
        expected, is_kept = folded[account, unit], kept[account, unit]
        if expected != is_kept:
            subject = f"{account} {unit}"
            found.append(Finding(Check.BALANCE_WRONG, subject, str(expected), str(is_kept)))
    # Whoever goes on from here another night need not sum up all of it again.
    return replace(current, stage=Stage.PARTNERS, entry=last, folded=folded), found


async def _partners(work: Work, current: Round, halted: bool) -> Stepped:
    ids = await work.proofs.partners(after=current.partner, limit=PARTNERS_AT_ONCE)
    found: list[Finding] = []
    for partner_id in ids:
        found += await of_partner(work, partner_id, halted=halted)
    if len(ids) < PARTNERS_AT_ONCE:
        current = replace(current, stage=Stage.DESK)
    last = ids[-1] if ids else current.partner
    return replace(current, partner=last, partners=current.partners + len(ids)), found


async def of_partner(work: Work, partner_id: str, *, halted: bool) -> list[Finding]:
    """Look at all that is one partner's."""
    found: list[Finding] = []
    for check in OF_PARTNER:
        if halted and check in HELD_BY_HALT:
            continue
        before = work.now - AFTER.get(check, timedelta(0))
        wrong = await work.proofs.of_partner(check, partner_id, before=before)
        if wrong:
            partner = await finding.the_partner(work, partner_id)
            found += _findings(check, wrong, partner.name)
    return found


async def _desk(work: Work, current: Round, halted: bool) -> Stepped:
    del halted
    found: list[Finding] = []
    for check in OF_DESK:
        before = work.now - AFTER.get(check, timedelta(0))
        found += _findings(check, await work.proofs.of_desk(check, before=before))
    return replace(current, stage=Stage.OVER), found


def _findings(check: Check, wrong: Iterable[Contradiction], partner: str = "") -> list[Finding]:
    return [Finding(check, one.subject, one.expected, one.found, partner) for one in wrong]


_STAGES: dict[Stage, Callable[[Work, Round, bool], Awaitable[Stepped]]] = {
    Stage.ENTRIES: _chain,
    Stage.AUDIT: _chain,
    Stage.BOOKS: _books,
    Stage.PARTNERS: _partners,
    Stage.DESK: _desk,
}
