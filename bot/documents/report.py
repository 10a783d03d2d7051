"""A month of the desk, and the eleven before it: a picture, and tables for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from billing.calendar import BillingCalendar, Month, local_date
from billing.invoices import Invoice, InvoiceKind
from billing.money import Money, zero
from billing.services.desk import series
from billing.services.desk.series import DeskMonth
from billing.services.facts import Facts
from billing.services.ports import Payment, Work
from bot.documents import charts, tables
from bot.documents.charts import Panel, Series
from bot.documents.making import File, Kind, Tools
from bot.documents.tables import Sheet, Value
from bot.documents.voice import Voice


@dataclass(frozen=True, slots=True)
class Found:
    """The months, oldest first; of the last one its invoices and payments, and who they are of."""

    months: list[DeskMonth]
    zone: str
    invoices: list[Invoice]
    payments: list[Payment]
    partners: dict[str, str]

    @property
    def month(self) -> Month:
        """Return the month that is reported."""
        return self.months[-1].month

    @property
    def currencies(self) -> list[str]:
        """Return those in which anything was invoiced or came in."""
        amounts = (money for row in self.months for money in (*row.invoiced, *row.received))
        return sorted({money.currency for money in amounts})


async def look(work: Work, what: Facts) -> Found:
    """Return the months up to `month`, by the midnights of `zone`."""
    month, zone = Month.parse(str(what["month"])), str(what["zone"])
    months = await series.of_desk(work, month, zone)
    return Found(months, zone, [], [], {})


async def look_close(work: Work, what: Facts) -> Found:
    """Return them with the last month's invoices and payments."""
    month, zone = Month.parse(str(what["month"])), str(what["zone"])
    calendar = BillingCalendar(zone=zone)
    start, end = calendar.start(month), calendar.end(month)
    return Found(
        months=await series.of_desk(work, month, zone),
        zone=zone,
        invoices=await work.invoices.issued_between(start, end),
        payments=await work.payments.booked_between(start, end),
        partners={partner.id: partner.name for partner in await work.partners.all()},
    )


def png(found: Found, say: Voice, tools: Tools) -> File:
    """Draw revenue, trials and instances over twelve months."""
    labels = charts.months([row.month for row in found.months], say)
    panels = [_money(found, currency, labels, say) for currency in found.currencies]
    panels += [
        _trials(found.months, labels, say),
        charts.instances([row.instances for row in found.months], labels, say),
    ]
    data = charts.drawn(say("Report"), say("Up to {month}", month=found.month), panels, say)
    return f"report-{found.month}.png", tools.press.png("charts.typ", data)


def _money(found: Found, currency: str, labels: list[str], say: Voice) -> Panel:
    invoiced, received = (
        [_in(amounts, currency) for amounts in of_months]
        for of_months in (
            [row.invoiced for row in found.months],
            [row.received for row in found.months],
        )
    )
    return Panel(
        title=say("Invoiced and received"),
        kind="bars",
        labels=labels,
        series=[
            Series(say("invoiced"), charts.BLUE, [charts.major(it.minor) for it in invoiced]),
            Series(say("received"), charts.GREEN, [charts.major(it.minor) for it in received]),
        ],
        headline=say.money(invoiced[-1]),
        currency=currency,
    )


def _trials(rows: list[DeskMonth], labels: list[str], say: Voice) -> Panel:
    created, converted = rows[-1].created, rows[-1].converted
    share = say("{part} of {all}", part=converted, all=created)
    return Panel(
        title=say("Trials, and how many were subscribed"),
        kind="bars",
        labels=labels,
        series=[
            Series(say("trials"), charts.GREY, [row.created for row in rows]),
            Series(say("of these subscribed"), charts.GREEN, [row.converted for row in rows]),
        ],
        headline=share,
        empty=say("No trials yet"),
    )


def _in(amounts: Sequence[Money], currency: str) -> Money:
    return next((money for money in amounts if money.currency == currency), zero(currency))


def xlsx(found: Found, say: Voice, tools: Tools) -> File:
    """Write the months, and the invoices and payments of the last one."""
    del tools
    sheets = [
        Sheet(say("Months"), _month_titles(found, say), _month_rows(found)),
        Sheet(
            say("Invoices"),
            [
                say("Invoice"), say("Partner"), say("Kind"), say("Issued on"), say("Due on"),
                say("Amount"), say("Paid"), say("State"),
            ],
            _invoice_rows(found, say),
        ),
        Sheet(
            say("Payments"),
            [
                say("Partner"), say("Amount"), say("Reference"), say("Received on"),
                say("Booked at"), say("Taken back at"),
            ],
            _payment_rows(found),
        ),
    ]  # fmt: skip
    return f"report-{found.month}.xlsx", tables.as_xlsx(sheets, say)


def _month_titles(found: Found, say: Voice) -> list[str]:
    money = [
        title
        for currency in found.currencies
        for title in (
            say("Invoiced, {currency}", currency=currency),
            say("Received, {currency}", currency=currency),
        )
    ]
    return [say("Month"), *money, say("Trials"), say("Of these subscribed"), say("Instances")]


def _month_rows(found: Found) -> Iterator[list[Value]]:
    for row in found.months:
        money: list[Value] = [
            _in(amounts, currency)
            for currency in found.currencies
            for amounts in (row.invoiced, row.received)
        ]
        yield [str(row.month), *money, row.created, row.converted, row.instances]


def _invoice_rows(found: Found, say: Voice) -> Iterator[list[Value]]:
    kinds = {
        InvoiceKind.MONTHLY: say("month"),
        InvoiceKind.DAYS: say("days"),
        InvoiceKind.CREDIT_NOTE: say("credit note"),
    }
    states = {"due": say("unpaid"), "paid": say("paid"), "void": say("void")}
    for invoice in found.invoices:
        total = -invoice.total if invoice.kind is InvoiceKind.CREDIT_NOTE else invoice.total
        yield [
            invoice.number,
            found.partners.get(invoice.partner_id),
            kinds[invoice.kind],
            local_date(invoice.issued_at, found.zone),
            invoice.due_on,
            total,
            invoice.settled,
            states[invoice.state],
        ]


def _payment_rows(found: Found) -> Iterator[list[Value]]:
    for payment in found.payments:
        yield [
            found.partners.get(payment.partner_id),
            payment.amount,
            payment.reference,
            local_date(payment.received_at, found.zone),
            payment.booked_at,
            payment.reversed_at,
        ]


KINDS: Mapping[str, Kind] = {
    "report_png": Kind(look, png),
    "report_xlsx": Kind(look_close, xlsx),
}
