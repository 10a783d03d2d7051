"""Asking a messaging platform whether one number is connected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from billing.instances import GONE
from billing.services.instances import platform
from billing.services.platforms import links
from billing.services.ports import Store, Work
from billing.services.ports.platforms import (
    Platform,
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from bot.clock import Clock

log = structlog.get_logger(__name__)

NOT_DONE = (PlatformRefused, PlatformSilent, PlatformLater, PlatformUnable)
At = Callable[[str], Platform]


async def ask_one(store: Store, at: At, clock: Clock, instance_id: str) -> str | None:
    """
    Ask whether one number is connected, because somebody said that it changed.

    Returns its platform if it has dropped, and is to be looked at once more.
    """

    async def look(work: Work) -> tuple[str, Remote] | None:
        instance = await work.instances.by_id(instance_id)
        if instance is None or instance.state in GONE:
            return None
        return instance.platform, await platform.remote(work, instance)

    found = await store.read(look)
    if found is None:
        return None
    name, remote = found
    begun = clock.now()
    try:
        connected = await at(name).connected(remote)
    except NOT_DONE as trouble:
        log.warning("the platform does not say who is connected", platform=name, why=trouble.why)
        return None
    doubted = await store.write(noting([(instance_id, connected)], begun))
    return name if doubted else None


def noting(looks: Sequence[tuple[str, bool]], begun: datetime) -> Callable[[Work], Awaitable[int]]:
    """Return the unit of work that keeps what was seen, asked for at `begun`."""
    return lambda work: links.note(work, looks, begun=begun)
