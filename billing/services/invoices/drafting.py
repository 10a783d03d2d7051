"""
What an invoice is drawn up from: asked once, and drawn up by the same function whatever for.

The close, the preview, the dry run and the what-if all come here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from billing import invoices, ledger, terms
from billing.billable import Billed
from billing.calendar import Month
from billing.instances import Instance
from billing.invoices import Draft, Line, LineKind
from billing.money import Money
from billing.partners import Partner
from billing.programmes import Programme
from billing.regular import Band, Regular
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


async def basis(
    work: Work, partner: Partner, month: Month, *, in_bulk: bool = False
) -> Basis | None:
    """
    Return what the invoice of `month` is drawn up from; None where nothing is billed by months.

    In arrears the used days are billed so. What the platform has not confirmed yet waits: it may
    refuse, and nothing is owed then. `in_bulk` the same comes to the same amount, for this month
    only, with a part of the lines counted: how many instances there are then hardly matters.
    """
    programme = finding.programme_in(work, partner, month)
    usage = await arrears.lines(work, partner, programme, month)
    if not programme.postpaid and not usage:
        return None
    agreements = await work.partners.agreements(partner.id)
    price = terms.pricing(work.programmes, partner, agreements, programme)
    unconfirmed = await work.calls.subscribing(partner.id)
    calendar = programme.calendar
    regular, others = None, True
    if in_bulk:
        start, end = calendar.start(month), calendar.end(month)
        counts, others = await work.instances.counted(
            partner.id, Regular(start, end, unconfirmed, ())
        )
        bands = (Band(band, count, price(band, month)) for band, count in sorted(counts.items()))
        regular = Regular(start, end, unconfirmed, tuple(bands))
    found: list[Instance] = []
    billed: Mapping[str, Billed] = {}
    if others:
        found = await work.instances.unbilled(partner.id, end=calendar.end(month), but=regular)
        billed = await work.instances.billed_months(partner.id, calendar, but=regular)
    return Basis(
        programme=programme,
        instances=tuple(instance for instance in found if instance.id not in unconfirmed),
        billed=billed,
        price=price,
        credit=await credit_in(work, partner, programme.currency),
        usage=tuple(usage),
        regular=regular,
    )


async def credit_in(work: Work, partner: Partner, currency: str) -> Money:
    """Return what the partner has paid too much in a currency, perhaps one of earlier terms."""
    return -Money(await work.ledger.balance(ledger.credit(partner.id), currency), currency)
