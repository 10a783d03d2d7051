"""
What an invoice is drawn up from: asked once, and drawn up by the same function whatever for.

The close, the preview, the dry run and the what-if all come here, so that they cannot differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from billing import invoices, ledger, terms
from billing.billable import Billed
from billing.calendar import Month
from billing.instances import Instance
from billing.invoices import Draft, Line, LineKind
from billing.money import Money
from billing.partners import Partner
from billing.programmes import Programme
from billing.regular import Band, Counted, Regular
from billing.services import finding
from billing.services.days import arrears
from billing.services.ports import Work

NOTHING = Billed()


@dataclass(frozen=True, slots=True)
class Basis:
    """
    The instances that may have a line, what is billed of them, their prices, the credit.

    `usage` are the lines of days that were used and are owed for. Asked for in bulk, the
    `regular` instances of the month are counted, and none of `instances`.
    """

    programme: Programme
    instances: tuple[Instance, ...]
    billed: Mapping[str, Billed]
    price: Callable[[int, Month], Money]
    credit: Money
    usage: tuple[Line, ...] = ()
    regular: Regular | None = None

    def draw_up(self, month: Month) -> Draft | None:
        """Draw up what is not billed yet, up to and with `month`; None when there is no line."""
        return invoices.draw_up(
            self.instances,
            month=month,
            programme=self.programme,
            billed=lambda instance_id: self.billed.get(instance_id, NOTHING),
            price=self.price,
            credit=self.credit,
            usage=self.usage,
            regular=self.regular,
        )

    def instead(self, changed: Iterable[Instance]) -> Basis:
        """Return it as if these instances were so, those that are not there yet too."""
        known = {instance.id: instance for instance in self.instances}
        known |= {instance.id: instance for instance in changed}
        return replace(self, instances=tuple(known.values()))

    def after(self, draft: Draft | None) -> Basis:
        """Return it as it is once a draft was issued: its months are billed, its credit used."""
        if draft is None:
            return self
        billed = dict(self.billed)
        for line in draft.lines:
            if line.kind is LineKind.MONTH:
                known = billed.get(line.instance_id, NOTHING)
                billed[line.instance_id] = known.plus(line.period)
        same = draft.credit.currency == self.credit.currency
        credit = self.credit - draft.credit if same else self.credit
        return replace(self, billed=billed, credit=credit, usage=())


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose invoice it is, under which terms; `unconfirmed` instances wait for the platform."""

    partner: Partner
    programme: Programme
    usage: tuple[Line, ...]
    unconfirmed: frozenset[str]
    price: Callable[[int, Month], Money]
    credit: Money


async def basis(work: Work, partner: Partner, month: Month) -> Basis | None:
    """
    Return what the invoice of `month` is drawn up from; None where nothing is billed by months.

    In arrears the used days are billed so. What the platform has not confirmed yet waits: it may
    refuse, and nothing is owed then.
    """
    for subject in await _subjects(work, [partner], month):
        return await _basis(work, subject, month, None)
    return None


async def bases_in_bulk(work: Work, partners: Sequence[Partner], month: Month) -> dict[str, Basis]:
    """
    Return the same of several partners, by id, with a part of the lines only counted.

    It comes to the same amounts, for this month only; how many instances there are hardly matters.
    """
    subjects = await _subjects(work, partners, month)
    counted = await work.instances.counted(
        {subject.partner.id: _span(subject, month) for subject in subjects}
    )
    return {
        subject.partner.id: await _basis(work, subject, month, counted[subject.partner.id])
        for subject in subjects
    }


async def _subjects(work: Work, partners: Sequence[Partner], month: Month) -> list[_Subject]:
    billed = []
    for partner in partners:
        programme = finding.programme_in(work, partner, month)
        usage = await arrears.lines(work, partner, programme, month)
        if programme.postpaid or usage:
            billed.append((partner, programme, tuple(usage)))
    ids = [partner.id for partner, _, _ in billed]
    agreements = await work.partners.all_agreements(ids)
    unconfirmed = await work.calls.subscribing(ids)
    credit = await _credit(
        work, [(partner, programme.currency) for partner, programme, _ in billed]
    )
    return [
        _Subject(
            partner=partner,
            programme=programme,
            usage=usage,
            unconfirmed=unconfirmed[partner.id],
            price=terms.pricing(work.programmes, partner, agreements[partner.id], programme),
            credit=credit[partner.id],
        )
        for partner, programme, usage in billed
    ]


async def _basis(work: Work, subject: _Subject, month: Month, counted: Counted | None) -> Basis:
    regular = None if counted is None else _priced(subject, month, counted)
    calendar = subject.programme.calendar
    found: list[Instance] = []
    billed: Mapping[str, Billed] = {}
    if counted is None or counted.others:
        found = await work.instances.unbilled(
            subject.partner.id, end=calendar.end(month), but=regular
        )
        billed = await work.instances.billed_months(subject.partner.id, calendar, but=regular)
    return Basis(
        programme=subject.programme,
        instances=tuple(it for it in found if it.id not in subject.unconfirmed),
        billed=billed,
        price=subject.price,
        credit=subject.credit,
        usage=subject.usage,
        regular=regular,
    )


def _span(subject: _Subject, month: Month) -> Regular:
    calendar = subject.programme.calendar
    return Regular(calendar.start(month), calendar.end(month), subject.unconfirmed, ())


def _priced(subject: _Subject, month: Month, counted: Counted) -> Regular:
    bands = sorted(counted.bands.items())
    return replace(
        _span(subject, month),
        bands=tuple(Band(band, count, subject.price(band, month)) for band, count in bands),
    )


async def _credit(work: Work, whose: Iterable[tuple[Partner, str]]) -> dict[str, Money]:
    """Return what each partner has paid too much, in the currency beside it."""
    of_currency: dict[str, list[str]] = defaultdict(list)
    for partner, currency in whose:
        of_currency[currency].append(partner.id)
    found: dict[str, Money] = {}
    for currency, ids in of_currency.items():
        kept = await work.ledger.balances([ledger.credit(it) for it in ids], currency)
        found |= {it: -Money(kept[ledger.credit(it)], currency) for it in ids}
    return found


async def credit_in(work: Work, partner: Partner, currency: str) -> Money:
    """Return what the partner has paid too much in a currency, perhaps one of earlier terms."""
    return (await _credit(work, [(partner, currency)]))[partner.id]
