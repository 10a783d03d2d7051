"""Which kinds of files there are, by the names under which messages promise them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.documents import chart, debts, invoice, margin, pairing, person, report, statement
from bot.documents.making import Kind

KINDS: Mapping[str, Kind] = {
    **chart.KINDS,
    **debts.KINDS,
    **invoice.KINDS,
    **margin.KINDS,
    **pairing.KINDS,
    **person.KINDS,
    **report.KINDS,
    **statement.KINDS,
}
