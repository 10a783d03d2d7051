"""What a partner who pays in days is told of what is to come, and of what has ended."""

import pytest

from tests.bot.chat.days_talk import give
from tests.bot.chat.talk import OWNER, VIEWER


@pytest.fixture
async def ahead(in_days):
    """Return the talk with a partner of days who has 60 of them."""
    await give(in_days, 60)
    return in_days


class TestStandingOrder:
    async def test_that_ends_is_said_to_have_ended(self, ahead):
        await ahead.press(OWNER, await ahead.tell(OWNER, "/buy monthly on"), "confirm")
        said = await ahead.tell(OWNER, "/buy monthly off")
        assert "✅ The standing order has ended" in said.text
        assert "has ended" not in (await ahead.tell(OWNER, "/days")).text


class TestPreview:
    async def test_tells_the_balance_where_no_invoice_grows(self, ahead):
        said = await ahead.tell(OWNER, "/preview")
        assert said.kind == "preview_days"
        assert "60 days" in said.text
        assert {"days", "buy"} <= set(said.labels)
        assert "buy" not in (await ahead.tell(VIEWER, "/preview")).labels


class TestWhatif:
    async def test_of_more_instances_tells_what_they_take_and_cost(self, ahead):
        said = await ahead.tell(VIEWER, "/whatif add 3")
        assert (said.kind, said.facts["days"], said.facts["balance"]) == ("whatif_more", 90, 60)
        [quote] = await ahead.press(OWNER, await ahead.tell(OWNER, "/whatif subscribe 3"), "buy")
        assert (quote.kind, quote.facts["channels"]) == ("day_quote", 3)

    async def test_of_one_less_tells_that_nothing_needs_cancelling(self, ahead):
        assert (await ahead.tell(OWNER, "/whatif cancel loja-1")).kind == "whatif_less"

    async def test_of_no_number_asks(self, ahead):
        assert (await ahead.tell(OWNER, "/whatif what")).facts["what"] == "whatif"
        assert (await ahead.tell(OWNER, "/whatif add")).kind == "refusal"


class TestCreated:
    async def test_goes_on_by_extending(self, ahead):
        await ahead.create("loja-1")
        [shown] = [one for one in await ahead.messages() if one.kind == "progress"]
        assert "extend" in shown.labels
        assert "subscribe" not in shown.labels
        text = (await ahead.replies.render(shown)).text_html
        assert "To go on after it, extend" in text
