"""
Lines that statements write, however many: of instances that are billed month after month.

They are counted first, by band, and priced by the one pricing function; then one statement
writes a partner's lines where they lie. Of an instance that follows its partner nothing is read
but what its line has, and nothing is written (`following.py`). Which ones are regular:
`regular_rows.py`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from string import Template
from typing import TypeVar

from billing.invoices import Invoice
from billing.regular import Counted, Regular
from storage.engine.instants import to_micros
from storage.engine.rows import RowMissing, listed
from storage.engine.transaction import Row, Transaction
from storage.invoices.following import ALONE
from storage.invoices.regular_rows import alone_is_regular, is_irregular, is_regular, span

T = TypeVar("T")
# Bands and what each costs.
Prices = tuple[tuple[int, int], ...]


async def counted(transaction: Transaction, wanted: Mapping[str, Regular]) -> dict[str, Counted]:
    """Return, by partner, how many regular ones there are by band, and whether there are others."""
    rows: list[Row] = []
    for of, alike in _alike(wanted.items()):
        partners = {partner_id for partner_id, _ in alike}
        together = await _together(transaction, partners, of)
        rows += await _count(transaction, _COUNTED_TOGETHER, together, of)
        rows += await _count(transaction, _COUNTED, partners - together, of)
    bands: dict[str, dict[int, int]] = {partner_id: {} for partner_id in wanted}
    others = set()
    for row in rows:
        if row["regular"] is None:
            others.add(row["partner_id"])
        else:
            of_partner = bands[row["partner_id"]]
            of_partner[row["regular"]] = of_partner.get(row["regular"], 0) + row["n"]
    return {it: Counted(of_partner, others=it in others) for it, of_partner in bands.items()}


async def add(transaction: Transaction, drawn: Sequence[tuple[Invoice, Regular]]) -> None:
    """
    Add the lines of a month to invoices of different partners, and mark that it is billed.

    :raises RowMissing: if there are not as many as were counted.
    """
    for of, alike in _alike(drawn):
        partners = {invoice.partner_id for invoice, _ in alike}
        together = await _together(transaction, partners, of)
        counts: dict[tuple[Prices, Template], dict[str, int]] = defaultdict(dict)
        for invoice, priced in alike:
            prices = tuple((band.number, band.price.minor) for band in priced.bands)
            sql = _LINES_TOGETHER if invoice.partner_id in together else _LINES
            counts[prices, sql][invoice.id] = priced.count
        for (prices, sql), invoices in counts.items():
            await _add_lines(transaction, sql, invoices, prices, of)
        # What was not billed with the others that follow a partner is not billed up to here.
        await _mark(transaction, _LEFT_ALONE, partners - together, of)
        await _mark(transaction, _BILLED_ALONE, partners, of)
        await _mark(transaction, _BILLED, partners, of)


def _alike(
    wanted: Iterable[tuple[T, Regular]],
) -> Iterable[tuple[Regular, list[tuple[T, Regular]]]]:
    """Yield what one statement can be asked of: the same month, whatever it costs."""
    found: dict[Regular, list[tuple[T, Regular]]] = defaultdict(list)
    for whose, of in wanted:
        found[replace(of, bands=())].append((whose, of))
    return found.items()


async def _together(transaction: Transaction, partners: Collection[str], of: Regular) -> set[str]:
    """Return where all that follow are regular: it need not be asked of each of them."""
    if of.without:
        return set()
    names, parameters = listed("partner", sorted(partners))
    rows = await transaction.all(
        _BILLED_SO_FAR.substitute(partners=names), **parameters, start=to_micros(of.start)
    )
    return {row["id"] for row in rows}


async def _count(
    transaction: Transaction, sql: Template, partners: Collection[str], of: Regular
) -> list[Row]:
    if not partners:
        return []
    names, parameters = listed("partner", sorted(partners))
    conditions = {"regular": is_regular(of), "alone_is_regular": alone_is_regular(of)}
    return await transaction.all(
        sql.substitute(partners=names, **conditions), **parameters, **span(of)
    )


async def _mark(
    transaction: Transaction, sql: Template, partners: Collection[str], of: Regular
) -> None:
    if not partners:
        return
    names, parameters = listed("partner", sorted(partners))
    conditions = {"irregular": is_irregular(of), "alone_is_regular": alone_is_regular(of)}
    await transaction.run(sql.substitute(partners=names, **conditions), **parameters, **span(of))


async def _add_lines(
    transaction: Transaction,
    sql: Template,
    counts: Mapping[str, int],
    prices: Prices,
    of: Regular,
) -> None:
    """Add the lines of invoices with the same prices, so many of each."""
    names, parameters = listed("invoice", counts)
    cases = []
    for place, (band, price) in enumerate(prices):
        cases.append(f"WHEN :band_{place} THEN CAST(:price_{place} AS BIGINT)")
        parameters |= {f"band_{place}": band, f"price_{place}": price}
    text = sql.substitute(
        invoices=names,
        price=f"CASE band {' '.join(cases)} END",
        regular=is_regular(of),
        alone_is_regular=alone_is_regular(of),
    )
    added, wanted = await transaction.run(text, **parameters, **span(of)), sum(counts.values())
    if added != wanted:
        raise RowMissing(f"{wanted} lines of {', '.join(counts)}: there are {added}")


_BILLED_SO_FAR = Template(
    "SELECT id FROM partners WHERE id IN ($partners) AND billed_until = :start"
)

_COUNTED = Template(
    """
    SELECT partner_id, CASE WHEN $regular THEN band END AS regular, COUNT(*) AS n FROM instances
     WHERE partner_id IN ($partners) AND owes_lines = 1 AND subscribed_at < :end
     GROUP BY 1, 2
    """
)

# The first half is answered by the index alone.
_COUNTED_TOGETHER = Template(
    """
    SELECT partner_id, band AS regular, COUNT(*) AS n FROM instances
     WHERE partner_id IN ($partners) AND owes_lines = 1 AND follows = 1
     GROUP BY partner_id, band
    UNION ALL
    SELECT partner_id, CASE WHEN $alone_is_regular THEN band END AS regular, COUNT(*) AS n
      FROM instances
     WHERE partner_id IN ($partners) AND owes_lines = 1 AND follows = 0 AND subscribed_at < :end
     GROUP BY 1, 2
    """
)

# Invoice by invoice, as they are numbered, and of each in the order of the partial index.
_LINES_OF = """
INSERT INTO invoice_lines (invoice_id, instance_id, partner_id, period, kind, name, band,
                           price_minor, subscribed_at, cancelled_at, service_ends_at)
