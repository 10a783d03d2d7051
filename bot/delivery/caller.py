"""Carries the promised calls to the messaging platform, and posts what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from billing.instances import Instance
from billing.services.instances import answered, platform
from billing.services.operations import Operation
from billing.services.ports import Call, Store, Work
from billing.services.ports.platforms import (
    Made,
    PlatformLater,
    PlatformRefused,
    Platforms,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from bot.clock import Clock
from bot.delivery import pairing_calls
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.lookout import Lookout

log = structlog.get_logger(__name__)

AT_ONCE = 16
PART = "caller"


NotDone = PlatformRefused | PlatformLater | PlatformUnable


@dataclass(frozen=True, slots=True)
class Asked:
    """What a platform is asked of an instance, and for which time."""

    call: Call
    instance: Instance
    remote: Remote
    attempts: int


class Caller(Lookout):
    """
    Reserve → call → post or void, one call of an instance after the other.

    The attempt is counted before the call; a creation that was tried before looks up what it
    may have made. A platform that does not answer is asked until it does.
    """

    def __init__(
        self, store: Store, platforms: Platforms, clock: Clock, hearts: Heartbeats
    ) -> None:
        super().__init__(PART, clock, hearts, at_once=AT_ONCE)
        self._store = store
        self._platforms = platforms

    async def _begin_what_is_due(self) -> None:
        now = self._clock.now()
        # What ends while the rows are read may still stand open in what was read of it.
        busy = set(self._underway)

        async def look(work: Work) -> list[Call]:
            return await work.calls.open_by(now)

        for call in await self._store.read(look):
            self._begin(call.instance_id, partial(self._try, call), but=busy)

    async def _try(self, call: Call) -> None:
        if call.operation == Operation.PAIR:
            await pairing_calls.carry(self._store, self._platforms, call)
            return

        async def started(work: Work) -> Asked:
            instance = await work.instances.by_id(call.instance_id)
            assert instance is not None, "a call has an instance"
            attempts = await work.calls.started(call.id)
            return Asked(call, instance, await platform.remote(work, instance), attempts)

        asked = await self._store.write(started)
        try:
            made = await self._ask(asked)
        except PlatformSilent as silent:
            await self._put_off(call, silent.why, asked.attempts)
        except (PlatformRefused, PlatformLater, PlatformUnable) as answer:
            await self._posted(call, answer)
        else:
            until = asked.instance.active_until
            await self._store.write(lambda work: answered.succeeded(work, call, made, until))

    async def _posted(self, call: Call, answer: NotDone) -> None:
        log.warning("the platform does not do it", operation=call.operation, why=answer.why)
        until = await self._store.write(lambda work: _post(work, call, answer))
        if until is not None:
            self._wake_at(until)

    async def _put_off(self, call: Call, why: str, attempts: int) -> None:
        until = self._again_after(attempts)
        log.warning("the platform does not answer", operation=call.operation, why=why)

        async def put_off(work: Work) -> None:
            await answered.put_off(work, call, why, attempts=attempts, until=until)

        await self._store.write(put_off)
        self._wake_at(until)

    async def _ask(self, asked: Asked) -> Made | None:
        there, remote = self._platforms.at(asked.instance.platform), asked.remote
        match Operation(asked.call.operation):
            case Operation.CREATE:
                made = await there.find(remote) if asked.attempts > 1 else None
                return made or await there.create(remote)
            case Operation.SUBSCRIBE:
                await there.subscribe(remote)
            case Operation.CANCEL:
                await there.cancel(remote)
            case Operation.KEEP:
                await there.keep(remote)
            case Operation.STOP:
                await there.stop(remote)
            case Operation.RESTART:
                await there.restart(remote)
            case Operation.EXTEND:
                # Until when it runs by now: what was promised may have been overtaken.
                until = asked.instance.active_until
                assert until is not None, "it was given days"
                await there.extend(remote, until)
            case Operation.DELETE:
                await there.delete(remote)
        return None


async def _post(work: Work, call: Call, answer: NotDone) -> datetime | None:
    """Post an answer that is none of success or silence; return when it is asked again."""
    match answer:
        case PlatformRefused():
            return await answered.refused(work, call, answer.why)
        case PlatformLater(until=until, by_person=by_person):
            return await answered.queued(work, call, answer.why, until=until, by_person=by_person)
        case PlatformUnable():
            await answered.unable(work, call, answer.why)
            return None
