from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies

from billing import delays, notices
from billing.calendar import Month
from billing.instances import created
from billing.notices import NoticeKind, awake, of_cancellation, of_invoice, of_trial
from billing.programmes import Deadlines, Trial
from tests.billing.samples import (
    INTEGRATOR,
    SAO_PAULO,
    ZONES,
    cancelled,
    creating,
    instants,
    invoice,
    local,
    on_trial,
    quick,
    subscribed,
    terms,
    there,
)

zones = strategies.sampled_from(
    (*ZONES, "Asia/Tokyo", "Pacific/Honolulu", "Pacific/Kiritimati", "America/Manaus")
)


def said(found, zone=SAO_PAULO):
    return [(notice.kind.value, there(notice.at, zone)) for notice in found]


def check_in_order_and_by_day(found, zone):
    """Keys are unique and in order, each can still be useful, and nobody is woken."""
    assert len({notice.key for notice in found}) == len(found)
    assert [notice.at for notice in found] == sorted(notice.at for notice in found)
    for notice in found:
        assert notice.useful_until is None or notice.at < notice.useful_until
        assert time(8) <= notice.at.astimezone(ZoneInfo(zone)).time() < time(22)


class TestQuietHours:
    @pytest.mark.parametrize(
        ("zone", "meant", "deadline", "goes_out"),
        [
            (SAO_PAULO, "2026-05-04 08:00", None, "2026-05-04 08:00"),
            (SAO_PAULO, "2026-05-04 21:59", None, "2026-05-04 21:59"),
            (SAO_PAULO, "2026-05-04 22:00", None, "2026-05-05 08:00"),
            (SAO_PAULO, "2026-05-05 00:00", None, "2026-05-05 08:00"),
            (SAO_PAULO, "2026-05-05 07:59", None, "2026-05-05 08:00"),
            # a deadline before 08:00: at 21:30 instead
            (SAO_PAULO, "2026-05-04 23:00", "2026-05-05 02:00", "2026-05-04 21:30"),
            (SAO_PAULO, "2026-05-05 04:00", "2026-05-05 07:59", "2026-05-04 21:30"),
            # at 08:00 it would come with the deadline, of use to nobody
            (SAO_PAULO, "2026-05-05 05:00", "2026-05-05 08:00", "2026-05-04 21:30"),
            (SAO_PAULO, "2026-05-05 05:01", "2026-05-05 08:01", "2026-05-05 08:00"),
            (SAO_PAULO, "2026-05-04 12:00", "2026-05-04 13:00", "2026-05-04 12:00"),
            # nights in which clocks change are an hour shorter or longer
            ("Europe/Berlin", "2026-03-28 22:00", None, "2026-03-29 08:00"),
            ("Europe/Berlin", "2026-03-29 03:30", "2026-03-29 07:00", "2026-03-28 21:30"),
            ("Europe/Berlin", "2026-10-25 02:30", None, "2026-10-25 08:00"),
            ("America/Santiago", "2026-09-05 23:30", None, "2026-09-06 08:00"),
            ("America/Santiago", "2026-09-06 01:00", "2026-09-06 02:00", "2026-09-05 21:30"),
            ("America/Havana", "2026-11-01 00:30", None, "2026-11-01 08:00"),
        ],
    )
    def test_wake_nobody(self, zone, meant, deadline, goes_out):
        last = None if deadline is None else local(deadline, zone)
        assert there(awake(local(meant, zone), zone, deadline=last), zone) == goes_out

    @quick
    @given(instants(), zones, strategies.timedeltas(timedelta(minutes=1), timedelta(days=2)))
    def test_are_kept_in_every_zone_and_every_night(self, at, zone, ahead):
        for goes_out in (awake(at, zone), awake(at, zone, deadline=at + ahead)):
            assert time(8) <= goes_out.astimezone(ZoneInfo(zone)).time() < time(22)
            assert awake(goes_out, zone) == goes_out
            assert abs(goes_out - at) <= timedelta(hours=12)
        assert awake(at, zone) >= at
        assert awake(at, zone, deadline=at + ahead) < at + ahead


