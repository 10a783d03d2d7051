"""
What is said unasked about days: few left, run out, to be deleted, balance low, invoice unpaid.

Instances that end together are one message. Of those that extend themselves only the ones are
named that the balance does not reach. Rules: "What the bot says unasked", "Days", 6.

Kinds and facts: `notice_days_3d`, `notice_days_1d`, `notice_days_out` {instances: [{id, name,
active_until, auto}], balance, delete_days}; `notice_days_deletion_7d`, `notice_days_deletion_1d`
{instances: [{id, name, active_until, delete_at}], balance}; `notice_days_deleted`,
`notice_trial_deleted`, `notice_service_deleted` {instances: [{id, name, deleted_at}]};
`notice_low_balance` {balance, limit, running, days}; `notice_day_invoice_unpaid` {number, days,
channels, total, owed, due_on}.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from billing.calendar import BillingCalendar, local_date
from billing.days import forecasts
from billing.days.notices import end_subject, ends_at
from billing.instances import Instance, State
from billing.invoices import InvoiceState
from billing.notices import TAKES_ALONG, NoticeKind
from billing.partners import Partner
from billing.programmes import Settlement
from billing.services import finding, telling, together
from billing.services.days import funds
from billing.services.facts import Facts
from billing.services.messages import Button, Urgency
from billing.services.ports import Due, Work

OF_AN_END = (NoticeKind.DAYS_3D, NoticeKind.DAYS_1D, NoticeKind.DAYS_OUT)


async def few_left(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Say that days run out, or have: of all that end with the first one."""
    first = await _standing(work, due, kind)
    if first is None:
        return
    along = await _taken_along(work, due, kind, first)
    living = await _without_those_that_extend(work, partner, kind, [first, *along])
    if not living:
        return
    facts = {
        "instances": [
            {
                "id": one.id,
                "name": one.name,
                "active_until": one.active_until,
                "auto": one.auto_extend is not None,
            }
            for one in finding.by_name(living)
        ],
        "balance": await _balance(work, partner),
        "delete_days": finding.programme_of(work, partner).delete_ended_after_days,
    }
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        facts,
        key=telling.notice_key(kind, due.subject),
        roles=telling.EVERYBODY if kind is NoticeKind.DAYS_OUT else telling.OPERATORS,
        buttons=_buttons(facts),
        quiet_zone=partner.night,
        useful_until=due.useful_until,
    )


async def forget(work: Work, instance: Instance) -> None:
    """Its days do not end then any more: nothing is said of that end."""
    # Its rows alone: what was said already may be about others as well.
    subject = end_subject(instance)
    await work.due.drop_all([telling.notice_key(kind, subject) for kind in OF_AN_END])
    await telling.leave_out(work, instance, dict.fromkeys(OF_AN_END, _buttons))


def _buttons(facts: Facts) -> list[list[Button]]:
    args = {"instances": [one["id"] for one in facts["instances"]]}
    return [[Button("extend", "extend", args), Button("buy", "buy")]]


async def _standing(work: Work, due: Due, kind: NoticeKind) -> Instance | None:
    """Return the instance of a notice if it still ends as the notice says."""
    instance = await work.instances.by_id(due.subject.partition(":")[0])
    wanted = State.STOPPED if kind is NoticeKind.DAYS_OUT else State.ACTIVE
    if instance is None or instance.state is not wanted or end_subject(instance) != due.subject:
        return None
    return instance


async def _taken_along(work: Work, due: Due, kind: NoticeKind, first: Instance) -> list[Instance]:
    """Claim and return what ends soon after the first one, or has its notice now as well."""
    assert due.partner_id is not None
    span = TAKES_ALONG.get(kind, timedelta(0))
    latest = max(_end(first) + span, work.now) + span
    waiting = await together.of_use(work, due, latest, lambda row: _standing(work, row, kind))
    come = [instance for row, instance in waiting if row.at <= work.now]
    # In the morning those of the night come in no order: the one that ends first counts.
    until = max(min(map(_end, [first, *come])) + span, work.now)
    return await together.claim(work, waiting, until, _end)


async def _without_those_that_extend(
    work: Work, partner: Partner, kind: NoticeKind, found: list[Instance]
) -> list[Instance]:
    """Leave out those that will take their days by themselves: the balance reaches for them."""
    auto = [one for one in found if one.auto_extend is not None]
    if kind is NoticeKind.DAYS_OUT or not auto or not funds.has_days(work, partner):
        return found
    others = await work.instances.of_partner(partner.id, [State.ACTIVE, State.TRIAL])
    have = await funds.funds_of(work, partner)
    until = max(map(_end, auto))
    without = forecasts.unreached(others, have.possible, at=work.now, until=until)
    return [one for one in found if one.auto_extend is None or one.id in without]


