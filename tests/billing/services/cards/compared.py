"""The hourly comparison with Stripe, within one transaction."""

from __future__ import annotations

from datetime import datetime

from billing.services.cards import comparing
from billing.services.ports import Work
from billing.services.ports.cards import Event


async def compared(work: Work, changed: list[Event], *, asked_at: datetime) -> None:
    """Make a comparison as the cashier makes it, but all at once."""
    await comparing.keep(work, changed)
    for look in (comparing.look_at_sessions, comparing.look_at_subscriptions):
        after: str | None = ""
        nth = 0
        while after is not None:
            after, nth = await look(work, after, nth), nth + 1
    await comparing.finish(work, asked_at=asked_at)
