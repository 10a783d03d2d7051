"""Instances as rows, and back exactly; the name is kept apart, for it is folded too."""

from billing.instances import Instance, Origin, State
from billing.programmes import Settlement
from storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.transaction import Parameter, Row


def instance_columns(instance: Instance) -> dict[str, Parameter]:
    return {
        "id": instance.id,
        "partner_id": instance.partner_id,
        "state": instance.state,
        "settlement": instance.settlement,
        "origin": instance.origin,
        "band": instance.band,
        "token_id": instance.token_id,
        "created_at": to_micros(instance.created_at),
        "trial_ends_at": maybe_to_micros(instance.trial_ends_at),
        "subscribed_at": maybe_to_micros(instance.subscribed_at),
        "cancelled_at": maybe_to_micros(instance.cancelled_at),
        "service_ends_at": maybe_to_micros(instance.service_ends_at),
        "billable_until": maybe_to_micros(instance.billable_until),
        "stopped_at": maybe_to_micros(instance.stopped_at),
        "ended_at": maybe_to_micros(instance.ended_at),
        "deleted_at": maybe_to_micros(instance.deleted_at),
        "active_until": maybe_to_micros(instance.active_until),
        "auto_extend": instance.auto_extend,
        "paid_until": maybe_to_micros(instance.paid_until),
    }


def read_instance(row: Row) -> Instance:
    return Instance(
        id=row["id"],
        partner_id=row["partner_id"],
        name=row["name"],
        state=State(row["state"]),
        settlement=Settlement(row["settlement"]),
        origin=Origin(row["origin"]),
        band=row["band"],
        created_at=from_micros(row["created_at"]),
        token_id=row["token_id"],
        trial_ends_at=maybe_from_micros(row["trial_ends_at"]),
        subscribed_at=maybe_from_micros(row["subscribed_at"]),
        cancelled_at=maybe_from_micros(row["cancelled_at"]),
        service_ends_at=maybe_from_micros(row["service_ends_at"]),
        billable_until=maybe_from_micros(row["billable_until"]),
        stopped_at=maybe_from_micros(row["stopped_at"]),
        ended_at=maybe_from_micros(row["ended_at"]),
        deleted_at=maybe_from_micros(row["deleted_at"]),
        active_until=maybe_from_micros(row["active_until"]),
        auto_extend=row["auto_extend"],
        paid_until=maybe_from_micros(row["paid_until"]),
    )
