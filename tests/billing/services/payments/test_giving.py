"""Credit given and paid back; above a limit a second person confirms, and never the first."""

import asyncio

import pytest

from billing import ledger
from billing.corrections import CreditTooSmall
from billing.invoices import AmountRefused, InvoiceState, ReferenceTaken
from billing.money import Money
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.desk import office, waiting
from billing.services.payments import approvals, booking, giving
from billing.services.payments.giving import DaysRefused, Given
from billing.services.payments.second import ApprovalChanged, SecondPersonNeeded
from billing.services.ports import Approval
from storage.payments.payments import Payments
from tests.billing.samples import brl
from tests.billing.services.people import FRED, GROUP, SAM, SOFIA, Human

ABOVE = brl(500_001)


class TestGiving:
    async def test_settles_what_is_unpaid_oldest_first_and_the_rest_is_kept(self, world, acme):
        await acme.running("loja-1", "loja-2")
        await world.until("2026-02-12 12:00")
        assert "overdue" in (await acme.states()).values()
        given = await world.staff(FRED).do(giving.give, acme.partner_id, brl(20_000), "sorry")
        await world.settle()
        assert [it.state for it in given.settled] == [InvoiceState.PAID]
        assert given.credit == brl(20_000 - 2 * 5990)
        assert set((await acme.states()).values()) == {"active"}
        assert world.last(acme.user_id, "credit_given").facts["reason"] == "sorry"

    @pytest.mark.parametrize("amount", [brl(0), brl(-5), Money(5, "USD")])
    async def test_refuses_what_is_no_amount_of_theirs(self, world, acme, amount):
        with pytest.raises(AmountRefused):
            await world.staff(FRED).do(giving.give, acme.partner_id, amount, "x")

    async def test_of_days_is_for_whom_days_are_terms(self, world, acme):
        with pytest.raises(DaysRefused) as refused:
            await world.staff(FRED).do(giving.give_days, acme.partner_id, 30, "x")
        assert refused.value.facts["why"] == "no_days"
        await world.under_days(acme)
        given = await world.staff(FRED).do(giving.give_days, acme.partner_id, 30, "sorry")
        assert isinstance(given, Given)
        balance = ledger.balance(acme.partner_id)
        assert await world.read(lambda w: w.ledger.balance(balance, ledger.DAYS)) == 30
        for days in (0, -3, 10**7):
            with pytest.raises(DaysRefused):
                await world.staff(FRED).do(giving.give_days, acme.partner_id, days, "x")


class TestRefunding:
    @pytest.fixture
    async def credited(self, world, acme):
        await world.staff(FRED).do(giving.give, acme.partner_id, brl(1000), "sorry")
        return acme

    async def refund(self, world, acme, minor, reference="TED 1"):
        return await world.staff(FRED).do(giving.refund, acme.partner_id, brl(minor), reference)

    async def test_goes_up_to_the_credit_that_there_is(self, world, credited):
        with pytest.raises(CreditTooSmall) as refused:
            await self.refund(world, credited, 1001)
        assert refused.value.facts == {"credit": brl(1000), "amount": brl(1001)}
        assert (await self.refund(world, credited, 600)).credit == brl(400)
        assert await credited.balance() == (0, 400)

    async def test_with_a_reference_that_is_booked_shows_the_first(self, world, credited):
        await self.refund(world, credited, 300)
        with pytest.raises(AlreadyDone) as again:
            await self.refund(world, credited, 300, "ted 1")
        assert again.value.facts["amount"] == brl(300)
        with pytest.raises(ReferenceTaken):
            await self.refund(world, credited, 200)

    async def test_that_somebody_booked_in_between_is_not_posted_again(
        self, world, credited, monkeypatch
    ):
        await self.refund(world, credited, 300)
        # A database with several writers: looked at just before the other was committed.
        stale, known = [None], Payments.refunded_as

        async def refunded_as(self, reference):
            return stale.pop() if stale else await known(self, reference)

        monkeypatch.setattr(Payments, "refunded_as", refunded_as)
        with pytest.raises(AlreadyDone):
            await self.refund(world, credited, 300)
        assert stale == []
        assert await credited.balance() == (0, 700)

    async def test_at_once_by_many_takes_the_credit_once(self, world, credited):
        found = await asyncio.gather(
            *(self.refund(world, credited, 1000, f"TED {n}") for n in range(20)),
            return_exceptions=True,
        )
        assert sum(isinstance(one, giving.Refunded) for one in found) == 1
        assert sum(isinstance(one, CreditTooSmall) for one in found) == 19


