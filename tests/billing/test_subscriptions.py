from dataclasses import replace
from datetime import timedelta

import pytest

from billing import instances, subscriptions
from billing.instances import NeverActivated, NotInThisState, Origin, SettledOtherwise, State
from billing.programmes import Settlement
from billing.refusals import AlreadyDone
from billing.subscriptions import NothingToCancel, ServiceEnded
from tests.billing.samples import (
    CLASSIC,
    INTEGRATOR,
    Books,
    billed,
    cancelled,
    local,
    months,
    on_trial,
    subscribed,
    terms,
    there,
)

MADE = local("2026-02-02 10:00")
LATER = local("2026-03-10 10:00")

TRIAL = on_trial(MADE)
ACTIVE = subscribed(MADE)
LEAVING = cancelled(ACTIVE, local("2026-02-28 10:00"))
OVERDUE = subscriptions.stop_unpaid(ACTIVE, at=LATER)
OVERDUE_AND_LEAVING = subscriptions.stop_unpaid(LEAVING, at=LATER)
ENDED = subscriptions.end_service(LEAVING, at=LEAVING.service_ends_at)


class TestSubscribing:
    def test_what_was_made_in_the_panel_is_for_programmes_that_adopt(self):
        panel = on_trial(MADE, origin=Origin.PANEL)
        adopted = subscriptions.subscribe(panel, at=LATER, programme=INTEGRATOR)
        assert adopted.state is State.ACTIVE
        with pytest.raises(NeverActivated):
            subscriptions.subscribe(panel, at=LATER, programme=CLASSIC)

    def test_what_ran_on_days_is_paid_by_the_month_from_then_on(self):
        out = replace(
            TRIAL, state=State.STOPPED, settlement=Settlement.DAYS, active_until=LATER,
            stopped_at=LATER,
        )  # fmt: skip
        after = subscriptions.subscribe(out, at=LATER, programme=INTEGRATOR)
        assert (after.state, after.settlement) == (State.ACTIVE, Settlement.POSTPAID)
        assert (after.subscribed_at, after.active_until, after.stopped_at) == (LATER, None, None)

    def test_what_was_migrated_from_the_panel_is_already_done(self):
        migrated = replace(ACTIVE, origin=Origin.PANEL)
        with pytest.raises(AlreadyDone) as refused:
            subscriptions.subscribe(migrated, at=LATER, programme=CLASSIC)
        assert refused.value.facts == {"action": "subscribe", "since": MADE}

    @pytest.mark.parametrize(
        ("refused_at", "state"),
        [("2026-02-03 10:00", State.TRIAL), ("2026-02-04 10:00", State.STOPPED)],
    )
    def test_what_the_platform_refuses_leaves_it_where_its_trial_is(self, refused_at, state):
        instance = subscriptions.subscription_refused(ACTIVE, at=local(refused_at))
        assert instance.state is state
        assert (instance.stopped_at is not None) == (state is State.STOPPED)
        assert billed(instance, "2026-12") == []

    def test_what_the_platform_refuses_of_a_trial_that_was_stopped_since_runs_again(self):
        early = local("2026-02-02 12:00")
        stopped = subscriptions.stop_unpaid(cancelled(ACTIVE, early), at=early)
        assert subscriptions.subscription_refused(stopped, at=early) == TRIAL

    @pytest.mark.parametrize(
        "later",
        [LEAVING, OVERDUE_AND_LEAVING, ENDED, instances.delete(ACTIVE, at=LATER)],
        ids=lambda later: later.state,
    )
    def test_what_the_platform_refuses_late_is_not_owed_either(self, later):
        instance = subscriptions.subscription_refused(later, at=LATER)
        assert (instance.cancelled_at, instance.service_ends_at) == (None, None)
        assert instance.billable_until is None
        assert billed(instance, "2026-12") == []


class TestWhatIsNotPossible:
    @pytest.mark.parametrize(
        ("action", "told"),
        [
            (subscriptions.subscription_refused, "subscription_refused"),
            (subscriptions.keep, "keep"),
            (subscriptions.end_service, "end_service"),
            (subscriptions.stop_unpaid, "stop"),
            (subscriptions.restore, "restore"),
        ],
    )
    def test_is_refused_with_what_it_was_and_where_the_instance_is(self, action, told):
        with pytest.raises(NotInThisState) as refused:
            action(TRIAL, at=LATER)
        assert refused.value.facts == {"action": told, "state": State.TRIAL}

    def test_of_a_service_that_ended_is_its_end_again(self):
        with pytest.raises(NotInThisState) as refused:
            subscriptions.end_service(ENDED, at=LATER)
        assert refused.value.facts == {"action": "end_service", "state": State.ENDED}

    def test_of_one_that_was_deleted_is_refused_so_too(self):
        gone = instances.delete(TRIAL, at=LATER)
        with pytest.raises(NotInThisState) as refused:
            cancelled(gone, LATER)
        assert refused.value.facts == {"action": "cancel", "state": State.DELETED}
        with pytest.raises(NotInThisState) as refused:
            subscriptions.subscribe(gone, at=LATER, programme=INTEGRATOR)
        assert refused.value.facts == {"action": "subscribe", "state": State.DELETED}


