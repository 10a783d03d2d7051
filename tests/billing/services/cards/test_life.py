"""An instance that is paid by card, from the page where it is paid to its deletion."""

from datetime import timedelta

import pytest

from billing import ledger
from billing.card_lives import NotByCard
from billing.cards import CardState, Interval
from billing.instances import State
from billing.programmes import Settlement
from billing.refusals import AlreadyDone
from billing.services.cards import subscribing
from billing.services.cards.subscribing import NoCards
from billing.services.days import extending
from billing.services.operations import Operation
from billing.services.ports import SessionStep
from billing.services.ports.proofs import Check
from tests.billing.services.books.test_proving import after
from tests.billing.services.cards.conftest import Desk

DAY = timedelta(days=1)


async def passes(desk: Desk, days: float) -> None:
    await desk.world.until_instant(desk.world.clock.at + days * DAY)


class TestBeginning:
    async def test_offers_three_prices_the_year_less_ten_percent(self, desk: Desk) -> None:
        offer = await desk.firm.do(subscribing.offer, desk.instance_id)
        assert {each: price.minor for each, price in offer.prices.items()} == {
            Interval.MONTH: 3000,
            Interval.HALF_YEAR: 18000,
            Interval.YEAR: 32400,
        }
        assert offer.discount_percent == 10

    async def test_shows_the_page_and_then_until_when_it_is_paid(self, desk: Desk) -> None:
        session = await desk.begins()
        shown = desk.world.last(desk.firm.chat_id, "card_payment").facts
        assert (shown["step"], shown["until"]) == ("open", None)
        assert session.state is SessionStep.OPEN
        assert (await desk.instance()).state is State.TRIAL
        desk.stripe.subscribes(str(session.session_id))
        await desk.world.settle()
        shown = desk.world.last(desk.firm.chat_id, "card_payment").facts
        assert (shown["step"], bool(shown["until"])) == ("paid", True)
        instance = await desk.instance()
        assert (instance.state, instance.settlement) == (State.ACTIVE, Settlement.CARD)
        assert instance.active_until == desk.world.clock.at + 30 * DAY
        assert ("extend", desk.instance_id) in desk.world.asked
        assert await desk.books() == [("card_revenue", "USD", -3000), ("cards", "USD", 3000)]

    async def test_asked_again_shows_the_same_page(self, desk: Desk) -> None:
        first = await desk.begins()
        again = await desk.asks(key="answer:2")
        assert again == first.id

    async def test_another_interval_ends_the_page_of_the_first(self, desk: Desk) -> None:
        first = await desk.begins()
        await desk.begins(Interval.YEAR)
        assert ("expire", first.session_id) in desk.stripe.asked
        ended = await desk.world.read(lambda work: work.card_sessions.get(first.id))
        assert ended.state is SessionStep.OVER

    async def test_a_page_that_expired_is_over(self, desk: Desk) -> None:
        session = await desk.begins()
        desk.stripe.expires(str(session.session_id))
        await desk.world.settle()
        assert desk.world.last(desk.firm.chat_id, "card_payment").facts["step"] == "over"
        assert (await desk.subscription()).state is CardState.VOID

    async def test_what_stripe_refuses_is_told_to_who_asked_and_to_staff(self, desk: Desk) -> None:
        desk.stripe.refusing["subscription_session"] = "no such currency"
        await desk.begins()
        shown = desk.world.last(desk.firm.chat_id, "card_payment").facts
        assert (shown["step"], shown["why"]) == ("refused", "no such currency")
        assert [sent for sent in desk.world.sent if sent.kind == "card_trouble"]

    async def test_an_answer_that_was_lost_opens_no_second_page(self, desk: Desk) -> None:
        desk.stripe.deaf.add("session")
        await desk.asks()
        await desk.world.settle()
        await passes(desk, 0.1)
        assert list(desk.stripe.sessions) == ["cs_1"]
        assert desk.world.last(desk.firm.chat_id, "card_payment").facts["step"] == "open"

    async def test_a_customer_is_made_once(self, desk: Desk) -> None:
        desk.stripe.deaf.add("customer")
        await desk.asks()
        await passes(desk, 0.1)
        (other,) = await desk.firm.new("loja-2")
        await desk.firm.do(subscribing.begin, other, Interval.MONTH, message_key="answer:9")
        await desk.world.settle()
        assert list(desk.stripe.customers) == ["cus_1"]

    async def test_without_a_key_nothing_is_offered(self, desk: Desk) -> None:
        desk.world.cards = None
        desk.world.set_programmes(desk.world.programmes)
        with pytest.raises(NoCards):
            await desk.firm.do(subscribing.offer, desk.instance_id)
        with pytest.raises(NoCards):
            await desk.firm.do(subscribing.portal, message_key="answer:3")

    async def test_who_pays_by_card_is_not_offered_it_again(self, desk: Desk) -> None:
        await desk.pays()
        with pytest.raises(AlreadyDone):
            await desk.firm.do(subscribing.offer, desk.instance_id)

    async def test_under_a_programme_of_months_there_are_no_cards(self, desk: Desk) -> None:
        other = await desk.world.enrolled(12, "Beta")
        (instance_id,) = await other.new("x")
        with pytest.raises(NoCards):
            await other.do(subscribing.offer, instance_id)


