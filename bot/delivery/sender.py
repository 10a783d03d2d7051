"""Sends what the outbox holds: the most urgent first, at a pace Telegram bears."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.clock import Clock
from bot.delivery.backoff import pause_after
from bot.delivery.courier import Courier
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.pace import Pace
from bot.delivery.ports import (
    OnMigrated,
    OnRefused,
    OnUnreachable,
    OutboxStore,
    QueuedMessage,
    Render,
)

log = structlog.get_logger(__name__)

AT_ONCE = 16
HEADS = 500
PART = "sender"
# Real time: even with nothing to send the watchdog hears of it.
BEAT_SECONDS = 30.0


class Sender:
    """
    Brings Telegram to agree with the rows, one message of a chat at a time.

    Of each chat only the message whose turn it is is looked at. Retries and
    pauses hold their chat back, so nothing overtakes; while Telegram cannot
    be reached, a harmless call asks for it, and no message is risked.
    """

    def __init__(
        self,
        bot: Bot,
        outbox: OutboxStore,
        render: Render,
        clock: Clock,
        hearts: Heartbeats,
        *,
        on_unreachable: OnUnreachable,
        on_refused: OnRefused,
        on_migrated: OnMigrated,
        pace: Pace | None = None,
    ) -> None:
        self._bot = bot
        self._outbox = outbox
        self._clock = clock
        self._hearts = hearts
        self._pace = pace or Pace()
        self._courier = Courier(
            bot,
            outbox,
            render,
            clock,
            self._pace,
            on_unreachable=on_unreachable,
            on_refused=on_refused,
            on_migrated=on_migrated,
            on_trouble=self._doubt_the_line,
        )
        self._heads: dict[int, QueuedMessage] = {}
        self._later: datetime | None = None
        self._underway: dict[int, asyncio.Task[None]] = {}
        self._probing: asyncio.Task[None] | None = None
        self._next_probe: datetime | None = None
        self._news = asyncio.Event()
        self._stale = True  # the rows may have changed since they were looked at
        self._reading = False
        self._stopping = False
        self._failures = 0
        self._crash: BaseException | None = None

    def nudge(self) -> None:
        """Say that a unit of work was committed, or that the clock was moved."""
        self._stale = True
        self._news.set()

    @property
    def busy(self) -> bool:
        """Whether something is on its way, or could go out without waiting for an instant."""
        asking = self._probing is not None and self._next_probe is None
        if self._reading or self._underway or asking:
            return True
        due = self.next_due()
        return due is not None and due <= self._clock.now()

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which something will be tried; None if nothing waits."""
        now = self._clock.now()
        if self._probing is not None:
            return self._next_probe or now
        instants = [
            self._pace.ready_at(chat_id, now)
            for chat_id in self._heads
            if chat_id not in self._underway
        ]
        anybody = self._pace.any_ready_at(now)
        if self._stale:
            instants.append(anybody)
        if self._later is not None:
            instants.append(max(self._later, anybody))
        return min(instants, default=None)

    async def run(self) -> None:
        """Send until stopped; begin with doubting what a former run was sending."""
        self._hearts.beat(PART)
        try:
            await self._persist(self._recover)
            while not self._stopping:
                self._hearts.beat(PART)
                self._news.clear()
                await self._refresh()
                self._start_what_may_go()
                await self._wait()
                if self._crash is not None:
                    raise self._crash
        finally:
            self._hearts.stop(PART)

    async def stop(self, grace_seconds: float = 5.0) -> None:
        """Begin nothing more; let what is on its way arrive, or doubt it after the grace."""
        self._stopping = True
        self._news.set()
        underway = set(self._underway.values())
        if self._probing is not None:
            self._probing.cancel()
            underway.add(self._probing)
        if underway:
            _, late = await asyncio.wait(underway, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    async def _recover(self) -> None:
        doubted = await self._outbox.recover()
        if doubted:
            log.warning("messages were being sent when the last run ended", messages=doubted)
        for chat_id, key in await self._outbox.unopened():
            await self._courier.give_up(chat_id, key)

    async def _persist(self, call: Callable[[], Awaitable[None]]) -> None:
        """Repeat a call to the store until it succeeds: without it nothing may be sent."""
        while True:
            try:
                await call()
            except Exception:
                self._failures += 1
                log.exception("the outbox cannot be used")
                self._hearts.beat(PART)
                await self._clock.sleep_until(self._clock.now() + pause_after(self._failures))
            else:
                self._failures = 0
                return

    async def _refresh(self) -> None:
        now = self._clock.now()
        put_off_is_due = self._later is not None and self._later <= now
        if not (self._stale or put_off_is_due) or self._pace.any_ready_at(now) > now:
            return
        self._stale = False
        self._reading = True
        try:
            await self._persist(self._read_heads)
        finally:
            self._reading = False

    async def _read_heads(self) -> None:
        now = self._clock.now()
        heads = await self._outbox.heads(now, HEADS)
        self._later = await self._outbox.next_due(now)
        self._heads = {head.chat_id: head for head in heads}

    def _start_what_may_go(self) -> None:
        if self._probing is not None:
            return
        now = self._clock.now()
        for chat_id, head in list(self._heads.items()):
            if len(self._underway) >= AT_ONCE or self._stopping:
                return
            if chat_id in self._underway:
                continue
            expired = head.useful_until is not None and head.useful_until <= now
            if not expired:
                if self._pace.ready_at(chat_id, now) > now:
                    continue
                self._pace.spend(chat_id, now)
            del self._heads[chat_id]
            task = asyncio.create_task(self._courier.carry(head.key, chat_id))
            self._underway[chat_id] = task
            task.add_done_callback(partial(self._arrived, chat_id))

    def _arrived(self, chat_id: int, task: asyncio.Task[None]) -> None:
        del self._underway[chat_id]
        if not task.cancelled() and task.exception() is not None:
            self._crash = task.exception()
        self.nudge()

    async def _wait(self) -> None:
        due = self.next_due() if len(self._underway) < AT_ONCE else None
        waits = [asyncio.create_task(self._news.wait())]
        if due is not None and self._probing is None:
            waits.append(asyncio.create_task(self._clock.sleep_until(due)))  # type: ignore[arg-type]
        try:
            await asyncio.wait(waits, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _doubt_the_line(self) -> None:
        """Send nothing more until Telegram has answered a call that can do no harm."""
        if self._probing is None and not self._stopping:
            self._probing = asyncio.create_task(self._probe())

    async def _probe(self) -> None:
        failures = 0
        try:
            while True:
                self._next_probe = None
                try:
                    await self._bot.get_me()
                except TelegramError as error:
                    failures += 1
                    self._next_probe = self._clock.now() + pause_after(failures)
                    log.warning("Telegram cannot be reached", error=repr(error), tries=failures)
                    await self._clock.sleep_until(self._next_probe)
                else:
                    return
        finally:
            self._probing = None
            self._next_probe = None
            self.nudge()
