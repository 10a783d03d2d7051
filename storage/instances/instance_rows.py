"""Instances as rows, and back exactly; the name is kept apart, for it is folded too."""

from collections.abc import Iterable
from datetime import datetime

from billing.instances import Instance, Origin, State
from billing.programmes import Settlement
from storage.engine.instants import from_micros, maybe_from_micros, to_micros
from storage.engine.rows import remembered
from storage.engine.transaction import Parameter, Row

# All but the name; they are called what the instance calls them.
INSTANCE_COLUMNS: tuple[str, ...] = (
    *("id", "partner_id", "state", "settlement", "origin", "band", "token_id", "created_at"),
    *("trial_ends_at", "subscribed_at", "cancelled_at", "service_ends_at", "billable_until"),
    *("stopped_at", "ended_at", "deleted_at", "active_until", "auto_extend", "paid_until"),
    "platform",
)
# What is kept beside, of bills, link and account, is asked for by itself, and changes more often.
READ = "SELECT name, :columns FROM instances".replace(":columns", ", ".join(INSTANCE_COLUMNS))


def instance_columns(
    instance: Instance, names: Iterable[str] = INSTANCE_COLUMNS
) -> dict[str, Parameter]:
    return {name: _column(getattr(instance, name)) for name in names}


def _column(value: datetime | int | str | None) -> Parameter:
    return to_micros(value) if isinstance(value, datetime) else value


@remembered
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
        platform=row["platform"],
    )
