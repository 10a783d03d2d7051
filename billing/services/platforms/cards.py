"""
The staff's card of what differs at a platform: in words, a page at a time, edited as things go on.

Kind `staff_comparison` {platform, night, held, count, page, pages, rows: [row], done: [{name, kind,
outcome, by, at}], days_left, days_owed, over, claimed_by, claimed_at}; a row, and the kind
`difference`, {id, kind, platform, instance, name, label, remote_id, partner, here, there,
until_here, until_there, standing, not_before, error, found_at, mends}. Rules: "Compared every
night".
"""

from __future__ import annotations

from datetime import date

from billing.comparison import Mend, mends
from billing.services import claimed, telling
from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.ports import Compared, Difference, Standing, Work

KIND = "comparison"
PER_PAGE = 8
MOST_DONE = 5


async def show(work: Work, platform: str, *, page: int = 1, quiet: bool = False) -> None:
    """Show staff what differs there now; nothing, if nothing ever did. What is `quiet` waits."""
    compared = await work.comparisons.get(platform)
    if compared is None or compared.card is None:
        return
    if not await work.differences.count(platform):
        await work.claims.drop(KIND, platform)
    facts = await told(work, compared, page=page)
    await telling.tell_staff(
        work,
        "staff_comparison",
        facts,
        key=_key(platform, compared.card),
        buttons=buttons_of(facts),
        quiet=quiet,
    )


async def close(work: Work, platform: str, night: str) -> None:
    """A newer card has taken the place of that night's."""
    compared = await work.comparisons.get(platform)
    assert compared is not None, "it was compared"
    facts = {**await told(work, compared), "rows": [], "done": [], "over": True}
    await telling.tell_staff(work, "staff_comparison", facts, key=_key(platform, night))


async def told(work: Work, compared: Compared, *, page: int = 1) -> Facts:
    """Return what the card says."""
    platform = compared.platform
    count = await work.differences.count(platform)
    pages = max(1, -(-count // PER_PAGE))
    page = min(max(page, 1), pages)
    found = await work.differences.shown(platform, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    done = await work.differences.done_since(platform, compared.at, limit=MOST_DONE)
    return {
        "platform": platform,
        "night": date.fromisoformat(compared.night),
        "held": compared.held,
        "count": count,
        "page": page,
        "pages": pages,
        "first": (page - 1) * PER_PAGE + 1,
        "rows": [await row(work, one) for one in found],
        "done": [await _done(work, one) for one in done],
        "days_left": compared.days_left,
        "days_owed": compared.days_owed,
        "over": False,
        **await claimed.told(work, KIND, platform),
    }


async def row(work: Work, it: Difference) -> Facts:
    """Return what is said of one difference."""
    instance = await work.instances.by_id(it.instance_id) if it.instance_id else None
    partner = None if instance is None else await work.partners.get(instance.partner_id)
    can = mends(it.kind, instance) if it.state in {Standing.OPEN, Standing.LEFT} else ()
    return {
        "id": it.id,
        "kind": it.kind,
        "platform": it.platform,
        "instance": it.instance_id,
        "name": it.name if instance is None else instance.name,
        "label": it.name,
        "remote_id": it.remote_id,
        "partner": None if partner is None else partner.name,
        "here": None if instance is None else instance.state,
        "there": it.there,
        "until_here": None if instance is None else instance.active_until,
        "until_there": it.paid_until,
        "standing": it.state,
        "not_before": it.not_before,
        "error": it.error,
        "found_at": it.found_at,
        "mends": list(can),
    }


async def _done(work: Work, it: Difference) -> Facts:
    shown = await row(work, it)
    return {
        "name": shown["name"] or it.remote_id,
        "kind": it.kind,
        "outcome": it.outcome,
        "by": await claimed.name_of(work, it.done_by),
        "at": it.done_at,
    }


def buttons_of(facts: Facts) -> list[list[Button]]:
    """Return the card's buttons: one for each difference, the pages, who sees to it."""
    platform, page = facts["platform"], facts["page"]
    each = [
        Button(
            "named",
            "difference",
            {"name": f"{nth} · {one['name'] or one['remote_id']}", "difference": one["id"]},
        )
        for nth, one in enumerate(facts["rows"], start=facts["first"])
    ]
    turning = []
    if page > 1:
        turning.append(Button("previous", "comparison", {"platform": platform, "page": page - 1}))
    if page < facts["pages"]:
        turning.append(Button("next", "comparison", {"platform": platform, "page": page + 1}))
    last = [claimed.button(KIND, platform, facts)] if facts["count"] else []
    rows = [*(each[at : at + 2] for at in range(0, len(each), 2)), turning, last]
    return [row for row in rows if row]


def buttons_of_one(facts: Facts) -> list[list[Button]]:
    """Return what can be done about one difference; each asks first."""
    one = {"difference": facts["id"]}
    can = [
        Button(mend, "adopt" if mend == Mend.ADOPT else "mend", {**one, "mend": mend})
        for mend in facts["mends"]
    ]
    if facts["standing"] == Standing.OPEN:
        can.append(Button("leave_it", "mend_leave", one, once=True))
    back = Button("back", "comparison", {"platform": facts["platform"]})
    return [*(can[at : at + 2] for at in range(0, len(can), 2)), [back]]


def short_of_days(compared: Compared) -> bool:
    """Whether partners hold more days than the operator has left at the platform."""
    left, owed = compared.days_left, compared.days_owed
    return left is not None and owed is not None and left < owed


def _key(platform: str, night: str) -> str:
    return f"{KIND}:{platform}:{night}"
