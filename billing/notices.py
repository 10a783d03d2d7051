"""
Which notices are owed, when each goes out and until when it is useful.

Once per subject and occasion: the key says which. Nobody is woken: in the partner's night (see
`nights`) a notice waits, or goes out half an hour before if its deadline would pass in the
night. Rules: "What the bot says unasked".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from billing import nights
from billing.calendar import BillingCalendar, local_date
from billing.instances import Instance
from billing.invoices import Invoice

BEFORE_SERVICE_END = timedelta(days=3)


class NoticeKind(StrEnum):
    """The occasions."""

    TRIAL_24H = "trial_24h"
    TRIAL_3H = "trial_3h"
    TRIAL_ENDED = "trial_ended"
    TRIAL_DELETED = "trial_deleted"
    INVOICE_ISSUED = "invoice_issued"
    INVOICE_DUE_SOON = "invoice_due_soon"
    INVOICE_DUE = "invoice_due"
    INVOICE_OVERDUE = "invoice_overdue"
    STOP_SOON = "stop_soon"
    LAST_DAY = "last_day"
    STOPPED = "stopped"
    DELETION_TOMORROW = "deletion_tomorrow"
    DELETED = "deleted"
    SERVICE_ENDS_SOON = "service_ends_soon"
    SERVICE_ENDED = "service_ended"
    SERVICE_DELETED = "service_deleted"
    DAYS_3D = "days_3d"
    DAYS_1D = "days_1d"
    DAYS_OUT = "days_out"
    DAYS_DELETION_7D = "days_deletion_7d"
    DAYS_DELETION_1D = "days_deletion_1d"
    DAYS_DELETED = "days_deleted"
    LOW_BALANCE = "low_balance"
    DAY_INVOICE_UNPAID = "day_invoice_unpaid"
    LINK_DOWN = "link_down"
    CARD_RENEWAL = "card_renewal"
    CARD_FAILED = "card_failed"
    CARD_ENDED = "card_ended"


# One notice takes along what would follow within this time (rules: the 24 h and the 3 h notice).
TAKES_ALONG = {
    NoticeKind.TRIAL_24H: timedelta(hours=6),
    NoticeKind.TRIAL_3H: timedelta(hours=1),
    NoticeKind.DAYS_3D: timedelta(hours=6),
    NoticeKind.DAYS_1D: timedelta(hours=6),
    # Instances that were extended together run out within moments.
    NoticeKind.DAYS_OUT: timedelta(minutes=1),
    NoticeKind.DAYS_DELETED: timedelta(minutes=1),
    NoticeKind.TRIAL_DELETED: timedelta(minutes=1),
    NoticeKind.SERVICE_DELETED: timedelta(minutes=1),
}
TRIAL_KINDS = (NoticeKind.TRIAL_24H, NoticeKind.TRIAL_3H, NoticeKind.TRIAL_ENDED)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to say once; `useful_until` None is for what must always be said."""

    kind: NoticeKind
    subject: str
    at: datetime
    useful_until: datetime | None

    @property
    def key(self) -> str:
        """What makes it the same notice."""
        return f"{self.kind}:{self.subject}"


def awake(at: datetime, night: str, *, deadline: datetime | None = None) -> datetime:
    """
    Return when something meant for `at` is said without waking anybody.

    In the night that is its end, usually 08:00, or half an hour before it if `deadline` falls
    into it.
    """
    around = nights.read(night).around(at)
    if around is None:
        return at
    before, morning = around
    return before if deadline is not None and deadline <= morning else morning


def of_trial(instance: Instance, night: str) -> list[Notice]:
    """
    Return the notices of a trial: 24 h and 3 h before its end, and at the end.

    Each is useful until the next one. A trial too short for one of them does without.
    """
    ends = instance.trial_ends_at
    if ends is None:
        return []
    notices = [Notice(NoticeKind.TRIAL_ENDED, instance.id, awake(ends, night), None)]
    until = ends
    for kind, ahead in (
        (NoticeKind.TRIAL_3H, timedelta(hours=3)),
        (NoticeKind.TRIAL_24H, timedelta(hours=24)),
    ):
        at = awake(ends - ahead, night, deadline=ends)
        if at > instance.created_at:
            notices.insert(0, Notice(kind, instance.id, at, until))
            until = at
    return notices


def cancellation_subject(instance: Instance) -> str:
    """The subject of a cancellation; one that is kept and made anew is another."""
    at = instance.cancelled_at
    return f"{instance.id}:{int(at.timestamp()) if at else 0}"


