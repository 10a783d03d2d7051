"""A reference is booked once, a payment is reversed once; money is asked for once."""

import asyncio
from dataclasses import replace

import pytest

from billing.money import Money
from billing.services.ports import Approval, ApprovalState, Payment, Refund
from storage.engine.rows import RowMissing
from tests.storage.stocked import CURRENCY, DAY, HOUR, NOW, invoice


def payment(of, number: int = 1, reference: str = "PIX 12", **changes) -> Payment:
    values = {
        "amount": Money(100, CURRENCY),
        "received_at": NOW,
        "booked_by": 7,
        "booked_at": NOW,
        "used": Money(60, CURRENCY),
    }
    return Payment(
        id=f"Y{number}",
        invoice_id=of.id,
        partner_id="P1",
        reference=reference,
        **(values | changes),
    )


class TestPayments:
    async def test_with_one_reference_are_booked_once_of_fifty_at_once(self, desk):
        issued = invoice()
        await desk.write(lambda work: work.invoices.add(issued, []))
        spellings = ["PIX 12", "pix  12", " Pix 12 "]

        def book(number: int):
            one = payment(issued, number, spellings[number % 3])
            return desk.write(lambda work: work.payments.book(one))

        found = await asyncio.gather(*map(book, range(50)))
        assert found.count(None) == 1
        (booked,) = await desk.read(lambda work: work.payments.of_invoice(issued.id))
        assert all(other == booked for other in found if other is not None)

    async def test_are_listed_as_they_were_booked_also_within_one_instant(self, desk):
        issued = invoice()
        await desk.write(lambda work: work.invoices.add(issued, []))
        booked = [
            payment(issued, 3, "a"),
            payment(issued, 1, "b", received_at=NOW - DAY),
            payment(issued, 2, "c"),
            payment(issued, 4, "d", booked_at=NOW + HOUR),
        ]
        for one in booked:
            assert await desk.write(lambda work, one=one: work.payments.book(one)) is None
        assert await desk.read(lambda w: w.payments.of_invoice(issued.id)) == booked
        between = await desk.read(lambda w: w.payments.booked_between(NOW, NOW + HOUR))
        assert between == booked[:3]

    async def test_are_listed_as_they_were_reversed(self, desk):
        issued = invoice()
        await desk.write(lambda work: work.invoices.add(issued, []))
        gone = []
        for number, at in ((2, NOW), (1, NOW), (3, NOW - HOUR), (4, NOW + HOUR)):
            one = payment(issued, number, f"PIX {number}")
            assert await desk.write(lambda work, one=one: work.payments.book(one)) is None
            gone.append(replace(one, reversed_at=at, reversed_by=7, reversal_reason="bounced"))
            await desk.write(lambda work: work.payments.reverse(gone[-1]))
        between = await desk.read(lambda w: w.payments.reversed_between(NOW - HOUR, NOW + HOUR))
        assert between == [gone[2], gone[0], gone[1]]

    async def test_are_reversed_once_and_keep_their_reference(self, desk):
        issued = invoice()
        await desk.write(lambda work: work.invoices.add(issued, []))
        booked = payment(issued)
        await desk.write(lambda work: work.payments.book(booked))
        gone = replace(booked, reversed_at=NOW, reversed_by=7, reversal_reason="bounced")
        await desk.write(lambda work: work.payments.reverse(gone))
        assert await desk.read(lambda w: w.payments.of_invoice(issued.id)) == [gone]
        assert await desk.read(lambda w: w.payments.reversed_between(NOW, NOW + HOUR)) == [gone]
        again = payment(issued, 2, "pix 12")
        assert await desk.write(lambda work: work.payments.book(again)) == gone
        with pytest.raises(RowMissing):
            await desk.write(lambda work: work.payments.reverse(gone))


class TestRefunds:
    async def test_are_booked_once_for_a_reference(self, desk):
        first = Refund("R1", "P1", Money(100, CURRENCY), "TED 1", 7, NOW)
        assert await desk.write(lambda work: work.payments.refund(first)) is None
        second = replace(first, id="R2", reference="ted  1")
        assert await desk.write(lambda work: work.payments.refund(second)) == first
        other = replace(first, id="R0", reference="TED 2")
        assert await desk.write(lambda work: work.payments.refund(other)) is None
        assert await desk.read(lambda w: w.payments.refunded_as("TED 2")) == other
        assert await desk.read(lambda w: w.payments.refunded_as("TED 1")) == first
        assert await desk.read(lambda w: w.payments.refunded_as("TED 3")) is None


class TestApprovals:
    async def test_are_asked_for_once_and_decided_once(self, desk):
        asked = Approval("A1", "refund", {"amount": Money(9, CURRENCY)}, "owed 9", "P1",
                         Money(9, CURRENCY), 7, NOW)  # fmt: skip
        assert await desk.write(lambda work: work.approvals.ask(asked)) is None
        same = replace(asked, id="A2", asked_by=8)
        assert await desk.write(lambda work: work.approvals.ask(same)) == asked
        assert await desk.read(lambda work: work.approvals.waiting()) == [asked]
        done = replace(asked, state=ApprovalState.DONE, decided_by=8, decided_at=NOW)
        assert await desk.write(lambda work: work.approvals.decide(done))
        assert not await desk.write(lambda work: work.approvals.decide(done))
        assert await desk.read(lambda work: work.approvals.get("A1")) == done
        assert await desk.read(lambda work: work.approvals.waiting()) == []
        assert await desk.write(lambda work: work.approvals.ask(same)) is None
