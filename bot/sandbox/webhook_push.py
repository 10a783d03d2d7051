"""Pushing updates to the bot's webhook, with Telegram's lanes and retries."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import aiohttp

from bot.sandbox import ids
from bot.sandbox.clock import MovableClock
from bot.sandbox.happenings import Happenings
from bot.sandbox.keeper import Keeper
from bot.sandbox.updates import Update, UpdateQueue

# Real seconds that a bot may take to answer one push.
LONGEST_ANSWER = aiohttp.ClientTimeout(total=60)
LONGEST_RETRY_AFTER = 3600


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are pushed to."""

    url: str
    secret: str | None
    max_connections: int


class PushFailed(Exception):
    """The bot did not take an update; it may have named a pause in seconds."""

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after


def pause_seconds(failures: int) -> float:
    """Return how long after so many failures the next try comes: at once, then 2, 4, 8 …"""
    if failures <= 1:
        return 0
    return min(2.0 ** (failures - 1), ids.jitter(60, 120))


class WebhookPush:
    """
    One queue for each chat's messages and one for each person's taps, side by side.

    The first of a queue holds up those behind it until it is taken or expires. Pauses are
    of sandbox time.
    """

    def __init__(
        self, queue: UpdateQueue, clock: MovableClock, keeper: Keeper, happenings: Happenings
    ) -> None:
        self._queue, self._clock, self._keeper, self._happenings = queue, clock, keeper, happenings
        raw = keeper.setting("webhook", None)
        self.webhook = Webhook(**raw) if raw else None
        self.last_error: tuple[datetime, str] | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._retries: dict[str, datetime] = {}
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(1)
        queue.on_added = self._added

    def begin(self) -> None:
        """Push what already waits, if there is a webhook."""
        if self.webhook is None:
            return
        self._places = asyncio.Semaphore(self.webhook.max_connections)
        for lane in self._queue.lanes():
            self._serve_lane(lane)

    async def set(self, webhook: Webhook | None) -> None:
        """Replace the webhook; None: updates wait for getUpdates again."""
        await self._stop_tasks()
        self._keeper.keep_setting("webhook", asdict(webhook) if webhook else None)
        self.webhook, self.last_error = webhook, None
        self.begin()

    async def stop(self) -> None:
        await self._stop_tasks()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def at_rest(self) -> bool:
        """Tell whether nothing can be pushed now: the queue is empty or waits for a retry."""
        now = self._clock.now()
        return all(lane in self._retries and self._retries[lane] > now for lane in self._tasks)

    def _added(self, update: Update) -> None:
        if self.webhook is not None:
            self._serve_lane(update.lane)

    def _serve_lane(self, lane: str) -> None:
        if lane not in self._tasks:
            self._tasks[lane] = asyncio.create_task(self._serve(lane), name=f"webhook {lane}")

    async def _stop_tasks(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # One that was cancelled before its first step had no chance to go by itself.
        self._tasks.clear()

    async def _serve(self, lane: str) -> None:
        failures, failing = 0, 0
        try:
            while (update := self._queue.head(lane)) is not None:
                failures = failures if failing == update.update_id else 0
                try:
                    async with self._places:
                        await self._deliver(update)
                except PushFailed as failure:
                    failures, failing = failures + 1, update.update_id
                    await self._pause(lane, failures, failure)
                else:
                    self._queue.confirm(update.update_id)
        finally:
            self._tasks.pop(lane, None)
            self._happenings.mark()

    async def _pause(self, lane: str, failures: int, failure: PushFailed) -> None:
        now = self._clock.now()
        self.last_error = (now, failure.reason)
        seconds = failure.retry_after
        until = now + timedelta(seconds=pause_seconds(failures) if seconds is None else seconds)
        self._retries[lane] = until
        self._happenings.mark()
        try:
            await self._clock.sleep_until(until)
        finally:
            del self._retries[lane]

    async def _deliver(self, update: Update) -> None:
        """
        Hand one update to the bot.

        :raises PushFailed: if it answered anything but 2xx, or not at all.
        """
        if self.webhook is None:
            return
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=LONGEST_ANSWER)
        secret = self.webhook.secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with self._session.post(
                self.webhook.url, json=update.json(), headers=headers, allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return
                reason = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                named = answer.headers.get("Retry-After", "")
        except TimeoutError:
            raise PushFailed("Read timeout expired") from None
        except (aiohttp.ClientError, OSError) as failure:
            raise PushFailed(f"Connection failed: {type(failure).__name__}") from None
        raise PushFailed(
            reason, min(int(named), LONGEST_RETRY_AFTER) if named.isdecimal() else None
        )