def of_cancellation(instance: Instance, night: str) -> list[Notice]:
    """Return the notices of a cancelled instance: 3 days before its service ends, and then."""
    ends, cancelled = instance.service_ends_at, instance.cancelled_at
    if ends is None or cancelled is None:
        return []
    subject = cancellation_subject(instance)
    notices = []
    if ends - cancelled > BEFORE_SERVICE_END:
        # Days ahead, so that the morning after a night is never too late.
        soon = awake(ends - BEFORE_SERVICE_END, night)
        notices.append(Notice(NoticeKind.SERVICE_ENDS_SOON, subject, soon, ends))
    notices.append(Notice(NoticeKind.SERVICE_ENDED, subject, awake(ends, night), None))
    return notices


def deletion_subject(invoice: Invoice, calendar: BillingCalendar) -> str:
    """The subject of the warning before a deletion; one that is put off is another."""
    return f"{invoice.id}:{local_date(invoice.delete_at, calendar.zone)}"


def of_invoice(invoice: Invoice, night: str, calendar: BillingCalendar) -> list[Notice]:
    """
    Return the reminders of an unpaid invoice, at 09:00 of the partner's zone.

    The days are the programme's: of each, the partner's 09:00 that falls into it. So wherever
    the partner is, nothing is called overdue that is on time, and no warning comes too late.
    Each is useful until the next one takes its place, or until what it warns of has happened.
    A hold moves those before the stop and the deletion, and makes them anew; the due date and
    its reminders stay.
    """
    first = first_word(invoice, night, calendar)
    held = invoice.id if invoice.held_until is None else f"{invoice.id}:{invoice.held_until}"
    doomed = deletion_subject(invoice, calendar)
    subjects = {
        NoticeKind.STOP_SOON: held,
        NoticeKind.LAST_DAY: held,
        NoticeKind.DELETION_TOMORROW: doomed,
    }
    zone = nights.read(night).zone
    notices = [first]
    dates = (invoice.due_on, invoice.last_on)
    instants = (invoice.due_until, invoice.stop_at, invoice.delete_at)
    for at, kind, until in _reminders(dates, instants, zone, calendar):
        # What would come before the invoice is told with it; what comes too late, not at all.
        if first.at < at < until:
            notices.append(Notice(kind, subjects.get(kind, invoice.id), at, until))
    return notices


def first_word(invoice: Invoice, night: str, calendar: BillingCalendar) -> Notice:
    """Return the notice that an invoice was issued."""
    return Notice(
        NoticeKind.INVOICE_ISSUED, invoice.id, _told_at(invoice.issued_at, night, calendar), None
    )


@lru_cache(maxsize=256)
def _told_at(issued_at: datetime, night: str, calendar: BillingCalendar) -> datetime:
    mornings = replace(calendar, zone=nights.read(night).zone)
    told_on = local_date(issued_at, calendar.zone)
    return max(mornings.next_morning(calendar.midnight(told_on)), awake(issued_at, night))


@lru_cache(maxsize=256)
def _reminders(
    dates: tuple[date, date],
    instants: tuple[datetime, datetime, datetime],
    zone: str,
    calendar: BillingCalendar,
) -> list[tuple[datetime, NoticeKind, datetime]]:
    """Return when each is said and until when it is useful, in their order."""
    one_day = timedelta(days=1)
    mornings = replace(calendar, zone=zone)
    (due_on, last_on), (due_until, stop_at, delete_at) = dates, instants
    warned_on = local_date(delete_at, calendar.zone) - one_day
    days = [
        (NoticeKind.INVOICE_DUE_SOON, due_on - 2 * one_day, due_until),
        (NoticeKind.INVOICE_DUE, due_on, due_until),
        (NoticeKind.INVOICE_OVERDUE, due_on + one_day, stop_at),
        (NoticeKind.STOP_SOON, last_on - 2 * one_day, stop_at),
        (NoticeKind.LAST_DAY, last_on, stop_at),
        (NoticeKind.DELETION_TOMORROW, warned_on, delete_at),
    ]
    timed = sorted(
        (mornings.next_morning(calendar.midnight(day)), kind, happens)
        for kind, day, happens in days
    )
    return [
        (at, kind, min([happens, *(then for then, *_ in timed if then > at)]))
        for at, kind, happens in timed
    ]
