"""The reminders of an invoice: when each is said, and until when it is useful."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies

from billing import delays
from billing.calendar import Month
from billing.notices import NoticeKind, of_invoice
from billing.programmes import Deadlines
from tests.billing.samples import INTEGRATOR, SAO_PAULO, hold, invoice, local, quick, there
from tests.billing.test_notices import check_in_order_and_by_day, said, zones


class TestOfAnInvoice:
    table = (
        ("invoice_issued", "2026-06-01 09:00"),
        ("invoice_due_soon", "2026-06-03 09:00"),
        ("invoice_due", "2026-06-05 09:00"),
        ("invoice_overdue", "2026-06-06 09:00"),
        ("stop_soon", "2026-06-08 09:00"),
        ("last_day", "2026-06-10 09:00"),
        ("deletion_tomorrow", "2026-06-14 09:00"),
    )

    @pytest.mark.parametrize(
        "zone", [SAO_PAULO, "America/Manaus", "America/Los_Angeles", "Europe/Lisbon"]
    )
    def test_are_at_nine_of_the_partners_zone_on_the_days_of_the_table(self, zone):
        found = of_invoice(invoice("2026-05"), zone, INTEGRATOR.calendar)
        assert said(found, zone) == list(self.table)

    def test_are_useful_until_the_next_one_or_until_it_has_happened(self):
        found = of_invoice(invoice("2026-05"), SAO_PAULO, INTEGRATOR.calendar)
        until = {n.kind.value: n.useful_until and there(n.useful_until) for n in found}
        assert until == {
            "invoice_issued": None,
            "invoice_due_soon": "2026-06-05 09:00",
            "invoice_due": "2026-06-06 00:00",  # then it is overdue
            "invoice_overdue": "2026-06-08 09:00",
            "stop_soon": "2026-06-10 09:00",
            "last_day": "2026-06-11 00:00",  # then it is stopped
            "deletion_tomorrow": "2026-06-15 09:00",  # then it is deleted
        }

    def test_call_nothing_overdue_that_is_still_on_time_where_the_partner_is(self):
        # In Tokyo 09:00 of the 6th is 21:00 of the 5th in São Paulo.
        may = invoice("2026-05")
        found = {n.kind: n for n in of_invoice(may, "Asia/Tokyo", INTEGRATOR.calendar)}
        assert found[NoticeKind.INVOICE_OVERDUE].at >= may.due_until
        assert found[NoticeKind.INVOICE_DUE].at < may.due_until
        assert found[NoticeKind.LAST_DAY].at < may.stop_at

    def test_of_a_hold_move_what_follows_the_last_day_and_are_said_anew(self):
        may = invoice("2026-05")
        held = delays.hold(
            may, until=date(2026, 6, 20), reason="bank strike", at=local("2026-06-09 12:00"),
            calendar=INTEGRATOR.calendar,
        )  # fmt: skip
        found = of_invoice(held, SAO_PAULO, INTEGRATOR.calendar)
        assert said(found) == [
            *self.table[:4],
            ("stop_soon", "2026-06-18 09:00"),
            ("last_day", "2026-06-20 09:00"),
            ("deletion_tomorrow", "2026-06-24 09:00"),
        ]
        before = {n.key for n in of_invoice(may, SAO_PAULO, INTEGRATOR.calendar)}
        assert {n.kind for n in found if n.key not in before} == {
            NoticeKind.STOP_SOON, NoticeKind.LAST_DAY, NoticeKind.DELETION_TOMORROW,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("issued", "told"),
        [
            ("2026-06-01 00:02", "2026-06-01 09:00"),
            ("2026-06-01 15:00", "2026-06-01 15:00"),
            ("2026-06-02 23:00", "2026-06-03 08:00"),
            ("2026-06-03 03:00", "2026-06-03 09:00"),
        ],
    )
    def test_of_one_issued_late_wake_nobody(self, issued, told):
        late = invoice("2026-05", at=local(issued))
        assert said(of_invoice(late, SAO_PAULO, INTEGRATOR.calendar))[0] == ("invoice_issued", told)

    def test_of_one_that_is_due_at_once_begin_with_the_issue(self):
        programme = INTEGRATOR.model_copy(update={"deadlines": Deadlines(due_day=1)})
        found = of_invoice(invoice(programme=programme), SAO_PAULO, programme.calendar)
        assert said(found)[:2] == [
            ("invoice_issued", "2026-06-01 09:00"), ("invoice_overdue", "2026-06-02 09:00"),
        ]  # fmt: skip

    def test_of_one_that_stops_when_it_is_overdue_leave_that_to_the_stop(self):
        deadlines = Deadlines(due_day=10, last_day=10)
        programme = INTEGRATOR.model_copy(update={"deadlines": deadlines})
        found = of_invoice(invoice(programme=programme), SAO_PAULO, programme.calendar)
        usual = of_invoice(invoice(), SAO_PAULO, INTEGRATOR.calendar)
        left_out = {notice.kind for notice in usual} - {notice.kind for notice in found}
        assert left_out == {NoticeKind.INVOICE_OVERDUE}

    def test_are_of_the_invoice_and_of_the_days_that_a_hold_moves(self):
        keys = [n.key for n in of_invoice(invoice(), SAO_PAULO, INTEGRATOR.calendar)]
        own = "integrator:2026-05"
        assert keys == [
            *(f"{kind}:{own}" for kind, _ in self.table[:6]), f"deletion_tomorrow:{own}:2026-06-15",
        ]  # fmt: skip
        held = hold(invoice(), "2026-06-20")
        keys = [n.key for n in of_invoice(held, SAO_PAULO, INTEGRATOR.calendar)]
        assert keys == [
            *(f"{kind}:{own}" for kind, _ in self.table[:4]),
            f"stop_soon:{own}:2026-06-20",
            f"last_day:{own}:2026-06-20",
            f"deletion_tomorrow:{own}:2026-06-25",
        ]

    @quick
    @given(
        strategies.dates(date(2024, 1, 1), date(2033, 1, 1)),
        zones,
        zones,
        strategies.timedeltas(timedelta(0), timedelta(days=9)),
        strategies.tuples(*(strategies.integers(0, 7) for _ in range(3))),
        strategies.none() | strategies.integers(0, 30),
    )
    def test_are_in_order_and_by_day(self, day, zone, partners_zone, late, gaps, held_for):
        due = 1 + gaps[0]
        last = due + gaps[1]
        deadlines = Deadlines(due_day=due, last_day=last, delete_day=last + 5 + gaps[2])
        programme = INTEGRATOR.model_copy(update={"zone": zone, "deadlines": deadlines})
        month = Month(day.year, day.month)
        issued_at = programme.calendar.end(month) + late
        document = invoice(str(month), programme=programme, at=issued_at)
        if held_for is not None:
            until = document.last_on + timedelta(days=held_for)
            document = delays.hold(
                document, until=until, reason="x", at=issued_at, calendar=programme.calendar
            )
        found = of_invoice(document, partners_zone, programme.calendar)
        check_in_order_and_by_day(found, partners_zone)
        assert found[0].kind is NoticeKind.INVOICE_ISSUED
        assert found[0].at >= issued_at
