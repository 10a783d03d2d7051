"""
Which instances may have a line to come, and the lines that statements write, however many.

An instance is regular when the month is the first one that it is not billed for (`billed_until`
is where it starts, or it was subscribed in it) and it is billed for it: one line, that need only
be counted. All others are drawn up one by one, so that whoever is not surely regular may be
taken for one that is not.

Most instances run on and on, and are billed each month with all others of their partner: once
billed they follow the partner, whose one `billed_until` stands for theirs, so that a month that is
billed changes one row and not thousands. What ends, or is not billed with the rest, stands alone.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from billing.billable import Billed
from billing.calendar import BillingCalendar, Month
from billing.instances import SUBSCRIBED, Instance
from billing.invoices import Invoice
from billing.regular import Regular
from storage.instance_rows import read_instance
from storage.instants import from_micros, to_micros
from storage.rows import RowMissing, listed, there
from storage.transaction import Parameter, Row, Transaction

Parameters = dict[str, Parameter]


async def mind(transaction: Transaction, instance_id: str) -> None:
    """Keep whether an instance owes lines, after it was changed; what ends stands alone."""
    await transaction.run(_ENDS_ALONE, id=instance_id)
    await transaction.run(_MIND, id=instance_id)


async def stand_alone(transaction: Transaction, invoice_id: str) -> None:
    """Let the instances that an invoice has lines of follow their partner no more."""
    await transaction.run(_LINES_ALONE, invoice_id=invoice_id)


async def mind_lines(transaction: Transaction, invoice_id: str) -> None:
    """Keep it of all instances that an invoice has lines of."""
    await transaction.run(_MIND_LINES, invoice_id=invoice_id)


async def forget_ended(transaction: Transaction, partner_id: str) -> None:
    """Those that ended and are billed whole owe no lines any more."""
    await transaction.run(_FORGET_ENDED, partner_id=partner_id)


async def counted(
    transaction: Transaction, partner_id: str, of: Regular
) -> tuple[Mapping[int, int], bool]:
    """Return how many regular ones there are by band, and whether there are others."""
    together = await _together(transaction, partner_id, of)
    sql, parameters = _asked(_COUNTED_TOGETHER if together else _COUNTED, of.without)
    rows = await transaction.all(
        sql, **parameters, partner_id=partner_id, start=to_micros(of.start), end=to_micros(of.end)
    )
    bands: dict[int, int] = {}
    for row in rows:
        if row["regular"] is not None:
            bands[row["regular"]] = bands.get(row["regular"], 0) + row["n"]
    return bands, any(row["regular"] is None for row in rows)


async def _together(transaction: Transaction, partner_id: str, of: Regular) -> bool:
    """Whether all that follow the partner are regular: it need not be asked of each of them."""
    row = there(await transaction.one(_MARK_OF_ALL, partner_id=partner_id), "a partner")
    return row["billed_until"] == to_micros(of.start) and not of.without


async def unbilled(
    transaction: Transaction, partner_id: str, end: datetime, but: Regular | None
) -> list[Instance]:
    """Those subscribed before `end` that may have a line, `but` for regular ones, by name."""
    sql, parameters = _others(_UNBILLED, but)
    rows = await transaction.all(sql, **parameters, partner_id=partner_id, end=to_micros(end))
    return [read_instance(row) for row in rows]


async def billed_months(
    transaction: Transaction, partner_id: str, calendar: BillingCalendar, but: Regular | None
) -> dict[str, Billed]:
    """Months on invoices, of instances that may have a line or are subscribed."""
    marks, states = listed("state", sorted(SUBSCRIBED))
    sql, parameters = _others(_MARKS.replace(":states", marks), but)
    rows = await transaction.all(sql, **parameters, **states, partner_id=partner_id)
    if not rows:
        return {}
    # Only lines that are not before every mark: their number does not grow with the history.
    since = min(row["billed_until"] or row["subscribed_at"] for row in rows)
    sql, parameters = _others(_LINES_SINCE.replace(":states", marks), but)
    lines = await transaction.all(
        sql,
        **parameters,
        **states,
        partner_id=partner_id,
        since=str(calendar.month_of(from_micros(since))),
    )
    return _billed(rows, lines, calendar)


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


async def add(transaction: Transaction, invoice: Invoice, of: Regular) -> None:
    """
    Add the lines of a month, and mark that it is billed.

    :raises RowMissing: if there are not as many as were counted.
    """
    cases, prices = _prices(of)
    together = await _together(transaction, invoice.partner_id, of)
    sql, parameters = _asked(_ADD_TOGETHER if together else _ADD, of.without)
    sql = sql.replace(":prices", cases)
    span: Parameters = {
        **parameters,
        "partner_id": invoice.partner_id,
        "start": to_micros(of.start),
        "end": to_micros(of.end),
    }
    period = str(invoice.period)
    added = await transaction.run(sql, **span, **prices, invoice_id=invoice.id, period=period)
    if added != of.count:
        raise RowMissing(f"{of.count} lines of {invoice.partner_id}, {period}: there are {added}")
    if not together:
        # What was not billed with the others that follow the partner is not billed up to here.
        await transaction.run(_asked(_LEFT_ALONE, of.without)[0], **span)
    await transaction.run(_asked(_MARK, of.without)[0], **span)
    await transaction.run(_MARK_ALL, partner_id=invoice.partner_id, end=to_micros(of.end))


# Nearly always there is nobody without, and the text is the same.
@lru_cache(maxsize=64)
def _asked(sql: str, without: frozenset[str]) -> tuple[str, Mapping[str, Parameter]]:
    marks, parameters = listed("without", sorted(without))
    regular = _REGULAR.replace(":without", marks)
    sql = sql.replace(":alone", regular.replace(":billed_until", "billed_until"))
    return sql.replace(":regular", regular.replace(":billed_until", _BILLED_UNTIL)), parameters


def _others(sql: str, but: Regular | None) -> tuple[str, Parameters]:
    if but is None:
        return sql.replace(":others", "1 = 1"), {}
    sql, parameters = _asked(sql.replace(":others", _OTHERS), but.without)
    return sql, {**parameters, "start": to_micros(but.start)}


def _prices(of: Regular) -> tuple[str, Parameters]:
    cases, parameters = [], Parameters()
    for place, band in enumerate(of.bands):
        cases.append(f"WHEN :band_{place} THEN CAST(:price_{place} AS BIGINT)")
        parameters |= {f"band_{place}": band.number, f"price_{place}": band.price.minor}
    return " ".join(cases), parameters


# That an instance may have a line to come is kept in a column, which only its end changes: the
# partial index with this condition does not move with every month that is billed.
_OWES = """
CASE WHEN settlement = 'postpaid' AND subscribed_at IS NOT NULL
      AND (billable_until IS NULL
           OR billable_until >= subscribed_at
              AND (billed_until IS NULL OR billable_until > billed_until)) THEN 1 ELSE 0 END
