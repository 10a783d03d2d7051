"""What of Stripe's has effect, what is ignored, and what is kept aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing import card_lives
from billing.cards import CardState, Interval, Standing
from billing.instances import State
from billing.money import Money
from billing.notices import NoticeKind
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.cards import events, notifying, quarantine
from billing.services.ports import Due, EventState
from billing.services.ports.cards import SessionState
from tests.billing.services.cards.conftest import Desk
from tests.billing.services.people import FRED, GROUP, SAM

ANOTHERS = {
    "livemode": {"live": True},
    "op": {"metadata": {"op": "nobody's"}},
    "customer": {"customer_id": "cus_other"},
    "currency": {"amount": Money(3000, "EUR")},
    "amount": {"amount": Money(2999, "USD")},
    "interval": {"interval": Interval.YEAR},
    "standing": {"standing": Standing.UNKNOWN},
}


async def told(desk: Desk, about: str, *, live: bool | None = None) -> EventState:
    """Let Stripe tell of something; return what became of the event."""
    event = desk.stripe.tell("told", about, live=live)
    await desk.world.settle()
    stored = await desk.world.read(lambda work: work.stripe_events.get(event.id))
    found: EventState = stored.state
    return found


class TestQuarantine:
    @pytest.mark.parametrize("wrong", ANOTHERS)
    async def test_a_subscription_that_is_not_as_ordered_has_no_effect(
        self, desk: Desk, wrong: str
    ) -> None:
        session = await desk.begins()
        desk.stripe.tells = False
        subscription_id = desk.stripe.subscribes(str(session.session_id))
        right = desk.stripe.subscriptions[subscription_id]
        desk.stripe.subscriptions[subscription_id] = replace(right, **ANOTHERS[wrong])
        desk.stripe.said.clear()
        desk.stripe.tells = True
        assert await told(desk, subscription_id) is EventState.QUARANTINED
        assert await desk.quarantined() == [wrong]
        assert (await desk.instance()).state is State.TRIAL
        assert (await desk.subscription()).state is CardState.OPEN
        assert await desk.books() == []
        assert [sent for sent in desk.world.sent if sent.kind == "stripe_quarantined"]

    async def test_an_invoice_of_another_amount_has_no_effect(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        now = desk.stripe.subscriptions[subscription_id]
        other = replace(now.paid[0], id="in_99", amount=Money(1, "USD"))
        desk.stripe.subscriptions[subscription_id] = replace(now, paid=(*now.paid, other))
        for _ in range(2):
            # What else there is of the subscription goes on: it is one invoice that is wrong.
            assert await told(desk, subscription_id) is EventState.DONE
        assert await desk.quarantined() == ["amount"]
        assert desk.world.last(GROUP, "stripe_quarantined").facts["about"] == "in_99"
        assert await desk.books() == [("card_revenue", "USD", -3000), ("cards", "USD", 3000)]
        desk.stripe.ends(subscription_id)
        await desk.world.settle()
        assert (await desk.instance()).state is State.STOPPED
        assert await desk.quarantined() == ["amount"]

    @pytest.mark.parametrize("wrong", ["livemode", "op", "customer", "currency", "amount"])
    async def test_a_page_that_is_not_as_ordered_has_no_effect(
        self, desk: Desk, wrong: str
    ) -> None:
        session = await desk.begins()
        about = str(session.session_id)
        desk.stripe.sessions[about] = replace(
            desk.stripe.sessions[about], state=SessionState.EXPIRED, **ANOTHERS[wrong]
        )
        assert await told(desk, about) is EventState.QUARANTINED
        assert await desk.quarantined() == [wrong]

    async def test_a_page_of_another_id_than_the_one_that_was_opened(self, desk: Desk) -> None:
        session = await desk.begins()
        other = replace(desk.stripe.sessions[str(session.session_id)], id="cs_other")
        desk.stripe.sessions["cs_other"] = other
        assert await told(desk, "cs_other") is EventState.QUARANTINED

    async def test_an_event_of_another_mode_has_no_effect(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        assert await told(desk, subscription_id, live=True) is EventState.QUARANTINED

    async def test_what_our_own_looks_find_is_said_once(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        desk.stripe.subscriptions[subscription_id] = replace(
            desk.stripe.subscriptions[subscription_id], customer_id="cus_other"
        )
        for _ in range(3):
            await desk.stripe.compare(desk.world)
            desk.world.clock.at += timedelta(days=1)
        assert len(await desk.quarantined()) == 1

    async def test_finance_looks_at_it_and_it_waits_no_more(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        await told(desk, subscription_id, live=True)
        event_id = desk.stripe.said[-1].id
        with pytest.raises(NoRight):
            await desk.world.staff(SAM).do(quarantine.looked_at, event_id)
        await desk.world.staff(FRED).do(quarantine.looked_at, event_id)
        await desk.world.settle()
        assert await desk.quarantined() == []
        with pytest.raises(AlreadyDone):
            await desk.world.staff(FRED).do(quarantine.looked_at, event_id)
        with pytest.raises(NotFound):
            await desk.world.staff(FRED).do(quarantine.looked_at, "evt_none")

    async def test_a_second_subscription_for_one_instance_is_ended_and_shown(
        self, desk: Desk
    ) -> None:
        first = await desk.begins()
        desk.stripe.refusing["expire"] = "it is complete"
        second = await desk.begins(Interval.YEAR)
        desk.stripe.subscribes(str(second.session_id))
        other = desk.stripe.subscribes(str(first.session_id))
        await desk.world.settle()
        assert "other_subscription" in await desk.quarantined()
        assert ("end", other) in desk.stripe.asked
        assert (await desk.subscription()).interval is Interval.YEAR
        assert (await desk.instance()).state is State.ACTIVE

    async def test_paid_though_it_was_given_up_it_is_ended_and_shown(self, desk: Desk) -> None:
        session = await desk.begins()
        desk.stripe.expires(str(session.session_id))
        await desk.world.settle()
        given_up = desk.stripe.subscribes(str(session.session_id))
        await desk.world.settle()
        assert "gone" in await desk.quarantined()
        assert ("end", given_up) in desk.stripe.asked
        assert (await desk.instance()).state is State.TRIAL


class TestIgnored:
    async def test_what_is_about_nothing_known(self, desk: Desk) -> None:
        assert await told(desk, "") is EventState.IGNORED
        assert await told(desk, "sub_nobody") is EventState.IGNORED
        assert await told(desk, "in_nobody") is EventState.IGNORED
        assert await told(desk, "cs_nobody") is EventState.IGNORED
        assert await told(desk, "ch_nobody") is EventState.IGNORED

    async def test_what_another_use_of_the_account_sells(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        stranger = replace(
            desk.stripe.subscriptions[subscription_id],
            id="sub_shop", customer_id="cus_shop", metadata={},
        )  # fmt: skip
        desk.stripe.subscriptions["sub_shop"] = stranger
        assert await told(desk, "sub_shop") is EventState.DONE
        assert await desk.quarantined() == []

    async def test_our_customer_without_an_order_of_ours_is_shown(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        desk.stripe.subscriptions["sub_x"] = replace(
            desk.stripe.subscriptions[subscription_id], id="sub_x", metadata={}
        )
        assert await told(desk, "sub_x") is EventState.QUARANTINED


class TestLate:
    async def test_paid_before_its_page_was_known_it_runs(self, desk: Desk) -> None:
        desk.stripe.deaf.add("session")
        await desk.asks()
        await desk.world.settle()
        desk.stripe.subscribes("cs_1")
        await desk.world.settle()
        assert (await desk.instance()).state is State.ACTIVE

    async def test_over_before_anybody_heard_what_runs_by_days_is_left_to_them(
        self, desk: Desk
    ) -> None:
        session = await desk.begins()
        desk.stripe.tells = False
        subscription_id = desk.stripe.subscribes(str(session.session_id))
        desk.stripe.ends(subscription_id)
        await desk.has_days(30)
        desk.stripe.tells = True
        await desk.world.settle()
        assert (await desk.instance()).state is State.ACTIVE
        assert (await desk.subscription()).state is CardState.ENDED
        assert "gone" in await desk.quarantined()
        assert ("end", subscription_id) not in desk.stripe.asked

    async def test_one_that_was_never_paid_never_was(self, desk: Desk) -> None:
        session = await desk.begins()
        desk.stripe.tells = False
        subscription_id = desk.stripe.subscribes(str(session.session_id))
        desk.stripe.subscriptions[subscription_id] = replace(
            desk.stripe.subscriptions[subscription_id], standing=Standing.ENDED, paid=()
        )
        desk.stripe.said.clear()
        desk.stripe.tells = True
        assert await told(desk, subscription_id) is EventState.DONE
        assert (await desk.subscription()).state is CardState.VOID

    async def test_a_notice_of_what_is_not_so_any_more_is_not_said(self, desk: Desk) -> None:
        await desk.pays()
        subscription = await desk.subscription()
        partner = await desk.firm.partner()
        for subject in (card_lives.subject(subscription), "nobody:0", f"{subscription.id}:1"):
            due = Due("notice:x", "notice:card_failed", subject, partner.id, desk.world.clock.at)
            await desk.world.write(
                lambda work, due=due: notifying.say(work, due, NoticeKind.CARD_FAILED, partner)
            )
        assert not desk.firm.heard("notice_card_failed")


class TestSilence:
    async def test_an_event_waits_while_stripe_does_not_answer(self, desk: Desk) -> None:
        session = await desk.begins()
        desk.stripe.silent.add("subscription")
        desk.stripe.subscribes(str(session.session_id))
        await desk.world.settle()
        assert (await desk.instance()).state is State.TRIAL
        desk.stripe.silent.clear()
        await desk.world.until_instant(desk.world.clock.at + timedelta(minutes=6))
        assert (await desk.instance()).state is State.ACTIVE

    async def test_the_same_event_is_stored_once(self, desk: Desk) -> None:
        event = desk.stripe.tell("told", "")
        taken: list[Any] = [
            await desk.world.write(lambda work: events.take(work, event)) for _ in range(2)
        ]
        assert taken == [True, False]


class TestComparing:
    async def test_is_made_once_an_hour(self, desk: Desk) -> None:
        await desk.stripe.compare(desk.world)
        with pytest.raises(AssertionError):
            await desk.stripe.compare(desk.world)
        desk.world.clock.at += timedelta(hours=1)
        await desk.stripe.compare(desk.world)

    async def test_finds_an_open_page_that_was_paid(self, desk: Desk) -> None:
        session = await desk.begins()
        desk.stripe.tells = False
        desk.stripe.subscribes(str(session.session_id))
        desk.stripe.said.clear()
        await desk.stripe.compare(desk.world)
        assert (await desk.instance()).state is State.ACTIVE

    async def test_finds_a_subscription_that_has_ended(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        desk.stripe.tells = False
        desk.stripe.ends(subscription_id)
        desk.stripe.said.clear()
        await desk.stripe.compare(desk.world)
        assert (await desk.instance()).state is State.STOPPED

    async def test_forgets_its_looks_after_a_while(self, desk: Desk) -> None:
        await desk.pays()
        await desk.stripe.compare(desk.world)
        desk.world.clock.at += timedelta(days=3)
        await desk.stripe.compare(desk.world)
        rows = await desk.world.sql("SELECT id FROM stripe_events WHERE type = 'look'")
        assert len(rows) == 1
