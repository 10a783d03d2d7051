"""One visit to a messaging platform: what it holds, who is connected, what differs from ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from billing.services.platforms import comparing, links, removing
from billing.services.platforms.comparing import Round
from billing.services.platforms.links import Sight
from billing.services.ports import Difference, Linked, Store, Work
from billing.services.ports.platforms import (
    Held,
    Platform,
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
)
from bot.clock import Clock
from bot.delivery.asking import NOT_DONE, At, ask_one, noting
from bot.delivery.backoff import patience_after

log = structlog.get_logger(__name__)


async def visit(
    store: Store,
    gateway: Platform,
    clock: Clock,
    name: str,
    night: str | None,
    *,
    turns: dict[str, str],
) -> int:
    """
    Look who is connected, and compare all for a `night`; return how many drops are in doubt.

    The list is asked for once; it is gone through in pages, between which others have their turn.
    `turns` has, by platform, the instance that was last asked about by itself.
    """
    begun = clock.now()
    try:
        held = await gateway.held()
        days_left = await gateway.days_left() if night else None
    except NOT_DONE as trouble:
        why = trouble.why
        log.warning("the platform does not say what it holds", platform=name, why=why)
        if night is not None:
            await store.write(lambda work: comparing.silent(work, name, night, why))
        return 0
    sight = Sight.of(held, begun)
    doubted, unsaid = await _look(store, clock, name, sight)
    if night is not None:
        await _compare(store, Round(name, night, sight, len(held)), held, days_left)
    for one in links.in_turn(unsaid, turns.get(name, "")):
        if one.link.doubted_at is None:
            turns[name] = one.id
        doubted += await ask_one(store, lambda _name: gateway, clock, one.id) is not None
    return doubted


async def _look(store: Store, clock: Clock, name: str, sight: Sight) -> tuple[int, list[Linked]]:
    """
    Keep whose number is connected and whose is not: what changed alone is written.

    Returns how many drops are in doubt, and those of which the list says nothing.
    """
    after, doubted, unsaid = "", 0, list[Linked]()
    while True:
        page = await store.read(_page(name, after))
        unsaid += filter(sight.unsaid, page)
        changed = links.changed(page, sight, at=clock.now())
        if changed:
            doubted += await store.write(noting(changed, sight.begun))
        if len(page) < links.PAGE:
            return doubted, unsaid
        after = page[-1].id


async def _compare(store: Store, current: Round, held: list[Held], days_left: int | None) -> None:
    new = 0
    for first in range(0, len(held), comparing.PAGE):
        new += await store.write(_theirs(current, held[first : first + comparing.PAGE]))
    after: str | None = ""
    while after is not None:
        after, more = await store.write(_ours(current, after))
        new += more
    while await store.write(lambda work: comparing.close_gone(work, current)):
        pass
    await store.write(lambda work: comparing.finish(work, current, new=new, days_left=days_left))
    log.info("compared with the platform", platform=current.platform, held=len(held), new=new)


async def remove(store: Store, at: At, clock: Clock, difference: Difference) -> datetime | None:
    """Delete at a platform what a person wants deleted there; return when it is tried again."""
    removal = await store.write(lambda work: removing.started(work, difference.id))
    if removal is None:
        return None
    until: datetime | None = None
    try:
        await at(removal.platform).delete(removal.remote)
    except (PlatformRefused, PlatformUnable) as refused:
        why = refused.why
        log.warning("the platform does not delete it", platform=removal.platform, why=why)
        await store.write(lambda work: removing.failed(work, removal.id, why))
    except (PlatformLater, PlatformSilent) as late:
        why, until = late.why, _again_at(late, clock.now(), removal.attempts)
        log.warning("the platform deletes it later", platform=removal.platform, why=why)
        await store.write(_putting_off(removal.id, why, until))
    else:
        await store.write(lambda work: removing.done(work, removal.id))
    return until


def _again_at(late: PlatformLater | PlatformSilent, now: datetime, attempts: int) -> datetime:
    if isinstance(late, PlatformLater):
        return late.until
    return now + patience_after(attempts)


def _page(name: str, after: str) -> Callable[[Work], Awaitable[list[Linked]]]:
    return lambda work: work.links.page(name, after=after, limit=links.PAGE)


def _theirs(current: Round, page: Sequence[Held]) -> Callable[[Work], Awaitable[int]]:
    return lambda work: comparing.compare_theirs(work, current, page)


def _ours(current: Round, after: str) -> Callable[[Work], Awaitable[tuple[str | None, int]]]:
    return lambda work: comparing.compare_ours(work, current, after)


def _putting_off(removal_id: str, why: str, until: datetime) -> Callable[[Work], Awaitable[None]]:
    return lambda work: removing.put_off(work, removal_id, why, until=until)
