"""Instances that come from elsewhere, paid up to a date."""

from datetime import date

import pytest

from billing.adoption import AdoptionRefused, Arriving, adopt
from billing.instances import Origin, State, delete
from billing.programmes import Settlement
from billing.subscriptions import cancel
from tests.billing.samples import DAYS, INTEGRATOR, billed, local, months, terms, there


def arriving(paid_until: str | None = "2026-05-15", *, migrate: bool = False) -> Arriving:
    day = None if paid_until is None else date.fromisoformat(paid_until)
    return Arriving("K7Q2M", "partner", "loja", day, migrate)


AT = local("2026-03-10 10:00")


class TestMigrated:
    @pytest.mark.parametrize("day", ["2026-05-01", "2026-05-15", "2026-05-31"])
    def test_is_billed_from_the_month_of_its_date_on(self, day):
        come = adopt(arriving(day, migrate=True), at=AT, programme=INTEGRATOR)
        assert (come.state, come.settlement, come.band, come.token_id) == (
            State.ACTIVE, Settlement.POSTPAID, 1, None,
        )  # fmt: skip
        assert billed(come, "2026-04") == []
        assert billed(come, "2026-07") == months("2026-05 2026-06 2026-07")

    def test_without_a_date_is_billed_from_the_present_month_on(self):
        come = adopt(arriving(None, migrate=True), at=AT, programme=INTEGRATOR)
        assert billed(come, "2026-04") == months("2026-03 2026-04")

    def test_is_as_it_came_and_runs_without_an_end(self):
        come = adopt(arriving(migrate=True), at=AT, programme=INTEGRATOR)
        assert (come.id, come.partner_id, come.name) == ("K7Q2M", "partner", "loja")
        assert (come.origin, come.created_at) == (Origin.API, AT)
        assert (come.active_until, come.paid_until) == (None, local("2026-05-16 00:00"))

    @pytest.mark.parametrize("day", ["2026-05-01", "2026-05-15"])
    def test_and_cancelled_before_that_month_is_never_billed_and_runs_as_long_as_it_is_paid(
        self, day
    ):
        come = adopt(arriving(day, migrate=True), at=AT, programme=INTEGRATOR)
        on = local("2026-03-20 10:00")
        gone = cancel(come, at=on, terms=INTEGRATOR.cancellation, calendar=INTEGRATOR.calendar)
        assert gone.service_ends_at == come.paid_until
        assert billed(gone, "2026-09") == []

    def test_and_deleted_before_that_month_is_never_billed(self):
        come = adopt(arriving(migrate=True), at=AT, programme=INTEGRATOR)
        assert billed(delete(come, at=local("2026-04-30 23:59")), "2026-09") == []

    def test_and_cancelled_in_that_month_is_billed_for_it(self):
        come = adopt(arriving(migrate=True), at=AT, programme=INTEGRATOR)
        on = local("2026-05-02 10:00")
        gone = cancel(come, at=on, terms=INTEGRATOR.cancellation, calendar=INTEGRATOR.calendar)
        assert billed(gone, "2026-09") == months("2026-05")

    def test_and_cancelled_early_is_billed_for_every_month_of_service_where_that_is_so(self):
        every = terms(bill="every_month_of_service")
        come = adopt(arriving("2026-04-10", migrate=True), at=AT, programme=every)
        on = local("2026-03-20 10:00")
        gone = cancel(come, at=on, terms=every.cancellation, calendar=every.calendar)
        assert billed(gone, "2026-09", every) == months("2026-04")

    def test_is_refused_where_no_months_are_billed(self):
        with pytest.raises(AdoptionRefused) as refused:
            adopt(arriving(migrate=True), at=AT, programme=DAYS)
        assert refused.value.facts == {"why": "not_monthly", "name": "loja"}


class TestNotMigrated:
    def test_runs_to_the_end_of_its_date_and_is_billed_for_nothing(self):
        come = adopt(arriving(), at=AT, programme=INTEGRATOR)
        assert (come.state, come.settlement) == (State.ACTIVE, Settlement.DAYS)
        assert there(come.active_until) == "2026-05-16 00:00"
        assert come.subscribed_at == AT
        assert billed(come, "2026-09") == []

    @pytest.mark.parametrize(
        ("day", "why"), [(None, "paid_until_missing"), ("2026-03-09", "paid_until_past")]
    )
    def test_needs_a_date_to_come(self, day, why):
        with pytest.raises(AdoptionRefused) as refused:
            adopt(arriving(day), at=AT, programme=INTEGRATOR)
        assert refused.value.facts == {"why": why, "name": "loja"}

    def test_is_refused_at_the_instant_at_which_its_day_is_over(self):
        with pytest.raises(AdoptionRefused):
            adopt(arriving("2026-03-09"), at=local("2026-03-10 00:00"), programme=INTEGRATOR)

    def test_may_be_of_today(self):
        assert adopt(arriving("2026-03-10"), at=AT, programme=INTEGRATOR).state is State.ACTIVE