SELECT invoices.id, instances.id, invoices.partner_id, invoices.period, 'month', name, band, $price,
       subscribed_at, cancelled_at, service_ends_at
  FROM invoices CROSS JOIN instances
 WHERE invoices.id IN ($invoices) AND instances.partner_id = invoices.partner_id
   AND owes_lines = 1 AND subscribed_at < :end
"""

_LINES = Template(f"{_LINES_OF} AND $regular")

_LINES_TOGETHER = Template(f"{_LINES_OF} AND (follows = 1 OR $alone_is_regular)")

_LEFT_ALONE = Template(f"{ALONE} AND partner_id IN ($partners) AND owes_lines = 1 AND $irregular")

# Those that stand alone and run on follow from here; those that end have their last line.
_BILLED_ALONE = Template(
    """
    UPDATE instances
       SET billed_until = :end,
           follows = CASE WHEN billable_until IS NULL THEN 1 ELSE 0 END,
           owes_lines = CASE WHEN billable_until <= :end THEN 0 ELSE 1 END
     WHERE partner_id IN ($partners) AND owes_lines = 1 AND follows = 0 AND subscribed_at < :end
       AND $alone_is_regular
    """
)

_BILLED = Template("UPDATE partners SET billed_until = :end WHERE id IN ($partners)")