class TestGoingOn:
    async def test_a_renewal_lets_it_run_on(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        before = (await desk.instance()).active_until
        await passes(desk, 30)
        desk.stripe.renews(subscription_id)
        await desk.world.settle()
        after = await desk.instance()
        assert before is not None
        assert after.active_until == before + 30 * DAY
        assert await desk.books() == [("card_revenue", "USD", -6000), ("cards", "USD", 6000)]

    async def test_a_renewal_of_a_year_is_told_a_week_before(self, desk: Desk) -> None:
        await desk.pays(Interval.YEAR)
        await passes(desk, 357)
        assert not desk.firm.heard("notice_card_renewal")
        await passes(desk, 2)
        assert len(desk.firm.heard("notice_card_renewal")) == 1

    async def test_one_that_ends_is_not_told_of_a_renewal(self, desk: Desk) -> None:
        await desk.pays(Interval.HALF_YEAR)
        await desk.firm.do(subscribing.end, desk.instance_id, message_key="answer:7")
        await passes(desk, 181)
        assert not desk.firm.heard("notice_card_renewal")

    async def test_a_payment_that_failed_is_told_once_and_it_runs_on(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        await passes(desk, 30)
        desk.stripe.fails(subscription_id)
        await passes(desk, 2)
        assert len(desk.firm.heard("notice_card_failed")) == 1
        assert (await desk.instance()).state is State.ACTIVE
        assert (await desk.subscription()).state is CardState.PAST_DUE

    async def test_paid_at_the_next_try_it_is_as_it_was(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        await passes(desk, 30)
        desk.stripe.fails(subscription_id)
        await passes(desk, 2)
        desk.stripe.pays_late(subscription_id)
        await desk.world.settle()
        assert (await desk.subscription()).state is CardState.ACTIVE


class TestEnding:
    async def test_it_stops_and_is_deleted_after_thirty_days_warned_twice(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        await passes(desk, 30)
        desk.stripe.ends(subscription_id)
        await passes(desk, 1)
        instance = await desk.instance()
        assert (instance.state, instance.settlement) == (State.STOPPED, Settlement.CARD)
        assert ("stop", desk.instance_id) in desk.world.asked
        assert len(desk.firm.heard("notice_card_ended")) == 1
        await passes(desk, 28.9)
        assert len(desk.firm.heard("notice_days_deletion_7d")) == 1
        assert len(desk.firm.heard("notice_days_deletion_1d")) == 1
        assert (await desk.instance()).state is State.STOPPED
        await passes(desk, 1.2)
        assert (await desk.instance()).state is State.DELETED

    async def test_stopped_it_can_be_paid_for_again(self, desk: Desk) -> None:
        desk.stripe.ends(await desk.pays())
        await desk.world.settle()
        await desk.pays()
        assert (await desk.instance()).state is State.ACTIVE
        assert not await desk.world.due("days_delete%")

    async def test_stopped_it_can_be_given_days(self, desk: Desk) -> None:
        desk.stripe.ends(await desk.pays())
        await desk.world.settle()
        quote = await desk.firm.do(
            extending.quote, await desk.firm.do(extending.instead, Operation.SUBSCRIBE),
            [desk.instance_id],
        )  # fmt: skip
        assert quote.preview.possible

    async def test_cancelled_it_runs_to_the_end_of_its_period(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        held = await desk.firm.do(subscribing.end, desk.instance_id, message_key="answer:7")
        await desk.world.settle()
        assert held.until == (await desk.instance()).active_until
        assert (await desk.subscription()).ending
        assert (await desk.instance()).state is State.ACTIVE
        assert desk.stripe.subscriptions[subscription_id].cancel_at_period_end
        with pytest.raises(AlreadyDone):
            await desk.firm.do(subscribing.end, desk.instance_id, message_key="answer:8")

    async def test_kept_it_goes_on(self, desk: Desk) -> None:
        await desk.pays()
        await desk.firm.do(subscribing.end, desk.instance_id, message_key="answer:7")
        await desk.world.settle()
        await desk.firm.do(subscribing.end, desk.instance_id, on=False, message_key="answer:8")
        await desk.world.settle()
        assert not (await desk.subscription()).ending

    async def test_deleted_its_card_is_charged_no_more(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        await desk.firm.act(Operation.DELETE, desk.instance_id)
        assert ("end", subscription_id) in desk.stripe.asked
        assert (await desk.subscription()).state is CardState.ENDED
        assert not await desk.quarantined()

    async def test_deleted_while_its_page_is_open_nobody_can_pay(self, desk: Desk) -> None:
        session = await desk.begins()
        await desk.firm.act(Operation.DELETE, desk.instance_id)
        assert ("expire", session.session_id) in desk.stripe.asked
        assert (await desk.subscription()).state is CardState.VOID

    async def test_days_that_it_had_come_back_when_its_card_is_charged(self, desk: Desk) -> None:
        session = await desk.begins()
        await desk.has_days(60)
        desk.stripe.subscribes(str(session.session_id))
        await desk.world.settle()
        assert (await desk.instance()).settlement is Settlement.CARD
        account = ledger.balance(desk.firm.partner_id)
        assert await desk.world.read(lambda work: work.ledger.balance(account, "days")) == 60

    async def test_how_it_is_paid_can_be_looked_at(self, desk: Desk) -> None:
        with pytest.raises(NotByCard):
            await desk.firm.do(subscribing.held, desk.instance_id)
        await desk.pays()
        held = await desk.firm.do(subscribing.held, desk.instance_id)
        assert (held.instance.id, held.until) == (
            desk.instance_id,
            (await desk.instance()).active_until,
        )

    async def test_what_is_not_paid_by_card_cannot_be_ended_so(self, desk: Desk) -> None:
        with pytest.raises(NotByCard):
            await desk.firm.do(subscribing.end, desk.instance_id, message_key="answer:7")


class TestTrouble:
    async def test_paid_for_what_is_gone_is_charged_no_more_and_shown(self, desk: Desk) -> None:
        session = await desk.begins()
        desk.stripe.refusing["expire"] = "it is complete"
        desk.stripe.tells = False
        subscription_id = desk.stripe.subscribes(str(session.session_id))
        await desk.firm.act(Operation.DELETE, desk.instance_id)
        desk.stripe.tells = True
        await desk.world.settle()
        assert ("end", subscription_id) in desk.stripe.asked
        assert "gone" in await desk.quarantined()
        assert await desk.books() == [("card_revenue", "USD", -3000), ("cards", "USD", 3000)]

    async def test_stripe_that_is_silent_is_asked_until_it_answers(self, desk: Desk) -> None:
        desk.stripe.silent.add("subscription_session")
        await desk.asks()
        await passes(desk, 0.2)
        assert [sent for sent in desk.world.sent if sent.kind == "card_trouble"]
        desk.stripe.silent.clear()
        await passes(desk, 0.1)
        assert desk.world.last(desk.firm.chat_id, "card_payment").facts["step"] == "open"

    async def test_after_a_day_a_key_is_not_used_again(self, desk: Desk) -> None:
        desk.stripe.silent |= {"subscription_session"}
        await desk.asks()
        await passes(desk, 1.1)
        desk.stripe.silent.clear()
        await passes(desk, 0.1)
        assert desk.stripe.sessions == {}
        assert desk.world.last(desk.firm.chat_id, "card_payment").facts["step"] == "refused"


class TestProof:
    @pytest.mark.parametrize(
        ("statement", "check"),
        [
            ("UPDATE card_payments SET amount_minor = 1", Check.CARD_WRONG),
            ("UPDATE card_subscriptions SET period_ends_at = 1", Check.CARD_OVER),
            ("UPDATE balances SET amount = 1 WHERE account = 'cards'", Check.BALANCE_WRONG),
        ],
    )
    async def test_the_audit_finds_what_is_not_so(
        self, desk: Desk, statement: str, check: Check
    ) -> None:
        await desk.pays()
        found = await after(desk.world, statement)
        assert check in {finding.check for finding in found}
