"""Proofs of payment are kept once, and decided once."""

from dataclasses import replace

from billing.services.ports import Receipt, ReceiptState
from tests.storage.stocked import DAY, NOW, invoice

ISSUED = invoice()
FIRST = Receipt("R1", ISSUED.id, "P1", 7, 7, 501, NOW)


async def test_one_message_is_one_proof_of_an_invoice(desk):
    await desk.write(lambda work: work.invoices.add(ISSUED, []))
    assert await desk.write(lambda work: work.receipts.add(FIRST)) is None
    again = replace(FIRST, id="R2", sent_at=NOW + DAY)
    assert await desk.write(lambda work: work.receipts.add(again)) == FIRST
    second = replace(FIRST, id="R3", message_id=502)
    assert await desk.write(lambda work: work.receipts.add(second)) is None
    assert await desk.read(lambda work: work.receipts.of_invoice(ISSUED.id)) == [FIRST, second]
    assert await desk.read(lambda work: work.receipts.waiting()) == [FIRST, second]
    assert await desk.read(lambda work: work.receipts.waiting_of("P1")) == [FIRST, second]
    assert await desk.read(lambda work: work.receipts.get("R9")) is None


async def test_it_is_decided_once(desk):
    await desk.write(lambda work: work.invoices.add(ISSUED, []))
    await desk.write(lambda work: work.receipts.add(FIRST))
    declined = replace(
        FIRST, state=ReceiptState.DECLINED, decided_by=1, decided_at=NOW, reason="no"
    )
    booked = replace(FIRST, state=ReceiptState.BOOKED, decided_by=2, decided_at=NOW)
    assert await desk.write(lambda work: work.receipts.decide(declined))
    assert not await desk.write(lambda work: work.receipts.decide(booked))
    assert await desk.read(lambda work: work.receipts.get("R1")) == declined
    assert await desk.read(lambda work: work.receipts.waiting_of("P1")) == []
