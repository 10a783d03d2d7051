"""One question to the messaging platform how a number is connected; nothing changes there."""

from __future__ import annotations

import structlog

from billing.services.instances import pairing
from billing.services.ports import Call, Store
from billing.services.ports.platforms import Offer, Platform, PlatformRefused, PlatformSilent

log = structlog.get_logger(__name__)


async def carry(store: Store, gateway: Platform, call: Call) -> None:
    """Ask, and post the answer; who gave up waiting is not asked for."""
    wanted = await store.write(lambda work: pairing.asked(work, call))
    if wanted is None:
        return
    reference = call.instance_id
    try:
        if wanted.offer:
            offer = await gateway.pairing(reference, wanted.phone)
        else:
            offer = Offer(connected=await gateway.connected(reference))
    except PlatformRefused as refused:
        why = refused.why
        log.warning("the platform refuses", operation=call.operation, why=why)
        await store.write(lambda work: pairing.refused(work, call, why))
    except PlatformSilent as silent:
        why = silent.why
        log.warning("the platform does not answer", operation=call.operation, why=why)
        await store.write(lambda work: pairing.silent(work, call, why))
    else:
        await store.write(lambda work: pairing.answered(work, call, offer))
