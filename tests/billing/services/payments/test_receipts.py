"""Proofs of payment: passed on, looked at, and what they hold until then."""

from datetime import date, timedelta

import pytest

from billing.instances import State
from billing.invoices import NothingOwed
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.desk import claiming, waiting
from billing.services.invoices import corrections
from billing.services.payments import booking, receipt_cards, receipts
from billing.services.ports import ReceiptState
from tests.billing.samples import brl
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import FRED, GROUP, SAM

CHAT, PHOTO = 11, 501


@pytest.fixture
async def number(world, acme):
    await acme.running("loja-1")
    await world.until("2026-02-01 10:00")
    (invoice,) = await acme.invoices()
    return invoice.number


async def states(world, acme):
    (invoice, *_) = await acme.invoices()
    found = await world.read(lambda work: work.receipts.of_invoice(invoice.id))
    return [receipt.state for receipt in found]


async def second_invoice(world, acme):
    """Return the number of the next month's; the first one is held until then."""
    first = (await acme.invoices())[0].number
    await world.staff(FRED).do(booking.hold, first, date(2026, 3, 20), "time")
    await world.until("2026-03-01 10:00")
    return (await acme.invoices())[-1].number


async def card(world, kind="staff_receipt"):
    """Return the facts of the newest such card in the staff group."""
    rows = await world.sql(
        "SELECT key FROM messages WHERE chat_id = :chat AND kind = :kind ORDER BY rowid",
        chat=GROUP,
        kind=kind,
    )
    found = await world.read(lambda work: work.messages.get(rows[-1]["key"]))
    return found.facts


class TestAProof:
    async def test_goes_to_the_staff_with_its_file_and_waits_in_the_queue(
        self, world, acme, number
    ):
        sent = await acme.do(receipts.send, number, CHAT, PHOTO)
        assert (sent.receipt.state, sent.invoice.number, sent.others) == ("waiting", number, [])
        shown = await card(world)
        assert (shown["number"], shown["owed"], shown["nth"]) == (number, brl(5990), 1)
        assert (await card(world, "receipt_file"))["copies"] == [CHAT, PHOTO]
        queue = await world.staff(SAM).do(waiting.queue)
        (waits,) = queue.kinds["receipts"]
        assert waits.facts["number"] == number
        assert waits.opens.action == "receipt"

    async def test_is_passed_on_once_however_often_it_is_said(self, world, acme, number):
        first = await acme.do(receipts.send, number, CHAT, PHOTO)
        again = await acme.do(receipts.send, number, CHAT, PHOTO)
        assert again.receipt == first.receipt
        await acme.do(receipts.send, number, CHAT, PHOTO + 1)
        assert await states(world, acme) == ["waiting", "waiting"]

    async def test_is_booked_with_the_payment(self, world, acme, number):
        await acme.do(receipts.send, number, CHAT, PHOTO)
        await world.staff(FRED).do(booking.book, number, brl(100), "P1")
        shown = await card(world)
        assert (shown["state"], shown["owed"]) == ("booked", brl(5890))
        assert await states(world, acme) == ["booked"]

    async def test_is_closed_with_its_invoice(self, world, acme, number):
        await acme.do(receipts.send, number, CHAT, PHOTO)
        await world.staff(FRED).do(corrections.void, number, "wrong")
        assert await states(world, acme) == ["closed"]
        queue = await world.staff(SAM).do(waiting.queue)
        assert queue.kinds["receipts"] == []

    async def test_of_another_invoice_is_closed_if_the_rest_of_the_money_settles_that(
        self, world, acme, number
    ):
        second = await second_invoice(world, acme)
        await acme.do(receipts.send, second, CHAT, PHOTO)
        await world.staff(FRED).do(booking.book, number, brl(3 * 5990), "P1")
        (invoice,) = [one for one in await acme.invoices() if one.number == second]
        found = await world.read(lambda work: work.receipts.of_invoice(invoice.id))
        assert [one.state for one in found] == ["closed"]

    async def test_can_be_for_another_invoice_after_all(self, world, acme, number):
        await second_invoice(world, acme)
        wrong = await acme.do(receipts.send, number, CHAT, PHOTO)
        (other,) = wrong.others
        moved = await acme.do(receipts.send, other.number, CHAT, PHOTO, instead_of=wrong.receipt.id)
        assert moved.invoice.number == other.number
        assert await states(world, acme) == ["closed"]
        # What was taken back, and what is another's, stays as it is.
        await acme.do(receipts.send, other.number, CHAT, PHOTO, instead_of="nobody's")
        stranger = await world.enrolled(user_id=41, company="Other")
        with pytest.raises(NotFound):
            await stranger.do(receipts.send, other.number, 41, 1, instead_of=moved.receipt.id)

    async def test_of_anothers_receipt_takes_nothing_back(self, world, acme, number):
        mine = await acme.do(receipts.send, number, CHAT, PHOTO)
        other = await world.enrolled(user_id=41, company="Other")
        await other.running("zap-1")
        await world.until("2026-03-01 10:00")
        (theirs,) = await other.invoices()
        await other.do(receipts.send, theirs.number, 41, 1, instead_of=mine.receipt.id)
        assert await states(world, acme) == ["waiting"]

    async def test_for_what_is_paid_or_not_ones_own_is_refused(self, world, acme, number):
        other = await world.enrolled(user_id=41, company="Other")
        with pytest.raises(NotFound):
            await other.do(receipts.send, number, 41, PHOTO)
        await world.staff(FRED).do(booking.book, number, brl(5990), "P1")
        with pytest.raises(NothingOwed):
            await acme.do(receipts.send, number, CHAT, PHOTO)
        assert await acme.do(receipts.unpaid) == []

    @pytest.mark.parametrize(
        ("role", "may"), [("finance", True), ("manager", False), ("viewer", False)]
    )
    async def test_is_sent_by_those_who_pay(self, acme, number, role, may):
        member = await acme.joined(51, role)
        if may:
            await member.do(receipts.send, number, 51, 1)
        else:
            with pytest.raises(NoRight):
                await member.do(receipts.send, number, 51, 1)


