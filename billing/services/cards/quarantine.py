"""
What Stripe told that does not agree with what was ordered: kept aside, shown to the staff.

Nothing of it is done by itself. Facts of `stripe_quarantined`: {id, type, about, why, partner,
partner_id, looked_by}. Rules: "Card".
"""

from __future__ import annotations

from billing.money import Money
from billing.partners import Right
from billing.refusals import AlreadyDone, NotFound
from billing.services import claimed, finding, telling
from billing.services.access import requires
from billing.services.cards import comparing
from billing.services.facts import Facts
from billing.services.messages import Button, Urgency
from billing.services.people import Actor
from billing.services.ports import EventState, StoredEvent, Work
from billing.services.ports.cards import Event


class Quarantined(Exception):
    """Something is not as it was ordered: what was begun for the event is taken back."""

    def __init__(self, why: str, partner_id: str | None = None) -> None:
        super().__init__(why)
        self.why, self.partner_id = why, partner_id


async def keep(work: Work, event: Event, why: str, partner_id: str | None) -> None:
    """Keep an event aside and show it; what our own looks find again and again is said once."""
    if event.type == comparing.LOOK and await work.stripe_events.kept_aside(event.about, why):
        await work.stripe_events.settle(event.id, EventState.IGNORED, error=why)
        return
    await work.stripe_events.settle(
        event.id, EventState.QUARANTINED, error=why, partner_id=partner_id
    )
    stored = await work.stripe_events.get(event.id)
    assert stored is not None, "it was settled"
    await show(work, stored)


async def set_aside(work: Work, about: str, why: str, partner_id: str | None) -> None:
    """Keep one thing aside that does not agree, while the rest has its effect; it is said once."""
    if not await work.stripe_events.kept_aside(about, why):
        await keep(work, await comparing.look_at(work, about), why, partner_id)


async def told(work: Work, stored: StoredEvent) -> Facts:
    """Return what is shown of a quarantined event."""
    event = stored.event
    partner = await work.partners.get(stored.partner_id) if stored.partner_id else None
    return {
        "id": event.id,
        "type": event.type,
        "about": event.about,
        "why": stored.error,
        "partner": partner.name if partner else None,
        "partner_id": partner.id if partner else None,
        "looked_by": await claimed.name_of(work, stored.looked_by),
    }


def buttons_of(facts: Facts) -> list[list[Button]]:
    """Return what can be done about it."""
    row = []
    if facts["looked_by"] is None:
        row.append(Button("looked_at", "stripe_looked", {"event": facts["id"]}))
    if facts["partner_id"] is not None:
        row.append(Button("partner", "partner", {"partner": facts["partner_id"]}))
    return [row] if row else []


async def show(work: Work, stored: StoredEvent) -> None:
    """Show a quarantined event to the staff as it stands."""
    facts = await told(work, stored)
    await telling.tell_staff(
        work,
        "stripe_quarantined",
        facts,
        key=f"stripe_quarantined:{stored.event.id}",
        partner_id=facts["partner_id"],
        buttons=buttons_of(facts),
        urgency=Urgency.MONEY,
    )


@requires(Right.BOOK)
async def looked_at(work: Work, actor: Actor, event_id: str) -> None:
    """
    Somebody has looked at it, and seen to it at Stripe: it waits no more.

    :raises NotFound: there is no such event, or it is not kept aside.
    :raises AlreadyDone: somebody had. Facts: `by`, `since`.
    """
    stored = await the_event(work, event_id)
    done = await work.stripe_events.looked_at(event_id, by=actor.user_id or 0, at=work.now)
    if not done:
        by = await claimed.name_of(work, stored.looked_by)
        raise AlreadyDone(action="looked_at", by=by, since=stored.looked_at)
    await work.audit.record(
        actor,
        "looked_at",
        at=work.now,
        kind="stripe_event",
        object_id=event_id,
        partner_id=stored.partner_id,
        before=stored.error or "",
    )
    await show(work, await the_event(work, event_id))


async def the_event(work: Work, event_id: str) -> StoredEvent:
    """
    Return a quarantined event.

    :raises NotFound:
    """
    stored = await work.stripe_events.get(event_id)
    if stored is None or stored.state is not EventState.QUARANTINED:
        raise NotFound(what="event", wanted=event_id)
    return stored


async def tell_returned(
    work: Work, return_id: str, partner_id: str, what: str, amount: Money, *, how: str
) -> None:
    """Tell the staff of a refund or a dispute that is booked; `how` says which it is."""
    partner = await finding.the_partner(work, partner_id)
    await telling.tell_staff(
        work,
        "card_returned",
        {"how": how, "partner": partner.name, "what": what, "amount": amount},
        key=f"card_returned:{how}:{return_id}",
        partner_id=partner.id,
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
        urgency=Urgency.MONEY,
    )
