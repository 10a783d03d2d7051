"""
Extending instances by days from the balance: what it would mean, and doing it.

As with subscribing it comes in two steps. `quote` says what each instance would get, what it
costs the balance, what the balance lacks and who would be left short; `carry_out` does it by the
terms that were shown. Rules: "Days", 4; "Frozen, leaving, stopping everything".

The chat asks `instead` first for /subscribe and /cancel: under a programme that settles by days
these are an extension by a channel's days, and a deletion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from billing.calendar import local_date
from billing.days import extensions
from billing.days.extensions import ByDays, Form, Preview
from billing.instances import Instance
from billing.partners import Partner, Right, check_may_begin
from billing.refusals import Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.days import funds, life
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Work


class ExtensionChanged(Refusal):
    """The days or the dates that were shown are no longer true; nothing was done."""

    code = "extension_changed"


@dataclass(frozen=True, slots=True)
class Quote:
    """
    An extension as it would be, for the partner's zone; `terms` stand for what was shown.

    `preview` has the items, `total`, `left` (the balance afterwards), `lack`, `uncovered`, `short`.
    """

    partner: Partner
    form: Form
    preview: Preview
    zone: str
    terms: str


@requires(Right.OPERATE)
async def quote(work: Work, actor: Actor, form: Form, instance_ids: Sequence[str]) -> Quote:
    """
    Say what extending these instances would mean; changes nothing.

    A refusal of one instance stands in its item (NotInThisState, SettledOtherwise,
    NeverActivated, LongEnough, DayCountRefused `too_far`). Of an extension that the balance does
    not reach `lack` says how many days are missing: it is shown, and cannot be confirmed.

    :raises PartnerLeft, PartnerFrozen, PartnerStopped, NoDays, NotFound:
    :raises DayCountRefused, UntilPast: for what was asked.
    """
    return await _quote(work, await finding.own_partner(work, actor), form, instance_ids)


@requires(Right.OPERATE)
async def carry_out(
    work: Work,
    actor: Actor,
    form: Form,
    instance_ids: Sequence[str],
    *,
    terms: str,
    message_key: str,
) -> Quote:
    """
    Give the days that were quoted, to all of them or to none.

    Doing it again finds other terms, for every instance lasts longer by then: nothing is given
    twice. The platform's answers are shown by `progressing.progress` under `message_key`.

    :raises ExtensionChanged: what `terms` stand for is no longer true; show the quote anew.
    :raises NotEnoughDays: the balance and the limit do not reach.
    :raises: as `quote` does.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    quoted = await _quote(work, partner, form, instance_ids)
    if quoted.preview.possible and quoted.terms != terms:
        raise ExtensionChanged
    quoted.preview.funds.check(quoted.preview.total)
    if quoted.preview.possible:
        items = quoted.preview.possible
        await life.give(work, actor, partner, items, message_key=message_key)
    return quoted


@requires(Right.VIEW)
async def instead(work: Work, actor: Actor, operation: Operation) -> Form | Operation:
    """
    Return what a partner does where others subscribe or cancel: `operation` itself, if it may.

    Where nothing is settled by the monthly invoice, to subscribe is to extend by a channel's
    days, and to cancel is to delete, with the days that come back.

    :raises NoPartner:
    """
    partner = await finding.own_partner(work, actor)
    programme = finding.programme_of(work, partner)
    if programme.postpaid or not funds.has_days(work, partner):
        return operation
    if operation is Operation.SUBSCRIBE:
        return ByDays(funds.terms_of(work, partner).channel_days)
    return Operation.DELETE if operation is Operation.CANCEL else operation


async def _quote(work: Work, partner: Partner, form: Form, instance_ids: Sequence[str]) -> Quote:
    check_may_begin(partner)
    have = await funds.funds_of(work, partner)
    others = await work.instances.of_partner(partner.id)
    known = {instance.id: instance for instance in others}
    # Named twice, it is still one instance, and extended once. What is gone is not among others.
    wanted = [
        known.get(instance_id) or await finding.the_instance(work, partner.id, instance_id)
        for instance_id in dict.fromkeys(instance_ids)
    ]
    preview = extensions.preview(
        wanted,
        form,
        at=work.now,
        zone=partner.zone,
        programme=finding.programme_of(work, partner),
        funds=have,
        others=others,
    )
    form = extensions.checked(form, have, at=work.now, zone=partner.zone)
    return Quote(partner, form, preview, partner.zone, _terms(preview, partner.zone))


def _terms(preview: Preview, zone: str) -> str:
    """Say what was shown in a form that changes when it does, and stays short for thousands."""
    shown = " ".join(
        f"{item.instance.id}:{item.days}:{_until(item.after, zone)}" for item in preview.possible
    )
    return f"extend {preview.total} {hashlib.sha256(shown.encode()).hexdigest()[:16]}"


def _until(after: Instance | None, zone: str) -> str:
    assert after is not None
    assert after.active_until is not None
    return str(local_date(after.active_until, zone))
