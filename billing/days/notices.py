"""
Notices about days: of an instance that has few left or none, of an invoice for them.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from billing import nights
from billing.calendar import BillingCalendar, local_date
from billing.instances import Instance, State
from billing.invoices import Invoice
from billing.notices import Notice, NoticeKind, awake
from billing.programmes import DayTerms

BEFORE_THE_END = (
    (NoticeKind.DAYS_1D, timedelta(days=1)),
    (NoticeKind.DAYS_3D, timedelta(days=3)),
)
BEFORE_DELETION = (
    (NoticeKind.DAYS_DELETION_1D, timedelta(days=1)),
    (NoticeKind.DAYS_DELETION_7D, timedelta(days=7)),
)


def ends_at(instance: Instance) -> datetime | None:
    """Return when an instance ends that runs on its days, or on its trial."""
    return instance.trial_ends_at if instance.state is State.TRIAL else instance.active_until


def end_subject(instance: Instance) -> str:
    """The subject of an end; that of an instance that was extended is another."""
    at = ends_at(instance)
    return f"{instance.id}:{int(at.timestamp()) if at else 0}"


def of_days(instance: Instance, night: str, *, since: datetime) -> list[Notice]:
    """
    Return the notices of an instance that runs on days: 3 days and 1 day before they run out.

    What came before `since`, when it was given its days, is not owed.
    """
    ends = instance.active_until
    if ends is None:
        return []
    return _before(BEFORE_THE_END, end_subject(instance), ends, night, since)


def deletion_subject(partner_id: str, delete_at: datetime, zone: str) -> str:
    """The subject of a deletion of what ran out: all of a partner's of one day are one."""
    return f"{partner_id}:{local_date(delete_at, zone)}"


def of_deletion(
    partner_id: str, delete_at: datetime, night: str, *, since: datetime
) -> list[Notice]:
    """Return the warnings before what ran out is deleted: 7 days and 1 day before."""
    subject = deletion_subject(partner_id, delete_at, nights.read(night).zone)
    return _before(BEFORE_DELETION, subject, delete_at, night, since)


def _before(
    kinds: tuple[tuple[NoticeKind, timedelta], ...],
    subject: str,
    ends: datetime,
    night: str,
    since: datetime,
) -> list[Notice]:
    """Return one notice for each span before an end, each useful until the next one."""
    notices: list[Notice] = []
    until = ends
    for kind, ahead in kinds:
        # By a day or more ahead, so that the morning after a night is never too late.
        at = awake(ends - ahead, night)
        if since < at:
            notices.insert(0, Notice(kind, subject, at, until))
            until = at
    return notices


def of_day_invoice(
    invoice: Invoice, terms: DayTerms, zone: str, calendar: BillingCalendar
) -> Notice:
    """Return the reminder of a day invoice that is unpaid after some days, at the morning hour."""
    mornings = replace(calendar, zone=zone)
    day = local_date(invoice.issued_at, zone) + timedelta(days=terms.remind_after_days)
    at = mornings.morning(day)
    return Notice(NoticeKind.DAY_INVOICE_UNPAID, invoice.id, at, invoice.due_until)
