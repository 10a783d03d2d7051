from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies

from billing import invoices
from billing.invoices import AmountRefused, HoldRefused, InvoiceState, NothingOwed
from billing.money import Money
from billing.refusals import AlreadyDone
from tests.billing.samples import (
    INTEGRATOR,
    Books,
    brl,
    cancelled,
    invoice,
    local,
    on_trial,
    quick,
    subscribed,
    there,
)

CALENDAR = INTEGRATOR.calendar
DAY = timedelta(days=1)
SINCE = local("2026-05-04 10:00")


def hold(document, until, at="2026-06-09 12:00", reason="bank strike"):
    return invoices.hold(
        document,
        until=date.fromisoformat(until),
        reason=reason,
        at=local(at),
        calendar=CALENDAR,
    )


class TestADraft:
    def test_has_a_line_at_full_price_for_every_billable_instance(self):
        leaving = cancelled(subscribed(SINCE, "B"), local("2026-05-31 23:59"))
        running = [subscribed(local("2026-05-31 23:59"), "A"), leaving, on_trial(SINCE, "C")]
        draft = Books().close("2026-05", running)
        assert [line.instance_id for line in draft.lines] == ["A", "B"]
        assert draft.total == brl(2 * 5990)

    def test_tells_what_each_line_was_drawn_up_from(self):
        leaving = cancelled(subscribed(SINCE), local("2026-05-20 10:00"))
        (line,) = Books().close("2026-05", [leaving]).lines
        assert (line.name, line.band, line.price) == (leaving.name, 1, brl(5990))
        assert line.subscribed_at == SINCE
        assert line.cancelled_at == leaving.cancelled_at
        assert line.service_ends_at == leaving.service_ends_at

    def test_without_a_line_is_none(self):
        assert Books().close("2026-05", []) is None
        assert Books().close("2026-04", [subscribed(SINCE)]) is None

    @pytest.mark.parametrize(
        ("credit", "used", "owed"), [(0, 0, 5990), (990, 990, 5000), (9000, 5990, 0)]
    )
    def test_uses_the_credit_that_there_is(self, credit, used, owed):
        draft = Books().close("2026-05", [subscribed(SINCE)], credit=credit)
        assert (draft.credit, draft.owed) == (brl(used), brl(owed))

    def test_leaves_subscriptions_between_close_and_due_to_the_next_invoice(self):
        books = Books()
        between = subscribed(local("2026-06-03 10:00"), "NEW")
        assert len(books.close("2026-05", [subscribed(SINCE), between]).lines) == 1
        assert len(books.close("2026-06", [subscribed(SINCE), between]).lines) == 2


class TestAnInvoice:
    def test_follows_the_postpaid_calendar(self):
        may = invoice("2026-05")
        assert there(may.issued_at) == "2026-06-01 00:00"
        assert may.due_on == date(2026, 6, 5)
        assert there(may.due_until) == "2026-06-06 00:00"
        assert may.last_on == date(2026, 6, 10)
        assert there(may.stop_at) == "2026-06-11 00:00"
        assert there(may.delete_at) == "2026-06-15 09:00"
        assert (may.state, may.owed) == (InvoiceState.DUE, brl(5990))

    def test_that_credit_covers_is_paid_at_once(self):
        assert invoice(credit=5990).state is InvoiceState.PAID
        assert invoice(credit=5989).state is InvoiceState.DUE

    def test_of_nothing_is_paid_at_once(self):
        assert invoice(minor=0).state is InvoiceState.PAID

    @pytest.mark.parametrize(
        ("issued", "due", "last"),
        [
            ("2026-06-01 23:59", "2026-06-05", "2026-06-10"),
            ("2026-06-02 00:00", "2026-06-06", "2026-06-11"),
            ("2026-06-14 10:00", "2026-06-18", "2026-06-23"),
        ],
    )
    def test_that_an_outage_made_late_slides_whole_days(self, issued, due, last):
        late = invoice(at=local(issued))
        assert (late.due_on, late.last_on) == (date.fromisoformat(due), date.fromisoformat(last))
        assert late.due_until == CALENDAR.end_of(late.due_on)
        assert there(late.stop_at) == there(CALENDAR.end_of(late.last_on))
        assert there(late.delete_at) == f"{late.last_on + 5 * DAY} 09:00"


