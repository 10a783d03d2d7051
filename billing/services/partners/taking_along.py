"""
What a partner takes along to other terms: its token, its prices, what is planned for it.

Bands and frozen cancellations stay as they are. Rules: "Moved to another programme".
"""

from __future__ import annotations

from dataclasses import replace

from billing import lifetimes, tokens
from billing.calendar import local_date
from billing.instances import State
from billing.partners import Agreement, Partner
from billing.programmes import AfterTrial
from billing.services import finding
from billing.services.invoices import invoicing
from billing.services.partners import agreeing, integrator
from billing.services.people import Actor
from billing.services.ports import Due, Work


async def before(work: Work, actor: Actor, partner: Partner, after: Partner) -> None:
    """Let the token, and the prices that were agreed, hold under the other terms as well."""
    left, joined = (finding.programme_of(work, one) for one in (partner, after))
    if left.id != joined.id:
        await integrator.close_request(work, actor, partner, granted=False)
    token = await work.tokens.present(partner.id)
    assert token is not None, "a partner has a token from its approval on"
    await work.tokens.move(tokens.moved(token, left, joined))
    for agreement in await work.partners.agreements(partner.id):
        if agreement.since <= after.past[-1].until:
            continue
        # Where the day begins earlier now, the price has to be there when it does.
        begins = agreeing.begins(joined.calendar, local_date(agreement.since, left.zone))
        if begins < agreement.since:
            moved = Agreement(agreement.price, begins)
            await work.partners.add_agreement(partner.id, moved, by=actor.user_id, at=work.now)


async def dates(work: Work, partner: Partner, after: Partner) -> None:
    """Plan anew what follows from the terms: the end of the month, of trials that are over."""
    joined = finding.programme_of(work, after)
    month = joined.calendar.month_of(after.past[-1].until)
    # Not planned yet where the month before is still to be closed: its close does it then.
    if await work.due.planned(invoicing.close_key(after, month)) is not None:
        await invoicing.plan_close(work, after, month)
    by_hand = finding.programme_of(work, partner).trial.afterwards is AfterTrial.STAFF_TASK
    if not by_hand or joined.trial.afterwards is AfterTrial.STAFF_TASK:
        return
    for instance in await work.instances.of_partner(after.id, [State.STOPPED]):
        if instance.active_until is not None:
            continue
        # Nobody was told of an end before: its time to subscribe in begins now.
        at = lifetimes.trial_deletion(replace(instance, stopped_at=work.now), joined.trial)
        assert at is not None, "it is deleted by itself"
        key = f"trial_delete:{instance.id}"
        await work.due.plan(Due(key, "trial_delete", instance.id, after.id, at))