"""

# Of instances that follow.
_ALONE = """
UPDATE instances
   SET follows = 0,
       billed_until = (SELECT billed_until FROM partners WHERE id = instances.partner_id)
 WHERE follows = 1"""

_ENDS_ALONE = f"""{_ALONE} AND id = :id
   AND (settlement <> 'postpaid' OR subscribed_at IS NULL OR billable_until IS NOT NULL)
"""

_LINES_ALONE = """:alone
   AND id IN (SELECT instance_id FROM invoice_lines WHERE invoice_id = :invoice_id)
""".replace(":alone", _ALONE)

_LEFT_ALONE = f"""{_ALONE}
   AND partner_id = :partner_id AND owes_lines = 1 AND CASE WHEN :regular THEN 0 ELSE 1 END = 1
"""

_MIND = """
UPDATE instances SET owes_lines = :owes WHERE id = :id AND owes_lines <> :owes
""".replace(":owes", _OWES)

_MIND_LINES = """
UPDATE instances SET owes_lines = :owes
 WHERE id IN (SELECT instance_id FROM invoice_lines WHERE invoice_id = :invoice_id)
   AND owes_lines <> :owes
""".replace(":owes", _OWES)

_FORGET_ENDED = """
UPDATE instances SET owes_lines = 0
 WHERE partner_id = :partner_id AND owes_lines = 1 AND billable_until <= billed_until
