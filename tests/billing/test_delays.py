from dataclasses import replace
from datetime import date

import pytest

from billing import delays
from billing.delays import HoldRefused
from billing.invoices import InvoiceKind, InvoiceState, NothingOwed
from billing.refusals import AlreadyDone
from tests.billing.samples import INTEGRATOR, brl, hold, invoice, local, there

CALENDAR = INTEGRATOR.calendar


class TestAHold:
    def test_replaces_the_last_day_and_moves_the_deletion_five_days_after_it(self):
        held = hold(invoice(), "2026-06-20")
        assert there(held.stop_at) == "2026-06-21 00:00"
        assert there(held.delete_at) == "2026-06-25 09:00"
        assert (held.due_on, held.held_until) == (date(2026, 6, 5), date(2026, 6, 20))
        assert held.hold_reason == "bank strike"

    def test_is_replaced_by_a_later_one_also_a_shorter(self):
        held = hold(hold(invoice(), "2026-06-20"), "2026-06-12")
        assert there(held.stop_at) == "2026-06-13 00:00"

    def test_may_end_today_but_not_before(self):
        at = "2026-06-12 23:59"
        assert there(hold(invoice(), "2026-06-12", at).stop_at) == "2026-06-13 00:00"
        with pytest.raises(HoldRefused) as refused:
            hold(invoice(), "2026-06-11", at)
        assert refused.value.facts == {"why": "past", "earliest": date(2026, 6, 12)}

    @pytest.mark.parametrize("held_before", [False, True])
    def test_never_takes_days_away(self, held_before):
        document = hold(invoice(), "2026-06-20") if held_before else invoice()
        with pytest.raises(HoldRefused) as refused:
            hold(document, "2026-06-09")
        assert refused.value.facts == {"why": "before_last_day", "earliest": date(2026, 6, 10)}

    def test_refuses_a_year_that_was_mistyped(self):
        issued = invoice(at=local("2026-06-01 00:00"))
        with pytest.raises(HoldRefused) as refused:
            hold(issued, "9999-12-31")
        assert refused.value.facts == {"why": "too_far", "earliest": date(2026, 6, 9)}

    def test_lasts_a_year_at_most(self):
        # 366 days after the 9th of June 2026.
        assert hold(invoice(), "2027-06-10").last_on == date(2027, 6, 10)
        with pytest.raises(HoldRefused):
            hold(invoice(), "2027-06-11")

    def test_never_takes_away_the_days_that_a_late_invoice_was_given(self):
        late = invoice(at=local("2026-06-04 10:00"))
        assert late.last_on == date(2026, 6, 13)
        with pytest.raises(HoldRefused) as refused:
            hold(hold(late, "2026-06-20"), "2026-06-12")
        assert refused.value.facts["earliest"] == date(2026, 6, 13)

    def test_twice_is_already_done(self):
        with pytest.raises(AlreadyDone) as refused:
            hold(hold(invoice(), "2026-06-20"), "2026-06-20")
        assert refused.value.facts == {
            "action": "hold", "number": "INT-2026-000001", "until": date(2026, 6, 20),
        }  # fmt: skip
        assert hold(hold(invoice(), "2026-06-20"), "2026-06-20", reason="flood").hold_reason == (
            "flood"
        )

    def test_of_what_is_not_owed_is_refused(self):
        with pytest.raises(NothingOwed) as refused:
            hold(invoice(credit=5990), "2026-06-20")
        assert refused.value.facts == {"number": "INT-2026-000001", "state": InvoiceState.PAID}

    def test_of_what_never_stops_anything_is_refused(self):
        document = replace(invoice(), kind=InvoiceKind.DAYS, days=30)
        with pytest.raises(HoldRefused) as refused:
            hold(document, "2026-06-20")
        assert refused.value.facts == {"why": "not_monthly", "earliest": date(2026, 6, 9)}


def unheld(document, last_on="2026-06-10", reason=None, at="2026-06-10 23:59"):
    return delays.unheld(
        document, last_on=date.fromisoformat(last_on), reason=reason, at=local(at),
        calendar=CALENDAR,
    )  # fmt: skip


