from dataclasses import replace
from datetime import timedelta

import pytest

from billing import instances, lifetimes
from billing.instances import (
    NeverActivated,
    NothingToCancel,
    NotInThisState,
    Origin,
    ServiceEnded,
    SettledOtherwise,
    State,
)
from billing.programmes import Settlement
from billing.refusals import AlreadyDone, Refusal
from tests.billing.samples import (
    CLASSIC,
    DAYS,
    INTEGRATOR,
    Books,
    billed,
    cancelled,
    creating,
    local,
    months,
    on_trial,
    subscribed,
    terms,
    there,
)

MADE = local("2026-02-02 10:00")
CANCELLED = local("2026-02-28 10:00")
LATER = local("2026-03-10 10:00")

TRIAL = on_trial(MADE)
ACTIVE = subscribed(MADE)
LEAVING = cancelled(ACTIVE, CANCELLED)
OVERDUE = instances.stop_unpaid(ACTIVE, at=LATER)
OVERDUE_AND_LEAVING = instances.stop_unpaid(LEAVING, at=LATER)
IN_EVERY_STATE = {
    "creating": creating(),
    "failed": instances.creation_failed(creating(), at=MADE),
    "trial": TRIAL,
    "stopped": instances.end_trial(TRIAL, at=TRIAL.trial_ends_at),
    "active": ACTIVE,
    "cancelled": LEAVING,
    "overdue": OVERDUE,
    "overdue and cancelled": OVERDUE_AND_LEAVING,
    "ended": instances.end_service(LEAVING, at=LEAVING.service_ends_at),
    "deleted": instances.delete(ACTIVE, at=LATER),
}
ACTIONS = {
    "subscribe": lambda instance: instances.subscribe(instance, at=LATER, programme=INTEGRATOR),
    "cancel": lambda instance: cancelled(instance, LATER),
    "keep": lambda instance: instances.keep(instance, at=LATER),
    "delete": lambda instance: instances.delete(instance, at=LATER),
    "stop": lambda instance: instances.stop_unpaid(instance, at=LATER),
    "restore": lambda instance: instances.restore(instance, at=LATER),
    "end trial": lambda instance: instances.end_trial(instance, at=LATER),
    "end service": lambda instance: instances.end_service(instance, at=LATER),
    "refuse": lambda instance: instances.subscription_refused(instance, at=LATER),
}

# From each state (row) what each action (column) leads to; "·" is not_in_this_state.
TABLE = """
                      | subscribe    | cancel            | keep          | delete       | stop    | restore   | end trial | end service | refuse
creating              | ·            | nothing_to_cancel | ·             | ·            | ·       | ·         | ·         | ·           | ·
failed                | ·            | ·                 | ·             | already_done | ·       | ·         | ·         | ·           | ·
trial                 | active       | nothing_to_cancel | ·             | deleted      | ·       | ·         | stopped   | ·           | ·
stopped               | active       | nothing_to_cancel | ·             | deleted      | ·       | ·         | ·         | ·           | ·
active                | already_done | cancelled         | already_done  | deleted      | overdue | ·         | ·         | ·           | stopped
cancelled             | ·            | already_done      | active        | deleted      | overdue | ·         | ·         | ended       | stopped
overdue               | already_done | overdue           | ·             | deleted      | ·       | active    | ·         | ·           | stopped
overdue and cancelled | ·            | already_done      | ·             | deleted      | ·       | cancelled | ·         | ended       | stopped
ended                 | ·            | already_done      | service_ended | deleted      | ·       | ·         | ·         | ·           | ended
deleted               | ·            | ·                 | ·             | already_done | ·       | ·         | ·         | ·           | deleted
"""  # noqa: E501


def cells():
    header, *rows = (
        [cell.strip() for cell in line.split("|")] for line in TABLE.strip("\n").splitlines()
    )
    for state, *outcomes in rows:
        for action, outcome in zip(header[1:], outcomes, strict=True):
            yield state, action, outcome.replace("·", "not_in_this_state")