class TestOfATrial:
    @pytest.mark.parametrize(
        ("made", "at_24h", "at_3h", "at_the_end"),
        [
            ("2026-05-04 10:30", "2026-05-05 10:30", "2026-05-06 08:00", "2026-05-06 10:30"),
            ("2026-05-04 15:00", "2026-05-05 15:00", "2026-05-06 12:00", "2026-05-06 15:00"),
            # in the evening and at night
            ("2026-05-04 23:00", "2026-05-06 08:00", "2026-05-06 20:00", "2026-05-07 08:00"),
            ("2026-05-04 02:00", "2026-05-05 08:00", "2026-05-05 21:30", "2026-05-06 08:00"),
            ("2026-05-04 07:00", "2026-05-05 08:00", "2026-05-05 21:30", "2026-05-06 08:00"),
        ],
    )
    def test_are_24_and_3_hours_before_its_end_and_at_it(self, made, at_24h, at_3h, at_the_end):
        found = of_trial(on_trial(local(made)), SAO_PAULO)
        assert said(found) == [
            ("trial_24h", at_24h), ("trial_3h", at_3h), ("trial_ended", at_the_end),
        ]  # fmt: skip
        assert [notice.key for notice in found] == [
            "trial_24h:K7Q2M", "trial_3h:K7Q2M", "trial_ended:K7Q2M",
        ]  # fmt: skip

    def test_are_useful_until_the_next_one(self):
        instance = on_trial(local("2026-05-04 15:00"))
        first, second, third = of_trial(instance, SAO_PAULO)
        assert first.useful_until == second.at
        assert second.useful_until == instance.trial_ends_at
        assert third.useful_until is None

    def test_are_none_before_the_platform_made_it(self):
        assert of_trial(creating(), SAO_PAULO) == []

    @pytest.mark.parametrize(
        ("hours", "kinds"),
        [
            (25, ["trial_24h", "trial_3h", "trial_ended"]),
            (24, ["trial_3h", "trial_ended"]),
            (2, ["trial_ended"]),
        ],
    )
    def test_of_a_short_trial_are_those_that_lie_within_it(self, hours, kinds):
        trial = Trial(hours=hours, afterwards="delete")
        instance = created(creating(), at=local("2026-05-04 09:00"), trial=trial)
        assert [notice.kind.value for notice in of_trial(instance, SAO_PAULO)] == kinds

    @quick
    @given(instants(), zones, strategies.integers(1, 200))
    def test_are_in_order_and_by_day(self, made, zone, hours):
        trial = Trial(hours=hours, afterwards="delete")
        found = of_trial(created(creating(), at=made, trial=trial), zone)
        check_in_order_and_by_day(found, zone)
        assert all(notice.at > made for notice in found)

    def test_take_along_what_would_follow_soon(self):
        assert {
            NoticeKind.TRIAL_24H: timedelta(hours=6),
            NoticeKind.TRIAL_3H: timedelta(hours=1),
            NoticeKind.DAYS_3D: timedelta(hours=6),
            NoticeKind.DAYS_1D: timedelta(hours=6),
            NoticeKind.DAYS_OUT: timedelta(minutes=1),
            NoticeKind.DAYS_DELETED: timedelta(minutes=1),
        } == notices.TAKES_ALONG


class TestOfACancellation:
    def test_are_three_days_before_the_end_and_at_it(self):
        instance = cancelled(subscribed(local("2026-01-05 10:00")), local("2026-03-01 10:00"))
        found = of_cancellation(instance, SAO_PAULO)
        assert said(found) == [
            ("service_ends_soon", "2026-03-28 10:00"), ("service_ended", "2026-03-31 10:00"),
        ]  # fmt: skip
        assert [notice.useful_until for notice in found] == [instance.service_ends_at, None]

    def test_of_an_end_that_is_near_are_the_end_alone(self):
        programme = terms(INTEGRATOR, rule="end_of_cycle")
        at = local("2026-03-29 10:00")
        instance = cancelled(subscribed(at), at, programme)
        assert said(of_cancellation(instance, SAO_PAULO)) == [("service_ended", "2026-04-01 08:00")]

    def test_are_said_anew_of_a_cancellation_that_is_made_anew(self):
        instance = subscribed(local("2026-01-05 10:00"))
        keys = {
            notice.key
            for at in ("2026-03-01 10:00", "2026-03-01 11:00")
            for notice in of_cancellation(cancelled(instance, local(at)), SAO_PAULO)
        }
        assert len(keys) == 4

    def test_are_none_while_it_is_not_cancelled(self):
        assert of_cancellation(subscribed(local("2026-01-05 10:00")), SAO_PAULO) == []

    @quick
    @given(instants(), zones, strategies.integers(1, 60))
    def test_are_in_order_and_by_day(self, at, zone, days):
        instance = cancelled(subscribed(at), at, terms(INTEGRATOR, days=days))
        check_in_order_and_by_day(of_cancellation(instance, zone), zone)


