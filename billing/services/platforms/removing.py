"""
Deleting at a platform what differs, because a person said so: asked for, tried, posted here.

Of what only the platform knows there is no instance whose call it could be: the difference is the
row that is there before the call. Rules: "Compared every night".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from billing.comparison import Kind, Mend
from billing.services import access
from billing.services.platforms import cards
from billing.services.ports import Difference, Standing, Work
from billing.services.ports.platforms import Remote

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Removal:
    """What is deleted at which platform; so many attempts were made, this one among them."""

    id: str
    platform: str
    remote: Remote
    attempts: int


async def due(work: Work) -> list[Difference]:
    """Return what may be tried now."""
    return await work.differences.asked(work.now, limit=AT_ONCE)


async def started(work: Work, difference_id: str) -> Removal | None:
    """Count the attempt before the call; None: it is not wanted any more."""
    it = await _asked(work, difference_id)
    if it is None:
        return None
    counted = replace(it, attempts=it.attempts + 1)
    await work.differences.save(counted)
    instance = await work.instances.by_id(it.instance_id) if it.instance_id else None
    ended_at = None
    if instance is not None:
        ended_at = instance.cancelled_at or instance.ended_at or instance.deleted_at
    # One that only looks like ours must not be taken for it.
    ours = it.instance_id if it.kind is Kind.LIVES_ON else None
    return Removal(
        id=it.id,
        platform=it.platform,
        remote=Remote(
            reference=ours or it.remote_id,
            name=it.name,
            remote_id=it.remote_id,
            token=None if it.token is None else work.vault.open(it.token),
            ended_at=ended_at,
        ),
        attempts=counted.attempts,
    )


async def done(work: Work, difference_id: str) -> None:
    """Post that it is deleted there; a second posting changes nothing."""
    it = await _asked(work, difference_id)
    if it is None:
        return
    closed = replace(it, state=Standing.CLOSED, outcome=Mend.DELETE_THERE, error=None)
    await work.differences.save(replace(closed, done_at=work.now))
    await _record(work, it, "done")
    await cards.show(work, it.platform)


async def failed(work: Work, difference_id: str, why: str) -> None:
    """Post that the platform does not delete it: it waits for a person again."""
    it = await _asked(work, difference_id)
    if it is None:
        return
    await work.differences.save(replace(it, state=Standing.OPEN, error=why[:200]))
    await _record(work, it, f"refused: {why}"[:200])
    await cards.show(work, it.platform)


async def put_off(work: Work, difference_id: str, why: str, *, until: datetime) -> None:
    """The platform does not answer, or wants to be asked later."""
    it = await _asked(work, difference_id)
    if it is None:
        return
    await work.differences.save(replace(it, not_before=until, error=why[:200]))
    await cards.show(work, it.platform)


async def _asked(work: Work, difference_id: str) -> Difference | None:
    it = await work.differences.get(difference_id)
    return it if it is not None and it.state is Standing.ASKED else None


async def _record(work: Work, it: Difference, outcome: str) -> None:
    await work.audit.record(
        access.by_platform(f"difference:{it.id}"),
        "platform.delete_there",
        at=work.now,
        kind="difference",
        object_id=it.instance_id or it.remote_id,
        after=it.platform,
        outcome=outcome,
    )
