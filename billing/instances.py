"""
The life of an instance: every decision and every refusal.

Each function takes an instance and an instant and returns the instance as it is from then on,
or raises. Doing a thing twice is refused as `AlreadyDone`, with the first outcome.
Rules: "Life of an instance" and "The postpaid calendar".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from billing.calendar import BillingCalendar
from billing.programmes import (
    Cancellation,
    CancellationBill,
    CancellationRule,
    Programme,
    Settlement,
    Trial,
)
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
SUBSCRIBED = frozenset({State.ACTIVE, State.CANCELLED, State.OVERDUE})


class Origin(StrEnum):
    """Who made an instance."""

    BOT = "bot"
    API = "api"
    PANEL = "panel"


class NotInThisState(Refusal):
    """The instance is not where this could be done. Facts: `action`, `state`."""

    code = "not_in_this_state"


class NothingToCancel(Refusal):
    """A trial costs nothing and needs no cancellation. Facts: `trial_ends_at`."""

    code = "nothing_to_cancel"


class ServiceEnded(Refusal):
    """The service of a cancelled instance is over. Facts: `service_ends_at`."""

    code = "service_ended"


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
    `paid_until` came with an import.
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


def created(instance: Instance, *, at: datetime, trial: Trial) -> Instance:
    """The platform made it: the trial begins and lasts its hours of elapsed time."""
    _expect(instance, "create", State.CREATING)
    return replace(instance, state=State.TRIAL, created_at=at, trial_ends_at=at + trial.length)


def creation_failed(instance: Instance, *, at: datetime) -> Instance:
    """The platform refused it: nothing was used up."""
    _expect(instance, "create", State.CREATING)
    return replace(instance, state=State.FAILED, deleted_at=at)


def end_trial(instance: Instance, *, at: datetime) -> Instance:
    """The trial is over without a subscription."""
    _expect(instance, "end_trial", State.TRIAL)
    return replace(instance, state=State.STOPPED, stopped_at=at)


def subscribe(instance: Instance, *, at: datetime, programme: Programme) -> Instance:
    """
    Subscribe a trial, or one whose trial ended and that is not deleted yet.

    :raises NeverActivated: it was made in the panel, and the programme does not adopt those.
    :raises AlreadyDone: it is subscribed. Facts: `since`.
    :raises NotInThisState:
    """
    if instance.state in {State.ACTIVE, State.OVERDUE} and instance.cancelled_at is None:
        raise AlreadyDone(action="subscribe", since=instance.subscribed_at)
    if instance.origin is Origin.PANEL and not programme.adopts_panel_instances:
        raise NeverActivated
    _expect(instance, "subscribe", State.TRIAL, State.STOPPED)
    return replace(
        instance,
        state=State.ACTIVE,
        settlement=Settlement.POSTPAID,
        subscribed_at=at,
        stopped_at=None,
        active_until=None,
    )


def subscription_refused(instance: Instance, *, at: datetime) -> Instance:
    """
    The platform refused the subscription: nothing is owed for it, nor for its cancellation.

    It is a trial again, or stopped if that is over; what ended or was deleted stays so.
    """
    if instance.subscribed_at is None:
        raise NotInThisState(action="subscription_refused", state=instance.state)
    never = replace(
        instance, subscribed_at=None, cancelled_at=None, service_ends_at=None, billable_until=None
    )
    if instance.state not in SUBSCRIBED:
        return never
    if instance.trial_ends_at is not None and instance.trial_ends_at > at:
        return replace(never, state=State.TRIAL, stopped_at=None)
    return replace(never, state=State.STOPPED, stopped_at=at)


def service_end(terms: Cancellation, cancelled_at: datetime, calendar: BillingCalendar) -> datetime:
    """
    Return the first instant at which a cancelled instance no longer runs.

    With `thirty_days` the same local time as many calendar days later: where a clock change
    removes that time, the first one after it.
    """
    month = calendar.month_of(cancelled_at)
    match terms.rule:
        case CancellationRule.THIRTY_DAYS:
            return calendar.same_time_days_later(cancelled_at, terms.days)
        case CancellationRule.UNTIL_EXPIRY:
            return calendar.end_of(calendar.last_date(month))
        case CancellationRule.END_OF_CYCLE:
            return calendar.end(month)
        case _:
            assert_never(terms.rule)


def cancel(
    instance: Instance, *, at: datetime, terms: Cancellation, calendar: BillingCalendar
) -> Instance:
    """
    Cancel a subscribed instance; one that is overdue stays stopped and keeps its end.

    :raises NothingToCancel: it is in its trial, or stopped after it.
    :raises AlreadyDone: it is cancelled. Facts: `service_ends_at`.
    :raises NotInThisState, SettledOtherwise:
    """
    if instance.state in {State.CREATING, State.TRIAL, State.STOPPED}:
        raise NothingToCancel(trial_ends_at=instance.trial_ends_at)
    if instance.cancelled_at is not None and instance.state not in GONE:
        raise AlreadyDone(action="cancel", service_ends_at=instance.service_ends_at)
    _expect(instance, "cancel", State.ACTIVE, State.OVERDUE)
    if instance.settlement is not Settlement.POSTPAID:
        raise SettledOtherwise(action="cancel", settlement=instance.settlement)
    ends = service_end(terms, at, calendar)
    if terms.bill is CancellationBill.EVERY_MONTH_OF_SERVICE:
        billable_until = ends
    else:
        billable_until = min(ends, calendar.end(calendar.month_of(at)))
    if instance.paid_until is not None:
        ends = max(ends, instance.paid_until)
    return replace(
        instance,
        state=State.CANCELLED if instance.state is State.ACTIVE else State.OVERDUE,
        cancelled_at=at,
        service_ends_at=ends,
        billable_until=billable_until,
    )


def keep(instance: Instance, *, at: datetime) -> Instance:
    """
    Withdraw a cancellation while the service runs; the months it left unbilled are owed.

    :raises AlreadyDone: it is subscribed and not cancelled. Facts: `since`.
    :raises ServiceEnded:
    :raises NotInThisState:
    """
    if instance.state is State.ACTIVE:
        raise AlreadyDone(action="keep", since=instance.subscribed_at)
    ends = instance.service_ends_at
    if instance.state is State.ENDED or (ends is not None and ends <= at):
        raise ServiceEnded(service_ends_at=ends)
    _expect(instance, "keep", State.CANCELLED)
    return replace(
        instance,
        state=State.ACTIVE,
        cancelled_at=None,
        service_ends_at=None,
        billable_until=None,
    )


def end_service(instance: Instance, *, at: datetime) -> Instance:
    """The service of a cancelled instance is over, also of one that is stopped as overdue."""
    if instance.cancelled_at is None:
        raise NotInThisState(action="end_service", state=instance.state)
    _expect(instance, "end_service", State.CANCELLED, State.OVERDUE)
    return replace(instance, state=State.ENDED, ended_at=at, stopped_at=None)


def stop_unpaid(instance: Instance, *, at: datetime) -> Instance:
    """Stop a subscribed instance because an invoice is unpaid."""
    _expect(instance, "stop", State.ACTIVE, State.CANCELLED)
    return replace(instance, state=State.OVERDUE, stopped_at=at)


def restore(instance: Instance, *, at: datetime) -> Instance:
    """
    All is paid: run again, a cancelled one only until its service end.

    One whose days ran out in the meantime stays stopped, for want of days.
    """
    _expect(instance, "restore", State.OVERDUE)
    if instance.active_until is not None and instance.active_until <= at:
        return replace(instance, state=State.STOPPED, stopped_at=at)
    if instance.service_ends_at is None:
        return replace(instance, state=State.ACTIVE, stopped_at=None)
    if instance.service_ends_at <= at:
        return end_service(instance, at=at)
    return replace(instance, state=State.CANCELLED, stopped_at=None)


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


def _expect(instance: Instance, action: str, *states: State) -> None:
    if instance.state not in states:
        raise NotInThisState(action=action, state=instance.state)