def _end(instance: Instance) -> datetime:
    end = ends_at(instance)
    assert end is not None, "it runs on days"
    return end


async def deletion(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Warn of all that is deleted on a day because its days ran out, if it still is."""
    day = date.fromisoformat(due.subject.rpartition(":")[2])
    doomed = [
        (instance, row.at)
        for row in await _deletions(work, partner, day)
        if (instance := await work.instances.by_id(row.subject)) is not None
        and instance.state is State.STOPPED
    ]
    if not doomed:
        return
    doomed.sort(key=lambda one: (one[0].name.casefold(), one[0].id))
    args = {"instances": [instance.id for instance, _ in doomed]}
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        {
            "instances": [
                {
                    "id": instance.id,
                    "name": instance.name,
                    "active_until": instance.active_until,
                    "delete_at": at,
                    **_by_card(instance),
                }
                for instance, at in doomed
            ],
            "balance": await _balance(work, partner),
        },
        key=telling.notice_key(kind, due.subject),
        roles=telling.EVERYBODY,
        buttons=[[Button("extend", "extend", args), Button("delete", "delete", args)]],
        urgency=Urgency.MONEY,
        quiet_zone=partner.night,
        useful_until=min(at for _, at in doomed),
    )
    if kind is NoticeKind.DAYS_DELETION_1D:
        first = min(at for _, at in doomed)
        await telling.nobody_hears(work, partner, kind, due.subject, first, roles=telling.EVERYBODY)


async def deleted(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Say that what ran out, or had ended, was deleted: of all that was by now."""
    of_days = kind is NoticeKind.DAYS_DELETED
    others = await work.due.waiting(due.kind, partner_id=partner.id, until=work.now)
    said = [due, *[row for row in others if await work.due.claim(row.key, at=work.now)]]
    gone = [await work.instances.by_id(row.subject) for row in said]
    named = finding.by_name([one for one in gone if one is not None])
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        {
            "instances": [
                {"id": one.id, "name": one.name, "deleted_at": one.deleted_at, **_by_card(one)}
                for one in named
            ]
        },
        key=telling.notice_key(kind, due.subject),
        roles=telling.EVERYBODY if of_days else telling.OPERATORS,
        buttons=[[Button("list", "list")]],
        urgency=Urgency.MONEY,
        quiet_zone=partner.night,
    )


def _by_card(instance: Instance) -> Facts:
    """Tell of what was paid for by card, whose days are not what ran out."""
    return {"by_card": True} if instance.settlement is Settlement.CARD else {}


async def _deletions(work: Work, partner: Partner, day: date) -> Iterable[Due]:
    until = BillingCalendar(partner.zone).end_of(day)
    rows = await work.due.waiting("days_delete", partner_id=partner.id, until=until)
    return (row for row in rows if local_date(row.at, partner.zone) == day)


async def low_balance(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Say that the balance is low, if it still is."""
    if not await funds.is_low(work, partner):
        return
    have = await funds.funds_of(work, partner)
    running = [
        one
        for one in await work.instances.of_partner(partner.id, [State.ACTIVE])
        if one.settlement is Settlement.DAYS
    ]
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        {
            "balance": have.balance,
            "limit": have.limit,
            "running": len(running),
            "days": have.possible // len(running),
        },
        key=telling.notice_key(kind, due.subject),
        roles=telling.OPERATORS | telling.PAYERS,
        buttons=[[Button("buy", "buy"), Button("days", "days")]],
        quiet_zone=partner.night,
        useful_until=due.useful_until,
    )


async def day_invoice_unpaid(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Remind of a day invoice that is still to be paid."""
    invoice = await work.invoices.by_id(due.subject)
    if invoice is None or invoice.state is not InvoiceState.DUE:
        return
    number = {"number": invoice.number}
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        {
            "number": invoice.number,
            "days": invoice.days,
            "channels": invoice.channels,
            "total": invoice.total,
            "owed": invoice.owed,
            "due_on": invoice.due_on,
        },
        key=telling.notice_key(kind, due.subject),
        roles=telling.PAYERS,
        buttons=[[Button("pay", "pay", number)], [Button("invoice", "invoice", number)]],
        urgency=Urgency.MONEY,
        quiet_zone=partner.night,
        useful_until=due.useful_until,
    )


async def _balance(work: Work, partner: Partner) -> int | None:
    """Return the balance, or None under terms that know no days."""
    if not funds.has_days(work, partner):
        return None
    return (await funds.funds_of(work, partner)).balance