class TestASecondPerson:
    async def test_confirms_what_is_above_the_limit(self, world, acme):
        asked = await world.staff(FRED).do(giving.give, acme.partner_id, ABOVE, "sorry")
        assert isinstance(asked, Approval)
        assert await acme.balance() == (0, 0)
        queue = await world.staff(SAM).do(waiting.queue)
        assert [waits.facts["id"] for waits in queue.kinds["approvals"]] == [asked.id]
        given = await world.staff(SOFIA).do(approvals.confirm, asked.id)
        assert given.credit == ABOVE
        assert (await world.staff(SAM).do(waiting.queue)).kinds["approvals"] == []
        card = await world.read(lambda w: w.messages.get(f"approval:{asked.id}:-100"))
        assert (card.facts["state"], list(card.buttons)) == ("done", [])
        assert card.facts["decided_by"] == "staff 1"

    async def test_confirms_what_one_person_gave_piece_by_piece_within_a_day(self, world, acme):
        fred, sofia = world.staff(FRED), world.staff(SOFIA)
        half = brl(500_000)
        assert isinstance(await fred.do(giving.give, acme.partner_id, half, "a"), Given)
        asked = await fred.do(giving.give, acme.partner_id, half, "b")
        assert isinstance(asked, Approval)
        await sofia.do(approvals.confirm, asked.id)
        assert isinstance(await sofia.do(giving.give, acme.partner_id, half, "c"), Given)
        assert isinstance(await fred.do(giving.refund, acme.partner_id, half, "T1"), Approval)
        await world.until("2026-02-15 12:00")
        assert isinstance(await fred.do(giving.give, acme.partner_id, half, "d"), Given)

    async def test_is_never_the_first_nor_one_without_the_right(self, world, acme):
        asked = await world.staff(FRED).do(giving.give, acme.partner_id, ABOVE, "sorry")
        with pytest.raises(SecondPersonNeeded):
            await world.staff(FRED).do(approvals.confirm, asked.id)
        with pytest.raises(NoRight):
            await world.staff(SAM).do(approvals.confirm, asked.id)
        assert await acme.balance() == (0, 0)

    async def test_is_asked_once_for_the_same_and_decides_once(self, world, acme):
        asked = await world.staff(FRED).do(giving.give, acme.partner_id, ABOVE, "sorry")
        again = await world.staff(FRED).do(giving.give, acme.partner_id, ABOVE, "sorry")
        assert again.id == asked.id
        await world.staff(SOFIA).do(approvals.confirm, asked.id)
        for use_case in (approvals.confirm, approvals.drop):
            with pytest.raises(AlreadyDone):
                await world.staff(SOFIA).do(use_case, asked.id)
        assert await acme.balance() == (0, ABOVE.minor)

    async def test_sees_who_asked_for_what_and_groups_that_came_since_have_the_card(
        self, world, acme
    ):
        asked = await world.staff(FRED).do(giving.give, acme.partner_id, ABOVE, "sorry")
        await world.settle()
        shown = await world.staff(SAM).do(approvals.look, asked.id)
        assert (shown["kind"], shown["total"], shown["reason"]) == ("credit", ABOVE, "sorry")
        assert (shown["state"], shown["asked_by"], shown["decided_by"]) == (
            "waiting", "staff 2", "",
        )  # fmt: skip
        code = await world.write(office.new_bind_code)
        await Human(world, SOFIA, "Sofia", -300).do(office.bind, code, in_group=True)
        await world.staff(SAM).do(approvals.look, asked.id)
        await world.settle()
        cards = [(sent.chat_id, sent.edit) for sent in world.sent if sent.kind == "approval"]
        assert cards == [(GROUP, False), (-300, False)]
        with pytest.raises(NoRight):
            await acme.do(approvals.look, asked.id)

    async def test_finds_nothing_under_an_id_that_is_none(self, world, acme):
        for use_case in (approvals.look, approvals.confirm, approvals.drop):
            with pytest.raises(NotFound) as refused:
                await world.staff(SOFIA).do(use_case, "x" * 100)
            assert refused.value.facts == {"what": "approval", "wanted": "x" * 64}

    async def test_of_many_at_once_one_confirms(self, world, acme):
        asked = await world.staff(FRED).do(giving.give, acme.partner_id, ABOVE, "sorry")
        found = await asyncio.gather(
            *(world.staff(SOFIA).do(approvals.confirm, asked.id) for _ in range(20)),
            return_exceptions=True,
        )
        assert sum(isinstance(one, Given) for one in found) == 1
        assert sum(isinstance(one, AlreadyDone) for one in found) == 19

    async def test_may_decline_and_the_first_may_take_it_back(self, world, acme):
        for who in (SOFIA, FRED):
            asked = await world.staff(FRED).do(giving.give, acme.partner_id, ABOVE, "sorry")
            await world.staff(who).do(approvals.drop, asked.id)
        assert await acme.balance() == (0, 0)

    async def test_books_a_payment_and_the_reference_stays_unique(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        number = (await acme.invoice("2026-01")).number
        asked = await world.staff(FRED).do(booking.book, number, ABOVE, "E2E")
        assert (await acme.invoice("2026-01")).owed
        await world.staff(SOFIA).do(booking.book, number, brl(100), "E2E")
        with pytest.raises(ApprovalChanged):
            await world.staff(SOFIA).do(approvals.confirm, asked.id)
        shown = await world.staff(SOFIA).do(approvals.look, asked.id)
        assert (shown["changed"], shown["owed"]) == (True, brl(5890))
        with pytest.raises(ReferenceTaken):
            await world.staff(SOFIA).do(approvals.confirm, asked.id, shown["terms"])
        waits = (await world.staff(SAM).do(waiting.queue)).kinds["approvals"]
        assert [one.facts["id"] for one in waits] == [asked.id]

    async def test_refunds(self, world, acme):
        asked = await world.staff(FRED).do(giving.give, acme.partner_id, ABOVE, "sorry")
        await world.staff(SOFIA).do(approvals.confirm, asked.id)
        asked = await world.staff(FRED).do(giving.refund, acme.partner_id, ABOVE, "TED")
        assert isinstance(asked, Approval)
        refunded = await world.staff(SOFIA).do(approvals.confirm, asked.id)
        assert refunded.credit == brl(0)

    async def test_gives_days_that_are_worth_it(self, world, acme):
        await world.under_days(acme)
        asked = await world.staff(FRED).do(giving.give_days, acme.partner_id, 6000, "sorry")
        assert isinstance(asked, Approval)
        await world.staff(SOFIA).do(approvals.confirm, asked.id)
        balance = ledger.balance(acme.partner_id)
        assert await world.read(lambda w: w.ledger.balance(balance, ledger.DAYS)) == 6000
