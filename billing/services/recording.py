"""Saving an instance as it is from now on, with who did it and why."""

from __future__ import annotations

from billing.instances import Instance
from billing.services.people import Actor
from billing.services.ports import Work


async def change(
    work: Work,
    actor: Actor,
    action: str,
    before: Instance,
    after: Instance,
    *,
    outcome: str = "done",
) -> None:
    """Save the instance and its row in the audit: there is no change of state without one."""
    await work.instances.save(after)
    await work.audit.record(
        actor,
        action,
        at=work.now,
        kind="instance",
        object_id=after.id,
        partner_id=after.partner_id,
        before=before.state,
        after=after.state,
        outcome=outcome,
    )
