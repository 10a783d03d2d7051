from dataclasses import replace
from datetime import timedelta

import pytest

from billing import instances, lifetimes, subscriptions
from billing.instances import NotInThisState, State
from billing.refusals import AlreadyDone, Refusal
from tests.billing.samples import (
    CLASSIC,
    DAYS,
    INTEGRATOR,
    cancelled,
    creating,
    local,
    on_trial,
    subscribed,
    there,
)

MADE = local("2026-02-02 10:00")
CANCELLED = local("2026-02-28 10:00")
LATER = local("2026-03-10 10:00")

TRIAL = on_trial(MADE)
ACTIVE = subscribed(MADE)
LEAVING = cancelled(ACTIVE, CANCELLED)
OVERDUE = subscriptions.stop_unpaid(ACTIVE, at=LATER)
OVERDUE_AND_LEAVING = subscriptions.stop_unpaid(LEAVING, at=LATER)
IN_EVERY_STATE = {
    "creating": creating(),
    "failed": instances.creation_failed(creating(), at=MADE),
    "trial": TRIAL,
    "stopped": instances.end_trial(TRIAL, at=TRIAL.trial_ends_at),
    "active": ACTIVE,
    "cancelled": LEAVING,
    "overdue": OVERDUE,
    "overdue and cancelled": OVERDUE_AND_LEAVING,
    "ended": subscriptions.end_service(LEAVING, at=LEAVING.service_ends_at),
    "deleted": instances.delete(ACTIVE, at=LATER),
}
ACTIONS = {
    "subscribe": lambda instance: subscriptions.subscribe(instance, at=LATER, programme=INTEGRATOR),
    "cancel": lambda instance: cancelled(instance, LATER),
    "keep": lambda instance: subscriptions.keep(instance, at=LATER),
    "delete": lambda instance: instances.delete(instance, at=LATER),
    "stop": lambda instance: subscriptions.stop_unpaid(instance, at=LATER),
    "restore": lambda instance: subscriptions.restore(instance, at=LATER),
    "end trial": lambda instance: instances.end_trial(instance, at=LATER),
    "end service": lambda instance: subscriptions.end_service(instance, at=LATER),
    "refuse": lambda instance: subscriptions.subscription_refused(instance, at=LATER),
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

    def test_ends_at_once_where_the_platform_refuses_to_make_it(self):
        assert instances.creation_failed(creating(), at=MADE) == replace(
            creating(), state=State.FAILED, deleted_at=MADE
        )

    @pytest.mark.parametrize(
        ("state", "action", "told"),
        [
            ("trial", instances.created, "create"),
            ("trial", instances.creation_failed, "create"),
            ("active", instances.end_trial, "end_trial"),
        ],
    )
    def test_says_what_cannot_be_and_where_it_is(self, state, action, told):
        how = {"trial": DAYS.trial} if action is instances.created else {}
        with pytest.raises(NotInThisState) as refused:
            action(IN_EVERY_STATE[state], at=MADE, **how)
        assert refused.value.facts == {"action": told, "state": IN_EVERY_STATE[state].state}

    def test_that_is_deleted_is_billable_until_then_and_not_longer_than_before(self):
        assert instances.delete(ACTIVE, at=LATER) == replace(
            ACTIVE, state=State.DELETED, deleted_at=LATER, billable_until=LATER
        )
        # A trial owes nothing, and what was cancelled no more than it did.
        assert instances.delete(TRIAL, at=LATER).billable_until is None
        assert instances.delete(LEAVING, at=LATER).billable_until == LEAVING.billable_until

    def test_says_of_a_deletion_since_when_it_was_or_that_it_is_too_early(self):
        with pytest.raises(AlreadyDone) as done:
            instances.delete(IN_EVERY_STATE["deleted"], at=LATER + timedelta(days=1))
        assert done.value.facts == {"action": "delete", "since": LATER}
        with pytest.raises(NotInThisState) as refused:
            instances.delete(creating(), at=LATER)
        assert refused.value.facts == {"action": "delete", "state": State.CREATING}

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
