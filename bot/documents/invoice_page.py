"""What stands on an invoice, as text in its reader's language: the data of `invoice.typ`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from unicodedata import east_asian_width

from billing.calendar import local_date, zone_named
from billing.company import Company
from billing.invoices import Invoice, InvoiceKind, InvoiceState, Line
from billing.money import Money, total, zero
from billing.services.invoices.invoicing import Statement
from bot.documents import pix, qr
from bot.documents.voice import Voice
from bot.settings import Operator

Data = dict[str, Any]

# What is longer may break, though it is a word: on the page, and in a column of it.
LONGEST_WORD, LONGEST_IN_COLUMN = 40, 16
PIECE = 8
# What surely fits beside the other columns, whatever the signs.
ONE_LINE, ONE_LINE_OF_DETAILS = 20, 50


def data(found: Statement, say: Voice, issuer: Operator) -> Data:
    """Return all that is on an invoice, laid out by the template."""
    invoice = found.invoice
    return {
        "language": say.locale.language,
        "title": _title(invoice, say),
        "number": invoice.number,
        "stamp": _stamp(invoice, say),
        "issuer": {"name": issuer.called or "", "lines": _of_issuer(issuer, say)},
        "partner": {
            "heading": say("Billed to"),
            "name": breakable(invoice.billed_to.legal_name or found.partner.name),
            "lines": _of_partner(invoice.billed_to, found.partner.name, say),
        },
        "dates": _dates(found, say),
        "columns": [_of_what(invoice, say), say("Month"), say("Details"), say("Amount")],
        "rows": _rows(found, say),
        "sums": _sums(found, say),
        "payments": _payments(found, say),
        "ways": _ways(invoice, say, issuer),
        "notes": _notes(found, say),
        "page": say("Page {n} of {count}", n="\x01", count="\x02").split("\x01"),
    }


def _title(invoice: Invoice, say: Voice) -> str:
    return say("Credit note") if invoice.kind is InvoiceKind.CREDIT_NOTE else say("Invoice")


def _of_what(invoice: Invoice, say: Voice) -> str:
    return say("Instance") if invoice.kind is InvoiceKind.MONTHLY else say("Item")


def _stamp(invoice: Invoice, say: Voice) -> Data | None:
    """Say at a glance how it stands; what is to be paid needs no stamp."""
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return None
    match invoice.state:
        case InvoiceState.PAID:
            return {"text": say("PAID"), "good": True}
        case InvoiceState.VOID:
            return {"text": say("VOID"), "good": False}
        case _:
            return None


def _of_issuer(issuer: Operator, say: Voice) -> list[str]:
    told = [
        issuer.name if issuer.legal_name and issuer.name != issuer.legal_name else None,
        say("Tax id: {number}", number=issuer.tax_id) if issuer.tax_id else None,
        issuer.address,
        issuer.email,
    ]
    return [breakable(line) for line in told if line]


def _of_partner(company: Company, name: str, say: Voice) -> list[str]:
    told = [
        name if company.legal_name and company.legal_name != name else None,
        say("Tax id: {number}", number=company.tax_id) if company.tax_id else None,
        company.address,
        company.email,
    ]
    return [breakable(line) for line in told if line]


def _dates(found: Statement, say: Voice) -> list[list[str]]:
    invoice = found.invoice
    rows = [
        (say("Number"), invoice.number),
        (say("Issued on"), say.day(local_date(invoice.issued_at, found.zone))),
    ]
    if invoice.corrects is not None:
        return [list(row) for row in [*rows, (say("Voids invoice"), invoice.corrects)]]
    if invoice.kind is InvoiceKind.MONTHLY:
        rows.insert(1, (say("Month"), say.month(invoice.period)))
    rows.append((say("Due on"), say.day(invoice.due_on)))
    if invoice.held_until is not None and invoice.state is InvoiceState.DUE:
        rows.append((say("More time until"), say.day(invoice.held_until)))
    return [list(row) for row in rows]


def _rows(found: Statement, say: Voice) -> list[Data]:
    invoice = found.invoice
    if invoice.corrects is not None:
        text = say("Invoice {number} is void", number=invoice.corrects)
        return [_row(text, "", "", "", say.money(-invoice.total))]
    if invoice.kind is InvoiceKind.DAYS:
        return [_days_row(invoice, say)]
    # The month of the invoice stands above: only where lines are of others they need their own.
    alike = all(line.period == invoice.period for line in found.lines)
    return [
        _row(
            line.name,
            line.instance_id,
            "" if alike else say.month(line.period),
            _details(line, found.zone, say),
            say.money(line.price),
        )
        for line in found.lines
    ]


def _row(name: str, ident: str, month: str, details: str, amount: str) -> Data:
    return {
        "name": breakable(name, LONGEST_IN_COLUMN),
        "id": ident,
        "month": month,
        "details": details,
        "amount": amount,
        # With a month of its own each has less room.
        "long": bool(month) or _is_long(name, ONE_LINE) or _is_long(details, ONE_LINE_OF_DETAILS),
    }


def _is_long(text: str, most: int) -> bool:
    """Whether a text may need more than a line; signs of the far east are twice as wide."""
    return len(text) + sum(east_asian_width(sign) in "FW" for sign in text) > most


def _days_row(invoice: Invoice, say: Voice) -> Data:
    days = say.plural("{n} day", "{n} days", invoice.days)
    if not invoice.channels:
        return _row(days, "", "", "", say.money(invoice.total))
    channels = say.plural("{n} channel", "{n} channels", invoice.channels)
    one = Money(invoice.total.minor // invoice.channels, invoice.total.currency)
    each = say("{price} each", price=one)
    return _row(channels, "", "", f"{days} · {each}", say.money(invoice.total))


def _details(line: Line, zone: str, say: Voice) -> str:
    if line.days:
        return say.plural("{n} used day", "{n} used days", line.days)
    if line.cancelled_at is None:
        return say("subscribed on {day}", day=local_date(line.subscribed_at, zone))
    cancelled = local_date(line.cancelled_at, zone)
    if line.service_ends_at is None or line.service_ends_at <= line.cancelled_at:
        return say("cancelled on {day}", day=cancelled)
    ends = last_day(line.service_ends_at, zone)
    return say("cancelled on {day}, served until {end}", day=cancelled, end=ends)


def last_day(instant: datetime, zone: str) -> date:
    """Return the last day before an instant: a midnight is the end of the day before."""
    local = instant.astimezone(zone_named(zone))
    back = timedelta(days=1) if local.time() == time(0) else timedelta(0)
    return local.date() - back


def _sums(found: Statement, say: Voice) -> list[Data]:
    invoice = found.invoice
    if invoice.corrects is not None:
        return [_sum(say("In all"), -invoice.total, say, strong=True)]
    paid = paid_of(found)
    rows = [_sum(say("Subtotal"), invoice.total, say)]
    if invoice.state is not InvoiceState.VOID:
        credit = invoice.settled - paid
        if credit:
            rows.append(_sum(say("Credit"), -credit, say))
        if paid:
            rows.append(_sum(say("Paid"), -paid, say))
    return [*rows, _sum(say("To pay"), invoice.owed, say, strong=True)]


def paid_of(found: Statement) -> Money:
    """Return what payments have settled of an invoice; the rest of what is settled was credit."""
    standing = [payment.used for payment in found.payments if payment.reversed_at is None]
    currency = found.invoice.total.currency
    if found.invoice.state is InvoiceState.VOID:
        return zero(currency)
    return total(standing, currency)


def _sum(label: str, amount: Money, say: Voice, *, strong: bool = False) -> Data:
    return {"label": label, "amount": say.money(amount), "strong": strong}


def _payments(found: Statement, say: Voice) -> list[Data]:
    return [
        {
            "text": say(
                "Received on {day}: {amount}, reference {reference}",
                day=local_date(payment.received_at, found.zone),
                amount=payment.amount,
                reference=breakable(payment.reference),
            )
        }
        for payment in found.payments
        if payment.reversed_at is None
    ]


def _ways(invoice: Invoice, say: Voice, issuer: Operator) -> Data | None:
    """Say how it is paid, with one code to be scanned; None where there is nothing to pay."""
    if not invoice.owed:
        return None
    lines: list[list[str]] = []
    link = issuer.link_of(invoice.number)
    paste = brcode(invoice, issuer)
    if paste is not None:
        lines.append([say("PIX key"), breakable(issuer.pix or "")])
    if link is not None:
        lines.append([say("Online"), breakable(link)])
    if issuer.bank:
        lines.append([say("Bank transfer"), issuer.bank])
    if not lines:
        return None
    lines.append([say("Reference"), invoice.number])
    scanned = paste or link
    return {
        "heading": say("How to pay"),
        "lines": lines,
        "qr": qr.svg(scanned) if scanned else None,
        "scan": say("Scan with your bank's app") if paste else say("Scan to pay online"),
        "paste": [say("PIX copy and paste"), _pieces(paste)] if paste else None,
    }


def _pieces(code: str) -> list[str]:
    """Return a code in pieces, for it has no words at which a line could break."""
    return [code[at : at + PIECE] for at in range(0, len(code), PIECE)]


def brcode(invoice: Invoice, issuer: Operator) -> str | None:
    """Return the code by which what is owed is paid by PIX, if the operator takes that."""
    if issuer.pix is None:
        return None
    called = issuer.called or ""
    return pix.code(invoice.owed, invoice.number, key=issuer.pix, name=called, city=issuer.city)


def breakable(text: str, longest: int = LONGEST_WORD) -> str:
    """Return a text in which words may break that are too long for a line."""
    return " ".join(
        word if len(word) <= longest else "\u200b".join(word) for word in text.split(" ")
    )


def _notes(found: Statement, say: Voice) -> list[str]:
    invoice = found.invoice
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return []
    if invoice.state is InvoiceState.VOID:
        return [say("This invoice is void: nothing is owed for it.")]
    if invoice.kind is InvoiceKind.MONTHLY and not invoice.days:
        return [say("Whole months, each at its price: there is no pro rata.")]
    return []