"""

_MARK_OF_ALL = "SELECT billed_until FROM partners WHERE id = :partner_id"

_BILLED_UNTIL = f"(CASE follows WHEN 1 THEN ({_MARK_OF_ALL}) ELSE billed_until END)"

# Of those that owe lines.
_REGULAR = """
(CASE WHEN :billed_until = :start
      THEN billable_until IS NULL OR billable_until > :start
      WHEN :billed_until IS NULL
      THEN subscribed_at >= :start AND (billable_until IS NULL OR billable_until >= subscribed_at)
      ELSE 1 = 0 END
 AND id NOT IN (:without))
"""
_OTHERS = "CASE WHEN :regular THEN 0 ELSE 1 END = 1"

_COUNTED = """
SELECT CASE WHEN :regular THEN band END AS regular, COUNT(*) AS n FROM instances
 WHERE partner_id = :partner_id AND owes_lines = 1 AND subscribed_at < :end
 GROUP BY 1
"""

# The first half is answered by the index alone.
_COUNTED_TOGETHER = """
SELECT band AS regular, COUNT(*) AS n FROM instances
 WHERE partner_id = :partner_id AND owes_lines = 1 AND follows = 1
 GROUP BY band
UNION ALL
SELECT CASE WHEN :alone THEN band END AS regular, COUNT(*) AS n FROM instances
 WHERE partner_id = :partner_id AND owes_lines = 1 AND follows = 0 AND subscribed_at < :end
 GROUP BY 1
"""

_UNBILLED = """
SELECT * FROM instances
 WHERE partner_id = :partner_id AND owes_lines = 1 AND subscribed_at < :end AND :others
 ORDER BY folded_name, id
"""

_MARKS = """
SELECT id, :billed_until AS billed_until, subscribed_at FROM instances
 WHERE partner_id = :partner_id AND subscribed_at IS NOT NULL
   AND (owes_lines = 1 OR state IN (:states)) AND :others
""".replace(":billed_until", _BILLED_UNTIL)

_LINES_SINCE = """
SELECT lines.instance_id, lines.period
  FROM (SELECT id FROM instances
         WHERE partner_id = :partner_id AND subscribed_at IS NOT NULL
           AND (owes_lines = 1 OR state IN (:states)) AND :others) AS wanted
  JOIN invoice_lines AS lines ON lines.instance_id = wanted.id
 WHERE lines.partner_id = :partner_id AND lines.void = 0 AND lines.kind = 'month'
   AND lines.period >= :since
"""

_ADD = """
INSERT INTO invoice_lines (invoice_id, instance_id, partner_id, period, kind, name, band,
                           price_minor, subscribed_at, cancelled_at, service_ends_at)
SELECT :invoice_id, id, partner_id, :period, 'month', name, band, CASE band :prices END,
       subscribed_at, cancelled_at, service_ends_at
  FROM instances
 WHERE partner_id = :partner_id AND owes_lines = 1 AND subscribed_at < :end AND :regular
"""

_ADD_TOGETHER = _ADD.replace(":regular", "(follows = 1 OR :alone)")

# Those that stand alone and run on follow from here; those that end have their last line.
_MARK = """
UPDATE instances
   SET billed_until = :end,
       follows = CASE WHEN billable_until IS NULL THEN 1 ELSE 0 END,
       owes_lines = CASE WHEN billable_until <= :end THEN 0 ELSE 1 END
 WHERE partner_id = :partner_id AND owes_lines = 1 AND follows = 0 AND subscribed_at < :end
   AND :alone
"""

_MARK_ALL = "UPDATE partners SET billed_until = :end WHERE id = :partner_id"
