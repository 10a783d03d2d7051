"""Long polling that acknowledges nothing before it is stored."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.clock import Clock
from bot.delivery.backoff import pause_after
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.ports import InboxStore, Wake
from bot.delivery.updates import ALLOWED_UPDATES, entry, id_of

log = structlog.get_logger(__name__)

POLL_SECONDS = 50
BATCH = 100
# Long enough for another bot of the same token to be seen to be the one that stays.
STAND_BACK = timedelta(seconds=10)
PART = "poller"


class Poller:
    """
    Fetches updates into the inbox.

    Asking for what follows an update makes Telegram forget it, so the next
    call is made only after the commit: a kill between the two brings the
    same updates again, which the inbox knows already.
    """

    def __init__(
        self,
        bot: Bot,
        inbox: InboxStore,
        wake: Wake,
        clock: Clock,
        hearts: Heartbeats,
        *,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._wake = wake
        self._clock = clock
        self._hearts = hearts
        self._poll_seconds = poll_seconds
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Poll until cancelled, which is safe at any moment."""
        self._hearts.beat(PART)
        try:
            while True:
                await self._step()
                self._hearts.beat(PART)
        finally:
            self._hearts.stop(PART)

    async def _step(self) -> None:
        try:
            batch = await self._fetch()
            if batch:
                await self._keep(batch)
        except Conflict as error:
            await self._stand_back(error)
        except RetryAfter as error:
            await self._pause(error, _delta(error.retry_after))
        except TelegramError as error:
            self._failures += 1
            await self._pause(error, pause_after(self._failures))
        except Exception as error:
            # The database is locked or full: Telegram keeps what was not
            # acknowledged, and the poller must outlive it.
            self._failures += 1
            log.exception("updates could not be stored")
            await self._pause(error, pause_after(self._failures))
        else:
            self._failures = 0

    async def _fetch(self) -> Sequence[object]:
        arguments: dict[str, Any] = {
            "timeout": self._poll_seconds,
            "limit": BATCH,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        if self._offset is not None:
            arguments["offset"] = self._offset
        # Spelt so that it reaches getUpdates without the warning that Bot has
        # a method for it: that one gives parsed updates, all or none.
        batch: Any = await self._bot.do_api_request(
            "get_Updates", api_kwargs=arguments, read_timeout=self._poll_seconds + 10
        )
        return batch if isinstance(batch, list) else []

    async def _keep(self, batch: Sequence[object]) -> None:
        rows = [entry(raw) for raw in batch]
        await self._inbox.store(rows, self._clock.now())
        for lane in dict.fromkeys(lane for _, lane, _ in rows):
            self._wake(lane)
        last = next((found for raw in reversed(batch) if (found := id_of(raw)) is not None), None)
        if last is None:
            # Stored, but nothing in it can be acknowledged.
            raise ValueError("no update of the batch has an id")
        self._offset = last + 1

    async def _stand_back(self, error: Conflict) -> None:
        if "webhook" in str(error).lower():
            log.warning("a webhook is set; it is removed, for this bot polls")
            await self._remove_webhook()
            return
        log.error("another bot polls with the same token; standing back")
        await self._clock.sleep_until(self._clock.now() + STAND_BACK)

    async def _remove_webhook(self) -> None:
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            self._failures += 1
            await self._pause(error, pause_after(self._failures))

    async def _pause(self, error: Exception, pause: timedelta) -> None:
        log.warning("polling pauses", error=repr(error), seconds=pause.total_seconds())
        await self._clock.sleep_until(self._clock.now() + pause)


def _delta(retry_after: int | timedelta) -> timedelta:
    return retry_after if isinstance(retry_after, timedelta) else timedelta(seconds=retry_after)
