"""What the webhook hands over: kept in the inbox, and only then acknowledged."""

from __future__ import annotations

from bot.clock import Clock
from bot.delivery.ports import InboxStore, Wake
from bot.delivery.updates import entry


class Receiver:
    """Takes updates one by one, as the poller takes them in batches."""

    def __init__(self, inbox: InboxStore, wake: Wake, clock: Clock) -> None:
        self._inbox = inbox
        self._wake = wake
        self._clock = clock

    async def keep(self, raw: object, body: str) -> None:
        """Keep an update and wake its lane; returns once it is committed."""
        row = entry(raw, body)
        await self._inbox.store([row], self._clock.now())
        self._wake(row[1])
