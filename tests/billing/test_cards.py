"""What a card costs and what Stripe's objects mean: forward only, in whatever order they come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import card_lives, cards
from billing.card_lives import NotByCard
from billing.cards import (
    CardInvoice,
    CardState,
    CardSubscription,
    Interval,
    Mismatch,
    Snapshot,
    Standing,
)
from billing.instances import (
    Instance,
    NeverActivated,
    NotInThisState,
    Origin,
    SettledOtherwise,
    State,
)
from billing.money import Money
from billing.notices import NoticeKind
from billing.programmes import CardTerms, Settlement
from billing.refusals import AlreadyDone
from tests.billing.samples import DAYS, INTEGRATOR

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
PRICE = Money(3000, "USD")
TERMS = CardTerms(annual_discount_percent=10)
NIGHT = "UTC"

ASKED = CardSubscription(
    "op1", "K7Q2M", "P1AAA", Interval.MONTH, PRICE, CardState.OPEN, NOW, customer_id="cus_1"
)
INSTANCE = Instance("K7Q2M", "P1AAA", "loja-7", State.TRIAL, Settlement.DAYS, Origin.BOT, 1, NOW)


def paid(nth: int) -> CardInvoice:
    return CardInvoice(f"in_{nth}", False, "cus_1", PRICE, True, "sub_1", NOW + nth * MONTH, NOW)


def snapshot(standing: Standing = Standing.ACTIVE, months: int = 1) -> Snapshot:
    return Snapshot(
        "sub_1", False, "cus_1", standing, PRICE, Interval.MONTH, NOW + months * MONTH, False,
        {"op": "op1"}, tuple(paid(nth) for nth in range(1, months + 1)),
    )  # fmt: skip


snapshots = st.builds(snapshot, st.sampled_from(Standing), st.integers(min_value=0, max_value=4))


class TestPrice:
    @pytest.mark.parametrize(
        ("interval", "minor"),
        [(Interval.MONTH, 3000), (Interval.HALF_YEAR, 18000), (Interval.YEAR, 32400)],
    )
    def test_is_the_channels_price_for_each_month_and_a_year_costs_less(self, interval, minor):
        assert cards.price(PRICE, interval, TERMS) == Money(minor, "USD")

    @given(st.integers(1, 10**9), st.integers(0, 99))
    def test_a_year_is_rounded_once_and_never_dearer(self, minor, percent):
        terms = CardTerms(annual_discount_percent=percent)
        year = cards.price(Money(minor, "USD"), Interval.YEAR, terms).minor
        assert abs(year * 100 - minor * 12 * (100 - percent)) <= 50
        assert year <= minor * 12

    def test_without_a_discount_a_year_is_twelve_months(self):
        assert cards.price(PRICE, Interval.YEAR, CardTerms()) == PRICE.times(12)


class TestSubscribable:
    @pytest.mark.parametrize("state", [State.TRIAL, State.STOPPED])
    def test_a_trial_and_what_is_stopped(self, state):
        card_lives.check_subscribable(replace(INSTANCE, state=state), DAYS)

    @pytest.mark.parametrize(
        ("instance", "programme", "refusal"),
        [
            (INSTANCE, INTEGRATOR, SettledOtherwise),
            (replace(INSTANCE, state=State.ACTIVE), DAYS, SettledOtherwise),
            (replace(INSTANCE, state=State.ACTIVE, settlement=Settlement.CARD), DAYS, AlreadyDone),
            (replace(INSTANCE, state=State.OVERDUE), DAYS, NotInThisState),
            (replace(INSTANCE, state=State.DELETED), DAYS, NotInThisState),
            (replace(INSTANCE, state=State.CREATING), DAYS, NotInThisState),
        ],
    )
    def test_nothing_else(self, instance, programme, refusal):
        with pytest.raises(refusal):
            card_lives.check_subscribable(instance, programme)

    def test_not_what_the_programme_never_activates(self):
        strict = DAYS.model_copy(update={"adopts_panel_instances": False})
        with pytest.raises(NeverActivated):
            card_lives.check_subscribable(replace(INSTANCE, origin=Origin.PANEL), strict)


class TestMismatch:
    def test_what_is_as_ordered_has_none(self):
        assert cards.mismatch(ASKED, snapshot(), customer_id="cus_1", live=False) is None

    @pytest.mark.parametrize(
        ("changed", "kind"),
        [
            ({"live": True}, Mismatch.LIVEMODE),
            ({"metadata": {}}, Mismatch.OPERATION),
            ({"customer_id": "cus_2"}, Mismatch.CUSTOMER),
            ({"amount": Money(3000, "EUR")}, Mismatch.CURRENCY),
            ({"amount": Money(3001, "USD")}, Mismatch.AMOUNT),
            ({"interval": None}, Mismatch.INTERVAL),
            ({"standing": Standing.UNKNOWN}, Mismatch.STANDING),
        ],
    )
    def test_names_what_is_not(self, changed, kind):
        wrong = replace(snapshot(), **changed)
        assert cards.mismatch(ASKED, wrong, customer_id="cus_1", live=False) is kind

    def test_of_another_subscription_of_stripes(self):
        other = replace(ASKED, subscription_id="sub_2")
        found = cards.mismatch(other, snapshot(), customer_id="cus_1", live=False)
        assert found is Mismatch.OTHER

    @pytest.mark.parametrize(
        ("changed", "kind"),
        [
            ({}, None),
            ({"customer_id": "cus_2"}, Mismatch.CUSTOMER),
            ({"amount": Money(3000, "EUR")}, Mismatch.CURRENCY),
            ({"amount": Money(1, "USD")}, Mismatch.AMOUNT),
        ],
    )
    def test_of_a_paid_invoice(self, changed, kind):
        wrong = replace(paid(1), **changed)
        assert cards.unequal(wrong, ASKED, customer_id="cus_1") is kind


class TestSeen:
    @pytest.mark.parametrize(
        ("standing", "months", "state"),
        [
            (Standing.ACTIVE, 1, CardState.ACTIVE),
            (Standing.ACTIVE, 0, CardState.OPEN),  # without money it has not begun
            (Standing.PAST_DUE, 1, CardState.PAST_DUE),
            (Standing.PAST_DUE, 0, CardState.OPEN),
            (Standing.UNPAID, 1, CardState.ENDED),
            (Standing.ENDED, 1, CardState.ENDED),
            (Standing.ENDED, 0, CardState.VOID),
            (Standing.INCOMPLETE, 0, CardState.OPEN),
        ],
    )
    def test_where_it_is_then(self, standing, months, state):
        found = cards.seen(ASKED, snapshot(standing, months), at=NOW)
        assert found.state is state
        assert (found.ended_at is None) is (state in cards.ALIVE)

    @given(st.lists(snapshots, max_size=6))
    def test_what_is_over_never_comes_back_and_a_period_never_gets_shorter(self, seen):
        now = ASKED
        for one in seen:
            after = cards.seen(now, one, at=NOW)
            if now.state not in cards.ALIVE:
                assert after == now
            if now.period_ends_at is not None:
                assert after.period_ends_at is not None
                assert after.period_ends_at >= now.period_ends_at
            assert cards.seen(after, one, at=NOW) == after
            now = after

    @given(st.lists(snapshots, max_size=4), snapshots)
    def test_at_the_end_only_the_last_look_counts(self, seen, last):
        """Whatever was looked at before while it lived, unless it was over then."""
        living = [Standing.ACTIVE, Standing.PAST_DUE, Standing.INCOMPLETE]
        last = replace(last, paid=snapshot(months=4).paid)
        now = ASKED
        for one in (it for it in seen if it.standing in living):
            now = cards.seen(now, one, at=NOW)
        if last.standing in {Standing.INCOMPLETE, Standing.UNKNOWN}:
            return
        assert cards.seen(now, last, at=NOW) == cards.seen(ASKED, last, at=NOW)

    def test_it_is_known_whether_it_goes_on(self):
        ending = cards.seen(ASKED, replace(snapshot(), cancel_at_period_end=True), at=NOW)
        assert ending.ending
        assert ending.renews_at is None
        assert cards.seen(ASKED, snapshot(), at=NOW).renews_at == NOW + MONTH

    @pytest.mark.parametrize(
        ("standing", "state"),
        [(Standing.ACTIVE, CardState.ACTIVE), (Standing.ENDED, CardState.ENDED)],
    )
    def test_one_that_was_given_up_and_paid_is_to_be_ended(self, standing, state):
        found = cards.revived(replace(ASKED, state=CardState.VOID), snapshot(standing, 2))
        assert (found.state, found.period_ends_at) == (state, NOW + 2 * MONTH)


class TestInstance:
    @pytest.mark.parametrize("state", [State.TRIAL, State.STOPPED, State.ACTIVE])
    def test_runs_until_it_is_paid(self, state):
        was = replace(INSTANCE, state=state, auto_extend=30, stopped_at=NOW)
        assert card_lives.can_run(was)
        runs = card_lives.runs(was, NOW + MONTH, at=NOW)
        assert (runs.state, runs.settlement) == (State.ACTIVE, Settlement.CARD)
        assert (runs.active_until, runs.auto_extend, runs.stopped_at) == (NOW + MONTH, None, None)
        assert runs.subscribed_at == NOW

    def test_what_is_gone_does_not(self):
        gone = replace(INSTANCE, state=State.DELETED)
        assert not card_lives.can_run(gone)
        with pytest.raises(NotInThisState):
            card_lives.runs(gone, NOW, at=NOW)

    def test_stops_when_its_card_has_ended(self):
        runs = card_lives.runs(INSTANCE, NOW + MONTH, at=NOW)
        stopped = card_lives.stops(runs, at=NOW + MONTH)
        assert (stopped.state, stopped.stopped_at) == (State.STOPPED, NOW + MONTH)
        with pytest.raises(NotInThisState):
            card_lives.stops(stopped, at=NOW)
        with pytest.raises(NotByCard):
            card_lives.stops(INSTANCE, at=NOW)


class TestNotices:
    def test_a_renewal_that_is_far_apart_is_told_a_week_before(self):
        year = replace(
            ASKED, interval=Interval.YEAR, state=CardState.ACTIVE, period_ends_at=NOW + 12 * MONTH
        )
        (notice,) = card_lives.notices_of(year, NIGHT, since=NOW)
        assert notice.kind is NoticeKind.CARD_RENEWAL
        assert notice.at == NOW + 12 * MONTH - timedelta(days=7)
        assert notice.subject == card_lives.subject(year)

    @pytest.mark.parametrize(
        "changed",
        [
            {"interval": Interval.MONTH},
            {"ending": True},
            {"state": CardState.PAST_DUE},
            {"state": CardState.OPEN},
            {"period_ends_at": NOW + timedelta(days=6)},
        ],
    )
    def test_no_other_is(self, changed):
        year = replace(
            ASKED, interval=Interval.YEAR, state=CardState.ACTIVE, period_ends_at=NOW + 12 * MONTH
        )
        assert card_lives.notices_of(replace(year, **changed), NIGHT, since=NOW) == []

    def test_one_that_was_never_paid_has_a_subject_all_the_same(self):
        assert card_lives.subject(ASKED) == "op1:0"
