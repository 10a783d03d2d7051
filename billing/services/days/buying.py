"""
Buying days: quoted, requested, withdrawn, by hand or by a standing order.

`quote` says what channels or days cost now; `request` asks for them by the terms that were
shown. Under a programme that says `auto` the invoice is there at once; under one that says
`staff` it is promised within its minutes, day and night, and the request waits in the staff group
with its clock (see `staff_cards`). Rules: "Days", 1 and 2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from billing.days import quotes, requests
from billing.days.quotes import DayQuote
from billing.days.requests import DayRequest, RequestState
from billing.invoices import Invoice
from billing.partners import Partner, Right, check_may_begin
from billing.refusals import AlreadyDone, NotFound, Refusal
from billing.services import facts, finding
from billing.services.access import requires
from billing.services.days import funds, issuing, staff_cards
from billing.services.people import Actor
from billing.services.ports import Due, Work

# Requests that wait at once, so that nobody buries the staff.
MOST_WAITING = 5


class BuyChanged(Refusal):
    """The price, the balance or the promise shown is no longer true; nothing was asked for."""

    code = "buy_changed"


class TooManyRequests(Refusal):
    """So many requests for days wait already. Facts: `waiting`, `most`."""

    code = "too_many_requests"


@dataclass(frozen=True, slots=True)
class Buy:
    """
    What days cost, as of now; `by` is until when the invoice would be there.

    `at_once` tells that it is drawn up when it is asked for; `balance` is before it. `terms`
    stand for what was shown.
    """

    quote: DayQuote
    balance: int
    at_once: bool
    by: datetime
    zone: str
    terms: str


@dataclass(frozen=True, slots=True)
class Requested:
    """A request, and its invoice if that is there already."""

    request: DayRequest
    invoice: Invoice | None
    zone: str


@requires(Right.PAY)
async def quote(
    work: Work,
    actor: Actor,
    *,
    channels: int | Decimal | None = None,
    by_days: int | Decimal | None = None,
) -> Buy:
    """
    Say what so many channels, or so many days, cost; changes nothing.

    :raises PartnerLeft, PartnerFrozen, PartnerStopped, NoDays, DayCountRefused:
    """
    return await _quote(work, await finding.own_partner(work, actor), channels, by_days)


@requires(Right.VIEW)
async def foresee(work: Work, actor: Actor, channels: int) -> Buy:
    """
    Say what the days of so many channels would cost, to who may not buy them as well.

    :raises: as `quote` does.
    """
    return await _quote(work, await finding.own_partner(work, actor), channels, None)


@requires(Right.PAY)
async def request(
    work: Work,
    actor: Actor,
    *,
    channels: int | Decimal | None = None,
    by_days: int | Decimal | None = None,
    terms: str,
) -> Requested:
    """
    Ask for channels or days at the price that was shown.

    :raises BuyChanged: what `terms` stand for is no longer true; show the quote anew.
    :raises AlreadyDone: the same waits. Facts: `request`, `days`, `channels`, `requested_at`,
        `promised_by`.
    :raises TooManyRequests:
    :raises: as `quote` does.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    bought = await _quote(work, partner, channels, by_days)
    await _check_waiting(work, partner, bought.quote)
    shown, _, at = terms.rpartition(" @")
    if shown != bought.terms.rpartition(" @")[0]:
        raise BuyChanged
    await _check_promise(work, partner, bought, facts.moment(int(at)))
    return await ask(work, actor, partner, bought.quote, standing=False)


async def _quote(
    work: Work,
    partner: Partner,
    channels: int | Decimal | None,
    by_days: int | Decimal | None,
) -> Buy:
    check_may_begin(partner)
    terms = funds.terms_of(work, partner)
    have = await funds.funds_of(work, partner)
    price = await funds.price_of(work, partner)
    if channels is not None:
        quoted = quotes.of_channels(channels, price, terms, have)
    else:
        quoted = quotes.of_days(by_days or 0, price, terms, have)
    amount = f"{quoted.total.minor} {price.currency}"
    shown = f"buy {quoted.days} {quoted.channels or '-'} {amount} {have.balance}"
    shown = f"{shown} @{facts.micros(work.now)}"
    promised = requests.promised_by(terms, work.now)
    return Buy(quoted, have.balance, terms.invoice == "auto", promised, partner.zone, shown)