class TestAFurtherOne:
    """Of the same invoice, while the first one waits."""

    @pytest.fixture
    async def two(self, world, acme, number):
        first = await acme.do(receipts.send, number, CHAT, PHOTO, said="half of it")
        await world.settle()
        second = await acme.do(receipts.send, number, CHAT, PHOTO + 1, said="the rest")
        return first.receipt, second.receipt

    async def test_joins_the_card_of_the_first_with_its_file_as_a_reply(self, world, two):
        cards = await world.sql("SELECT message_id FROM messages WHERE kind = 'staff_receipt'")
        files = await world.sql(
            "SELECT reply_to FROM messages WHERE kind = 'receipt_file' ORDER BY rowid"
        )
        assert (len(cards), len(files)) == (1, 2)
        assert files[1]["reply_to"] == cards[0]["message_id"] is not None
        shown = await card(world)
        assert (shown["said"], shown["nth"]) == ("half of it", 1)
        assert [one["said"] for one in shown["more"]] == ["the rest"]

    async def test_is_one_entry_of_the_queue_that_names_the_invoice(self, world, number, two):
        (waits,) = (await world.staff(SAM).do(waiting.queue)).kinds["receipts"]
        assert waits.facts["proofs"] == 2
        assert number in waits.opens.args["name"]

    async def test_is_declined_with_it_and_the_next_one_has_a_card_of_its_own(
        self, world, acme, number, two
    ):
        await world.staff(FRED).do(receipts.decline, two[1].id, "blurred")
        assert await states(world, acme) == ["declined", "declined"]
        told = await world.sql("SELECT key FROM messages WHERE kind = 'receipt_declined'")
        assert len(told) == 1
        third = await acme.do(receipts.send, number, CHAT, PHOTO + 2)
        assert third.receipt.joins is None
        assert (await card(world))["nth"] == 2

    async def test_keeps_the_card_when_the_first_was_for_another_invoice(
        self, world, acme, number, two
    ):
        other = await second_invoice(world, acme)
        await acme.do(receipts.send, other, CHAT, PHOTO, instead_of=two[0].id)
        (*_, left) = (await world.staff(SAM).do(waiting.queue)).kinds["receipts"]
        assert {"closed", "waiting"} == set(await states(world, acme))
        sam = world.staff(SAM)
        await sam.do(claiming.claim, receipt_cards.KIND, two[0].id)
        found = await sam.do(receipts.on_card, two[1])
        assert [one.id for one in found] == [two[1].id]
        assert left is not None