class TestCancelling:
    """The three cancellation rules (rules, "Service end")."""

    @pytest.mark.parametrize(
        ("rule", "at", "ends"),
        [
            ("thirty_days", "2026-03-15 10:00", "2026-04-14 10:00"),
            ("thirty_days", "2026-01-31 10:00", "2026-03-02 10:00"),  # touches three months
            ("thirty_days", "2026-12-15 10:00", "2027-01-14 10:00"),
            ("until_expiry", "2026-03-15 10:00", "2026-04-11 00:00"),
            ("until_expiry", "2026-03-01 00:00", "2026-04-11 00:00"),
            ("until_expiry", "2026-12-31 23:59", "2027-01-11 00:00"),
            ("end_of_cycle", "2026-03-15 10:00", "2026-04-01 00:00"),
            ("end_of_cycle", "2026-03-31 23:59", "2026-04-01 00:00"),
            ("end_of_cycle", "2026-12-01 00:00", "2027-01-01 00:00"),
        ],
    )
    def test_ends_the_service_by_the_programmes_rule_and_bills_one_month(self, rule, at, ends):
        instance = cancelled(subscribed(local(at)), local(at), terms(INTEGRATOR, rule=rule))
        assert instance.state is State.CANCELLED
        assert there(instance.service_ends_at) == ends
        assert billed(instance, "2029-12") == months(at[:7])

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ("thirty_days", "2026-01 2026-02 2026-03"),
            ("until_expiry", "2026-01 2026-02"),
            ("end_of_cycle", "2026-01"),
        ],
    )
    def test_bills_every_month_the_service_touches_where_the_programme_says_so(
        self, rule, expected
    ):
        programme = terms(INTEGRATOR, rule=rule, bill="every_month_of_service")
        at = local("2026-01-31 10:00")
        instance = cancelled(subscribed(at), at, programme)
        assert billed(instance, "2026-12", programme) == months(expected)

    def test_where_a_clock_change_removes_the_time_ends_at_the_first_after_it(self):
        programme = terms(INTEGRATOR, zone="America/Santiago")
        at = local("2026-08-07 00:30", "America/Santiago")
        instance = cancelled(subscribed(at), at, programme)
        assert there(instance.service_ends_at, "America/Santiago") == "2026-09-06 01:00"

    def test_while_overdue_stays_stopped_and_keeps_its_end(self):
        leaving = cancelled(OVERDUE, LATER)
        assert (leaving.state, leaving.stopped_at) == (State.OVERDUE, LATER)
        assert there(leaving.service_ends_at) == "2026-04-09 10:00"

    def test_twice_shows_the_first_outcome(self):
        with pytest.raises(AlreadyDone) as refused:
            cancelled(LEAVING, LATER)
        assert refused.value.facts == {
            "action": "cancel", "service_ends_at": LEAVING.service_ends_at,
        }  # fmt: skip

    def test_is_not_how_an_instance_ends_that_runs_on_days(self):
        on_days = replace(ACTIVE, settlement=Settlement.DAYS)
        with pytest.raises(SettledOtherwise) as refused:
            cancelled(on_days, LATER)
        assert refused.value.facts == {"action": "cancel", "settlement": Settlement.DAYS}

    def test_a_trial_is_answered_with_its_end(self):
        with pytest.raises(NothingToCancel) as refused:
            cancelled(TRIAL, LATER)
        assert refused.value.facts == {"trial_ends_at": TRIAL.trial_ends_at}


class TestKeeping:
    def test_what_is_not_cancelled_is_already_done(self):
        with pytest.raises(AlreadyDone) as refused:
            subscriptions.keep(ACTIVE, at=LATER)
        assert refused.value.facts == {"action": "keep", "since": MADE}

    def test_leaves_no_trace_of_the_cancellation(self):
        assert subscriptions.keep(LEAVING, at=LATER) == ACTIVE

    def test_puts_the_months_that_were_left_unbilled_on_the_next_invoice(self):
        # Cancelled on 31 January, served to 2 March, kept on 1 March: February was closed.
        books, at = Books(), local("2026-01-31 10:00")
        leaving = cancelled(subscribed(local("2026-01-05 10:00")), at)
        assert len(books.close("2026-01", [leaving]).lines) == 1
        assert books.close("2026-02", [leaving]) is None
        kept = subscriptions.keep(leaving, at=local("2026-03-01 10:00"))
        periods = [line.period for line in books.close("2026-03", [kept]).lines]
        assert periods == months("2026-02 2026-03")

    @pytest.mark.parametrize(
        "instance", [LEAVING, OVERDUE_AND_LEAVING], ids=["cancelled", "overdue"]
    )
    def test_is_too_late_from_the_end_of_the_service_on(self, instance):
        with pytest.raises(ServiceEnded) as refused:
            subscriptions.keep(instance, at=instance.service_ends_at)
        assert refused.value.facts == {"service_ends_at": instance.service_ends_at}

    def test_is_possible_to_the_last_moment(self):
        last = LEAVING.service_ends_at - timedelta(microseconds=1)
        assert subscriptions.keep(LEAVING, at=last).state is State.ACTIVE


class TestAnOverdueOne:
    def test_is_stopped_since_then(self):
        assert subscriptions.stop_unpaid(ACTIVE, at=LATER) == replace(
            ACTIVE, state=State.OVERDUE, stopped_at=LATER
        )

    def test_whose_days_ran_out_meanwhile_is_stopped_for_want_of_them_since_then(self):
        out = replace(OVERDUE, active_until=LATER)
        after = subscriptions.restore(out, at=LATER + timedelta(days=1))
        assert (after.state, after.stopped_at) == (State.STOPPED, LATER + timedelta(days=1))
        # At the very instant at which they end they are over.
        assert subscriptions.restore(out, at=LATER).state is State.STOPPED

    def test_is_restored_as_it_was(self):
        assert subscriptions.restore(OVERDUE, at=LATER) == ACTIVE
        assert subscriptions.restore(OVERDUE_AND_LEAVING, at=LATER) == LEAVING

    def test_is_not_restored_past_the_end_of_its_service(self):
        ended = subscriptions.restore(OVERDUE_AND_LEAVING, at=LEAVING.service_ends_at)
        assert (ended.state, ended.ended_at) == (State.ENDED, LEAVING.service_ends_at)
        assert ended.stopped_at is None
