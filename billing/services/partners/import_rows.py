"""What is brought in from another system: rows as they were read, and what each of them brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from billing.instances import Instance
from billing.money import Money
from billing.partners import Partner
from billing.refusals import Refusal


class ImportRefused(Refusal):
    """
    A row cannot be brought in. Facts: `why`, `wanted`.

    `why` is one of partner_missing, several (partners of that name), programme_missing,
    programme_differs, balance_known (only a partner that is made has one), instance_missing (a
    date, or whether to migrate, is an instance's), id_form, id_taken, nothing (the row is done).
    """

    code = "import_refused"


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount as it was written: in the partner's currency unless another was named."""

    minor: int
    currency: str | None = None

    def of(self, partner: Partner) -> Money:
        """Return it in its currency."""
        return Money(self.minor, self.currency or partner.currency)


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row as it was read; None is what it leaves open. `unread`: why it could not be read.

    `reference` is the instance's id at the platform; `panel`: it was made in the admin panel.
    """

    line: int
    partner: str = ""
    programme: str | None = None
    instance: str | None = None
    paid_until: date | None = None
    migrate: bool | None = None
    price: Sum | None = None
    credit: Sum | None = None
    days: int | None = None
    reference: str | None = None
    panel: bool = False
    unread: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """
    What a row brings, or why nothing.

    `made`: it made its partner. `balance`: credit or days that were given, `waits` if only once
    a second person has confirmed it.
    """

    row: Row
    refusal: Refusal | None = None
    partner: Partner | None = None
    made: bool = False
    instance: Instance | None = None
    price: Money | None = None
    balance: Money | int | None = None
    waits: bool = False

    @property
    def told(self) -> str:
        """What it says, in a form that changes when that does."""
        it, refusal = self.instance, self.refusal and self.refusal.code
        runs = f"{it.settlement} {it.active_until} {it.subscribed_at:%Y-%m}" if it else ""
        return f"{self.row} {refusal} {self.made} {runs} {self.price} {self.balance} {self.waits}"


@dataclass(frozen=True, slots=True)
class Import:
    """
    The result of every row. `terms` stand for all of it.

    `codes`: by partner that was made, under which key the code for its owner waits to be shown,
    and until when it works.
    """

    results: tuple[Result, ...]
    terms: str
    codes: tuple[tuple[Partner, str, datetime], ...] = ()
