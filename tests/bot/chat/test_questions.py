"""Words while a question is open: its answer, a command, or leaving it."""

import pytest

from tests.bot.chat.talk import ADMIN, BOT, FINANCE, OWNER, STAFF_GROUP, STRANGER, SUPPORT, replying

PT = {"language": "pt-br"}


async def kind_of(talk, text, **more):
    said = await talk.tell(OWNER, text, **more)
    return said.facts.get("operation") or said.facts.get("what") or said.kind


class TestQuestionForNames:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("list", "list"),
            ("List trial", "list"),
            ("subscribe loja-1", "subscribe"),
            ("subscribe loja-1, loja-2", "subscribe"),
            ("subscribe loja-77", "instance"),  # did you mean: nothing is made of a slip
            ("new loja-9", "create"),
            ("show room, other room", "create"),  # a list of names, and none is an instance
            ("list of shops", "create"),  # more words than that command takes
            ("assinar loja-1", "refusal"),  # to who speaks English a name, and loja-1 is taken
            ("queue", "create"),  # not a partner's command
        ],
    )
    async def test_takes_words_for_the_command_that_they_are(self, talk, text, kind):
        await talk.create("loja-1", "loja-2")
        await talk.say(OWNER, "/new")
        assert await kind_of(talk, text) == kind

    async def test_knows_the_commands_of_the_speakers_language(self, talk):
        await talk.say(OWNER, "/start", **PT)
        await talk.create("loja-1")
        await talk.say(OWNER, "/criar")
        assert await kind_of(talk, "Assinar loja-1") == "subscribe"
        assert "assinar" not in await talk.states()

    async def test_of_one_instance_takes_all_that_is_no_command(self, talk):
        await talk.create("loja-1")
        card = await talk.tell(OWNER, "/show loja-1")
        await talk.press(OWNER, card, "rename")
        assert (await talk.tell(OWNER, "Show Room")).facts["name"] == "Show Room"
        await talk.press(OWNER, card, "rename")
        assert (await talk.tell(OWNER, "cancel Show Room")).kind == "impossible"


class TestQuestionForInstances:
    async def test_takes_a_command_unless_an_instance_is_called_so(self, talk):
        await talk.create("loja-1")
        await talk.say(OWNER, "/subscribe")
        assert await kind_of(talk, "list") == "list"
        await talk.create("list")
        await talk.say(OWNER, "/subscribe")
        assert (await talk.tell(OWNER, "list")).facts["items"][0]["name"] == "list"

    async def test_is_left_by_a_command_with_its_own_words(self, talk):
        await talk.create("loja-1")
        await talk.say(OWNER, "/subscribe")
        assert await kind_of(talk, "delete loja-1") == "delete"


class TestFreeText:
    async def test_is_never_a_command(self, talk):
        await talk.say(STRANGER, "/apply")
        said = await talk.say(STRANGER, "Help")
        assert {one.facts.get("company") for one in said} == {"Help"}


class TestConfirmation:
    @pytest.mark.parametrize("word", ["/cancel", "cancel", "cancelar", "Cancelar"])
    async def test_that_was_shown_last_is_left_by_cancel_alone(self, talk, word):
        await talk.create("loja-1")
        card = await talk.tell(OWNER, "/subscribe loja-1")
        said = await talk.say(OWNER, word)
        assert [one.facts.get("what") for one in said if one.key != card.key] == ["question_left"]
        await talk.press(OWNER, card, "confirm")
        assert await talk.states() == {"loja-1": "trial"}

    async def test_of_the_token_is_left_too(self, talk):
        await talk.press(OWNER, await talk.tell(OWNER, "/token"), "show_token")
        said = await talk.say(OWNER, "/cancel")
        assert "question_left" in {one.facts.get("what") for one in said}

    async def test_is_not_left_once_something_else_was_shown(self, talk):
        await talk.create("loja-1")
        for passing in ("/list", "what?"):
            card = await talk.tell(OWNER, "/subscribe loja-1")
            await talk.say(OWNER, passing)
            assert await kind_of(talk, "/cancel") == "cancel"
        [done] = await talk.press(OWNER, card, "confirm")
        assert done.kind == "progress"
        assert await kind_of(talk, "/cancel") == "cancel"

    async def test_takes_no_words_for_a_yes(self, talk):
        await talk.create("loja-1")
        await talk.say(OWNER, "/subscribe loja-1")
        assert await kind_of(talk, "sure") == "not_understood"
        assert await talk.states() == {"loja-1": "trial"}