class TestAPayment:
    def test_in_part_leaves_it_due(self):
        after, too_much = invoices.settle(invoice(), brl(5989))
        assert (after.state, after.owed, too_much) == (InvoiceState.DUE, brl(1), brl(0))

    def test_of_the_rest_pays_it(self):
        half, _ = invoices.settle(invoice(), brl(3000))
        after, too_much = invoices.settle(half, brl(2990))
        assert (after.state, after.owed, too_much) == (InvoiceState.PAID, brl(0), brl(0))

    def test_of_too_much_leaves_credit(self):
        after, too_much = invoices.settle(invoice(), brl(6000))
        assert (after.state, too_much) == (InvoiceState.PAID, brl(10))

    @pytest.mark.parametrize(
        ("amount", "why"),
        [(brl(0), "not_positive"), (brl(-1), "not_positive"), (Money(5990, "USD"), "currency")],
    )
    def test_that_is_none_is_refused(self, amount, why):
        with pytest.raises(AmountRefused) as refused:
            invoices.settle(invoice(), amount)
        assert refused.value.facts == {"why": why, "currency": "BRL"}

    def test_of_what_is_void_is_refused(self):
        with pytest.raises(NothingOwed):
            invoices.settle(replace(invoice(), state=InvoiceState.VOID), brl(1))

    def test_of_what_is_paid_was_too_much_as_a_whole(self):
        paid, _ = invoices.settle(invoice(), brl(5990))
        assert invoices.settle(paid, brl(1)) == (paid, brl(1))

    @quick
    @given(
        strategies.integers(1, 10**6),
        strategies.lists(
            strategies.one_of(strategies.integers(1, 10**6), strategies.dates(date(2026, 6, 10),
                              date(2027, 1, 1))), max_size=8),
    )  # fmt: skip
    def test_is_neither_lost_nor_doubled_whatever_holds_come_between(self, minor, events):
        document, paid, credit = invoice(minor=minor), 0, 0
        for number, event in enumerate(events):
            if document.state is InvoiceState.PAID:
                break
            if isinstance(event, date):
                held = hold(document, str(event), at="2026-06-02 10:00", reason=str(number))
                assert (held.owed, held.due_on) == (document.owed, document.due_on)
                document = held
            else:
                document, too_much = invoices.settle(document, brl(event))
                paid, credit = paid + event, credit + too_much.minor
            assert document.settled.minor + credit == paid
            assert document.settled + document.owed == document.total == brl(minor)
            assert (document.state is InvoiceState.PAID) == (not document.owed)
            assert not credit or not document.owed


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
        assert refused.value.facts["why"] == "too_far"

    def test_never_takes_away_the_days_that_a_late_invoice_was_given(self):
        late = invoice(at=local("2026-06-04 10:00"))
        assert late.last_on == date(2026, 6, 13)
        with pytest.raises(HoldRefused) as refused:
            hold(hold(late, "2026-06-20"), "2026-06-12")
        assert refused.value.facts["earliest"] == date(2026, 6, 13)

    def test_twice_is_already_done(self):
        with pytest.raises(AlreadyDone):
            hold(hold(invoice(), "2026-06-20"), "2026-06-20")
        assert hold(hold(invoice(), "2026-06-20"), "2026-06-20", reason="flood").hold_reason == (
            "flood"
        )

    def test_of_what_is_not_owed_is_refused(self):
        with pytest.raises(NothingOwed):
            hold(invoice(credit=5990), "2026-06-20")


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
        found = invoices.earliest_deletion(
            invoice(),
            stopped_at=stopped and local(stopped),
            warned_at=warned and local(warned),
            now=local(now),
            calendar=CALENDAR,
        )
        assert there(found) == expected
