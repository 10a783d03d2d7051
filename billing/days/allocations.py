"""
Days on instances: allocated, used one after the other, returned where they are left.

A day is 24 hours of elapsed time, whatever the clocks do meanwhile. Rules: "Days", 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing.instances import (
    GONE,
    Instance,
    NeverActivated,
    NotInThisState,
    Origin,
    SettledOtherwise,
    State,
)
from billing.programmes import Programme, Settlement

DAY = timedelta(days=1)
# Where days can be given to, if it is settled in them or not settled yet.
EXTENDABLE = frozenset({State.TRIAL, State.STOPPED, State.ACTIVE})


@dataclass(frozen=True, slots=True)
class Allocation:
    """
    Days that an instance was given: periods of 24 hours, one after the other from `starts_at`.

    The last `returned` of them came back. `used` are those that the books have as used.
    """

    id: str
    instance_id: str
    partner_id: str
    days: int
    starts_at: datetime
    allocated_at: datetime
    returned: int = 0
    used: int = 0

    @property
    def kept(self) -> int:
        """How many periods there are."""
        return self.days - self.returned

    @property
    def ends_at(self) -> datetime:
        """The first instant after the last period."""
        return self.starts_at + self.kept * DAY

    def started(self, until: datetime) -> int:
        """Return how many periods began before an instant: a day that began is used."""
        # Rounded up, for the one that is running began as well.
        begun = -((self.starts_at - until) // DAY)
        return max(0, min(self.kept, begun))


def lasts_until(instance: Instance, at: datetime) -> datetime:
    """Return until when an instance runs as it stands: what is added begins there."""
    ends = [at]
    if instance.state is State.TRIAL and instance.trial_ends_at is not None:
        ends.append(instance.trial_ends_at)
    if instance.active_until is not None:
        ends.append(instance.active_until)
    return max(ends)


def is_adopted(instance: Instance, programme: Programme) -> bool:
    """Whether the programme activates it: some leave alone what was made in the panel."""
    return instance.origin is not Origin.PANEL or programme.adopts_panel_instances


def check_extendable(instance: Instance, programme: Programme) -> None:
    """
    Refuse what cannot be given days.

    :raises NotInThisState: it is not made yet, or gone, or stopped for an unpaid invoice.
    :raises SettledOtherwise: it runs and is paid for in another way.
    :raises NeverActivated: it was made in the panel, and the programme does not adopt those.
    """
    if instance.state not in EXTENDABLE:
        raise NotInThisState(action="extend", state=instance.state)
    settled = instance.state is State.ACTIVE and instance.settlement is not Settlement.DAYS
    if settled or Settlement.DAYS not in programme.settlements:
        raise SettledOtherwise(action="extend", settlement=instance.settlement)
    if not is_adopted(instance, programme):
        raise NeverActivated


def extend(instance: Instance, days: int, *, at: datetime, programme: Programme) -> Instance:
    """
    Give an instance days; the rest of its trial, or of the days before, is kept.

    :raises NotInThisState, SettledOtherwise, NeverActivated: see `check_extendable`.
    """
    check_extendable(instance, programme)
    return replace(
        instance,
        state=State.ACTIVE,
        settlement=Settlement.DAYS,
        subscribed_at=instance.subscribed_at or at,
        active_until=lasts_until(instance, at) + days * DAY,
        stopped_at=None,
    )


def run_out(instance: Instance, *, at: datetime) -> Instance:
    """Its days are used up: it stops."""
    ends = instance.active_until
    if instance.state is not State.ACTIVE or ends is None or ends > at:
        raise NotInThisState(action="run_out", state=instance.state)
    return replace(instance, state=State.STOPPED, stopped_at=at)


def taken_back(
    instance: Instance, refused: Sequence[Allocation], *, had_days: bool, at: datetime
) -> Instance:
    """
    Return an instance without days that it could not have, as it would be by now.

    It is on trial or active as it was, or stopped if it was or that is over. It takes no days by
    itself any more. `refused` are its newest, and not empty; `had_days`: others were confirmed.
    """
    first = min(refused, key=lambda one: (one.starts_at, one.id))
    if not had_days and instance.subscribed_at == first.allocated_at:
        # They were its first days: it comes from its trial, be that over or not.
        begun = replace(instance, subscribed_at=None, active_until=None, auto_extend=None)
        ends = instance.trial_ends_at
        if ends is not None and ends > at:
            return replace(begun, state=State.TRIAL)
        return replace(begun, state=State.STOPPED, stopped_at=at)
    before = replace(instance, active_until=first.starts_at, auto_extend=None)
    if first.starts_at > at:
        return before
    return replace(before, state=State.STOPPED, stopped_at=at)


def give_back(allocations: Iterable[Allocation], *, at: datetime) -> list[Allocation]:
    """
    Return the allocations that change when their instance is deleted, the newest first.

    What did not begin comes back: whole days that remain, at most those allocated.
    """
    newest_first = sorted(allocations, key=lambda one: (one.starts_at, one.id), reverse=True)
    return [
        replace(one, returned=one.returned + left)
        for one in newest_first
        if (left := one.kept - one.started(at)) > 0
    ]


def comes_back(allocations: Sequence[Allocation], *, at: datetime) -> int:
    """Return how many days would come back if the instance were deleted."""
    return sum(one.kept - one.started(at) for one in allocations)


def used_between(allocations: Iterable[Allocation], start: datetime, end: datetime) -> int:
    """Return how many periods began in a span, from `start` on and before `end`."""
    return sum(one.started(end) - one.started(start) for one in allocations)


def auto_extended(instance: Instance, days: int | None) -> Instance:
    """
    Let an instance take so many days by itself before it ends, or no more with None.

    :raises NotInThisState: it is gone.
    """
    if instance.state in GONE:
        raise NotInThisState(action="auto", state=instance.state)
    return replace(instance, auto_extend=days)
