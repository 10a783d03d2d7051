"""
What differs between the instances as we know them and as a messaging platform holds them.

What the platform says in no known way is unknown, never fine. Deciding changes nothing: people do.
Rules: docs/rules.md, "Compared every night".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from billing.instances import EMBEDDED, RUNNING, Instance, State
from billing.programmes import Settlement


class HeldState(StrEnum):
    """What a platform says of an instance; what it says in no known way is unknown."""

    TRIAL = "trial"
    ACTIVE = "active"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What can differ."""

    UNKNOWN_THERE = "unknown_there"
    TWICE_THERE = "twice_there"
    LIVES_ON = "lives_on"
    GONE_THERE = "gone_there"
    NOT_RUNNING_THERE = "not_running_there"
    RUNS_THERE = "runs_there"
    NOT_CANCELLED_THERE = "not_cancelled_there"
    PAID_THERE = "paid_there"
    SHORTER_THERE = "shorter_there"
    LONGER_THERE = "longer_there"
    STATE_UNKNOWN = "state_unknown"
    OTHER_LABEL = "other_label"


class Mend(StrEnum):
    """What a person can do about a difference."""

    ADOPT = "adopt"
    DELETE_THERE = "delete_there"
    CORRECT_HERE = "correct_here"
    CREATE_THERE = "create_there"
    RUN_THERE = "run_there"
    STOP_THERE = "stop_there"
    CANCEL_THERE = "cancel_there"


MENDS: Mapping[Kind, tuple[Mend, ...]] = {
    Kind.UNKNOWN_THERE: (Mend.ADOPT, Mend.DELETE_THERE),
    Kind.TWICE_THERE: (Mend.DELETE_THERE,),
    Kind.LIVES_ON: (Mend.DELETE_THERE,),
    Kind.GONE_THERE: (Mend.CORRECT_HERE, Mend.CREATE_THERE),
    Kind.NOT_RUNNING_THERE: (Mend.RUN_THERE,),
    Kind.RUNS_THERE: (Mend.STOP_THERE,),
    Kind.NOT_CANCELLED_THERE: (Mend.CANCEL_THERE,),
    Kind.SHORTER_THERE: (Mend.RUN_THERE,),
}


@dataclass(frozen=True, slots=True)
class Tells:
    """Which states a platform tells apart; one that it has no word for is no difference."""

    trials: bool = False
    cancellations: bool = False
    stops: bool = False


TELLS: Mapping[str, Tells] = {
    EMBEDDED: Tells(trials=True, stops=True),
    "zapi": Tells(trials=True, cancellations=True, stops=True),
    "whapi": Tells(trials=True, stops=True),
    # There what is stopped is only not connected.
    "evolution": Tells(),
}

# An instant that is rounded there differs by less; and days are only bought whole.
ROUNDED, A_DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ours:
    """An instance as we know it; `remote_id` is its id at its platform, once known."""

    instance: Instance
    remote_id: str | None = None

    @property
    def id(self) -> str:
        """Its reference."""
        return self.instance.id


@dataclass(frozen=True, slots=True)
class Theirs:
    """An instance as a platform holds it; `reference` is from its name there, if it has one."""

    remote_id: str
    reference: str | None
    state: HeldState
    paid_until: datetime | None = None


def of_theirs(
    theirs: Theirs, by_id: Ours | None, by_label: Ours | None, *, platform: str, now: datetime
) -> Kind | None:
    """
    Return how what a platform holds differs from ours, if it does.

    `by_id` is ours that has that id there, `by_label` ours whose reference its name carries.
    """
    if by_id is not None and by_id.instance.platform == platform:
        found = _of_pair(by_id.instance, theirs, TELLS.get(platform, Tells()), now)
        if found is None and by_label is not None and by_label.id != by_id.id:
            return Kind.OTHER_LABEL
        return found
    if by_label is None:
        return Kind.UNKNOWN_THERE
    known_elsewhere = by_label.remote_id not in {None, theirs.remote_id}
    if known_elsewhere or by_label.instance.platform != platform:
        return Kind.TWICE_THERE
    return _of_pair(by_label.instance, theirs, TELLS.get(platform, Tells()), now)


def of_ours(ours: Ours, *, held: bool) -> Kind | None:
    """Return how ours that lives differs, where nothing there is it."""
    state = ours.instance.state
    if held or state in {State.CREATING, State.DELETED, State.FAILED}:
        return None
    return Kind.GONE_THERE


def _of_pair(instance: Instance, theirs: Theirs, tells: Tells, now: datetime) -> Kind | None:
    there = theirs.state
    if there is HeldState.STOPPED and not tells.stops and instance.state in RUNNING:
        return None
    match instance.state:
        case State.DELETED | State.FAILED:
            return Kind.LIVES_ON
        case State.CREATING:
            return None
        case _ if there is HeldState.UNKNOWN:
            return Kind.STATE_UNKNOWN
        case State.ENDED:
            return Kind.LIVES_ON if _runs(there) else None
        case State.STOPPED | State.OVERDUE:
            return Kind.RUNS_THERE if _runs_on(theirs, now) else None
        case State.TRIAL:
            return _of_trial(there, tells)
        case State.CANCELLED:
            return _of_cancelled(there, tells)
        case _:
            return _of_active(instance, theirs)


def _runs(there: HeldState) -> bool:
    return there in {HeldState.TRIAL, HeldState.ACTIVE}


def _runs_on(theirs: Theirs, now: datetime) -> bool:
    """Whether it runs, and not just to the end of a day that was begun."""
    soon_over = theirs.paid_until is not None and theirs.paid_until <= now + A_DAY + ROUNDED
    return _runs(theirs.state) and not soon_over


def _of_trial(there: HeldState, tells: Tells) -> Kind | None:
    if there is HeldState.ACTIVE:
        return Kind.PAID_THERE if tells.trials else None
    return None if there is HeldState.TRIAL else Kind.NOT_RUNNING_THERE


def _of_cancelled(there: HeldState, tells: Tells) -> Kind | None:
    if there is HeldState.ACTIVE:
        return Kind.NOT_CANCELLED_THERE if tells.cancellations else None
    return None if there is HeldState.CANCELLED else Kind.NOT_RUNNING_THERE


def _of_active(instance: Instance, theirs: Theirs) -> Kind | None:
    if theirs.state is not HeldState.ACTIVE:
        return Kind.NOT_RUNNING_THERE
    here, there = instance.active_until, theirs.paid_until
    if instance.settlement is Settlement.POSTPAID or here is None or there is None:
        return None
    if there < here - ROUNDED:
        return Kind.SHORTER_THERE
    return Kind.LONGER_THERE if there > here + A_DAY + ROUNDED else None


def mends(kind: Kind, instance: Instance | None) -> tuple[Mend, ...]:
    """Return what can be done about a difference."""
    if kind is Kind.NOT_RUNNING_THERE and instance is not None:
        # Nothing is paid for a trial, so nothing can be bought for it either.
        return () if instance.state is State.TRIAL else MENDS[kind]
    if kind is Kind.GONE_THERE and instance is not None and instance.state is State.ENDED:
        return (Mend.CORRECT_HERE,)
    return MENDS.get(kind, ())