class TestBareCommands:
    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("/paid", "paid"),
            ("/hold", "hold"),
            ("/freeze", "freeze"),
            ("/freeze Loja Norte", "freeze"),
            ("/unfreeze", "unfreeze"),
            ("/grant", "grant"),
            ("/partner", "partner"),
            ("/halt", "halt"),
            ("/dryrun", "dryrun"),
        ],
    )
    async def test_of_staff_ask_for_what_is_missing(self, talk, text, what):
        asked = await talk.tell(ADMIN, text, STAFF_GROUP)
        assert (asked.kind, asked.facts["what"], asked.facts["group"]) == ("ask", what, True)

    async def test_are_answered_by_a_reply(self, talk, number):
        async def reply(text):
            said = await talk.say(ADMIN, text, STAFF_GROUP, **replying(BOT["id"]))
            return {one.facts.get("what") or one.kind for one in said}

        await talk.say(ADMIN, "/hold", STAFF_GROUP)
        assert "hold_set" in await reply(f"{number} 2026-04-20 bank strike")
        await talk.say(ADMIN, f"/hold {number}", STAFF_GROUP)
        assert "hold_set" in await reply("2026-04-22 bank strike")
        await talk.say(ADMIN, f"/paid {number.lower()}", STAFF_GROUP)
        assert "booked" in await reply("1,00 E2E1")
        await talk.say(ADMIN, "/freeze Loja Norte", STAFF_GROUP)
        assert "frozen" in await reply("no papers")
        await talk.say(ADMIN, "/dryrun", STAFF_GROUP)
        assert "dryrun" in await reply("march")

    @pytest.mark.parametrize("words", ["", " E2E1"])
    async def test_of_a_payment_ask_for_the_amount_in_the_form_wanted(self, talk, number, words):
        asked = await talk.tell(FINANCE, f"/paid {number}{words}", STAFF_GROUP)
        assert (asked.kind, asked.facts["what"]) == ("ask", "paid")
        assert "59.90 E2E-12345 2026-03-09" in asked.text

    @pytest.mark.parametrize("day", ["", " 2026-03-31"])
    async def test_of_a_payment_ask_for_the_reference_alone(self, talk, number, day):
        asked = await talk.tell(FINANCE, f"/paid {number} 1,00{day}", STAFF_GROUP)
        assert (asked.facts["what"], asked.facts["known"]) == ("paid", "1,00")
        booked = await talk.tell(FINANCE, "E2E1", STAFF_GROUP, **replying(BOT["id"]))
        assert (booked.kind, booked.facts["reference"]) == ("booked", "E2E1")

    async def test_of_a_hold_ask_for_the_reason_alone(self, talk, number):
        asked = await talk.tell(FINANCE, f"/hold {number} 2026-04-20", STAFF_GROUP)
        assert (asked.facts["what"], asked.facts["known"]) == ("hold", "2026-04-20")
        said = await talk.say(FINANCE, "bank strike", STAFF_GROUP, **replying(BOT["id"]))
        held = next(one for one in said if one.facts.get("what") == "hold_set")
        assert held.facts["reason"] == "bank strike"

    async def test_ask_about_no_invoice_that_there_is_not(self, talk):
        for command in ("paid", "hold"):
            said = await talk.tell(FINANCE, f"/{command} INT-2026-99999", STAFF_GROUP)
            assert said.facts["code"] == "not_found"


