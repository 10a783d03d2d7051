"""Invoices as a partner sees them, and as staff do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from billing.calendar import local_date
from billing.invoices import Invoice, InvoiceKind, InvoiceState, Line
from billing.money import total
from billing.programmes import DayMode
from billing.services.days.overview import DaysCard
from billing.services.invoices.invoicing import Preview, Statement
from billing.services.messages import Button
from bot.chat.cards import days
from bot.chat.cards.card import Buttons, Card, named, rows_of
from bot.chat.cards.documents import of_invoice

LINES_SHOWN = 30


def no_code(invoice: Invoice) -> str | None:
    """Return nothing: it cannot be paid so."""
    del invoice
    return None


@dataclass(frozen=True, slots=True)
class WaysToPay:
    """
    Who is paid, and how: what the operator has set.

    `brcode` returns the text by which an invoice is paid by PIX, `link` the address where it is
    paid online; or None.
    """

    name: str | None = None
    bank: str | None = None
    pix: str | None = None
    brcode: Callable[[Invoice], str | None] = no_code
    link: Callable[[Invoice], str | None] = no_code


def row(invoice: Invoice) -> dict[str, object]:
    """Return an invoice in a list."""
    return {
        "number": invoice.number,
        "period": invoice.period,
        "total": invoice.total,
        "owed": invoice.owed,
        "state": invoice.state,
        "due_on": invoice.due_on,
        "last_on": invoice.last_on,
        "held_until": invoice.held_until,
        "kind": invoice.kind,
        "days": invoice.days,
        "channels": invoice.channels,
        "corrects": invoice.corrects,
    }


def invoices(found: Sequence[Invoice], *, in_days: bool = False, payer: bool = False) -> Card:
    """
    List a partner's invoices, newest first; `in_days`: its terms bill no months.

    `payer`: the speaker may look at more than that.
    """
    shown = found[:12]
    opening = [named(invoice.number, "invoice", number=invoice.number) for invoice in shown]
    last = [Button("preview", "preview"), Button("home", "home")]
    paying = [[Button("statement", "statement"), Button("company", "company")]] if payer else []
    return Card(
        "invoices",
        {
            "invoices": [row(invoice) for invoice in shown],
            "total": len(found),
            "in_days": in_days,
        },
        [*rows_of(opening, 2), *paying, last],
    )


def invoice(statement: Statement, *, staff: bool = False) -> Card:
    """
    Show one invoice. `more`: so many lines are not shown.

    `delete_on` is the day on which instances are deleted while it is unpaid.
    """
    found = statement.invoice
    return Card(
        "invoice",
        {
            **row(found),
            "partner": statement.partner.name,
            "staff": staff,
            "issued_on": local_date(found.issued_at, statement.zone),
            "delete_on": local_date(found.delete_at, statement.zone),
            "hold_reason": found.hold_reason,
            "lines": lines(statement.lines),
            "more": max(0, len(statement.lines) - LINES_SHOWN),
            "count": len(statement.lines),
            "payments": [
                {
                    "amount": payment.amount,
                    "reference": payment.reference,
                    "on": local_date(payment.received_at, statement.zone),
                    "reversed": payment.reversed_at is not None,
                }
                for payment in statement.payments
            ],
        },
        _of_invoice(statement, staff=staff),
    )


def _of_invoice(statement: Statement, *, staff: bool) -> Buttons:
    found = statement.invoice
    args = {"number": found.number}
    why = Button("why", "why", args)
    files = of_invoice(found.number)
    if not staff:
        last = [why, Button("invoices", "invoices"), Button("home", "home")]
        due = found.state is InvoiceState.DUE
        return [[Button("pay", "pay", args)], files, last] if due else [files, last]
    doing: list[Button] = []
    if found.state is InvoiceState.DUE:
        doing = [Button("mark_paid", "paid", args)]
        if found.kind is InvoiceKind.MONTHLY:
            doing.append(Button("hold", "hold", args))
        doing.append(Button("void", "void", args))
    elif found.state is InvoiceState.VOID and found.kind is InvoiceKind.MONTHLY:
        doing = [Button("reissue", "reissue", args, once=True)]
    if any(payment.reversed_at is None for payment in statement.payments):
        doing.append(Button("unpaid_payment", "unpaid", args))
    last = [why, Button("partner", "partner", {"partner": statement.partner.id})]
    return [doing, files, last] if doing else [files, last]


def lines(found: Sequence[Line]) -> list[dict[str, object]]:
    """Return the first lines of an invoice or a draft."""
    return [
        {
            "id": line.instance_id,
            "name": line.name,
            "period": line.period,
            "price": line.price,
            "days": line.days,
        }
        for line in found[:LINES_SHOWN]
    ]


def preview(shown: Preview, *, in_days: DaysCard | None = None) -> Card:
    """
    Show the invoice that is coming, as of now; `total` None: there would be none.

    `in_days`: what the partner has in days. Where they are paid for in advance that is shown
    instead of an invoice, since none grows.
    """
    draft = shown.draft
    if draft is None and in_days is not None and in_days.funds.mode is DayMode.ADVANCE:
        doing = [Button("days", "days"), Button("buy", "buy")]
        return Card("preview_days", days.balance(in_days), [doing, [Button("home", "home")]])
    drawn = draft.lines if draft else ()
    return Card(
        "preview",
        {
            "month": shown.month,
            "lines": lines(drawn),
            "more": max(0, len(drawn) - LINES_SHOWN),
            "count": len(drawn),
            "days": sum(line.days or 0 for line in drawn),
            "total": draft.total if draft else None,
            "credit_used": draft.credit if draft else None,
            "owed": draft.owed if draft else None,
            "credit": shown.credit,
            "invoiced_on": shown.invoiced_on,
            "due_on": shown.due_on,
        },
        [[Button("invoices", "invoices"), Button("home", "home")]],
    )


def pay(statement: Statement, ways: WaysToPay, *, by_card: bool = False) -> Card:
    """Tell how an invoice is paid, a card being one way; `owed` of nothing: it is paid."""
    found = statement.invoice
    brcode = ways.brcode(found)
    number = {"number": found.number}
    file = {**number, "what": "pix_qr"}
    scanned = [[Button("qr", "invoice_file", file)]] if brcode is not None else []
    link = ways.link(found) if found.owed else None
    if found.owed and not any((ways.name, ways.bank, ways.pix, brcode, link)):
        scanned = [[Button("ask_for_ways", "say", {"text": "/support"})]]
    if by_card:
        scanned = [[Button("pay_by_card", "card_pay", number)], *scanned]
    return Card(
        "pay",
        {
            **row(found),
            "payee": ways.name,
            "bank": ways.bank,
            "pix": ways.pix,
            "brcode": brcode,
            "link": link,
            "delete_on": local_date(found.delete_at, statement.zone),
        },
        [*scanned, [Button("invoice", "invoice", number), Button("home", "home")]],
    )


def choose(unpaid: Sequence[Invoice], currency: str) -> Card:
    """Ask which unpaid invoice is to be paid; with none there is nothing to pay."""
    opening = [named(found.number, "pay", number=found.number) for found in unpaid]
    return Card(
        "unpaid",
        {
            "invoices": [row(found) for found in unpaid],
            "owed": total((found.owed for found in unpaid), currency),
        },
        [*rows_of(opening, 2), [Button("invoices", "invoices"), Button("home", "home")]],
    )
