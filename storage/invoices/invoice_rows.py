"""Invoices and lines as rows, and back exactly."""

from datetime import date

from billing.calendar import Month
from billing.company import Company
from billing.invoices import Invoice, InvoiceKind, InvoiceState, Line, LineKind
from billing.money import Money
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.transaction import Parameter, Row


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
        "kind": invoice.kind,
        "days": invoice.days,
        "channels": invoice.channels,
        "corrects": invoice.corrects,
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
        kind=InvoiceKind(row["kind"]),
        days=row["days"],
        channels=row["channels"],
        corrects=row["corrects"],
        billed_to=Company(
            legal_name=row["billed_name"],
            tax_id=row["billed_tax_id"],
            address=row["billed_address"],
            email=row["billed_email"],
        ),
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
        "kind": line.kind,
        "days": line.days,
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
        kind=LineKind(row["kind"]),
        days=row["days"],
    )
