"""How far a long close is: in the log, and in one message to the staff."""

from __future__ import annotations

import structlog

from billing.services.invoices import closing
from billing.services.ports import Store

log = structlog.get_logger(__name__)

SAID_EVERY = 1000


class Progress:
    """Counts the closes of a tick; where telling of them fails, they go on all the same."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._closed = 0
        self._next = closing.LONG

    async def closed(self, count: int) -> None:
        """Say how far it is, now and then; a few closes are not worth a word."""
        if count < 2:
            return
        self._closed += count
        if self._closed > self._next:
            self._next = self._closed + SAID_EVERY
            await self._say(over=False)

    async def over(self) -> None:
        """Say it a last time, if it was said before."""
        if self._closed > closing.LONG:
            await self._say(over=True)
        self._closed, self._next = 0, closing.LONG

    async def _say(self, *, over: bool) -> None:
        closed = self._closed
        try:
            so_far = await self._store.write(
                lambda work: closing.say_how_far(work, closed, over=over)
            )
        except Exception:
            log.exception("nobody could be told how far the close is")
            return
        if so_far is not None:
            log.info("closing a month", closed=so_far.done, of=so_far.of)
