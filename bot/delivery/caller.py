"""Carries the promised calls to the messaging platform, and posts what came of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from billing.instances import Instance
from billing.services.instances import platform
from billing.services.operations import Operation
from billing.services.ports import Call, Store, Work
from billing.services.ports.platforms import Made, Platform, PlatformRefused, PlatformSilent
from bot.clock import Clock
from bot.delivery import pairing_calls
from bot.delivery.backoff import pause_after
from bot.delivery.heartbeat import Heartbeats

log = structlog.get_logger(__name__)

AT_ONCE = 16
PART = "caller"
BEAT_SECONDS = 30.0
# A platform that is down is asked again within this time.
LONGEST_PAUSE = timedelta(minutes=5)


class Caller:
    """
    Reserve → call → post or void, one call of an instance after the other.

    The attempt is counted before the call; a creation that was tried before looks up what it
    may have made. A platform that does not answer is asked until it does.
    """

    def __init__(self, store: Store, gateway: Platform, clock: Clock, hearts: Heartbeats) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._hearts = hearts
        self._underway: dict[str, asyncio.Task[None]] = {}
        # One for each call that was put off: wakes this when it may be tried again.
        self._alarms: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._stopping = False

    @property
    def busy(self) -> bool:
        """Whether a call is under way, or may have become due without being looked at."""
        return bool(self._underway) or self._news.is_set()

    def nudge(self) -> None:
        """Say that a unit of work was committed, or that the clock was moved."""
        self._news.set()

    async def run(self) -> None:
        """Call until stopped; begin with what a former run left open."""
        self._news.set()
        try:
            while not self._stopping:
                self._hearts.beat(PART)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), BEAT_SECONDS)
                self._news.clear()
                try:
                    await self._begin_what_is_due()
                except Exception:
                    # The rows are as they were: the next look finds them.
                    log.exception("the promised calls cannot be read")
        finally:
            self._hearts.stop(PART)

    async def stop(self, grace_seconds: float = 5.0) -> None:
        """Begin nothing more; let what is under way end, or leave it open after the grace."""
        self._stopping = True
        self._news.set()
        for alarm in self._alarms:
            alarm.cancel()
        underway = set(self._underway.values())
        if underway:
            _, late = await asyncio.wait(underway, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    async def _begin_what_is_due(self) -> None:
        now = self._clock.now()
        # What ends while the rows are read may still stand open in what was read of it.
        busy = set(self._underway)

        async def look(work: Work) -> list[Call]:
            return await work.calls.open_by(now)

        for call in await self._store.read(look):
            if self._stopping or len(self._underway) >= AT_ONCE:
                return
            if call.instance_id not in busy:
                task = asyncio.create_task(self._carry(call))
                self._underway[call.instance_id] = task

    async def _carry(self, call: Call) -> None:
        try:
            await self._try(call)
        except Exception:
            # The row is as it was: the next look finds it open again.
            log.exception("a call could not be posted", call=call.id, operation=call.operation)
            await self._clock.sleep_until(self._clock.now() + pause_after(1))
        finally:
            del self._underway[call.instance_id]
            self.nudge()

    async def _try(self, call: Call) -> None:
        if call.operation == Operation.PAIR:
            await pairing_calls.carry(self._store, self._gateway, call)
            return

        async def started(work: Work) -> tuple[int, Instance]:
            instance = await work.instances.by_id(call.instance_id)
            assert instance is not None, "a call has an instance"
            return await work.calls.started(call.id), instance

        attempts, instance = await self._store.write(started)
        try:
            made = await self._ask(call, instance, attempts)
        except PlatformRefused as refused:
            why = refused.why
            log.warning("the platform refuses", operation=call.operation, why=why)
            until = await self._store.write(lambda work: platform.refused(work, call, why))
            if until is not None:
                self._wake_at(until)
        except PlatformSilent as silent:
            await self._put_off(call, silent.why, attempts)
        else:
            await self._store.write(lambda work: platform.succeeded(work, call, made))

    async def _put_off(self, call: Call, why: str, attempts: int) -> None:
        until = self._clock.now() + min(pause_after(attempts) * 5, LONGEST_PAUSE)
        log.warning("the platform does not answer", operation=call.operation, why=why)

        async def put_off(work: Work) -> None:
            await platform.put_off(work, call, why, attempts=attempts, until=until)

        await self._store.write(put_off)
        self._wake_at(until)

    def _wake_at(self, until: datetime) -> None:
        alarm = asyncio.create_task(self._look_again_at(until))
        self._alarms.add(alarm)
        alarm.add_done_callback(self._alarms.discard)

    async def _look_again_at(self, instant: datetime) -> None:
        await self._clock.sleep_until(instant)
        self.nudge()

    async def _ask(self, call: Call, instance: Instance, attempts: int) -> Made | None:
        reference = instance.id
        match Operation(call.operation):
            case Operation.CREATE:
                made = await self._gateway.find(reference) if attempts > 1 else None
                return made or await self._gateway.create(reference, instance.name)
            case Operation.SUBSCRIBE:
                await self._gateway.subscribe(reference)
            case Operation.CANCEL:
                await self._gateway.cancel(reference)
            case Operation.KEEP:
                await self._gateway.keep(reference)
            case Operation.STOP:
                await self._gateway.stop(reference)
            case Operation.RESTART:
                await self._gateway.restart(reference)
            case Operation.EXTEND:
                # Until when it runs by now: what was promised may have been overtaken.
                assert instance.active_until is not None, "it was given days"
                await self._gateway.extend(reference, instance.active_until)
            case Operation.DELETE:
                await self._gateway.delete(reference)
        return None
