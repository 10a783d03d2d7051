"""Instants as the database keeps them: whole microseconds of UTC."""

from datetime import datetime

from billing.services.facts import micros as to_micros
from billing.services.facts import moment as from_micros

__all__ = ["from_micros", "maybe_from_micros", "maybe_to_micros", "to_micros"]


def maybe_to_micros(instant: datetime | None) -> int | None:
    """Return the microseconds of an instant that may not have come."""
    return None if instant is None else to_micros(instant)


def maybe_from_micros(value: int | None) -> datetime | None:
    """Return the instant of a column that may be NULL."""
    return None if value is None else from_micros(value)
