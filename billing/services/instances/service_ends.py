"""
What is said of cancelled instances: that their service ends in three days, or has ended.

Those whose notices fall together are one message. Rules: "What the bot says unasked".

Facts of `notice_service_ends_soon`, `notice_service_ended`: {instances: [{id, name,
service_ends_at}], days, left}; `left`: the partner has left, and nothing can be kept any more.
"""

from __future__ import annotations

from billing.instances import Instance, State
from billing.notices import NoticeKind, cancellation_subject
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.messages import Button
from billing.services.ports import Due, Work


async def tell(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Say it of the notice's instance, and of all others whose notice has come as well."""
    first = await _standing(work, due, kind, partner)
    if first is None:
        return
    found = finding.by_name([first, *await _taken_along(work, due, kind, partner)])
    # One that is kept takes its own notice back, never what is said of others as well.
    subject = due.subject if len(found) == 1 else f"{due.subject}+{len(found) - 1}"
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        {
            "instances": [
                {"id": one.id, "name": one.name, "service_ends_at": one.service_ends_at}
                for one in found
            ],
            "days": finding.programme_of(work, partner).delete_ended_after_days,
            "left": partner.left_at is not None,
        },
        key=telling.notice_key(kind, subject),
        roles=telling.OPERATORS,
        buttons=_buttons(kind, partner, found),
        quiet_zone=partner.zone,
        useful_until=due.useful_until,
    )


def _buttons(kind: NoticeKind, partner: Partner, found: list[Instance]) -> list[list[Button]]:
    args = {"instances": [one.id for one in found]}
    if kind is NoticeKind.SERVICE_ENDED:
        return [[Button("delete", "delete", args)]]
    return [] if partner.left_at is not None else [[Button("keep", "keep", args)]]


async def _standing(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> Instance | None:
    """Return the instance of a notice if its cancellation still stands as the notice says."""
    instance = await work.instances.get(partner.id, due.subject.partition(":")[0])
    if instance is None or cancellation_subject(instance) != due.subject:
        return None
    ended = kind is NoticeKind.SERVICE_ENDED
    if ended != (instance.state is State.ENDED) or instance.state is State.DELETED:
        return None
    return instance


async def _taken_along(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> list[Instance]:
    """Claim and return what is to be said now as well."""
    rows = await work.due.waiting(due.kind, partner_id=partner.id, until=work.now)
    found = {row.key: await _standing(work, row, kind, partner) for row in rows}
    return [
        instance
        for key, instance in found.items()
        if instance is not None and await work.due.claim(key, at=work.now)
    ]
