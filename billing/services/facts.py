"""Facts as JSON and back: what is stored to be put into words later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from billing.calendar import Month
from billing.money import Money

Facts = Mapping[str, Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Return an instant as whole microseconds since 1970, UTC."""
    return (at - EPOCH) // MICROSECOND


# Rows are full of instants, and mostly of the same ones.
@lru_cache(maxsize=8192)
def moment(value: int) -> datetime:
    """Return the instant of whole microseconds since 1970, UTC."""
    return EPOCH + timedelta(microseconds=value)


def dump(facts: Facts | list[Any]) -> str:
    """Write facts as JSON; Money, Month, date and datetime are kept as what they are."""
    return _encode(facts)


def canonical(facts: Facts | list[Any]) -> str:
    """Write facts as `dump` does, with their keys in order: the same facts are the same text."""
    return _encode_sorted(facts)


def load(text: str) -> Any:
    """Read what `dump` wrote."""
    return json.loads(text, object_hook=_rich)


def _plain(value: object) -> dict[str, Any]:
    match value:
        case Money():
            return {"$money": [value.minor, value.currency]}
        case Month():
            return {"$month": str(value)}
        case datetime():
            return {"$at": micros(value)}
        case date():
            return {"$date": value.isoformat()}
        case _:
            raise TypeError(f"no fact: {type(value).__name__}")


_encode = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":")).encode
_encode_sorted = json.JSONEncoder(
    default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
).encode


def _rich(found: dict[str, Any]) -> Any:
    if len(found) != 1:
        return found
    ((tag, value),) = found.items()
    match tag:
        case "$money":
            return Money(value[0], value[1])
        case "$month":
            return Month.parse(value)
        case "$at":
            return moment(value)
        case "$date":
            return date.fromisoformat(value)
        case _:
            return found
