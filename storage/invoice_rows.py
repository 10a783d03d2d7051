"""Invoices, lines and payments as rows, and back exactly."""

from datetime import date

from billing.calendar import Month
from billing.invoices import Invoice, InvoiceState, Line
from billing.money import Money
from billing.services.ports import Payment
from storage.folding import fold
from storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.transaction import Parameter, Row


def invoice_columns(invoice: Invoice) -> dict[str, Parameter]:
    return {
        "id": invoice.id,
        "number": invoice.number,
        "partner_id": invoice.partner_id,
        "programme": invoice.programme,
        "period": str(invoice.period),
        "currency": invoice.total.currency,
        "total_minor": invoice.total.minor,
        "settled_minor": invoice.settled.minor,
        "state": invoice.state,
        "issued_at": to_micros(invoice.issued_at),
        "due_on": invoice.due_on.isoformat(),
        "last_on": invoice.last_on.isoformat(),
        "due_until": to_micros(invoice.due_until),
        "stop_at": to_micros(invoice.stop_at),
        "delete_at": to_micros(invoice.delete_at),
        "held_until": None if invoice.held_until is None else invoice.held_until.isoformat(),
        "hold_reason": invoice.hold_reason,
    }


def read_invoice(row: Row) -> Invoice:
    held_until = row["held_until"]
    return Invoice(
        id=row["id"],
        number=row["number"],
        partner_id=row["partner_id"],
        programme=row["programme"],
        period=Month.parse(row["period"]),
        total=Money(row["total_minor"], row["currency"]),
        settled=Money(row["settled_minor"], row["currency"]),
        state=InvoiceState(row["state"]),
        issued_at=from_micros(row["issued_at"]),
        due_on=date.fromisoformat(row["due_on"]),
        last_on=date.fromisoformat(row["last_on"]),
        due_until=from_micros(row["due_until"]),
        stop_at=from_micros(row["stop_at"]),
        delete_at=from_micros(row["delete_at"]),
        held_until=None if held_until is None else date.fromisoformat(held_until),
        hold_reason=row["hold_reason"],
    )


def line_columns(line: Line, invoice: Invoice) -> dict[str, Parameter]:
    return {
        "invoice_id": invoice.id,
        "instance_id": line.instance_id,
        "partner_id": invoice.partner_id,
        "period": str(line.period),
        "name": line.name,
        "band": line.band,
        "price_minor": line.price.minor,
        "subscribed_at": to_micros(line.subscribed_at),
        "cancelled_at": maybe_to_micros(line.cancelled_at),
        "service_ends_at": maybe_to_micros(line.service_ends_at),
    }


def read_line(row: Row) -> Line:
    return Line(
        instance_id=row["instance_id"],
        name=row["name"],
        period=Month.parse(row["period"]),
        price=Money(row["price_minor"], row["currency"]),
        band=row["band"],
        subscribed_at=from_micros(row["subscribed_at"]),
        cancelled_at=maybe_from_micros(row["cancelled_at"]),
        service_ends_at=maybe_from_micros(row["service_ends_at"]),
    )


def payment_columns(payment: Payment) -> dict[str, Parameter]:
    return {
        "id": payment.id,
        "invoice_id": payment.invoice_id,
        "partner_id": payment.partner_id,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "reference": payment.reference,
        "folded_reference": fold(payment.reference),
        "received_at": to_micros(payment.received_at),
        "booked_by": payment.booked_by,
        "booked_at": to_micros(payment.booked_at),
    }


def read_payment(row: Row) -> Payment:
    return Payment(
        id=row["id"],
        invoice_id=row["invoice_id"],
        partner_id=row["partner_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        reference=row["reference"],
        received_at=from_micros(row["received_at"]),
        booked_by=row["booked_by"],
        booked_at=from_micros(row["booked_at"]),
    )
