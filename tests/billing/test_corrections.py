"""What voids an invoice, and what its credit note says."""

from dataclasses import replace
from datetime import date

import pytest

from billing import corrections
from billing.calendar import Month
from billing.corrections import VoidRefused
from billing.invoices import InvoiceKind, InvoiceState
from billing.refusals import AlreadyDone
from tests.billing.samples import INTEGRATOR, brl, hold, invoice, local

NUMBER = "INT-2026-000001"


def void(document, *, paid=0, note=None):
    return corrections.void(document, paid=brl(paid), note=note)


class TestVoiding:
    def test_leaves_nothing_owed_or_settled(self):
        after = void(invoice())
        assert (after.state, after.owed, after.settled) == (InvoiceState.VOID, brl(0), brl(0))
        assert after == replace(invoice(), state=InvoiceState.VOID)

    def test_gives_credit_back_that_settled_a_part(self):
        assert void(invoice(credit=1000)).settled == brl(0)

    @pytest.mark.parametrize("paid", [1, 5990])
    def test_is_refused_once_anything_was_paid(self, paid):
        with pytest.raises(VoidRefused) as refused:
            void(invoice(credit=paid), paid=paid)
        assert refused.value.facts == {"number": NUMBER, "why": "paid", "paid": brl(paid)}

    def test_is_refused_for_what_credit_paid_whole(self):
        with pytest.raises(VoidRefused) as refused:
            void(invoice(credit=5990))
        assert refused.value.facts == {"number": NUMBER, "why": "credit", "paid": brl(5990)}

    def test_is_refused_for_a_credit_note(self):
        with pytest.raises(VoidRefused) as refused:
            void(replace(invoice(credit=5990), kind=InvoiceKind.CREDIT_NOTE))
        assert refused.value.facts == {"number": NUMBER, "why": "credit_note", "paid": brl(0)}

    def test_twice_names_the_first_credit_note(self):
        with pytest.raises(AlreadyDone) as refused:
            void(void(invoice()), note="INT-2026-000002")
        assert refused.value.facts == {
            "action": "void", "number": NUMBER, "note": "INT-2026-000002",
        }  # fmt: skip


class TestACreditNote:
    def test_is_settled_and_leads_to_nothing(self):
        at = local("2026-06-30 23:30")
        days = replace(hold(invoice(), "2026-06-20"), kind=InvoiceKind.DAYS, days=30, channels=1)
        note = corrections.credit_note(
            days, note_id="note", number="INT-2026-000002", at=at, calendar=INTEGRATOR.calendar
        )
        assert (note.id, note.number, note.corrects) == ("note", "INT-2026-000002", NUMBER)
        assert (note.kind, note.state) == (InvoiceKind.CREDIT_NOTE, InvoiceState.PAID)
        assert (note.total, note.settled, note.owed) == (brl(5990), brl(5990), brl(0))
        assert (note.period, note.issued_at) == (Month(2026, 6), at)
        assert (note.due_on, note.last_on) == (date(2026, 6, 30), date(2026, 6, 30))
        assert {note.due_until, note.stop_at, note.delete_at} == {at}
        assert (note.days, note.channels) == (0, None)
        assert (note.held_until, note.hold_reason) == (None, None)