class TestOfAnInvoice:
    table = (
        ("invoice_issued", "2026-06-01 09:00"),
        ("invoice_due_soon", "2026-06-03 09:00"),
        ("invoice_due", "2026-06-05 09:00"),
        ("invoice_overdue", "2026-06-06 09:00"),
        ("stop_soon", "2026-06-08 09:00"),
        ("last_day", "2026-06-10 09:00"),
        ("deletion_tomorrow", "2026-06-14 09:00"),
    )

    @pytest.mark.parametrize(
        "zone", [SAO_PAULO, "America/Manaus", "America/Los_Angeles", "Europe/Lisbon"]
    )
    def test_are_at_nine_of_the_partners_zone_on_the_days_of_the_table(self, zone):
        found = of_invoice(invoice("2026-05"), zone, INTEGRATOR.calendar)
        assert said(found, zone) == list(self.table)

    def test_are_useful_until_the_next_one_or_until_it_has_happened(self):
        found = of_invoice(invoice("2026-05"), SAO_PAULO, INTEGRATOR.calendar)
        until = {n.kind.value: n.useful_until and there(n.useful_until) for n in found}
        assert until == {
            "invoice_issued": None,
            "invoice_due_soon": "2026-06-05 09:00",
            "invoice_due": "2026-06-06 00:00",  # then it is overdue
            "invoice_overdue": "2026-06-08 09:00",
            "stop_soon": "2026-06-10 09:00",
            "last_day": "2026-06-11 00:00",  # then it is stopped
            "deletion_tomorrow": "2026-06-15 09:00",  # then it is deleted
        }

    def test_call_nothing_overdue_that_is_still_on_time_where_the_partner_is(self):
        # In Tokyo 09:00 of the 6th is 21:00 of the 5th in São Paulo.
        may = invoice("2026-05")
        found = {n.kind: n for n in of_invoice(may, "Asia/Tokyo", INTEGRATOR.calendar)}
        assert found[NoticeKind.INVOICE_OVERDUE].at >= may.due_until
        assert found[NoticeKind.INVOICE_DUE].at < may.due_until
        assert found[NoticeKind.LAST_DAY].at < may.stop_at

    def test_of_a_hold_move_what_follows_the_last_day_and_are_said_anew(self):
        may = invoice("2026-05")
        held = delays.hold(
            may, until=date(2026, 6, 20), reason="bank strike", at=local("2026-06-09 12:00"),
            calendar=INTEGRATOR.calendar,
        )  # fmt: skip
        found = of_invoice(held, SAO_PAULO, INTEGRATOR.calendar)
        assert said(found) == [
            *self.table[:4],
            ("stop_soon", "2026-06-18 09:00"),
            ("last_day", "2026-06-20 09:00"),
            ("deletion_tomorrow", "2026-06-24 09:00"),
        ]
        before = {n.key for n in of_invoice(may, SAO_PAULO, INTEGRATOR.calendar)}
        assert {n.kind for n in found if n.key not in before} == {
            NoticeKind.STOP_SOON, NoticeKind.LAST_DAY, NoticeKind.DELETION_TOMORROW,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("issued", "told"),
        [
            ("2026-06-01 00:02", "2026-06-01 09:00"),
            ("2026-06-01 15:00", "2026-06-01 15:00"),
            ("2026-06-02 23:00", "2026-06-03 08:00"),
            ("2026-06-03 03:00", "2026-06-03 09:00"),
        ],
    )
    def test_of_one_issued_late_wake_nobody(self, issued, told):
        late = invoice("2026-05", at=local(issued))
        assert said(of_invoice(late, SAO_PAULO, INTEGRATOR.calendar))[0] == ("invoice_issued", told)

    def test_of_one_that_is_due_at_once_begin_with_the_issue(self):
        programme = INTEGRATOR.model_copy(update={"deadlines": Deadlines(due_day=1)})
        found = of_invoice(invoice(programme=programme), SAO_PAULO, programme.calendar)
        assert said(found)[:2] == [
            ("invoice_issued", "2026-06-01 09:00"), ("invoice_overdue", "2026-06-02 09:00"),
        ]  # fmt: skip

    def test_of_one_that_stops_when_it_is_overdue_leave_that_to_the_stop(self):
        deadlines = Deadlines(due_day=10, last_day=10)
        programme = INTEGRATOR.model_copy(update={"deadlines": deadlines})
        found = of_invoice(invoice(programme=programme), SAO_PAULO, programme.calendar)
        usual = of_invoice(invoice(), SAO_PAULO, INTEGRATOR.calendar)
        left_out = {notice.kind for notice in usual} - {notice.kind for notice in found}
        assert left_out == {NoticeKind.INVOICE_OVERDUE}

    @quick
    @given(
        strategies.dates(date(2024, 1, 1), date(2033, 1, 1)),
        zones,
        zones,
        strategies.timedeltas(timedelta(0), timedelta(days=9)),
        strategies.tuples(*(strategies.integers(0, 7) for _ in range(3))),
        strategies.none() | strategies.integers(0, 30),
    )
    def test_are_in_order_and_by_day(self, day, zone, partners_zone, late, gaps, held_for):
        due = 1 + gaps[0]
        last = due + gaps[1]
        deadlines = Deadlines(due_day=due, last_day=last, delete_day=last + 5 + gaps[2])
        programme = INTEGRATOR.model_copy(update={"zone": zone, "deadlines": deadlines})
        month = Month(day.year, day.month)
        issued_at = programme.calendar.end(month) + late
        document = invoice(str(month), programme=programme, at=issued_at)
        if held_for is not None:
            until = document.last_on + timedelta(days=held_for)
            document = delays.hold(
                document, until=until, reason="x", at=issued_at, calendar=programme.calendar
            )
        found = of_invoice(document, partners_zone, programme.calendar)
        check_in_order_and_by_day(found, partners_zone)
        assert found[0].kind is NoticeKind.INVOICE_ISSUED
        assert found[0].at >= issued_at


def test_a_key_says_which_notice_it_is():
    at = datetime(2026, 5, 4, tzinfo=UTC)
    keys = {notices.Notice(kind, "K7Q2M", at, None).key for kind in NoticeKind}
    assert len(keys) == len(NoticeKind)
