"""One question to the messaging platform how a number is connected; nothing changes there."""

from __future__ import annotations

import structlog

from billing.services.instances import pairing, platform
from billing.services.instances.pairing import Wanted
from billing.services.ports import Call, Store, Work
from billing.services.ports.platforms import (
    Offer,
    Platform,
    PlatformLater,
    PlatformRefused,
    Platforms,
    PlatformSilent,
    PlatformUnable,
    Remote,
)

log = structlog.get_logger(__name__)


async def carry(store: Store, platforms: Platforms, call: Call) -> None:
    """Ask, and post the answer; who gave up waiting is not asked for."""

    async def asked(work: Work) -> tuple[Wanted, str, Remote] | None:
        wanted = await pairing.asked(work, call)
        if wanted is None:
            return None
        instance = await work.instances.by_id(call.instance_id)
        assert instance is not None, "a call has an instance"
        return wanted, instance.platform, await platform.remote(work, instance)

    question = await store.write(asked)
    if question is None:
        return
    wanted, name, remote = question
    try:
        offer = await _ask(platforms.at(name), remote, wanted)
    except (PlatformRefused, PlatformUnable) as refused:
        why = refused.why
        log.warning("the platform refuses", operation=call.operation, why=why)
        await store.write(lambda work: pairing.refused(work, call, why))
    except (PlatformSilent, PlatformLater) as silent:
        why = silent.why
        log.warning("the platform does not answer", operation=call.operation, why=why)
        await store.write(lambda work: pairing.silent(work, call, why))
    else:
        await store.write(lambda work: pairing.answered(work, call, offer))


async def _ask(there: Platform, remote: Remote, wanted: Wanted) -> Offer:
    if wanted.offer:
        return await there.pairing(remote, wanted.phone)
    return Offer(connected=await there.connected(remote))
