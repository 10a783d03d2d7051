"""
A bank's statement: what its rows would be booked as, then booked, each row by itself.

What is booked already is known by its reference. Commands: "/paid … a bank's CSV as a file".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from billing import matching
from billing.invoices import Invoice
from billing.matching import Found, Incoming
from billing.money import Money
from billing.partners import Partner, Right
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.instances.subscriptions import TermsChanged
from billing.services.payments import booking, second
from billing.services.people import Actor
from billing.services.ports import Approval, Payment, Work


@dataclass(frozen=True, slots=True)
class Matched:
    """
    A row with its invoice, and whose that is.

    `owed` is left of it by the rows before; `waits`: the row wants a second person.
    """

    found: Found
    invoice: Invoice
    partner: Partner
    owed: Money
    waits: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A row whose reference is booked already, for the invoice of that number."""

    row: Incoming
    payment: Payment
    number: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rows would be booked as; `terms` stand for it in a form that changes with it."""

    matched: tuple[Matched, ...]
    unmatched: tuple[Found, ...]
    known: tuple[Known, ...]
    terms: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a row: booked, already booked, waiting for a second person, or refused."""

    matched: Matched
    came: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of each row that was shown with an invoice, and what else was shown."""

    outcomes: tuple[Outcome, ...]
    proposal: Proposal


@requires(Right.BOOK)
async def propose(work: Work, actor: Actor, rows: Sequence[Incoming]) -> Proposal:
    """Say what the rows would be booked as; changes nothing."""
    del actor
    return await _propose(work, rows)


@requires(Right.BOOK)
async def enter(work: Work, actor: Actor, rows: Sequence[Incoming], *, terms: str) -> Entered:
    """
    Book what was shown; a row that is refused holds up no other.

    Done again it books nothing: every reference is known then.

    :raises TermsChanged: what was shown is no longer true; nothing was done.
    """
    proposal = await _propose(work, rows)
    if proposal.terms != terms:
        raise TermsChanged(operation="paid")
    outcomes = tuple([await _enter(work, actor, one) for one in proposal.matched])
    return Entered(outcomes, proposal)


async def _enter(work: Work, actor: Actor, one: Matched) -> Outcome:
    row, amount = one.found.row, one.found.amount
    try:
        async with work.savepoint():
            done = await booking.book(
                work, actor, one.invoice.number, amount, row.reference, row.on
            )
    except AlreadyDone as already:
        return Outcome(one, "already", already)
    except Refusal as refusal:
        return Outcome(one, "refused", refusal)
    return Outcome(one, "waits" if isinstance(done, Approval) else "booked")


async def _propose(work: Work, rows: Sequence[Incoming]) -> Proposal:
    known, fresh = [], []
    for row in rows:
        payment = await work.payments.referenced(row.reference) if row.reference else None
        if payment is None:
            fresh.append(row)
        else:
            invoice = await work.invoices.by_id(payment.invoice_id)
            known.append(Known(row, payment, invoice.number if invoice else ""))
    due = await work.invoices.all_open()
    partners = {one: await finding.the_partner(work, one) for one in {i.partner_id for i in due}}
    found = matching.match(
        fresh,
        numbered=await _numbered(work, fresh),
        due=due,
        partners={one: partner.name for one, partner in partners.items()},
    )
    matched = _matched(work, found, partners)
    unmatched = tuple(one for one in found if one.invoice is None)
    return Proposal(matched, unmatched, tuple(known), _terms(matched, unmatched, known))


def _matched(
    work: Work, found: Sequence[Found], partners: Mapping[str, Partner]
) -> tuple[Matched, ...]:
    matched = []
    left: dict[str, Money] = {}
    for one in found:
        if one.invoice is None:
            continue
        owed = left.get(one.invoice.id, one.invoice.owed)
        left[one.invoice.id] = owed - min(one.amount, owed)
        partner = partners[one.invoice.partner_id]
        waits = second.wanted(work, partner, one.amount)
        matched.append(Matched(one, one.invoice, partner, owed, waits))
    return tuple(matched)


async def _numbered(work: Work, rows: Sequence[Incoming]) -> dict[str, Invoice]:
    named = {number for row in rows for number in matching.numbers_in(row.words)}
    found = {number: await work.invoices.by_number(number) for number in sorted(named)}
    return {number: invoice for number, invoice in found.items() if invoice is not None}


def _terms(matched: Sequence[Matched], unmatched: Sequence[Found], known: Sequence[Known]) -> str:
    told = [
        f"{one.found.row.line} {one.invoice.id} {one.invoice.owed.minor} {one.found.by} {one.waits}"
        for one in matched
    ]
    told += [f"{one.row.line} {one.by}" for one in unmatched]
    told += [f"{one.row.line} {one.payment.id}" for one in known]
    return sha256("\n".join(told).encode()).hexdigest()[:16]