class TestAHoldTakenBack:
    def test_leaves_the_invoice_as_it_was_also_on_its_last_day(self):
        assert unheld(hold(invoice(), "2026-06-20")) == invoice()

    def test_leaves_the_hold_before_it(self):
        before = hold(invoice(), "2026-06-12", reason="flood")
        after = unheld(hold(before, "2026-06-20"), "2026-06-12", "flood")
        assert after == before

    def test_is_refused_where_it_would_stop_at_once(self):
        with pytest.raises(HoldRefused) as refused:
            unheld(hold(invoice(), "2026-06-20"), at="2026-06-11 00:00")
        assert refused.value.facts == {"why": "past", "earliest": date(2026, 6, 11)}

    def test_is_refused_for_what_is_not_owed(self):
        paid = replace(hold(invoice(), "2026-06-20"), state=InvoiceState.PAID)
        with pytest.raises(NothingOwed) as refused:
            unheld(paid)
        assert refused.value.facts == {"number": "INT-2026-000001", "state": InvoiceState.PAID}


def test_a_proof_of_payment_holds_the_deletion_to_the_morning_five_days_later():
    assert there(delays.held_by_proof(local("2026-06-10 23:30"), CALENDAR)) == "2026-06-15 09:00"


def due_again(document, used=5990, at="2026-06-20 23:30", days=2):
    return delays.due_again(document, used=brl(used), at=local(at), days=days, calendar=CALENDAR)


class TestAReversal:
    def test_leaves_whole_days_before_the_stop_and_five_more_before_the_deletion(self):
        after = due_again(invoice(credit=5990))
        assert (after.state, after.owed, after.settled) == (InvoiceState.DUE, brl(5990), brl(0))
        assert (after.due_on, after.last_on) == (date(2026, 6, 5), date(2026, 6, 22))
        assert there(after.stop_at) == "2026-06-23 00:00"
        assert there(after.delete_at) == "2026-06-27 09:00"

    @pytest.mark.parametrize("at", ["2026-06-03 10:00", "2026-06-08 23:59"])
    def test_keeps_dates_that_are_no_earlier(self, at):
        paid = invoice(credit=5990)
        after = due_again(paid, at=at)
        assert after == replace(paid, state=InvoiceState.DUE, settled=brl(0))

    def test_keeps_a_hold_that_goes_on_and_ends_one_that_is_over(self):
        held = replace(hold(invoice(), "2026-06-25"), settled=brl(5990), state=InvoiceState.PAID)
        assert due_again(held).held_until == date(2026, 6, 25)
        # Two whole days after the 23rd are the 25th, on which it ends.
        assert due_again(held, at="2026-06-23 10:00").held_until == date(2026, 6, 25)
        after = due_again(held, at="2026-06-24 10:00")
        assert (after.held_until, after.hold_reason) == (None, None)
        assert after.last_on == date(2026, 6, 26)

    def test_takes_off_what_the_payment_had_settled_alone(self):
        assert due_again(invoice(credit=5990), used=1990).settled == brl(4000)

    def test_lets_a_day_invoice_be_paid_until_then(self):
        days = replace(invoice(credit=5990), kind=InvoiceKind.DAYS, days=30)
        after = due_again(days)
        assert after.due_on == after.last_on == date(2026, 6, 22)
        assert {there(it) for it in (after.due_until, after.stop_at, after.delete_at)} == {
            "2026-06-23 00:00"
        }


class TestTheDeletion:
    @pytest.mark.parametrize(
        ("stopped", "warned", "now", "expected"),
        [
            # the ordinary run, the ticker some minutes late
            ("2026-06-11 00:03", "2026-06-14 09:00", "2026-06-15 09:00", "2026-06-15 09:00"),
            # stopped late: four full days lie between
            ("2026-06-12 14:00", "2026-06-14 09:00", "2026-06-15 09:00", "2026-06-17 09:00"),
            # down from the 10th to the 15th: nothing was stopped yet
            (None, None, "2026-06-15 08:00", "2026-06-19 09:00"),
            (None, None, "2026-06-01 00:00", "2026-06-15 09:00"),
            # the last warning has not arrived, or came on the very day
            ("2026-06-11 00:03", None, "2026-06-15 09:00", "2026-06-16 09:00"),
            ("2026-06-11 00:03", "2026-06-15 08:30", "2026-06-15 09:00", "2026-06-16 09:00"),
        ],
    )
    def test_waits_for_the_stop_and_for_the_warning(self, stopped, warned, now, expected):
        found = delays.earliest_deletion(
            invoice(),
            stopped_at=stopped and local(stopped),
            warned_at=warned and local(warned),
            now=local(now),
            calendar=CALENDAR,
        )
        assert there(found) == expected