class TestReplies:
    async def stands(self, talk, said, message_id):
        """Let Telegram have taken a message under that id."""
        await talk.sql(
            "UPDATE messages SET message_id = :id WHERE key = :key RETURNING key",
            id=message_id,
            key=said.key,
        )

    async def reply(self, talk, text, message_id, user=ADMIN):
        to = replying(BOT["id"])
        to["reply_to_message"]["message_id"] = message_id
        return await talk.tell(user, text, STAFF_GROUP, **to)

    async def test_to_a_question_that_another_command_left_are_told_so(self, talk, number):
        await self.stands(talk, await talk.tell(ADMIN, f"/paid {number}", STAFF_GROUP), 101)
        await self.stands(talk, await talk.tell(ADMIN, "/settings", STAFF_GROUP), 102)
        closed = await self.reply(talk, "59,90 E2E1", 101)
        assert closed.facts["what"] == "question_closed"
        said = replying(BOT["id"])
        said["reply_to_message"]["message_id"] = 102
        assert await talk.say(ADMIN, "thanks", STAFF_GROUP, **said) == []

    async def test_to_an_earlier_question_do_not_answer_the_open_one(self, talk, number):
        await self.stands(talk, await talk.tell(ADMIN, f"/paid {number}", STAFF_GROUP), 101)
        await self.stands(talk, await talk.tell(ADMIN, "/freeze Loja Norte", STAFF_GROUP), 102)
        closed = await self.reply(talk, "59,90 E2E1", 101)
        assert closed.facts["what"] == "question_closed"
        said = await talk.say(ADMIN, "/partner Loja Norte", STAFF_GROUP)
        assert said[0].facts["frozen_at"] is None

    async def test_to_the_open_question_answer_it(self, talk, number):
        await self.stands(talk, await talk.tell(ADMIN, "/hold", STAFF_GROUP), 101)
        said = await self.reply(talk, f"{number} 2026-04-20 bank strike", 101)
        assert said.facts["what"] == "hold_set"

    async def test_to_a_refusal_answer_the_question_that_it_left_open(self, talk, number):
        await self.stands(talk, await talk.tell(ADMIN, f"/hold {number}", STAFF_GROUP), 101)
        refused = await self.reply(talk, "someday bank strike", 101)
        assert refused.kind == "refusal"
        await self.stands(talk, refused, 102)
        assert (await self.reply(talk, "2026-04-20 strike", 102)).facts["what"] == "hold_set"

    async def test_of_a_colleague_answer_a_question_in_the_place_of_whom_it_was_asked(
        self, talk, number
    ):
        await self.stands(talk, await talk.tell(ADMIN, f"/paid {number}", STAFF_GROUP), 101)
        booked = await self.reply(talk, "1,00 E2E1", 101, FINANCE)
        assert booked.kind == "booked"
        [row] = await talk.sql("SELECT booked_by FROM payments")
        assert row["booked_by"] == FINANCE
        # It is answered: who was asked is not waited for any more.
        assert await talk.say(ADMIN, "2,00 E2E2", STAFF_GROUP, **replying(BOT["id"])) == []

    async def test_of_a_colleague_can_be_put_right_by_the_colleague(self, talk, number):
        await self.stands(talk, await talk.tell(ADMIN, f"/paid {number}", STAFF_GROUP), 101)
        refused = await self.reply(talk, "1.234 E2E1", 101, FINANCE)
        assert refused.facts["code"] == "amount_unclear"
        await self.stands(talk, refused, 102)
        assert (await self.reply(talk, "1,00 E2E1", 102, FINANCE)).kind == "booked"

    async def test_of_a_colleague_leave_ones_own_question_alone_where_that_is_replied_to(
        self, talk, number
    ):
        await self.stands(talk, await talk.tell(ADMIN, f"/paid {number}", STAFF_GROUP), 101)
        await self.stands(talk, await talk.tell(FINANCE, "/hold", STAFF_GROUP), 102)
        said = await self.reply(talk, f"{number} 2026-04-20 strike", 102, FINANCE)
        assert said.facts["what"] == "hold_set"
        assert (await self.reply(talk, "1,00 E2E1", 101)).kind == "booked"

    async def test_of_whoever_may_not_answer_are_told_whose_question_it_is(self, talk, number):
        await self.stands(talk, await talk.tell(ADMIN, f"/paid {number}", STAFF_GROUP), 101)
        said = await self.reply(talk, "1,00 E2E1", 101, SUPPORT)
        assert said.facts["what"] == "question_of"
        assert "Ada" in said.text
        assert (await self.reply(talk, "1,00 E2E1", 101)).kind == "booked"

    async def test_of_strangers_in_the_group_answer_nothing(self, talk, number):
        await self.stands(talk, await talk.tell(ADMIN, f"/paid {number}", STAFF_GROUP), 101)
        to = replying(BOT["id"])
        to["reply_to_message"]["message_id"] = 101
        assert await talk.say(STRANGER, "1,00 E2E1", STAFF_GROUP, **to) == []


class TestGreetings:
    @pytest.mark.parametrize("word", ["hi", "Hello!", "oi", "Olá", "Bom dia!", "¡Buenos días!"])
    async def test_are_answered_with_where_one_stands(self, talk, word):
        assert (await talk.tell(OWNER, word)).kind == "home"
        assert (await talk.tell(STRANGER, word)).kind == "greeting"
        assert (await talk.tell(ADMIN, word)).kind == "staff_greeting"

    async def test_answer_a_question_that_is_open(self, talk):
        await talk.say(OWNER, "/new")
        await talk.say(OWNER, "oi")
        assert set(await talk.states()) == {"oi"}

    async def test_in_a_group_are_for_others(self, talk):
        assert await talk.say(ADMIN, "hi", STAFF_GROUP) == []
