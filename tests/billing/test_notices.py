from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies

from billing import notices
from billing.instances import created
from billing.notices import NoticeKind, awake, of_cancellation, of_trial
from billing.programmes import Trial
from tests.billing.samples import (
    INTEGRATOR,
    SAO_PAULO,
    ZONES,
    cancelled,
    creating,
    instants,
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
            NoticeKind.TRIAL_DELETED: timedelta(minutes=1),
            NoticeKind.SERVICE_DELETED: timedelta(minutes=1),
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

    @pytest.mark.parametrize(("at", "count"), [("2026-03-28 23:59", 2), ("2026-03-29 00:00", 1)])
    def test_of_an_end_three_days_away_are_the_end_alone(self, at, count):
        programme = terms(INTEGRATOR, rule="end_of_cycle")
        instance = cancelled(subscribed(local(at)), local(at), programme)
        assert len(of_cancellation(instance, SAO_PAULO)) == count

    def test_are_about_the_cancellation_by_its_instant(self):
        at = local("2026-03-01 10:00")
        instance = subscribed(local("2026-01-05 10:00"))
        found = of_cancellation(cancelled(instance, at), SAO_PAULO)
        assert {notice.subject for notice in found} == {f"K7Q2M:{int(at.timestamp())}"}
        assert notices.cancellation_subject(instance) == "K7Q2M:0"

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


def test_a_key_says_which_notice_it_is():
    at = datetime(2026, 5, 4, tzinfo=UTC)
    keys = {notices.Notice(kind, "K7Q2M", at, None).key for kind in NoticeKind}
    assert len(keys) == len(NoticeKind)
