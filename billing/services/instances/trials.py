"""
Notices about trials: those that end together are one message, of those that still matter.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from billing import lifetimes
from billing.instances import Instance, State
from billing.notices import TRIAL_KINDS, NoticeKind, of_trial
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.days import funds
from billing.services.facts import Facts
from billing.services.instances import deletion_tasks
from billing.services.messages import Button
from billing.services.ports import Due, Work


async def tell(
    work: Work,
    partner: Partner,
    kind: NoticeKind,
    subject: str,
    instances: Sequence[Instance],
    *,
    useful_until: datetime | None,
) -> None:
    """Say a notice about these instances, in this order, under the first one's subject."""
    trial = finding.programme_of(work, partner).trial
    facts = {
        "instances": [
            {
                "id": one.id,
                "name": one.name,
                "trial_ends_at": one.trial_ends_at,
                "delete_at": lifetimes.trial_deletion(one, trial),
            }
            for one in instances
        ],
        "in_days": funds.has_days(work, partner),
    }
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        facts,
        key=telling.notice_key(kind, subject),
        roles=telling.OPERATORS,
        buttons=_buttons(facts),
        quiet_zone=partner.night,
        useful_until=useful_until,
    )


async def plan(work: Work, instance: Instance) -> None:
    """Plan the end of a trial and its notices, or what follows if it is over already."""
    if instance.state is State.STOPPED:
        key = f"trial_over:{instance.id}:{work.ids.opaque()}"
        await work.due.plan(Due(key, "trial_over", instance.id, instance.partner_id, work.now))
        return
    if instance.state is not State.TRIAL or instance.trial_ends_at is None:
        return
    partner = await finding.the_partner(work, instance.partner_id)
    await work.due.plan(
        Due(
            key=f"trial_end:{instance.id}",
            kind="trial_end",
            subject=instance.id,
            partner_id=instance.partner_id,
            at=instance.trial_ends_at,
        )
    )
    for notice in of_trial(instance, partner.night):
        if notice.kind in TRIAL_KINDS[:2]:
            await telling.plan_notice(work, partner.id, notice)


async def forget(work: Work, instance: Instance) -> None:
    """
    The trial does not matter any more: nothing is done or said about it.

    `instance` is as it was before; what it is now is saved.
    """
    # Their rows alone: what was said already may be about others as well.
    notices = [telling.notice_key(kind, instance.id) for kind in TRIAL_KINDS]
    steps = [f"trial_end:{instance.id}", f"trial_delete:{instance.id}"]
    await work.due.drop_all([*steps, *notices])
    await telling.leave_out(work, instance, dict.fromkeys(TRIAL_KINDS, _buttons))
    await deletion_tasks.over(work, instance)


def _buttons(facts: Facts) -> list[list[Button]]:
    args = {"instances": [one["id"] for one in facts["instances"]]}
    goes_on = "extend" if facts["in_days"] else "subscribe"
    return [[Button(goes_on, goes_on, args), Button("delete", "delete", args)]]
