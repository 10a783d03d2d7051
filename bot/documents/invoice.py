"""An invoice as a file: on paper, and as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billing.calendar import local_date
from billing.invoices import InvoiceKind, Line
from billing.services.facts import Facts
from billing.services.invoices import invoicing
from billing.services.invoices.invoicing import Statement
from billing.services.ports import Work
from bot.documents import invoice_page, qr, tables
from bot.documents.making import File, Kind, Tools
from bot.documents.tables import Sheet, Value
from bot.documents.voice import Voice


async def look(work: Work, what: Facts) -> Statement:
    """Return the invoice that is meant: `number`."""
    return await invoicing.paper(work, str(what["number"]))


def pdf(found: Statement, say: Voice, tools: Tools) -> File:
    """Set an invoice on paper."""
    page = invoice_page.data(found, say, tools.issuer)
    return f"{found.invoice.number}.pdf", tools.press.pdf("invoice.typ", page, at=say.now)


def pix_qr(found: Statement, say: Voice, tools: Tools) -> File:
    """
    Draw the code that is scanned to pay what is owed by PIX.

    :raises ValueError: nothing is owed, or it cannot be paid so.
    """
    del say
    code = invoice_page.brcode(found.invoice, tools.issuer)
    if code is None:
        raise ValueError(f"invoice {found.invoice.number} cannot be paid by PIX")
    return f"{found.invoice.number}.png", qr.png(code)


def csv(found: Statement, say: Voice, tools: Tools) -> File:
    """Write an invoice's lines as CSV."""
    del tools
    return f"{found.invoice.number}.csv", tables.as_csv(_sheet(found, say), say)


def xlsx(found: Statement, say: Voice, tools: Tools) -> File:
    """Write an invoice's lines as XLSX."""
    del tools
    return f"{found.invoice.number}.xlsx", tables.as_xlsx([_sheet(found, say)], say)


def _sheet(found: Statement, say: Voice) -> Sheet:
    columns = [
        say("Invoice"),
        say("Instance"),
        say("Id"),
        say("Month"),
        say("Days"),
        say("Subscribed on"),
        say("Cancelled on"),
        say("Served until"),
        say("Amount"),
        say("Currency"),
    ]
    return Sheet(found.invoice.number, columns, _rows(found))


def _rows(found: Statement) -> Iterator[list[Value]]:
    invoice = found.invoice
    if invoice.kind is not InvoiceKind.MONTHLY:
        # A credit note has no lines: it takes back another invoice as a whole.
        amount = -invoice.total if invoice.corrects else invoice.total
        about = invoice.corrects
        days = invoice.days or None
        currency = amount.currency
        yield [invoice.number, about, None, None, days, None, None, None, amount, currency]
    for line in found.lines:
        yield [invoice.number, *_line(line, found.zone)]


def _line(line: Line, zone: str) -> list[Value]:
    ends = line.service_ends_at
    return [
        line.name,
        line.instance_id,
        line.period,
        line.days,
        local_date(line.subscribed_at, zone),
        None if line.cancelled_at is None else local_date(line.cancelled_at, zone),
        None if ends is None else invoice_page.last_day(ends, zone),
        line.price,
        line.price.currency,
    ]


KINDS: Mapping[str, Kind] = {
    "invoice_pdf": Kind(look, pdf),
    "invoice_csv": Kind(look, csv),
    "pix_qr": Kind(look, pix_qr),
    "invoice_xlsx": Kind(look, xlsx),
}
