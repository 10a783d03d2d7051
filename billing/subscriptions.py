"""
An instance while it is subscribed: cancelled, kept, stopped for an unpaid invoice, restored.

Each function takes an instance and an instant and returns the instance as it is from then on,
or raises. Doing a thing twice is refused as `AlreadyDone`, with the first outcome.
Rules: "Life of an instance" and "The postpaid calendar".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from billing.calendar import BillingCalendar
from billing.instances import (
    GONE,
    SUBSCRIBED,
    Instance,
    NeverActivated,
    NotInThisState,
    Origin,
    SettledOtherwise,
    State,
    expect,
)
from billing.programmes import (
    Cancellation,
    CancellationBill,
    CancellationRule,
    Programme,
    Settlement,
)
from billing.refusals import AlreadyDone, Refusal


class NothingToCancel(Refusal):
    """A trial costs nothing and needs no cancellation. Facts: `trial_ends_at`."""

    code = "nothing_to_cancel"


class ServiceEnded(Refusal):
    """The service of a cancelled instance is over. Facts: `service_ends_at`."""

    code = "service_ended"


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
    expect(instance, "subscribe", State.TRIAL, State.STOPPED)
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
    expect(instance, "cancel", State.ACTIVE, State.OVERDUE)
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
    expect(instance, "keep", State.CANCELLED)
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
    expect(instance, "end_service", State.CANCELLED, State.OVERDUE)
    return replace(instance, state=State.ENDED, ended_at=at, stopped_at=None)


def stop_unpaid(instance: Instance, *, at: datetime) -> Instance:
    """Stop a subscribed instance because an invoice is unpaid."""
    expect(instance, "stop", State.ACTIVE, State.CANCELLED)
    return replace(instance, state=State.OVERDUE, stopped_at=at)


def restore(instance: Instance, *, at: datetime) -> Instance:
    """
    All is paid: run again, a cancelled one only until its service end.

    One whose days ran out in the meantime stays stopped, for want of days.
    """
    expect(instance, "restore", State.OVERDUE)
    if instance.active_until is not None and instance.active_until <= at:
        return replace(instance, state=State.STOPPED, stopped_at=at)
    if instance.service_ends_at is None:
        return replace(instance, state=State.ACTIVE, stopped_at=None)
    if instance.service_ends_at <= at:
        return end_service(instance, at=at)
    return replace(instance, state=State.CANCELLED, stopped_at=None)
