"""What is shown before something is cancelled, kept or deleted: the amounts, too."""

import pytest

from billing.money import Money
from tests.bot.chat.talk import OWNER

PRICE, NOTHING = Money(5990, "BRL"), Money(0, "BRL")


async def do(talk, words):
    await talk.press(OWNER, await talk.tell(OWNER, words), "confirm")
    await talk.carry_out()


class TestCancelling:
    async def test_names_what_is_still_billed(self, talk, number):
        said = await talk.tell(OWNER, "/cancel loja-1")
        assert "Still to be billed, in all: <b>R$59.90</b>" in said.text
        assert said.facts["to_bill"] == PRICE

    async def test_of_several_names_it_for_each_and_in_all(self, talk, number):
        await talk.create("loja-2")
        await do(talk, "/subscribe loja-2")
        said = await talk.tell(OWNER, "/cancel loja-1 loja-2")
        assert said.text.count("still to be billed: R$59.90") == 2
        assert "in all: <b>R$119.80</b>" in said.text

    async def test_of_what_is_stopped_for_debt_names_it_too(self, talk, number):
        await talk.sql("UPDATE instances SET state = 'overdue'")
        said = await talk.tell(OWNER, "/cancel loja-1")
        assert "is stopped now" in said.text
        assert "Still to be billed, in all: <b>R$59.90</b>" in said.text


class TestDeleting:
    async def test_names_what_is_still_billed_of_each_and_in_all(self, talk, number):
        await talk.create("loja-2")
        said = await talk.tell(OWNER, "/delete all")
        assert [one["to_bill"] for one in said.facts["items"]] == [PRICE, NOTHING]
        assert "last month billed: April 2026 · still to be billed: R$59.90" in said.text
        assert "nothing is owed for it" in said.text
        assert "in all: <b>R$59.90</b>" in said.text

    async def test_says_until_when_it_would_run_for_the_same_if_cancelled(self, talk, number):
        said = await talk.tell(OWNER, "/delete loja-1")
        cancelling = await talk.tell(OWNER, "/cancel loja-1")
        end = cancelling.facts["items"][0]["service_ends_at"]
        assert said.facts["runs_on"] == end
        assert "costs the same and runs until" in said.text

    async def test_of_a_trial_or_a_cancelled_one_compares_with_nothing(self, talk, number):
        await talk.create("loja-2")
        await do(talk, "/cancel loja-1")
        for words in ("/delete loja-2", "/delete loja-1"):
            said = await talk.tell(OWNER, words)
            assert said.facts["runs_on"] is None
            assert "costs the same" not in said.text

    async def test_of_what_was_billed_to_its_end_says_that_no_more_is(self, talk, number):
        await do(talk, "/cancel loja-1")
        talk.later(days=29, hours=23)
        await talk.close(2026, 4)
        said = await talk.tell(OWNER, "/delete loja-1")
        assert "Nothing more is billed" in said.text
        assert said.facts["to_bill"] == NOTHING

    async def test_of_a_trial_names_no_amount(self, talk):
        await talk.create("loja-1")
        said = await talk.tell(OWNER, "/delete loja-1")
        assert "R$" not in said.text
        assert "Nothing is owed" in said.text


class TestKeeping:
    async def test_names_the_months_that_it_brings_back_and_their_amount(self, talk, number):
        await do(talk, "/cancel loja-1")
        talk.later(days=29, hours=23)
        said = await talk.tell(OWNER, "/keep loja-1")
        assert said.facts["to_bill"] == PRICE
        assert "now on the next invoice: <b>R$59.90</b> (May 2026)" in said.text

    async def test_names_none_where_none_was_left_out(self, talk, number):
        await do(talk, "/cancel loja-1")
        said = await talk.tell(OWNER, "/keep loja-1")
        assert said.facts["to_bill"] == NOTHING
        assert "Left out" not in said.text


@pytest.mark.parametrize("words", ["/cancel loja-1", "/delete loja-1"])
async def test_what_is_confirmed_is_what_was_shown(talk, number, words):
    said = await talk.tell(OWNER, words)
    await talk.press(OWNER, said, "confirm")
    await talk.carry_out()
    preview = await talk.tell(OWNER, "/preview")
    assert preview.facts["total"] == said.facts["to_bill"]
