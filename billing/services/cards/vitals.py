"""How the desk and Stripe get on with one another, for whoever asks whether all is well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from billing.services.cards import comparing
from billing.services.facts import moment
from billing.services.ports import Work

# It is made each hour.
COMPARED_AGE = timedelta(hours=3)
# What waits for something else is looked at each ten minutes.
EVENT_AGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """`compared_at` None: never yet. `failing` calls were tried often, `late` events wait long."""

    live: bool
    compared_at: datetime | None
    failing: int
    late: int
    quarantined: int

    def is_stale(self, now: datetime) -> bool:
        """Whether nobody knows any more what happened at Stripe."""
        return self.compared_at is not None and now - self.compared_at > COMPARED_AGE


async def standing(work: Work) -> Standing | None:
    """Return it; None: there is no key, and nothing is paid by card."""
    if work.stripe is None:
        return None
    kept = await work.state.get(comparing.KEPT)
    return Standing(
        live=work.stripe.live,
        compared_at=None if kept is None else moment(int(kept)),
        failing=len(await work.card_calls.failing()),
        late=len(await work.stripe_events.late(work.now - EVENT_AGE)),
        quarantined=len(await work.stripe_events.quarantined()),
    )
