"""
A month of a partner's account: every movement of money and of days, and what there was after it.

Money is what the partner owes: an invoice adds to it, a payment takes from it, and below nothing
it is credit. Days are those that may still be allocated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from billing import ledger
from billing.calendar import Month
from billing.ledger import EntryKind
from billing.partners import Partner, Right
from billing.services import finding
from billing.services.access import requires
from billing.services.people import Actor
from billing.services.ports import Moved, Work


@dataclass(frozen=True, slots=True)
class Row:
    """
    A movement; `about` is what people know it by beside its reference.

    Of a payment the reference of the bank's, of an instance its name; else nothing.
    """

    moved: Moved
    about: str


@dataclass(frozen=True, slots=True)
class Account:
    """One unit's movements, `unit` a currency or days; `opening` is what there was before."""

    unit: str
    opening: int
    rows: list[Row]

    @property
    def closing(self) -> int:
        """What there was at the end."""
        return self.rows[-1].moved.balance if self.rows else self.opening


@dataclass(frozen=True, slots=True)
class Statement:
    """A partner's month, of its programme's calendar; `zone` is the programme's."""

    partner: Partner
    month: Month
    zone: str
    money: Account
    days: Account | None


@requires(Right.PAY)
async def own(work: Work, actor: Actor, month: Month | None = None) -> Statement:
    """Return a month of the partner's account, by default the present one."""
    return await of(work, finding.own_partner_id(actor), month)


async def of(work: Work, partner_id: str, month: Month | None = None) -> Statement:
    """
    Return a month of any partner's account; who may have it was asked before.

    :raises NotFound:
    """
    partner = await finding.the_partner(work, partner_id)
    calendar = finding.programme_of(work, partner).calendar
    month = month or calendar.month_of(work.now)
    programme = finding.programme_in(work, partner, month)
    start, end = calendar.start(month), calendar.end(month)
    money = (ledger.receivable(partner.id), ledger.credit(partner.id))
    days = await _account(work, partner, [ledger.balance(partner.id)], ledger.DAYS, start, end)
    return Statement(
        partner=partner,
        month=month,
        zone=programme.zone,
        money=await _account(work, partner, money, programme.currency, start, end),
        days=days if days.rows or days.opening else None,
    )


async def _account(
    work: Work, partner: Partner, accounts: Sequence[str], unit: str, start: datetime, end: datetime
) -> Account:
    moved = await work.ledger.moved(accounts, unit, start, end)
    banks = await _references(work, partner, start, end)
    names = await _names(work, partner, moved)
    rows = []
    for one in moved:
        # Two of the same amount at the same instant stand in the order in which they were booked.
        booked = banks.get((one.kind, one.at, one.amount))
        rows.append(Row(one, booked.pop(0) if booked else names.get(one.reference, "")))
    return Account(unit, await work.ledger.before(accounts, unit, start), rows)


async def _references(
    work: Work, partner: Partner, start: datetime, end: datetime
) -> dict[tuple[str, datetime, int], list[str]]:
    """Return the bank's references of a partner's payments by kind, instant and amount."""
    found: dict[tuple[str, datetime, int], list[str]] = defaultdict(list)
    for payment in await work.payments.booked_between(start, end):
        if payment.partner_id == partner.id:
            booked = (EntryKind.PAYMENT_BOOKED.value, payment.booked_at, -payment.amount.minor)
            found[booked].append(payment.reference)
    for payment in await work.payments.reversed_between(start, end):
        if payment.partner_id == partner.id and payment.reversed_at is not None:
            taken = (EntryKind.PAYMENT_REVERSED.value, payment.reversed_at, payment.amount.minor)
            found[taken].append(payment.reference)
    return found


async def _names(work: Work, partner: Partner, moved: Sequence[Moved]) -> dict[str, str]:
    """Return the names of the instances that movements refer to."""
    names = {}
    for reference in {one.reference for one in moved}:
        instance = await work.instances.get(partner.id, reference)
        if instance is not None:
            names[reference] = instance.name
    return names
