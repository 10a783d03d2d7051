"""Whapi's channels, as its answers show them."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.services.facts import EPOCH
from billing.services.ports.platforms import Held, HeldState, Made, reference_in
from bot.gateways.answers import Answer, Json, Unreadable, flag, maybe_text, paid_until, text, whole

# What a channel's own API says of its link; whether a list says it too is not published.
CONNECTED = "AUTH"
LINKS = frozenset({"INIT", "LAUNCH", "QR", "AUTH", "ERROR", "SYNC_ERROR", "STOP"})


def made(row: Json) -> Made:
    """:raises Unreadable: if its token, id or address is missing."""
    return Made(text(row, "token"), remote_id=text(row, "id"), address=text(row, "apiUrl"))


def total(answer: Answer) -> int | None:
    """Return how many channels a list says there are, if it does."""
    try:
        return whole(answer.object(), "total")
    except Unreadable:
        return None  # a bare list, which is all there is


def runs_until(channel: Json) -> datetime:
    """:raises Unreadable: if it does not say."""
    found = paid_until(channel, "activeTill")
    if found is None:
        raise Unreadable("no activeTill")
    return EPOCH + timedelta(microseconds=found)


def held(row: Json) -> Held:
    """Read a channel; whether its number is connected is known where a list says it."""
    status, name = maybe_text(row, "status"), maybe_text(row, "name") or ""
    return Held(
        remote_id=text(row, "id"),
        reference=reference_in(name),
        name=name,
        state=_state(row),
        connected=status == CONNECTED if status in LINKS else None,
        paid_until=paid_until(row, "activeTill"),
        token=maybe_text(row, "token"),
    )


def _state(row: Json) -> HeldState:
    stopped = flag(row, "stopped")
    if stopped:
        return HeldState.STOPPED
    if stopped is False and row.get("status") in ("active", *LINKS - {"STOP"}):
        return {"trial": HeldState.TRIAL, "live": HeldState.ACTIVE}.get(
            str(row.get("mode")), HeldState.UNKNOWN
        )
    return HeldState.UNKNOWN