async def _check_promise(work: Work, partner: Partner, bought: Buy, shown_at: datetime) -> None:
    """What was promised when it was shown holds, and the same was not asked for since."""
    promised = requests.promised_by(funds.terms_of(work, partner), shown_at)
    if promised < work.now and not bought.at_once:
        raise BuyChanged
    wanted = (bought.quote.days, bought.quote.channels)
    for one in await work.days.requests(partner.id):
        same = (one.days, one.channels) == wanted and not one.standing
        if same and one.requested_at > shown_at:
            raise BuyChanged


async def _check_waiting(work: Work, partner: Partner, wanted: DayQuote) -> None:
    waiting = [
        one
        for one in await work.days.requests(partner.id)
        if one.state is RequestState.WAITING and not one.standing
    ]
    for one in waiting:
        if (one.days, one.channels) == (wanted.days, wanted.channels):
            raise AlreadyDone(
                action="buy",
                request=one.id,
                days=one.days,
                channels=one.channels,
                requested_at=one.requested_at,
                promised_by=one.promised_by,
            )
    if len(waiting) >= MOST_WAITING:
        raise TooManyRequests(waiting=len(waiting), most=MOST_WAITING)


async def ask(
    work: Work, actor: Actor, partner: Partner, wanted: DayQuote, *, standing: bool
) -> Requested:
    """Add a request: its invoice is drawn up, or promised; the partner is locked."""
    terms = funds.terms_of(work, partner)
    asked = DayRequest(
        id=work.ids.short(8),
        partner_id=partner.id,
        days=wanted.days,
        channels=wanted.channels,
        total=wanted.total,
        state=RequestState.WAITING,
        requested_by=actor.user_id,
        requested_at=work.now,
        promised_by=requests.promised_by(terms, work.now),
        standing=standing,
    )
    await work.days.add_request(asked)
    await record(work, actor, "buy", asked, "")
    if terms.invoice == "auto":
        invoice = await issuing.issue(work, actor, partner, asked)
        found = await work.days.request(asked.id)
        assert found is not None, "it was added"
        return Requested(found, invoice, partner.zone)
    await staff_cards.show(work, asked)
    soon = requests.escalated_at(terms, asked.promised_by)
    for kind, at in (("day_request_soon", soon), ("day_request_over", asked.promised_by)):
        await work.due.plan(Due(f"{kind}:{asked.id}", kind, asked.id, partner.id, at))
    return Requested(asked, None, partner.zone)


@requires(Right.PAY)
async def withdraw(work: Work, actor: Actor, request_id: str) -> DayRequest:
    """
    Withdraw a request of one's own partner while its invoice is not there.

    :raises NotFound: there is none, or it is another partner's.
    :raises AlreadyDone: it waits no more. Facts: `state`, `number`.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    asked = await waiting(work, request_id, partner_id=partner.id)
    withdrawn = replace(asked, state=RequestState.WITHDRAWN)
    await work.days.save_request(withdrawn)
    await no_clock(work, asked)
    await record(work, actor, "withdraw", withdrawn, asked.state)
    await staff_cards.renew(work, withdrawn)
    return withdrawn


async def waiting(work: Work, request_id: str, *, partner_id: str | None = None) -> DayRequest:
    """
    Return a request that waits; with `partner_id` only one of that partner.

    :raises NotFound: there is none, or it is another partner's.
    :raises AlreadyDone: it waits no more. Facts: `state`, `number`.
    """
    found = await work.days.request(request_id)
    if found is None or partner_id not in {None, found.partner_id}:
        raise NotFound(what="request", wanted=request_id)
    if found.state is not RequestState.WAITING:
        invoice = await work.invoices.by_id(found.invoice_id) if found.invoice_id else None
        number = invoice.number if invoice else None
        raise AlreadyDone(action="day_request", state=found.state, number=number)
    return found


async def no_clock(work: Work, asked: DayRequest) -> None:
    """A request waits no more: nobody is reminded of it."""
    for kind in ("day_request_soon", "day_request_over"):
        await work.due.drop(f"{kind}:{asked.id}")


async def record(work: Work, actor: Actor, action: str, asked: DayRequest, before: str) -> None:
    """Keep in the audit what was done with a request."""
    await work.audit.record(
        actor,
        action,
        at=work.now,
        kind="day_request",
        object_id=asked.id,
        partner_id=asked.partner_id,
        before=before,
        after=asked.state,
        amount=asked.total,
    )
