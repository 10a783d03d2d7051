"""A question that a command comes in between: what is said afterwards still finds it."""

import datetime as dt

import pytest

from tests.bot.chat.talk import MANAGER, OWNER


class TestQuestion:
    @pytest.mark.parametrize("looks", ["/invoices", "/list", "/help", "/help buy", "list"])
    async def test_stays_open_while_something_is_only_looked_up(self, talk, looks):
        await talk.create("loja-1")
        await talk.say(OWNER, "/rename loja-1")
        await talk.say(OWNER, looks)
        assert (await talk.tell(OWNER, "loja-sul")).facts["what"] == "renamed"

    async def test_to_staff_is_answered_by_the_words_after_a_look(self, talk):
        await talk.say(OWNER, "/support")
        await talk.say(OWNER, "/invoices")
        said = {one.facts.get("what") for one in await talk.say(OWNER, "my doubt is this")}
        assert "support_sent" in said

    async def test_is_offered_again_after_a_command_that_does_something(self, talk):
        await talk.create("loja-1")
        await talk.say(OWNER, "/rename loja-1")
        await talk.say(OWNER, "/new loja-2")
        asked = await talk.tell(OWNER, "loja-sul")
        assert (asked.kind, asked.labels) == ("perhaps_answered", ["answer_it", "home"])
        assert "What shall" in asked.text
        assert "loja-sul" in asked.text
        [renamed] = await talk.press(OWNER, asked, "answer_it")
        assert renamed.facts["what"] == "renamed"
        assert set(await talk.states()) == {"loja-sul", "loja-2"}

    async def test_is_offered_again_below_a_card_that_asks_to_confirm(self, talk):
        await talk.create("loja-1")
        await talk.say(OWNER, "/rename loja-1")
        await talk.say(OWNER, "/subscribe loja-1")
        assert (await talk.tell(OWNER, "loja-sul")).kind == "perhaps_answered"

    async def test_is_offered_to_who_may_answer_it_alone(self, talk):
        await talk.create("loja-1")
        await talk.say(MANAGER, "/rename loja-1")
        await talk.say(MANAGER, "/new loja-2")
        asked = await talk.tell(MANAGER, "loja-sul")
        await talk.sql("UPDATE members SET role = 'viewer' WHERE user_id = :it", it=MANAGER)
        await talk.press(MANAGER, asked, "answer_it")
        assert "loja-sul" not in await talk.states()

    async def test_is_not_what_cancel_alone_leaves(self, talk):
        await talk.create("loja-1")
        await talk.say(OWNER, "/rename loja-1")
        await talk.say(OWNER, "/new loja-2")
        assert (await talk.tell(OWNER, "/cancel")).facts["what"] == "cancel"

    async def test_is_forgotten_by_who_goes_home(self, talk):
        await talk.create("loja-1")
        await talk.say(OWNER, "/rename loja-1")
        await talk.say(OWNER, "/new loja-2")
        await talk.say(OWNER, "/start")
        assert (await talk.tell(OWNER, "loja-sul")).kind != "perhaps_answered"

    async def test_is_forgotten_after_an_hour(self, talk):
        await talk.create("loja-1")
        await talk.say(OWNER, "/rename loja-1")
        await talk.say(OWNER, "/new loja-2")
        talk.clock.at += dt.timedelta(minutes=61)
        assert (await talk.tell(OWNER, "loja-sul")).kind != "perhaps_answered"
