"""
Which invoice the money of a bank's statement is for; nothing surely known is guessed.

By an invoice's number in the text first, else by what exactly one open invoice owes, where a
partner that is named decides. Commands: "/paid … a bank's CSV as a file".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.invoices import Invoice
from billing.money import Money

# As banks write them: with other signs between the parts, or with none.
A_NUMBER = re.compile(
    r"(?<![A-Z0-9])([A-Z]{2,5})[\s/._-]?(20[0-9]{2})[\s/._-]?([0-9]{5,9})(?![A-Z0-9])"
)


class How(StrEnum):
    """By what a row is an invoice's."""

    NUMBER = "number"
    SUM = "sum"
    PARTNER = "partner"


class Why(StrEnum):
    """Why a row is nobody's: it is booked by hand."""

    NO_REFERENCE = "no_reference"
    REFERENCE_TWICE = "reference_twice"
    NOTHING = "nothing"
    SEVERAL = "several"
    CURRENCY = "currency"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    Money that came in, as a row of a statement says it.

    `line` is the row's in the table, `minor` its amount in minor units, above nothing;
    `currency` None: the account's, whichever that is.
    """

    line: int
    on: date
    minor: int
    currency: str | None
    reference: str
    text: str

    @property
    def words(self) -> str:
        """All that may name an invoice or a partner."""
        return f"{self.reference} {self.text}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a row is for; without an invoice it says why."""

    row: Incoming
    by: How | Why
    invoice: Invoice | None = None

    @property
    def amount(self) -> Money:
        """What would be booked, in the invoice's currency."""
        assert self.invoice is not None, "what is nobody's is not booked"
        return Money(self.row.minor, self.invoice.total.currency)


def folded(text: str) -> str:
    """Return words as they are compared: without accents, case and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    # Case folding can bring forth signs that come apart again.
    apart = unicodedata.normalize("NFKD", plain)
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())


def numbers_in(text: str) -> list[str]:
    """Return what could be numbers of invoices, each once, in its usual form."""
    found = A_NUMBER.findall(" ".join(text.upper().split()))
    return list(dict.fromkeys("-".join(parts) for parts in found))


def match(
    rows: Sequence[Incoming],
    *,
    numbered: Mapping[str, Invoice],
    due: Collection[Invoice],
    partners: Mapping[str, str],
) -> list[Found]:
    """
    Say of each row what it is for, in the order of the rows; that order decides nothing.

    `numbered` are the invoices whose numbers stand in the rows, `due` all on which something is
    owed, `partners` the names of whose those are, by id. By its sum alone an invoice is
    found for one row at most, and none of which a number names.
    """
    times = Counter(folded(row.reference) for row in rows)
    found: dict[int, Found] = {}
    for at, row in enumerate(rows):
        if not folded(row.reference):
            found[at] = Found(row, Why.NO_REFERENCE)
        elif times[folded(row.reference)] > 1:
            found[at] = Found(row, Why.REFERENCE_TWICE)
        elif named := [numbered[one] for one in numbers_in(row.words) if one in numbered]:
            found[at] = _by_number(row, named)
    taken = {one.invoice.id for one in found.values() if one.invoice is not None}
    left = [invoice for invoice in due if invoice.id not in taken and invoice.owed]
    rest = {at: _by_sum(row, left, partners) for at, row in enumerate(rows) if at not in found}
    found |= _without_rivals(rest)
    return [found[at] for at in range(len(rows))]


def _by_number(row: Incoming, named: Sequence[Invoice]) -> Found:
    if len(named) > 1:
        return Found(row, Why.SEVERAL)
    (invoice,) = named
    if row.currency not in {None, invoice.total.currency}:
        return Found(row, Why.CURRENCY)
    if not invoice.owed:
        return Found(row, Why.SETTLED)
    return Found(row, How.NUMBER, invoice)


def _by_sum(row: Incoming, due: Iterable[Invoice], partners: Mapping[str, str]) -> Found:
    fits = [
        invoice
        for invoice in due
        if invoice.owed.minor == row.minor and row.currency in {None, invoice.total.currency}
    ]
    named = {partner_id for partner_id, name in partners.items() if _names(row, name)}
    if named:
        # Who is named pays nobody else's.
        fits = [invoice for invoice in fits if invoice.partner_id in named]
    if len(fits) != 1:
        return Found(row, Why.SEVERAL if fits else Why.NOTHING)
    return Found(row, How.PARTNER if named else How.SUM, fits[0])


def _names(row: Incoming, name: str) -> bool:
    words = re.escape(folded(name))
    return re.search(rf"(?<!\w){words}(?!\w)", folded(row.words)) is not None


def _without_rivals(found: Mapping[int, Found]) -> dict[int, Found]:
    """Leave each invoice to one row: to the only one that names its partner, else to none."""
    claims = Counter(one.invoice.id for one in found.values() if one.invoice is not None)
    named = Counter(
        one.invoice.id
        for one in found.values()
        if one.invoice is not None and one.by is How.PARTNER
    )
    kept: dict[int, Found] = {}
    for at, one in found.items():
        if one.invoice is None:
            kept[at] = one
            continue
        alone = claims[one.invoice.id] == 1
        first = one.by is How.PARTNER and named[one.invoice.id] == 1
        kept[at] = one if alone or first else Found(one.row, Why.SEVERAL)
    return kept
