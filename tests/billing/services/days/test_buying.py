"""Days are asked for, invoiced within the promised time, paid, and credited once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.days.quotes import DayCountRefused
from billing.days.requests import RequestState
from billing.invoices import InvoiceState, NothingOwed
from billing.money import Money
from billing.partners import PartnerFrozen, Role
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.days import buying, handling
from billing.services.days.buying import BuyChanged, TooManyRequests
from billing.services.days.funds import NoDays
from billing.services.desk import office
from billing.services.payments import booking
from tests.billing.services.days.people import AT_ONCE, a_firm, utc
from tests.billing.services.people import FRED, GROUP, SAM


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
async def firm(world):
    return await a_firm(world)


class TestAQuote:
    async def test_says_what_channels_cost_and_changes_nothing(self, world, firm):
        before = await world.kept()
        shown = await firm.do(buying.quote, channels=75)
        assert (shown.quote.days, shown.quote.total) == (2250, usd(225_000))
        assert (shown.balance, shown.at_once) == (0, False)
        assert (shown.by - world.clock.at).total_seconds() == 30 * 60
        assert await world.kept() == before

    @pytest.mark.parametrize("asked", [0, -1, Decimal("2.5")])
    async def test_of_no_number_of_days_says_the_balance(self, firm, asked):
        await firm.buys(60)
        with pytest.raises(DayCountRefused) as refused:
            await firm.do(buying.quote, by_days=asked)
        assert refused.value.facts["balance"] == 60

    async def test_is_for_who_may_pay_where_days_are_sold(self, world, firm, acme_by_month):
        with pytest.raises(NoDays):
            await acme_by_month.do(buying.quote, channels=1)
        manager = await firm.joined(21, Role.MANAGER)
        with pytest.raises(NoRight):
            await manager.do(buying.quote, channels=1)

    async def test_of_what_would_be_is_for_who_only_looks_too(self, firm):
        viewer = await firm.joined(22, Role.VIEWER)
        shown = await viewer.do(buying.foresee, 3)
        assert (shown.quote.days, shown.quote.total) == (90, usd(9_000))
        with pytest.raises(DayCountRefused):
            await viewer.do(buying.foresee, 0)

    async def test_is_refused_to_a_frozen_partner(self, world, firm):
        await world.staff(SAM).do(office.freeze, firm.partner_id, "fraud")
        with pytest.raises(PartnerFrozen):
            await firm.do(buying.quote, channels=1)


@pytest.fixture
async def acme_by_month(world):
    return await world.enrolled(12, "Bolt")


class TestARequest:
    async def test_waits_for_the_staff_with_its_clock(self, world, firm):
        asked = await firm.asks(channels=2)
        assert asked.invoice is None
        assert asked.request.state is RequestState.WAITING
        card = world.last(GROUP, "day_request")
        assert (card.facts["days"], card.facts["channels"]) == (60, 2)
        assert await world.labels("day_request") == {"claim", "prepare_invoice", "partner"}
        waiting = await world.staff(SAM).do(handling.waiting)
        assert [(one.id, partner.id) for one, partner in waiting] == [
            (asked.request.id, firm.partner_id)
        ]

    async def test_is_escalated_with_ten_minutes_left_and_when_the_time_is_over_day_and_night(
        self, world, firm
    ):
        await world.until_instant(utc("2026-02-03 03:00"))
        await firm.asks(channels=2)
        await world.until_instant(utc("2026-02-03 04:30"))
        assert world.heard(GROUP, "staff_day", "day_request", zone="UTC") == [
            ("2026-02-03 03:00", "day_request"),
            ("2026-02-03 03:20", "staff_day_request_soon"),
            ("2026-02-03 03:30", "staff_day_request_over"),
        ]

    async def test_whose_time_passed_while_nobody_was_there_is_escalated_once(self, world, firm):
        await firm.asks(channels=2)
        world.clock.at = utc("2026-01-29 15:00")
        await world.until_instant(utc("2026-01-29 16:00"))
        assert [kind for _, kind in world.heard(GROUP, "staff_day")] == ["staff_day_request_over"]

    async def test_can_be_withdrawn_until_its_invoice_is_there(self, world, firm):
        asked = await firm.asks(channels=2)
        await firm.do(buying.withdraw, asked.request.id)
        await world.until_instant(utc("2026-01-28 18:00"))
        assert world.heard(GROUP, "staff_day") == []
        assert await world.labels("day_request") == {"partner"}
        with pytest.raises(AlreadyDone) as done:
            await firm.do(buying.withdraw, asked.request.id)
        assert done.value.facts["state"] == "withdrawn"
        again = await firm.asks(channels=2)
        await firm.invoiced(again.request)
        with pytest.raises(AlreadyDone) as done:
            await firm.do(buying.withdraw, again.request.id)
        assert done.value.facts["number"] == "DAY-2026-00001"

    async def test_of_another_partner_is_as_none(self, world, firm):
        other = await a_firm(world, 13, "Other")
        asked = await firm.asks(channels=2)
        with pytest.raises(NotFound):
            await other.do(buying.withdraw, asked.request.id)

    async def test_twice_is_one_and_five_wait_at_most(self, firm):
        first = await firm.asks(channels=1)
        with pytest.raises(AlreadyDone) as done:
            await firm.asks(channels=1)
        assert done.value.facts["request"] == first.request.id
        for channels in range(2, 6):
            await firm.asks(channels=channels)
        with pytest.raises(TooManyRequests):
            await firm.asks(channels=9)

    async def test_at_a_price_that_changed_is_not_made(self, world, firm):
        shown = await firm.do(buying.quote, channels=2)
        await world.sql(
            """
            INSERT INTO agreements (partner_id, since, price_minor, currency, agreed_at)
            VALUES (:id, 0, 2900, 'USD', 0)
            """,
            id=firm.partner_id,
        )
        with pytest.raises(BuyChanged):
            await firm.do(buying.request, channels=2, terms=shown.terms)
        asked = await firm.asks(channels=2)
        assert asked.request.total == usd(5800)

    async def test_whose_promise_is_over_when_it_is_made_is_shown_anew(self, world, firm):
        shown = await firm.do(buying.quote, channels=2)
        await world.until_instant(shown.by + timedelta(seconds=1))
        with pytest.raises(BuyChanged):
            await firm.do(buying.request, channels=2, terms=shown.terms)
        assert await world.read(lambda work: work.days.requests(firm.partner_id)) == []

    async def test_by_an_old_card_that_made_one_already_is_shown_anew(self, world, firm):
        shown = await firm.do(buying.quote, channels=2)
        await world.until_instant(world.clock.at + timedelta(minutes=1))
        asked = await firm.do(buying.request, channels=2, terms=shown.terms)
        with pytest.raises(AlreadyDone):
            await firm.do(buying.request, channels=2, terms=shown.terms)
        await firm.invoiced(asked.request)
        with pytest.raises(BuyChanged):
            await firm.do(buying.request, channels=2, terms=shown.terms)
        assert len(await world.read(lambda work: work.days.requests(firm.partner_id))) == 1

    async def test_is_invoiced_at_once_where_the_programme_says_so(self, world):
        world.set_programmes(AT_ONCE)
        firm = await a_firm(world)
        asked = await firm.asks(by_days=7)
        assert (asked.invoice.total, asked.request.state) == (usd(700), RequestState.INVOICED)
        assert world.heard(GROUP, "day_request") == []
        assert [kind for _, kind in firm.heard("day_")] == ["day_invoice"]


class TestTheStaff:
    async def test_claim_a_request_so_that_the_others_see_it(self, world, firm):
        asked = await firm.asks(channels=2)
        await world.staff(SAM).do(handling.claim, asked.request.id)
        await world.settle()
        assert world.last(GROUP, "day_request").facts["claimed_by"] == "staff 3"
        assert await world.labels("day_request") == {"hand_over", "prepare_invoice", "partner"}
        with pytest.raises(AlreadyDone) as done:
            await world.staff(FRED).do(handling.claim, asked.request.id)
        assert done.value.facts["by"] == "staff 3"
        await world.staff(SAM).do(handling.hand_over, asked.request.id)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(handling.hand_over, asked.request.id)
        await world.staff(FRED).do(handling.claim, asked.request.id)

    async def test_prepare_the_invoice_once_if_they_keep_the_books(self, world, firm):
        asked = await firm.asks(channels=2)
        with pytest.raises(NoRight):
            await world.staff(SAM).do(handling.prepare, asked.request.id)
        invoice = await firm.invoiced(asked.request)
        assert (invoice.number, invoice.total, invoice.days) == ("DAY-2026-00001", usd(6000), 60)
        with pytest.raises(AlreadyDone) as done:
            await firm.invoiced(asked.request)
        assert done.value.facts == {
            "action": "day_request", "state": "invoiced", "number": "DAY-2026-00001",
        }  # fmt: skip
        told = world.last(firm.chat_id, "day_invoice").facts
        assert (told["number"], told["channels"]) == ("DAY-2026-00001", 2)
        await world.until_instant(utc("2026-01-28 18:00"))
        assert world.heard(GROUP, "staff_day") == []

    async def test_see_on_every_card_what_became_of_it(self, world, firm):
        asked = await firm.asks(channels=2)
        await world.until_instant(utc("2026-01-28 15:21"))
        await firm.invoiced(asked.request)
        for kind in ("day_request", "staff_day_request_soon"):
            assert world.last(GROUP, kind).facts["number"] == "DAY-2026-00001"
        assert await world.labels("day_request_soon") == {"partner"}


class TestAPayment:
    async def test_of_all_credits_the_days_once(self, world, firm):
        invoice = await firm.buys(60)
        assert await firm.days() == 60
        with pytest.raises(AlreadyDone):
            await firm.pays_for(invoice, 6000, f"{invoice.number}:None")
        assert await firm.days() == 60
        told = world.last(firm.chat_id, "days_credited").facts
        assert told == {"number": invoice.number, "days": 60, "balance": 60}
        (request,) = await world.read(lambda work: work.days.requests(firm.partner_id))
        assert request.state is RequestState.CREDITED

    async def test_of_a_part_credits_nothing(self, world, firm):
        invoice = await firm.invoiced((await firm.asks(by_days=60)).request)
        await firm.pays_for(invoice, 5999)
        assert await firm.days() == 0
        await firm.pays_for(invoice, 1, "the rest")
        assert await firm.days() == 60

    async def test_that_is_too_much_pays_the_next_one(self, world, firm):
        invoice = await firm.invoiced((await firm.asks(by_days=10)).request)
        await firm.pays_for(invoice, 2500)
        asked = await firm.asks(by_days=15)
        await firm.invoiced(asked.request)
        # 15.00 were over: the second invoice is paid as it is drawn up.
        assert await firm.days() == 25
        assert [one.state for one in await firm.invoices()] == [InvoiceState.PAID] * 2

    async def test_never_stops_anybody_who_does_not_make_it(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.buys(60)
        await firm.extend(60, loja)
        await firm.invoiced((await firm.asks(channels=5)).request)
        await world.until_instant(utc("2026-03-20 12:00"))
        assert await firm.states() == {"loja-1": "active"}


class TestAnUnpaidDayInvoice:
    async def test_is_reminded_of_after_3_days_and_void_after_14(self, world, firm):
        await firm.invoiced((await firm.asks(by_days=60)).request)
        await world.until_instant(utc("2026-02-20 12:00"))
        assert firm.heard("notice_day", "day_") == [
            ("2026-01-28 15:00", "day_invoice"),
            ("2026-01-31 09:00", "notice_day_invoice_unpaid"),
            ("2026-02-12 08:00", "day_invoice_lapsed"),
        ]
        found = {one.number: one.state for one in await firm.invoices()}
        assert found["DAY-2026-00001"] is InvoiceState.VOID
        (request,) = await world.read(lambda work: work.days.requests(firm.partner_id))
        assert request.state is RequestState.VOID
        assert await firm.balance() == (0, 0)

    async def test_leaves_a_part_payment_as_credit(self, world, firm):
        invoice = await firm.invoiced((await firm.asks(by_days=60)).request)
        await firm.pays_for(invoice, 1000)
        await world.until_instant(utc("2026-02-13 12:00"))
        assert await firm.balance() == (0, 1000)
        assert world.last(firm.chat_id, "day_invoice_lapsed").facts["credit"] == {
            "$money": [1000, "USD"]
        }

    async def test_that_is_paid_is_not_reminded_of(self, world, firm):
        await firm.buys(60)
        await world.until_instant(utc("2026-02-20 12:00"))
        assert firm.heard("notice_day", "day_invoice_lapsed") == []


async def test_a_lapsed_invoice_cannot_be_paid(world, firm):
    invoice = await firm.invoiced((await firm.asks(by_days=60)).request)
    await world.until_instant(utc("2026-02-20 12:00"))
    with pytest.raises(NothingOwed):
        await world.staff(FRED).do(booking.book, invoice.number, usd(6000), "late")
