"""
An instance, and its life from the creation to the deletion.

Each function takes an instance and an instant and returns the instance as it is from then on,
or raises. Doing a thing twice is refused as `AlreadyDone`, with the first outcome.
What lies between, `billing.subscriptions` decides. Rules: "Life of an instance".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from billing.programmes import Settlement, Trial
from billing.refusals import AlreadyDone, Refusal


class State(StrEnum):
    """Where an instance is in its life; `overdue` is stopped for an unpaid invoice."""

    CREATING = "creating"
    TRIAL = "trial"
    STOPPED = "stopped"
    ACTIVE = "active"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"
    ENDED = "ended"
    DELETED = "deleted"
    FAILED = "failed"


GONE = frozenset({State.DELETED, State.FAILED})
# The platform inside the bot.
EMBEDDED = "embedded"
SUBSCRIBED = frozenset({State.ACTIVE, State.CANCELLED, State.OVERDUE})
RUNNING = frozenset({State.TRIAL, State.ACTIVE, State.CANCELLED})


class Origin(StrEnum):
    """Who made an instance."""

    BOT = "bot"
    API = "api"
    PANEL = "panel"


class NotInThisState(Refusal):
    """The instance is not where this could be done. Facts: `action`, `state`."""

    code = "not_in_this_state"


class SettledOtherwise(Refusal):
    """It is paid for in a way that knows no such thing. Facts: `action`, `settlement`."""

    code = "settled_otherwise"


class NeverActivated(Refusal):
    """Made in the admin panel, where the programme activates only what the API or bot made."""

    code = "never_activated"


@dataclass(frozen=True, slots=True)
class Instance:
    """
    One connected messaging number.

    `band` counts from 1. `service_ends_at` and `billable_until` are frozen when it is
    cancelled or deleted; `stopped_at` is set in `stopped` and `overdue`. Settled in days it runs
    until `active_until`, and `auto_extend` is how many days it takes by itself before that;
    `paid_until` came with an import. `platform` is where it is held, from its creation on.
    """

    id: str
    partner_id: str
    name: str
    state: State
    settlement: Settlement
    origin: Origin
    band: int
    created_at: datetime
    token_id: str | None = None
    trial_ends_at: datetime | None = None
    subscribed_at: datetime | None = None
    cancelled_at: datetime | None = None
    service_ends_at: datetime | None = None
    billable_until: datetime | None = None
    stopped_at: datetime | None = None
    ended_at: datetime | None = None
    deleted_at: datetime | None = None
    active_until: datetime | None = None
    auto_extend: int | None = None
    paid_until: datetime | None = None
    platform: str = EMBEDDED


def expect(instance: Instance, action: str, *states: State) -> None:
    """
    Refuse what is done in some states only.

    :raises NotInThisState:
    """
    if instance.state not in states:
        raise NotInThisState(action=action, state=instance.state)


def created(instance: Instance, *, at: datetime, trial: Trial) -> Instance:
    """The platform made it: the trial begins and lasts its hours of elapsed time."""
    expect(instance, "create", State.CREATING)
    return replace(instance, state=State.TRIAL, created_at=at, trial_ends_at=at + trial.length)


def creation_failed(instance: Instance, *, at: datetime) -> Instance:
    """The platform refused it: nothing was used up."""
    expect(instance, "create", State.CREATING)
    return replace(instance, state=State.FAILED, deleted_at=at)


def end_trial(instance: Instance, *, at: datetime) -> Instance:
    """The trial is over without a subscription."""
    expect(instance, "end_trial", State.TRIAL)
    return replace(instance, state=State.STOPPED, stopped_at=at)


def delete(instance: Instance, *, at: datetime) -> Instance:
    """
    Delete for good; a subscribed one is billable until that instant.

    :raises AlreadyDone: it is deleted. Facts: `since`.
    :raises NotInThisState: the platform is still making it.
    """
    if instance.state in GONE:
        raise AlreadyDone(action="delete", since=instance.deleted_at)
    if instance.state is State.CREATING:
        raise NotInThisState(action="delete", state=instance.state)
    until = instance.billable_until
    if instance.subscribed_at is not None:
        until = at if until is None else min(until, at)
    return replace(instance, state=State.DELETED, deleted_at=at, billable_until=until)
