"""Rules, the worked examples: each in its own words. All times local, all invoices paid on time."""

from datetime import date, timedelta

import pytest

from billing import instances, lifetimes, subscriptions
from billing.tokens import NextTierNotYet, Token, check_next_tier, used_up
from tests.billing.samples import (
    CLASSIC,
    INTEGRATOR,
    Books,
    billed,
    brl,
    cancelled,
    invoice,
    local,
    months,
    on_trial,
    subscribed,
    terms,
    there,
)

EVERY_MONTH = terms(INTEGRATOR, bill="every_month_of_service")


class TestTheTableOfTheIntegratorProgramme:
    @pytest.mark.parametrize(
        ("since", "first", "issued", "due"),
        [
            # 02:30 UTC on 1 February
            ("2026-01-31 23:30", "2026-01", "2026-02-01 00:00", date(2026, 2, 5)),
            ("2026-02-01 00:10", "2026-02", "2026-03-01 00:00", date(2026, 3, 5)),
        ],
    )
    def test_has_those_that_stay_billed_onwards(self, since, first, issued, due):
        running = subscribed(local(since))
        onwards = [months(first)[0].plus(step) for step in range(12)]
        assert billed(running, str(onwards[-1])) == onwards
        books = Books()
        assert books.close(str(onwards[0].plus(-1)), [running]) is None
        assert len(books.close(first, [running]).lines) == 1
        document = invoice(first)
        assert (there(document.issued_at), document.due_on) == (issued, due)

    @pytest.mark.parametrize(
        ("programme", "since", "cancelled_at", "service_ends", "billed_months"),
        [
            (INTEGRATOR, "2026-01-31 23:30", "2026-03-01 10:00", "2026-03-31 10:00",
             "2026-01 2026-02 2026-03"),
            (INTEGRATOR, "2026-02-01 00:10", "2026-03-02 00:01", "2026-04-01 00:01",
             "2026-02 2026-03"),
            (EVERY_MONTH, "2026-02-01 00:10", "2026-03-02 00:01", "2026-04-01 00:01",
             "2026-02 2026-03 2026-04"),
            # the same minute
            (INTEGRATOR, "2028-01-30 10:00", "2028-01-30 10:00", "2028-02-29 10:00", "2028-01"),
        ],
    )  # fmt: skip
    def test_has_those_that_were_cancelled_end_and_billed(
        self, programme, since, cancelled_at, service_ends, billed_months
    ):
        instance = cancelled(subscribed(local(since)), local(cancelled_at), programme)
        assert there(instance.service_ends_at) == service_ends
        assert billed(instance, "2029-12", programme) == months(billed_months)


class TestFiftyOneInstances:
    """40 run since April; in May 1 is subscribed on the 1st, 2 on the 10th, 5 on the 15th,
    3 on the 20th. On 10 June 10 are cancelled."""

    days = ["2026-04-01"] * 40 + ["2026-05-01"] + ["2026-05-10"] * 2 + ["2026-05-15"] * 5
    days += ["2026-05-20"] * 3

    @pytest.mark.parametrize(("programme", "august"), [(INTEGRATOR, 41), (EVERY_MONTH, 51)])
    def test_are_billed_51_51_and_then_41_or_51(self, programme, august):
        running = [
            subscribed(local(f"{day} 11:00"), f"A{number}") for number, day in enumerate(self.days)
        ]
        books = Books(programme)
        assert len(books.close("2026-04", running).lines) == 40
        may = books.close("2026-05", running)
        assert (len(may.lines), invoice("2026-05").due_on) == (51, date(2026, 6, 5))

        leaving = [cancelled(one, local("2026-06-10 15:00"), programme) for one in running[:10]]
        assert {there(one.service_ends_at) for one in leaving} == {"2026-07-10 15:00"}
        assert {one.state for one in leaving} == {instances.State.CANCELLED}
        running = leaving + running[10:]
        june = books.close("2026-06", running)
        assert (len(june.lines), invoice("2026-06").due_on) == (51, date(2026, 7, 5))

        ended = [subscriptions.end_service(one, at=one.service_ends_at) for one in leaving]
        july = books.close("2026-07", ended + running[10:])
        assert (len(july.lines), invoice("2026-07").due_on) == (august, date(2026, 8, 5))
        assert len(books.close("2026-08", ended + running[10:]).lines) == 41


