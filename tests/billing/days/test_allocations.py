"""Days on an instance: allocated, used, returned. The examples are those of the rules."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies

from billing import instances, lifetimes, subscriptions
from billing.days import allocations
from billing.days.allocations import DAY, Allocation
from billing.instances import (
    Instance,
    NeverActivated,
    NotInThisState,
    Origin,
    SettledOtherwise,
    State,
)
from billing.programmes import Settlement
from tests.billing.samples import DAYS, INTEGRATOR, creating, local, quick, subscribed, there

T0 = local("2026-03-01 12:00", "UTC")
HOUR = timedelta(hours=1)


def a_trial(at=T0, **how) -> Instance:
    made = replace(creating(**how), settlement=Settlement.DAYS)
    return instances.created(made, at=at, trial=DAYS.trial)


def extended(instance, days, at):
    """Return the instance with its days, and the allocation that goes with them."""
    starts_at = allocations.lasts_until(instance, at)
    after = allocations.extend(instance, days, at=at, programme=DAYS)
    return after, Allocation(str(starts_at), instance.id, "partner", days, starts_at, at)


class TestExtending:
    def test_keeps_the_rest_of_a_trial(self):
        after, _ = extended(a_trial(), 30, T0 + DAY)
        assert after.state is State.ACTIVE
        assert after.active_until == T0 + 35 * DAY

    def test_keeps_the_days_that_are_left(self):
        first, _ = extended(a_trial(), 30, T0 + DAY)
        second, _ = extended(first, 10, T0 + 20 * DAY)
        assert second.active_until == T0 + 45 * DAY
        assert second.subscribed_at == T0 + DAY

    def test_makes_days_what_it_is_paid_for_with(self):
        both = DAYS.model_copy(update={"settlements": (Settlement.POSTPAID, Settlement.DAYS)})
        trial = replace(a_trial(), settlement=Settlement.POSTPAID)
        after = allocations.extend(trial, 30, at=T0, programme=both)
        assert after.settlement is Settlement.DAYS

    def test_counts_from_now_where_a_trial_gave_way_to_something_else(self):
        # Subscribed at once, it is no trial any more, though its trial would still last.
        assert allocations.lasts_until(subscribed(T0), T0) == T0

    def test_starts_what_had_stopped_from_now_on(self):
        first, _ = extended(a_trial(), 1, T0 + DAY)
        out = allocations.run_out(first, at=T0 + 6 * DAY + HOUR)
        again, _ = extended(out, 30, T0 + 9 * DAY)
        assert (again.state, again.stopped_at) == (State.ACTIVE, None)
        assert again.active_until == T0 + 39 * DAY

    def test_starts_a_trial_that_is_over_from_now_on(self):
        stopped = instances.end_trial(a_trial(), at=T0 + 5 * DAY)
        again, _ = extended(stopped, 7, T0 + 8 * DAY)
        assert again.active_until == T0 + 15 * DAY

    def test_is_of_elapsed_time_over_a_clock_change(self):
        at = local("2026-03-28 12:00", "Europe/Berlin")
        after, _ = extended(instances.end_trial(a_trial(at - 6 * DAY), at=at), 2, at)
        assert there(after.active_until, "Europe/Berlin") == "2026-03-30 13:00"

    @pytest.mark.parametrize(
        "state",
        [State.CREATING, State.CANCELLED, State.OVERDUE, State.ENDED, State.DELETED, State.FAILED],
    )
    def test_is_for_what_runs_or_can_run_again(self, state):
        with pytest.raises(NotInThisState) as refused:
            extended(replace(a_trial(), state=state), 30, T0)
        assert refused.value.facts == {"action": "extend", "state": state}

    def test_is_not_for_what_is_paid_for_in_another_way(self):
        monthly = subscribed(T0)
        with pytest.raises(SettledOtherwise) as refused:
            extended(monthly, 30, T0)
        assert refused.value.facts == {"action": "extend", "settlement": Settlement.POSTPAID}
        with pytest.raises(SettledOtherwise):
            allocations.extend(a_trial(), 30, at=T0, programme=INTEGRATOR)

    def test_follows_the_programme_about_what_the_panel_made(self):
        made = a_trial(origin=Origin.PANEL)
        assert extended(made, 30, T0)[0].state is State.ACTIVE
        strict = DAYS.model_copy(update={"adopts_panel_instances": False})
        with pytest.raises(NeverActivated):
            allocations.extend(made, 30, at=T0, programme=strict)


class TestRunningOut:
    def test_stops_it_and_leaves_30_days_to_extend_it_in(self):
        first, _ = extended(a_trial(), 1, T0)
        out = allocations.run_out(first, at=T0 + 6 * DAY)
        assert (out.state, out.stopped_at) == (State.STOPPED, T0 + 6 * DAY)
        assert lifetimes.ran_out_deletion(out, DAYS) == T0 + 36 * DAY
        assert lifetimes.ran_out_deletion(a_trial(), DAYS) is None
        assert lifetimes.ran_out_deletion(first, DAYS) is None

    def test_is_of_what_has_no_days_left(self):
        first, _ = extended(a_trial(), 1, T0)
        out = allocations.run_out(first, at=T0 + 6 * DAY)
        for one, at in (
            (first, T0 + 6 * DAY - HOUR),
            (a_trial(), T0 + 9 * DAY),
            (out, T0 + 9 * DAY),
        ):
            with pytest.raises(NotInThisState) as refused:
                allocations.run_out(one, at=at)
            assert refused.value.facts == {"action": "run_out", "state": one.state}

    def test_while_it_was_overdue_leaves_it_stopped_when_all_is_paid(self):
        first, _ = extended(a_trial(), 1, T0)
        overdue = subscriptions.stop_unpaid(first, at=T0 + DAY)
        assert subscriptions.restore(overdue, at=T0 + 2 * DAY).state is State.ACTIVE
        assert subscriptions.restore(overdue, at=T0 + 6 * DAY).state is State.STOPPED


class TestAReturn:
    def test_of_30_days_after_12_days_and_5_hours_is_17(self):
        given_ = Allocation("a", "K7Q2M", "partner", 30, T0, T0)
        assert allocations.comes_back([given_], at=T0 + 12 * DAY + 5 * HOUR) == 17
        (changed,) = allocations.give_back([given_], at=T0 + 12 * DAY + 5 * HOUR)
        assert (changed.returned, changed.kept, changed.ends_at) == (17, 13, T0 + 13 * DAY)

    def test_never_has_a_day_of_the_trial(self):
        # Trial of 5 days, 30 allocated on day 2, deleted on day 4.
        _, first = extended(a_trial(), 30, T0 + DAY)
        assert allocations.comes_back([first], at=T0 + 3 * DAY + HOUR) == 30

    def test_is_off_the_newest_allocation_first(self):
        one, first = extended(a_trial(), 30, T0)
        _, second = extended(one, 10, T0 + DAY)
        back = allocations.give_back([first, second], at=T0 + 20 * DAY + HOUR)
        assert [(each.days, each.returned) for each in back] == [(10, 10), (30, 14)]

    def test_at_the_end_of_a_day_has_the_next_one(self):
        given_ = Allocation("a", "K7Q2M", "partner", 30, T0, T0)
        assert allocations.comes_back([given_], at=T0 + 12 * DAY) == 18
        assert allocations.comes_back([given_], at=T0 + 12 * DAY + timedelta(microseconds=1)) == 17
        assert allocations.give_back([given_], at=T0 + 30 * DAY) == []


class TestUse:
    def test_counts_a_day_in_the_month_in_which_it_began(self):
        given_ = Allocation("a", "K7Q2M", "partner", 30, local("2026-03-20 18:00", "UTC"), T0)
        march, april, may = (local(f"2026-0{month}-01 00:00", "UTC") for month in (4, 5, 6))
        assert allocations.used_between([given_], T0, march) == 12
        assert allocations.used_between([given_], march, april) == 18
        assert allocations.used_between([given_], april, may) == 0

    def test_counts_the_day_that_begins_with_the_month_in_it(self):
        given_ = Allocation("a", "K7Q2M", "partner", 2, T0, T0)
        assert given_.started(T0) == 0
        assert given_.started(T0 + timedelta(microseconds=1)) == 1
        assert given_.started(T0 + DAY) == 1


class TestAutoExtend:
    def test_is_set_and_taken_away(self):
        on = allocations.auto_extended(a_trial(), 30)
        assert on.auto_extend == 30
        assert allocations.auto_extended(on, None).auto_extend is None
        with pytest.raises(NotInThisState) as refused:
            allocations.auto_extended(instances.delete(on, at=T0), 30)
        assert refused.value.facts == {"action": "auto", "state": State.DELETED}


steps = strategies.lists(
    strategies.tuples(strategies.integers(0, 900), strategies.integers(1, 60)), max_size=8
)


@quick
@given(steps, strategies.integers(0, 2000), strategies.integers(0, 1999))
def test_days_are_conserved_whatever_was_allocated_and_whenever_it_is_deleted(
    given_, deleted, looked
):
    """Allocated = used + returned; and as many come back as whole days remain, if so many."""
    instance, held, at = a_trial(), [], T0
    for hours, days in given_:
        at += hours * HOUR
        if instance.state is State.ACTIVE and instance.active_until <= at:
            instance = allocations.run_out(instance, at=at)
        elif instance.state is State.TRIAL and instance.trial_ends_at <= at:
            instance = instances.end_trial(instance, at=at)
        instance, allocation = extended(instance, days, at)
        held.append(allocation)
    at += deleted * HOUR
    back = allocations.comes_back(held, at=at)
    changed = {one.id: one for one in allocations.give_back(held, at=at)}
    after = [changed.get(one.id, one) for one in held]
    used = allocations.used_between(after, T0, at + 9000 * DAY)
    assert sum(one.returned for one in after) == back
    assert used + back == sum(days for _, days in given_)
    assert used == allocations.used_between(held, T0, at)
    if held:
        assert back == max(0, min((instance.active_until - at) // DAY, used + back))
    between = T0 + looked * HOUR
    parts = (
        allocations.used_between(held, T0, between),
        allocations.used_between(held, between, at + 9000 * DAY),
    )
    assert sum(parts) == sum(days for _, days in given_)