class TestStaff:
    async def test_decline_it_with_a_reason_that_the_partner_reads(self, world, acme, number):
        sent = await acme.do(receipts.send, number, CHAT, PHOTO)
        fred = world.staff(FRED)
        declined = await fred.do(receipts.decline, sent.receipt.id, "another's")
        assert (declined.state, declined.reason) == (ReceiptState.DECLINED, "another's")
        assert (await card(world))["reason"] == "another's"
        (row,) = await world.sql("SELECT * FROM messages WHERE kind = 'receipt_declined'")
        assert row["chat_id"] == acme.chat_id
        with pytest.raises(AlreadyDone):
            await fred.do(receipts.decline, sent.receipt.id, "again")

    async def test_who_declined_it_are_not_overruled_by_what_comes_later(self, world, acme, number):
        other = await second_invoice(world, acme)
        sent = await acme.do(receipts.send, number, CHAT, PHOTO)
        await world.staff(FRED).do(receipts.decline, sent.receipt.id, "blurred")
        await acme.do(receipts.send, other, CHAT, PHOTO, instead_of=sent.receipt.id)
        await world.staff(FRED).do(booking.book, number, brl(100), "P1")
        assert await states(world, acme) == ["declined"]

    async def test_claim_it_and_hand_it_over(self, world, acme, number):
        sent = await acme.do(receipts.send, number, CHAT, PHOTO)
        sam = world.staff(SAM)
        await sam.do(claiming.claim, receipt_cards.KIND, sent.receipt.id)
        assert (await card(world))["claimed_by"] is not None
        await sam.do(claiming.hand_over, receipt_cards.KIND, sent.receipt.id)
        assert (await card(world))["claimed_by"] is None
        await world.staff(FRED).do(receipts.decline, sent.receipt.id, "no")
        with pytest.raises(AlreadyDone):
            await sam.do(claiming.claim, receipt_cards.KIND, sent.receipt.id)

    async def test_who_book_nothing_decline_nothing(self, world, acme, number):
        sent = await acme.do(receipts.send, number, CHAT, PHOTO)
        sam = world.staff(SAM)
        assert (await sam.do(receipts.look, sent.receipt.id)) == sent.receipt
        with pytest.raises(NoRight):
            await sam.do(receipts.decline, sent.receipt.id, "no")
        with pytest.raises(NotFound):
            await sam.do(receipts.look, "nothing")


class TestTheDeletion:
    async def test_waits_five_days_for_those_who_should_look(self, world, acme, number):
        await world.until("2026-02-13 12:00")
        await acme.do(receipts.send, number, CHAT, PHOTO)
        await acme.do(receipts.send, number, CHAT, PHOTO + 1)
        await world.until("2026-02-15 12:00")
        assert await acme.states() == {"loja-1": State.OVERDUE}
        await world.until("2026-02-18 08:59")
        assert await acme.states() == {"loja-1": State.OVERDUE}
        await world.until("2026-02-18 12:00")
        assert await acme.states() == {"loja-1": State.DELETED}

    async def test_waits_for_none_that_was_looked_at(self, world, acme, number):
        sent = await acme.do(receipts.send, number, CHAT, PHOTO)
        await world.until("2026-02-11 12:00")
        # The stop never waits.
        assert await acme.states() == {"loja-1": State.OVERDUE}
        await world.staff(FRED).do(receipts.decline, sent.receipt.id, "not ours")
        await world.until("2026-02-15 12:00")
        assert await acme.states() == {"loja-1": State.DELETED}


async def test_a_day_invoice_that_lapses_waits_for_no_proof(world):
    firm = await a_firm(world)
    asked = await firm.asks(by_days=30)
    invoice = await firm.invoiced(asked.request)
    sent = await firm.do(receipts.send, invoice.number, 11, 1)
    await world.until_instant(world.clock.at + timedelta(days=40))
    found = await world.read(lambda work: work.receipts.get(sent.receipt.id))
    assert found.state is ReceiptState.CLOSED