class TestIntegratorClassic:
    @pytest.mark.parametrize("day", ["2026-03-15", "2026-03-03"])
    def test_cancelled_in_march_is_billed_for_march_and_usable_to_the_end_of_10_april(self, day):
        instance = cancelled(subscribed(local("2026-01-20 10:00")), local(f"{day} 10:00"), CLASSIC)
        assert there(instance.service_ends_at - timedelta(seconds=1)) == "2026-04-10 23:59"
        assert there(instance.service_ends_at) == "2026-04-11 00:00"
        assert billed(instance, "2026-12", CLASSIC) == months("2026-01 2026-02 2026-03")

    def test_bills_25_of_the_first_25_of_the_second_and_10_of_the_third_token_3150(self):
        at = local("2026-05-04 10:00")
        running = [
            subscribed(at, f"{tier.name}-{number}", band=tier.band)
            for tier, count in zip(CLASSIC.tiers, (25, 25, 10), strict=False)
            for number in range(count)
        ]
        draft = Books(CLASSIC).close("2026-05", running)
        assert draft.total == draft.owed == brl(25 * 6000 + 25 * 5000 + 10 * 4000) == brl(315_000)

    def test_refuses_the_26th_creation_on_the_first_token_and_offers_the_next(self):
        full = Token("token", "partner", tier=1, created=25, allowed=25)
        assert full.left == 0
        refusal = used_up(full, CLASSIC)
        assert refusal.facts == {"created": 25, "allowed": 25, "asked": 1, "next_tier": "second"}
        assert check_next_tier(full, CLASSIC) == 2

    def test_lets_the_next_token_be_requested_only_when_the_present_one_is_used_up(self):
        with pytest.raises(NextTierNotYet):
            check_next_tier(Token("token", "partner", tier=1, created=24, allowed=25), CLASSIC)


class TestTrials:
    """Rules, "Life of an instance": what is said of trials."""

    def test_last_exactly_48_hours_from_the_creation(self):
        instance = on_trial(local("2026-05-04 10:30"))
        assert there(instance.trial_ends_at) == "2026-05-06 10:30"

    def test_last_48_hours_of_elapsed_time_over_a_clock_change(self):
        # Berlin's clocks go forward in the night to 29 March: the wall shows an hour more.
        instance = on_trial(local("2026-03-28 12:00", "Europe/Berlin"))
        assert there(instance.trial_ends_at, "Europe/Berlin") == "2026-03-30 13:00"

    def test_owe_nothing_and_need_no_cancellation(self):
        instance = on_trial(local("2026-05-04 10:30"))
        with pytest.raises(subscriptions.NothingToCancel):
            cancelled(instance, local("2026-05-05 10:30"))
        gone = instances.delete(instance, at=local("2026-05-05 10:30"))
        assert Books().close("2026-05", [gone]) is None

    def test_do_not_add_what_is_left_of_them_to_a_subscription(self):
        at = local("2026-05-31 23:00")
        instance = subscriptions.subscribe(
            on_trial(local("2026-05-30 10:00")), at=at, programme=INTEGRATOR
        )
        assert instance.subscribed_at == at
        assert billed(instance, "2026-06") == months("2026-05 2026-06")

    def test_that_ended_start_again_when_subscribed_before_the_deletion(self):
        instance = on_trial(local("2026-05-04 10:30"))
        stopped = instances.end_trial(instance, at=local("2026-05-06 10:30"))
        deletion = lifetimes.trial_deletion(stopped, INTEGRATOR.trial)
        assert there(deletion) == "2026-05-07 10:30"
        again = subscriptions.subscribe(
            stopped, at=deletion - timedelta(minutes=1), programme=INTEGRATOR
        )
        assert again.state is instances.State.ACTIVE
        assert again.stopped_at is None

    def test_of_the_classic_programme_wait_for_staff_to_delete_them(self):
        stopped = instances.end_trial(
            on_trial(local("2026-05-04 10:30")), at=local("2026-05-06 10:30")
        )
        assert lifetimes.trial_deletion(stopped, CLASSIC.trial) is None
        much_later = subscriptions.subscribe(
            stopped, at=local("2026-06-20 10:00"), programme=CLASSIC
        )
        assert billed(much_later, "2026-06", CLASSIC) == months("2026-06")
