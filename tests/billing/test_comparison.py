"""What differs between ours and theirs: every pair of states, and what never is a difference."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.comparison import (
    MENDS,
    HeldState,
    Kind,
    Mend,
    Ours,
    Theirs,
    mends,
    of_ours,
    of_theirs,
)
from billing.instances import Instance, State
from billing.programmes import Settlement
from tests.billing.samples import creating, local

NOW = local("2026-03-02 12:00")
UNTIL = NOW + timedelta(days=20)
T, A, C, S, U = HeldState
N, R = Kind.NOT_RUNNING_THERE, Kind.RUNS_THERE
# By our state: what each state there means, in the order of HeldState, where all are told apart.
TABLE = {
    State.CREATING: (None, None, None, None, None),
    State.TRIAL: (None, Kind.PAID_THERE, N, N, Kind.STATE_UNKNOWN),
    State.ACTIVE: (N, None, N, N, Kind.STATE_UNKNOWN),
    State.CANCELLED: (N, Kind.NOT_CANCELLED_THERE, None, N, Kind.STATE_UNKNOWN),
    State.STOPPED: (R, R, None, None, Kind.STATE_UNKNOWN),
    State.OVERDUE: (R, R, None, None, Kind.STATE_UNKNOWN),
    State.ENDED: (Kind.LIVES_ON, Kind.LIVES_ON, None, None, Kind.STATE_UNKNOWN),
    State.DELETED: (Kind.LIVES_ON,) * 5,
    State.FAILED: (Kind.LIVES_ON,) * 5,
}


def ours(state: State = State.ACTIVE, platform: str = "zapi", **more) -> Ours:
    remote_id = more.pop("remote_id", "r1")
    instance = replace(creating(), state=state, platform=platform, **more)
    return Ours(instance, remote_id)


def theirs(state: HeldState = A, **more) -> Theirs:
    return Theirs(**{"remote_id": "r1", "reference": "K7Q2M", "state": state, **more})


def differ(there: Theirs, by_id: Ours | None, by_label: Ours | None, platform: str = "zapi"):
    return of_theirs(there, by_id, by_label, platform=platform, now=NOW)


class TestPairs:
    @pytest.mark.parametrize("state", State)
    def test_are_compared_by_their_states(self, state):
        one = ours(state)
        assert tuple(differ(theirs(there), one, one) for there in HeldState) == TABLE[state]

    @pytest.mark.parametrize("state", State)
    def test_are_found_by_the_name_where_the_id_there_is_not_known(self, state):
        one = ours(state, remote_id=None)
        assert tuple(differ(theirs(there), None, one) for there in HeldState) == TABLE[state]

    @pytest.mark.parametrize(
        ("platform", "state", "there"),
        [
            ("embedded", State.CANCELLED, A),  # it has no word for cancelled
            ("whapi", State.CANCELLED, A),
            ("evolution", State.TRIAL, A),  # nor this one for a trial
            ("evolution", State.CANCELLED, A),
            ("evolution", State.ACTIVE, S),  # and what is stopped there is only not connected
            ("elsewhere", State.TRIAL, A),
            ("elsewhere", State.CANCELLED, S),
        ],
    )
    def test_do_not_differ_in_what_a_platform_cannot_tell(self, platform, state, there):
        one = ours(state, platform)
        assert differ(theirs(there), one, one, platform) is None

    @pytest.mark.parametrize("hours", [-100, 0, 25])
    def test_may_run_to_the_end_of_a_day_that_was_begun(self, hours):
        there = theirs(A, paid_until=NOW + timedelta(hours=hours))
        assert differ(there, ours(State.STOPPED), None) is None

    def test_may_not_run_longer(self):
        there = theirs(A, paid_until=NOW + timedelta(hours=26))
        assert differ(there, ours(State.STOPPED), None) is Kind.RUNS_THERE


class TestPaidUntil:
    @pytest.mark.parametrize(
        ("hours", "kind"),
        [
            (-2, Kind.SHORTER_THERE),
            (-1, None),  # rounded there
            (0, None),
            (25, None),  # days are bought whole
            (26, Kind.LONGER_THERE),
        ],
    )
    @pytest.mark.parametrize("settlement", [Settlement.DAYS, Settlement.CARD])
    def test_is_compared_of_what_runs_until_an_instant(self, hours, kind, settlement):
        one = ours(settlement=settlement, active_until=UNTIL)
        assert differ(theirs(paid_until=UNTIL + timedelta(hours=hours)), one, one) is kind

    @pytest.mark.parametrize(
        ("here", "there"),
        [
            ({"settlement": Settlement.POSTPAID, "active_until": UNTIL}, NOW),
            ({"settlement": Settlement.DAYS, "active_until": UNTIL}, None),
            ({"settlement": Settlement.DAYS, "active_until": None}, NOW),
        ],
    )
    def test_is_not_where_one_of_the_two_has_none(self, here, there):
        assert differ(theirs(paid_until=there), ours(**here), None) is None


class TestWhose:
    def test_is_unknown_what_nobody_here_knows(self):
        assert differ(theirs(), None, None) is Kind.UNKNOWN_THERE
        assert differ(theirs(reference=None), None, None) is Kind.UNKNOWN_THERE

    def test_is_twice_there_what_has_the_name_of_another_one(self):
        assert differ(theirs(), None, ours(remote_id="r2")) is Kind.TWICE_THERE

    def test_is_twice_there_what_lives_at_another_platform(self):
        assert differ(theirs(), None, ours(platform="whapi", remote_id=None)) is Kind.TWICE_THERE

    def test_is_not_ours_by_an_id_of_another_platform(self):
        one = ours(platform="whapi")
        assert differ(theirs(reference=None), one, None) is Kind.UNKNOWN_THERE

    def test_goes_by_anothers_name(self):
        other = Ours(creating("ABCDE"), "r9")
        assert differ(theirs(), ours(), other) is Kind.OTHER_LABEL
        # What else differs is worse.
        assert differ(theirs(S), ours(), other) is Kind.NOT_RUNNING_THERE

    @pytest.mark.parametrize("state", State)
    def test_is_gone_there_what_lives_here_and_is_not_held(self, state):
        gone = of_ours(ours(state), held=False)
        nothing = state in {State.CREATING, State.DELETED, State.FAILED}
        assert gone is (None if nothing else Kind.GONE_THERE)
        assert of_ours(ours(state), held=True) is None


class TestMends:
    def test_are_none_for_what_is_only_told(self):
        told = {Kind.LONGER_THERE, Kind.STATE_UNKNOWN, Kind.OTHER_LABEL, Kind.PAID_THERE}
        assert {kind for kind in Kind if not mends(kind, None)} == told

    def test_buy_nothing_for_a_trial(self):
        assert mends(Kind.NOT_RUNNING_THERE, ours(State.TRIAL).instance) == ()
        assert mends(Kind.NOT_RUNNING_THERE, ours().instance) == (Mend.RUN_THERE,)

    def test_do_not_create_again_what_has_ended(self):
        assert mends(Kind.GONE_THERE, ours(State.ENDED).instance) == (Mend.CORRECT_HERE,)
        assert mends(Kind.GONE_THERE, ours().instance) == MENDS[Kind.GONE_THERE]


@st.composite
def known(draw: st.DrawFn) -> Ours:
    instance: Instance = replace(
        creating(draw(st.sampled_from(["K7Q2M", "ABCDE"]))),
        state=draw(st.sampled_from(State)),
        settlement=draw(st.sampled_from(Settlement)),
        platform=draw(st.sampled_from(["embedded", "zapi", "whapi", "evolution", "x"])),
        active_until=draw(st.sampled_from([None, NOW, UNTIL])),
    )
    return Ours(instance, draw(st.sampled_from([None, "r1", "r2"])))


THEIRS = st.builds(
    Theirs,
    remote_id=st.sampled_from(["r1", "r2"]),
    reference=st.sampled_from([None, "K7Q2M"]),
    state=st.sampled_from(HeldState),
    paid_until=st.sampled_from([None, NOW, UNTIL]),
)
PLATFORMS = st.sampled_from(["embedded", "zapi", "whapi", "evolution", "x"])


@given(THEIRS, st.none() | known(), st.none() | known(), PLATFORMS)
def test_unknown_is_never_fine_and_nothing_of_nobody_passes(there, by_id, by_label, platform):
    kind = of_theirs(there, by_id, by_label, platform=platform, now=NOW)
    mine = by_id is not None and by_id.instance.platform == platform
    if not mine and by_label is None:
        assert kind is Kind.UNKNOWN_THERE
    if there.state is HeldState.UNKNOWN and kind is None:
        assert (by_id if mine else by_label).instance.state is State.CREATING
    if kind in {Kind.LIVES_ON, Kind.RUNS_THERE}:
        found = by_id if mine else by_label
        assert found.instance.state not in {State.TRIAL, State.ACTIVE, State.CANCELLED}


@given(known(), st.booleans())
def test_only_what_is_not_held_can_be_gone(one, held):
    assert (of_ours(one, held=held) is None) or not held
