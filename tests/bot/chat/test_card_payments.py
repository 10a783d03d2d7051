"""Paying by card through the door: an instance, an invoice, its end; what Stripe told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from billing.instances import State
from billing.services.ports import StripeSetup
from bot.chat.cards.invoices import WaysToPay
from bot.chat.chat import Chat
from tests.billing.services.cards.stripe import FakeStripe
from tests.bot.chat.days_talk import give
from tests.bot.chat.talk import (
    FINANCE,
    MANAGER,
    OWNER,
    STAFF_GROUP,
    SUPPORT,
    VIEWER,
    Said,
    Talk,
)


@dataclass
class Till:
    """The talk, with Stripe behind it."""

    talk: Talk
    stripe: FakeStripe
    store: Any

    @property
    def read(self) -> Any:
        return self.store.read

    @property
    def write(self) -> Any:
        return self.store.write

    async def carry(self) -> None:
        """Let Stripe answer and be heard until nothing waits."""
        while await self.stripe.carry(self):  # type: ignore[arg-type]
            pass
        await self.talk.carry_out()

    async def now(self, said: Said) -> Said:
        """Return a message as it stands now, with its words."""
        found = next(one for one in await self.talk.messages() if one.key == said.key)
        found.text = (await self.talk.replies.render(found)).text_html
        return found

    async def press(self, user: int, said: Said, label: str) -> Said:
        """Press a button; return the last thing that was said to that chat."""
        return (await self.talk.press(user, said, label))[-1]

    async def subscribes(self, label: str = "by_card") -> Said:
        """Ask for a page by /subscribe, and pay on it."""
        offer = await self.talk.tell(OWNER, "/subscribe loja-1")
        said = await self.press(OWNER, offer, label)
        await self.carry()
        self.stripe.subscribes(list(self.stripe.sessions)[-1])
        await self.carry()
        return await self.now(said)


@pytest.fixture
async def till(in_days: Talk) -> Till:
    """Return a talk that takes cards, with one instance in its trial."""
    in_days.store._stripe = StripeSetup(live=False)
    await in_days.create("loja-1")
    return Till(in_days, FakeStripe(in_days.clock), in_days.store)


class TestSubscribing:
    async def test_offers_days_or_a_card_at_three_intervals(self, till: Till) -> None:
        await give(till.talk, 40)
        offer = await till.talk.tell(OWNER, "/subscribe loja-1")
        assert offer.kind == "card_offer"
        assert offer.labels == ["so_many_days", "by_card", "by_card", "by_card", "back"]
        rendered = await till.talk.replies.render(offer)
        words = [label for row in rendered.keyboard for label, _ in row]
        assert words == [
            "30 days",
            "💳 Every month · $30.00",
            "💳 Every 6 months · $180.00",
            "💳 Every year · $324.00",
            "Back",
        ]
        assert "10 %" in rendered.text_html
        extension = await till.press(OWNER, offer, "so_many_days")
        assert extension.kind == "day_extension"

    async def test_opens_the_page_and_says_in_place_that_it_is_paid(self, till: Till) -> None:
        offer = await till.talk.tell(OWNER, "/subscribe loja-1")
        said = await till.press(OWNER, offer, "by_card")
        assert (said.kind, said.facts["step"]) == ("card_payment", "asked")
        await till.carry()
        shown = await till.now(said)
        rendered = await till.talk.replies.render(shown)
        assert rendered.keyboard[0][0] == ("💳 Open the payment page", "https://pay.example/cs_1")
        till.stripe.subscribes("cs_1")
        await till.carry()
        assert "active until" in (await till.now(said)).text

    async def test_a_manager_may_and_a_viewer_may_not(self, till: Till) -> None:
        offer = await till.talk.tell(MANAGER, "/subscribe loja-1")
        assert offer.kind == "card_offer"
        assert (await till.talk.tell(VIEWER, "/subscribe loja-1")).kind == "refusal"

    async def test_of_several_goes_by_days_as_before(self, till: Till) -> None:
        await till.talk.create("loja-2")
        said = await till.talk.tell(OWNER, "/subscribe loja-1 loja-2")
        assert said.kind == "day_extension"

    async def test_without_a_key_it_goes_by_days(self, till: Till) -> None:
        till.store._stripe = None
        assert (await till.talk.tell(OWNER, "/subscribe loja-1")).kind == "day_extension"
        shown = await till.talk.tell(OWNER, "/show loja-1")
        assert "subscribe" not in shown.labels


class TestShown:
    async def test_what_could_be_paid_by_card_offers_it(self, till: Till) -> None:
        shown = await till.talk.tell(OWNER, "/show loja-1")
        assert shown.labels[0] == "subscribe"
        assert (await till.press(OWNER, shown, "subscribe")).kind == "card_offer"

    async def test_what_is_paid_by_card_says_so_and_can_be_ended(self, till: Till) -> None:
        await till.subscribes()
        shown = await till.talk.tell(OWNER, "/show loja-1")
        assert shown.labels[:2] == ["cancel_instance", "card_portal"]
        assert "$30.00" in (await till.now(shown)).text
        asked = await till.press(OWNER, shown, "cancel_instance")
        assert asked.kind == "card_cancel"
        said = await till.press(OWNER, asked, "confirm")
        assert (said.kind, said.facts["step"]) == ("card_ending", "asked")
        await till.carry()
        done = await till.now(said)
        assert (done.facts["step"], done.labels) == ("done", ["keep", "show", "home"])
        shown = await till.talk.tell(OWNER, "/show loja-1")
        assert shown.labels[0] == "keep"
        said = await till.press(OWNER, shown, "keep")
        await till.carry()
        done = await till.now(said)
        assert "goes on" in done.text
        assert done.labels == ["cancel_instance", "show", "home"]

    async def test_what_has_ended_says_how_it_goes_on(self, till: Till) -> None:
        await till.subscribes()
        till.stripe.ends("sub_1")
        await till.carry()
        shown = await till.talk.tell(OWNER, "/show loja-1")
        assert "charged no more" in (await till.now(shown)).text
        assert "Pay for it again" in (await till.now(shown)).text
        assert "charged no more" in (await till.now(await till.talk.tell(OWNER, "/list"))).text

    async def test_cancel_asks_about_the_card_where_others_delete(self, till: Till) -> None:
        assert (await till.talk.tell(OWNER, "/cancel loja-1")).kind != "card_cancel"
        await till.subscribes()
        assert (await till.talk.tell(OWNER, "/cancel loja-1")).kind == "card_cancel"

    async def test_the_page_of_ones_cards_opens_in_place(self, till: Till) -> None:
        await till.subscribes()
        shown = await till.talk.tell(OWNER, "/show loja-1")
        said = await till.press(OWNER, shown, "card_portal")
        await till.carry()
        rendered = await till.talk.replies.render(await till.now(said))
        assert rendered.keyboard[0][0][1] == "https://portal.example/cus_1"


class TestInvoices:
    async def test_can_be_paid_by_card_where_there_is_a_key(self, talk: Talk, number: str) -> None:
        till = Till(talk, FakeStripe(talk.clock), talk.store)
        shown = await talk.tell(OWNER, f"/pay {number}")
        assert "pay_by_card" not in shown.labels
        talk.store._stripe = StripeSetup(live=False)
        shown = await talk.tell(OWNER, f"/pay {number}")
        said = await till.press(OWNER, shown, "pay_by_card")
        await till.carry()
        till.stripe.pays("cs_1")
        await till.carry()
        assert "Paid" in (await till.now(said)).text
        shown = await talk.tell(OWNER, f"/pay {number}")
        assert "pay_by_card" not in shown.labels

    async def test_where_no_account_is_set_its_details_can_be_asked_for_as_well(
        self, talk: Talk, number: str
    ) -> None:
        talk.store._stripe = StripeSetup(live=False)
        talk.chat = Chat(talk.store, talk.bot, WaysToPay())
        shown = await talk.tell(OWNER, f"/pay {number}")
        assert shown.labels[:2] == ["pay_by_card", "ask_for_ways"]


class TestStaff:
    async def test_see_what_disagrees_in_the_queue_and_look_at_it(self, till: Till) -> None:
        await till.subscribes()
        till.stripe.tell("told", "sub_1", live=True)
        await till.carry()
        assert any(one.kind == "stripe_quarantined" for one in await till.talk.messages())
        queue = await till.talk.tell(SUPPORT, "/queue", STAFF_GROUP)
        (stripe,) = [one for one in queue.facts["kinds"] if one["kind"] == "stripe"]
        assert stripe["count"] == 1
        assert "Stripe disagrees" in (await till.now(queue)).text
        name = stripe["rows"][0]["partner"]
        card = await till.press(FINANCE, queue, name)
        assert card.kind == "stripe_quarantined"
        said = await till.press(FINANCE, card, "looked_at")
        assert said.facts["looked_by"] == "Fin"
        queue = await till.talk.tell(SUPPORT, "/queue", STAFF_GROUP)
        assert [one for one in queue.facts["kinds"] if one["kind"] == "stripe"] == []

    async def test_its_own_card_is_said_anew(self, till: Till) -> None:
        await till.subscribes()
        till.stripe.tell("told", "sub_1", live=True)
        await till.carry()
        (card,) = [it for it in await till.talk.messages() if it.kind == "stripe_quarantined"]
        await till.talk.press(FINANCE, card, "looked_at")
        assert (await till.now(card)).facts["looked_by"] == "Fin"


async def test_deleting_what_is_paid_by_card_ends_its_subscription(till: Till) -> None:
    await till.subscribes()
    asked = await till.talk.tell(OWNER, "/delete loja-1")
    assert "charged no more" in (await till.now(asked)).text
    await till.press(OWNER, asked, "confirm")
    await till.carry()
    assert ("end", "sub_1") in till.stripe.asked
    (row,) = await till.store.read(
        lambda work: work.instances.of_ids([one["id"] for one in asked.facts["items"]])
    )
    assert row.state is State.DELETED