class TestTheLifeOfAnInstance:
    @pytest.mark.parametrize(("state", "action", "outcome"), list(cells()))
    def test_goes_along_the_table_only(self, state, action, outcome):
        before = IN_EVERY_STATE[state]
        try:
            result = ACTIONS[action](before).state.value
        except Refusal as refused:
            result = refused.code
        assert result == outcome

    def test_begins_with_the_creation_at_the_platform_and_once(self):
        made = instances.created(creating(), at=MADE, trial=DAYS.trial)
        assert (made.state, made.created_at) == (State.TRIAL, MADE)
        assert made.trial_ends_at == MADE + timedelta(days=5)
        with pytest.raises(NotInThisState):
            instances.created(made, at=MADE, trial=DAYS.trial)
        with pytest.raises(NotInThisState):
            instances.creation_failed(made, at=MADE)

    @pytest.mark.parametrize(
        ("trial", "deleted"),
        [(INTEGRATOR.trial, "2026-02-05 10:00"), (DAYS.trial, "2026-02-14 10:00"),
         (CLASSIC.trial, None)],
    )  # fmt: skip
    def test_of_a_trial_ends_by_itself_as_its_programme_says(self, trial, deleted):
        made = instances.created(creating(), at=MADE, trial=trial)
        at = lifetimes.trial_deletion(made, trial)
        assert (at and there(at)) == deleted
        assert lifetimes.trial_deletion(creating(), trial) is None

    def test_that_was_stopped_late_leaves_the_hours_to_subscribe_in(self):
        stopped = instances.end_trial(TRIAL, at=local("2026-02-06 03:00"))
        assert there(lifetimes.trial_deletion(stopped, INTEGRATOR.trial)) == "2026-02-07 03:00"

    def test_of_an_ended_one_lasts_ten_days_more(self):
        ended = IN_EVERY_STATE["ended"]
        assert there(ended.ended_at) == "2026-03-30 10:00"
        assert there(lifetimes.ended_deletion(ended, INTEGRATOR)) == "2026-04-09 10:00"
        assert lifetimes.ended_deletion(ACTIVE, INTEGRATOR) is None


class TestSubscribing:
    def test_what_was_made_in_the_panel_is_for_programmes_that_adopt(self):
        panel = on_trial(MADE, origin=Origin.PANEL)
        adopted = instances.subscribe(panel, at=LATER, programme=INTEGRATOR)
        assert adopted.state is State.ACTIVE
        with pytest.raises(NeverActivated):
            instances.subscribe(panel, at=LATER, programme=CLASSIC)

    def test_what_was_migrated_from_the_panel_is_already_done(self):
        migrated = replace(ACTIVE, origin=Origin.PANEL)
        with pytest.raises(AlreadyDone) as refused:
            instances.subscribe(migrated, at=LATER, programme=CLASSIC)
        assert refused.value.facts == {"action": "subscribe", "since": MADE}

    @pytest.mark.parametrize(
        ("refused_at", "state"),
        [("2026-02-03 10:00", State.TRIAL), ("2026-02-04 10:00", State.STOPPED)],
    )
    def test_what_the_platform_refuses_leaves_it_where_its_trial_is(self, refused_at, state):
        instance = instances.subscription_refused(ACTIVE, at=local(refused_at))
        assert instance.state is state
        assert (instance.stopped_at is not None) == (state is State.STOPPED)
        assert billed(instance, "2026-12") == []

    @pytest.mark.parametrize("state", ["cancelled", "overdue and cancelled", "ended", "deleted"])
    def test_what_the_platform_refuses_late_is_not_owed_either(self, state):
        instance = instances.subscription_refused(IN_EVERY_STATE[state], at=LATER)
        assert (instance.cancelled_at, instance.service_ends_at) == (None, None)
        assert billed(instance, "2026-12") == []


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
        assert refused.value.facts["service_ends_at"] == LEAVING.service_ends_at

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
    def test_leaves_no_trace_of_the_cancellation(self):
        assert instances.keep(LEAVING, at=LATER) == ACTIVE

    def test_puts_the_months_that_were_left_unbilled_on_the_next_invoice(self):
        # Cancelled on 31 January, served to 2 March, kept on 1 March: February was closed.
        books, at = Books(), local("2026-01-31 10:00")
        leaving = cancelled(subscribed(local("2026-01-05 10:00")), at)
        assert len(books.close("2026-01", [leaving]).lines) == 1
        assert books.close("2026-02", [leaving]) is None
        kept = instances.keep(leaving, at=local("2026-03-01 10:00"))
        periods = [line.period for line in books.close("2026-03", [kept]).lines]
        assert periods == months("2026-02 2026-03")

    @pytest.mark.parametrize(
        "instance", [LEAVING, OVERDUE_AND_LEAVING], ids=["cancelled", "overdue"]
    )
    def test_is_too_late_from_the_end_of_the_service_on(self, instance):
        with pytest.raises(ServiceEnded) as refused:
            instances.keep(instance, at=instance.service_ends_at)
        assert refused.value.facts == {"service_ends_at": instance.service_ends_at}

    def test_is_possible_to_the_last_moment(self):
        last = LEAVING.service_ends_at - timedelta(microseconds=1)
        assert instances.keep(LEAVING, at=last).state is State.ACTIVE


class TestAnOverdueOne:
    def test_is_restored_as_it_was(self):
        assert instances.restore(OVERDUE, at=LATER) == ACTIVE
        assert instances.restore(OVERDUE_AND_LEAVING, at=LATER) == LEAVING

    def test_is_not_restored_past_the_end_of_its_service(self):
        ended = instances.restore(OVERDUE_AND_LEAVING, at=LEAVING.service_ends_at)
        assert (ended.state, ended.ended_at) == (State.ENDED, LEAVING.service_ends_at)
        assert ended.stopped_at is None
