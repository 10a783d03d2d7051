"""
Notices about trials: those that end together are one message, of those that still matter.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from billing.instances import Instance
from billing.notices import TRIAL_KINDS, NoticeKind
from billing.partners import Partner
from billing.services import telling
from billing.services.days import funds
from billing.services.messages import Button
from billing.services.ports import Work


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
    shown = [
        {"id": one.id, "name": one.name, "trial_ends_at": one.trial_ends_at} for one in instances
    ]
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        {"instances": shown, "in_days": funds.has_days(work, partner)},
        key=telling.notice_key(kind, subject),
        roles=telling.OPERATORS,
        buttons=_buttons(shown, in_days=funds.has_days(work, partner)),
        quiet_zone=partner.zone,
        useful_until=useful_until,
    )


async def forget(work: Work, instance: Instance) -> None:
    """The trial does not matter any more: nothing is done or said about it."""
    await work.due.drop(f"trial_end:{instance.id}")
    await work.due.drop(f"trial_delete:{instance.id}")
    for kind in TRIAL_KINDS:
        # Its row alone: what was said already may be about others as well.
        await work.due.drop(telling.notice_key(kind, instance.id))
    await leave_out(work, instance)


async def leave_out(work: Work, instance: Instance) -> None:
    """Say the notices that were not sent yet without an instance; not at all if none is left."""
    for member in await work.people.members(instance.partner_id):
        for message in await work.messages.waiting(member.user_id, "notice:trial_"):
            shown: list[dict[str, Any]] = message.facts["instances"]
            rest = [one for one in shown if one["id"] != instance.id]
            if not rest:
                await work.messages.take_back(message.key.rpartition(":")[0] + ":")
            elif rest != shown:
                in_days = bool(message.facts["in_days"])
                facts = {"instances": rest, "in_days": in_days}
                buttons = _buttons(rest, in_days=in_days)
                fewer = replace(message, facts=facts, buttons=buttons)
                await work.messages.say(fewer, at=work.now)


def _buttons(shown: Sequence[dict[str, Any]], *, in_days: bool) -> list[list[Button]]:
    args = {"instances": [one["id"] for one in shown]}
    goes_on = "extend" if in_days else "subscribe"
    return [[Button(goes_on, goes_on, args), Button("delete", "delete", args)]]
