from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies

from billing import invoices
from billing.calendar import Month
from billing.days import usage
from billing.invoices import AmountRefused, Draft, InvoiceState, Line, LineKind, NothingOwed
from billing.money import Money
from billing.regular import Band, Regular
from tests.billing.samples import (
    INTEGRATOR,
    Books,
    brl,
    cancelled,
    hold,
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
MAY = Month(2026, 5)


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

    def test_counts_lines_that_were_drawn_up_and_lines_that_need_only_be_counted(self):
        draft = Books().close("2026-05", [subscribed(SINCE)])
        assert draft.count == 1
        bands = (Band(1, 40, brl(6000)), Band(2, 2, brl(5000)))
        regular = Regular(SINCE, SINCE + DAY, frozenset(), bands)
        assert regular.count == 42
        assert replace(draft, regular=regular).count == 43

    def test_bills_used_days_and_lines_that_need_only_be_counted_too(self):
        (used,) = usage.lines(
            [(subscribed(SINCE, "B"), 12)], month=MAY, price=lambda days: brl(200 * days)
        )
        bands = (Band(1, 40, brl(6000)), Band(2, 2, brl(5000)))
        regular = Regular(SINCE, SINCE + DAY, frozenset(), bands)

        def drawn(regular):
            return invoices.draw_up(
                [subscribed(SINCE)], month=MAY, programme=INTEGRATOR, billed=lambda _: (),
                price=lambda *_: brl(5990), credit=brl(10**9), usage=[used], regular=regular,
            )  # fmt: skip

        draft = drawn(regular)
        assert (draft.period, draft.days, draft.count) == (MAY, 12, 44)
        assert draft.lines[1:] == (used,)
        assert draft.total == draft.credit == brl(5990 + 2400 + 240_000 + 10_000)
        assert draft.regular is regular
        # With no band there is nothing to count.
        assert drawn(replace(regular, bands=())) == drawn(None)

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
    def test_is_of_the_partner_and_the_programme_under_its_number(self):
        used = Line(
            "K7Q2M", "loja", MAY, brl(2400), 1, SINCE, None, None, kind=LineKind.DAYS, days=12
        )
        document = invoices.issue(
            Draft(MAY, (used,), brl(2400), brl(0)), invoice_id="i", number="INT-2026-000007",
            partner_id="p", programme=INTEGRATOR, at=CALENDAR.end(MAY),
        )  # fmt: skip
        assert (document.id, document.number) == ("i", "INT-2026-000007")
        assert (document.partner_id, document.programme) == ("p", "integrator")
        assert (document.period, document.days) == (MAY, 12)

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

    @pytest.mark.parametrize(
        ("at", "due", "last"),
        [
            ("2026-06-01 10:00", 5, 10),
            ("2026-06-04 23:59", 5, 10),
            # its due date has come: as a late one
            ("2026-06-05 00:00", 9, 14),
            ("2026-06-07 10:00", 11, 16),
        ],
    )
    def test_issued_anew_keeps_its_dates_while_they_have_not_come(self, at, due, last):
        draft = Draft(Month(2026, 5), (), brl(5990), brl(0))
        again = invoices.issue(
            draft,
            invoice_id="again",
            number="INT-2026-000003",
            partner_id="partner",
            programme=INTEGRATOR,
            at=local(at),
            anew=True,
        )
        assert (again.due_on.day, again.last_on.day) == (due, last)


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

    def test_of_what_is_void_says_so(self):
        void = replace(invoice(), state=InvoiceState.VOID)
        with pytest.raises(NothingOwed) as refused:
            invoices.settle(void, brl(1))
        assert refused.value.facts == {"number": void.number, "state": InvoiceState.VOID}

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
