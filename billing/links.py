"""
Whether an instance's number is connected: kept apart from what is paid, and told when it drops.

A drop counts once it was seen twice, some time apart: phones lose their network, platforms hiccup.
Rules: docs/rules.md, "Connected or not".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# Between two looks that count as two.
LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Link:
    """
    What is known of a number: None before anybody looked.

    It is so `since` then; `doubted_at`: seen to have dropped then, by one look so far.
    """

    connected: bool | None = None
    since: datetime | None = None
    doubted_at: datetime | None = None


def seen(link: Link, *, connected: bool | None, at: datetime) -> Link:
    """Return what is known after a look; `connected` None: the platform does not say."""
    if connected is None:
        return link
    if connected:
        since = link.since if link.connected else at
        return Link(connected=True, since=since)
    if link.connected is None:
        return Link(connected=False, since=at)
    if link.connected:
        return Link(connected=False, since=at, doubted_at=at)
    if link.doubted_at is not None and at - link.doubted_at >= LASTS:
        return Link(connected=False, since=link.since)
    return link


def dropped(before: Link, after: Link) -> bool:
    """Whether a drop is certain from this look on."""
    return before.doubted_at is not None and not after.connected and after.doubted_at is None
