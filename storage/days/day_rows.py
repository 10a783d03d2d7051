"""Requests for days and allocations as rows, and back exactly."""

from billing.days.allocations import Allocation
from billing.days.requests import DayRequest, RequestState
from billing.money import Money
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.transaction import Parameter, Row


def request_columns(request: DayRequest) -> dict[str, Parameter]:
    return {
        "id": request.id,
        "partner_id": request.partner_id,
        "days": request.days,
        "channels": request.channels,
        "total_minor": request.total.minor,
        "currency": request.total.currency,
        "state": request.state,
        "requested_by": request.requested_by,
        "requested_at": to_micros(request.requested_at),
        "promised_by": to_micros(request.promised_by),
        "standing": int(request.standing),
        "claimed_by": request.claimed_by,
        "claimed_at": maybe_to_micros(request.claimed_at),
        "invoice_id": request.invoice_id,
    }


def read_request(row: Row) -> DayRequest:
    return DayRequest(
        id=row["id"],
        partner_id=row["partner_id"],
        days=row["days"],
        channels=row["channels"],
        total=Money(row["total_minor"], row["currency"]),
        state=RequestState(row["state"]),
        requested_by=row["requested_by"],
        requested_at=from_micros(row["requested_at"]),
        promised_by=from_micros(row["promised_by"]),
        standing=bool(row["standing"]),
        claimed_by=row["claimed_by"],
        claimed_at=maybe_from_micros(row["claimed_at"]),
        invoice_id=row["invoice_id"],
    )


def allocation_columns(allocation: Allocation) -> dict[str, Parameter]:
    return {
        "id": allocation.id,
        "instance_id": allocation.instance_id,
        "partner_id": allocation.partner_id,
        "days": allocation.days,
        "starts_at": to_micros(allocation.starts_at),
        "ends_at": to_micros(allocation.ends_at),
        "returned": allocation.returned,
        "used": allocation.used,
        "allocated_at": to_micros(allocation.allocated_at),
    }


def read_allocation(row: Row) -> Allocation:
    return Allocation(
        id=row["id"],
        instance_id=row["instance_id"],
        partner_id=row["partner_id"],
        days=row["days"],
        starts_at=from_micros(row["starts_at"]),
        allocated_at=from_micros(row["allocated_at"]),
        returned=row["returned"],
        used=row["used"],
    )
