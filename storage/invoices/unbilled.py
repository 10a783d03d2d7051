"""Instances that may have a line to come, read one by one, and which months of them are billed."""

from datetime import datetime
from string import Template

from billing.billable import Billed
from billing.calendar import BillingCalendar, Month
from billing.instances import SUBSCRIBED, Instance
from billing.regular import Regular
from storage.engine.instants import from_micros, to_micros
from storage.engine.rows import listed
from storage.engine.transaction import Row, Transaction
from storage.instances.instance_rows import read_instance
from storage.invoices.regular_rows import BILLED_UNTIL, is_irregular, span


async def unbilled(
    transaction: Transaction, partner_id: str, end: datetime, but: Regular | None
) -> list[Instance]:
    """Those subscribed before `end` that may have a line, `but` for regular ones, by name."""
    rows = await transaction.all(
        _UNBILLED.substitute(others=_others(but)),
        **(span(but) if but else {}),
        partner_id=partner_id,
        before=to_micros(end),
    )
    return [read_instance(row) for row in rows]


async def billed_months(
    transaction: Transaction, partner_id: str, calendar: BillingCalendar, but: Regular | None
) -> dict[str, Billed]:
    """Months on invoices, of instances that may have a line or are subscribed."""
    states, parameters = listed("state", sorted(SUBSCRIBED))
    parameters |= {**(span(but) if but else {}), "partner_id": partner_id}
    wanted = _WANTED.substitute(states=states, others=_others(but))
    marks = _MARKS.substitute(billed_until=BILLED_UNTIL, wanted=wanted)
    rows = await transaction.all(marks, **parameters)
    if not rows:
        return {}
    # Only lines that are not before every mark: their number does not grow with the history.
    since = min(row["billed_until"] or row["subscribed_at"] for row in rows)
    period = str(calendar.month_of(from_micros(since)))
    lines = await transaction.all(_LINES.substitute(wanted=wanted), **parameters, since=period)
    return _billed(rows, lines, calendar)


def _others(but: Regular | None) -> str:
    return "1 = 1" if but is None else is_irregular(but)


def _billed(rows: list[Row], lines: list[Row], calendar: BillingCalendar) -> dict[str, Billed]:
    found = {
        row["id"]: Billed(calendar.month_of(from_micros(row["billed_until"])))
        for row in rows
        if row["billed_until"] is not None
    }
    months: dict[str, set[Month]] = {}
    for line in lines:
        months.setdefault(line["instance_id"], set()).add(Month.parse(line["period"]))
    for instance_id, single in months.items():
        before = found[instance_id].before if instance_id in found else None
        found[instance_id] = Billed(before, frozenset(single))
    return found


_UNBILLED = Template(
    """
    SELECT * FROM instances
     WHERE partner_id = :partner_id AND owes_lines = 1 AND subscribed_at < :before AND $others
     ORDER BY folded_name, id
    """
)

_WANTED = Template(
    """
    partner_id = :partner_id AND subscribed_at IS NOT NULL
    AND (owes_lines = 1 OR state IN ($states)) AND $others
    """
)

_MARKS = Template(
    "SELECT id, $billed_until AS billed_until, subscribed_at FROM instances WHERE $wanted"
)

_LINES = Template(
    """
    SELECT lines.instance_id, lines.period
      FROM (SELECT id FROM instances WHERE $wanted) AS wanted
      JOIN invoice_lines AS lines ON lines.instance_id = wanted.id
     WHERE lines.partner_id = :partner_id AND lines.void = 0 AND lines.kind = 'month'
       AND lines.period >= :since
    """
)
