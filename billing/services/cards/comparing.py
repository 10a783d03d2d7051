"""
The hourly comparison: what Stripe told of while nobody heard, and how everything open is by now.

It makes an event that was lost harmless. What runs is looked at once a day, what is overdue each
hour; in pages, each a transaction, from the beginning again after a restart. Each thing that is
looked at is an event of our own, of type `look`, which goes the way that Stripe's do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from billing.services.facts import micros, moment
from billing.services.ports import Work
from billing.services.ports.cards import Event

EVERY = timedelta(hours=1)
# So far before the last comparison it begins again: events come late and in no order.
OVERLAP = timedelta(hours=1)
# Stripe itself tells of no more.
LONGEST = timedelta(days=29)
KEPT = "stripe_compared"
# The day, in UTC, on which all that runs was looked at.
LOOKED_THROUGH = "stripe_looked_through"
# At most so much in one transaction, and looked at so far apart: events are not to wait behind it.
PAGE, APART = 200, timedelta(minutes=1)
# Looks that came to nothing are of no use any more after this.
KEPT_LOOKS = timedelta(days=2)
LOOK = "look"


async def due(work: Work) -> datetime | None:
    """Return since when Stripe is asked what has changed; None: it is not time, or not used."""
    if work.stripe is None:
        return None
    kept = await work.state.get(KEPT)
    if kept is None:
        return work.now - OVERLAP
    last = moment(int(kept))
    if work.now - last < EVERY:
        return None
    return max(last - OVERLAP, work.now - LONGEST)


async def keep(work: Work, events: Iterable[Event]) -> None:
    """Store what nobody had told of; at most a page of it."""
    for event in events:
        await work.stripe_events.add(event, at=work.now)


async def look_at_sessions(work: Work, after: str, nth: int) -> str | None:
    """Look at the `nth` page of what is open there; return after which the next one begins."""
    page = await work.card_sessions.open(after=after, limit=PAGE)
    for session in page:
        assert session.session_id is not None, "it is open there"
        await look_at(work, session.session_id, at=work.now + nth * APART)
    return page[-1].id if len(page) == PAGE else None


async def look_at_subscriptions(work: Work, after: str, nth: int) -> str | None:
    """
    Look at the `nth` page of what runs; return after which the next one begins.

    Once a day that is all, else what was not paid, or should have been renewed or ended by now.
    """
    all_of_it = await work.state.get(LOOKED_THROUGH) != _today(work)
    until = None if all_of_it else work.now
    page = await work.card_subscriptions.running(after=after, until=until, limit=PAGE)
    for subscription in page:
        assert subscription.subscription_id is not None, "it runs there"
        await look_at(work, subscription.subscription_id, at=work.now + nth * APART)
    return page[-1].instance_id if len(page) == PAGE else None


async def finish(work: Work, *, asked_at: datetime) -> None:
    """Keep that Stripe was asked then, and that everything was looked at today."""
    await work.stripe_events.forget_looks(before=work.now - KEPT_LOOKS)
    await work.state.set(LOOKED_THROUGH, _today(work))
    await work.state.set(KEPT, str(micros(asked_at)))


def _today(work: Work) -> str:
    return str(work.now.date())


async def look_at(work: Work, about: str, *, at: datetime | None = None) -> Event:
    """Have an object of Stripe's looked at as soon as may be, or from an instant on."""
    live = work.stripe is not None and work.stripe.live
    event = Event(f"{LOOK}_{work.ids.opaque()}", LOOK, work.now, live, about, "{}")
    await work.stripe_events.add(event, at=at or work.now)
    return event
