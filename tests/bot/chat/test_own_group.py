"""A partner's own group through the door: bound, worked in, let go."""

import pytest

from billing.services import access
from billing.services.messages import Message
from billing.services.partners import linking
from tests.bot.chat.talk import (
    ADMIN,
    FOREIGN_GROUP,
    MANAGER,
    OTHER_OWNER,
    OWN_GROUP,
    OWNER,
    STAFF_GROUP,
    STRANGER,
    VIEWER,
    message,
    place,
)
from tests.bot.chat.test_team import code_of


async def code_for(talk, user=OWNER) -> str:
    [shown] = await talk.press(user, await talk.tell(user, "/team"), "group")
    assert "startgroup=" in shown.text
    return await code_of(talk, shown.facts["keys"][0])


async def owner_of(talk, chat) -> str | None:
    return await talk.store.write(lambda work: work.groups.owner(chat))


def met(chat: int, was: str, now: str, user: int = OWNER) -> dict:
    def member(status):
        return {"user": message(7_000_000, "", chat)["from"], "status": status}

    change = {
        "chat": place(chat),
        "from": message(user, "", chat)["from"],
        "date": 1772456400,
        "old_chat_member": member(was),
        "new_chat_member": member(now),
    }
    return {"my_chat_member": change}


class TestBinding:
    @pytest.mark.parametrize("words", ["/bind {}", "/start@desk_bot {}"])
    async def test_makes_it_the_partners_with_a_menu_of_its_own(self, talk, words):
        code = await code_for(talk)
        said = await talk.say(OWNER, words.format(code), FOREIGN_GROUP)
        assert [(one.chat_id, one.facts.get("what", one.kind)) for one in said] == [
            (FOREIGN_GROUP, "group_bound_here"),
        ]  # fmt: skip
        assert await owner_of(talk, FOREIGN_GROUP) == "P1AAA"
        menus = {scope.chat_id: names for scope, language, names in talk.bot.menus if not language}
        assert {"list", "new", "token"} <= set(menus[FOREIGN_GROUP])
        assert {"queue", "team", "bind", "apply"}.isdisjoint(menus[FOREIGN_GROUP])
        again = await talk.tell(OWNER, f"/bind {code}", FOREIGN_GROUP)
        assert again.facts["what"] == "group_bound_already"

    async def test_needs_an_owner_and_a_code(self, talk):
        code = await code_for(talk)
        for user, words, refused in (
            (MANAGER, code, "code_refused"),
            (OTHER_OWNER, code, "code_refused"),
            (OWNER, "x" * 22, "code_refused"),
            # Nobody's code is looked at as if it were the staff's, and the other way round.
            (STRANGER, code, "wrong_code"),
        ):
            said = await talk.tell(user, f"/bind {words}", FOREIGN_GROUP)
            assert said.facts["code"] == refused
        assert await talk.denied() == 4
        assert (await talk.tell(OWNER, "/bind", FOREIGN_GROUP)).kind == "bind_hint"
        assert await owner_of(talk, FOREIGN_GROUP) is None

    async def test_leaves_the_staff_group_and_others_groups_alone(self, talk):
        await talk.bind_groups()
        said = await talk.tell(OWNER, f"/bind {await code_for_second(talk)}", STAFF_GROUP)
        assert said.facts["code"] == "group_taken"
        said = await talk.tell(OTHER_OWNER, "/bind x", OWN_GROUP)
        assert said.facts["code"] == "stranger_here"

    async def test_is_in_the_menus_after_a_restart(self, talk):
        await talk.bind_groups()
        await talk.chat.menus()
        assert OWN_GROUP in {getattr(scope, "chat_id", 0) for scope, _, _ in talk.bot.menus}


async def code_for_second(talk) -> str:
    """Return a code for a group, where one is bound already."""
    key, _ = await talk.store.write(_new_code)
    return await code_of(talk, key)


async def _new_code(work):
    return await linking.new_code(work, access.by_clock("test"), "P1AAA", None)


class TestThere:
    @pytest.fixture(autouse=True)
    async def bound(self, talk):
        await talk.bind_groups()

    async def test_members_act_with_their_own_rights_and_a_slash(self, talk):
        await talk.say(MANAGER, "/new loja-1,", OWN_GROUP)
        await talk.carry_out()
        shown = await talk.tell(VIEWER, "/list", OWN_GROUP)
        assert shown.kind == "list"
        card = await talk.tell(MANAGER, "/subscribe loja-1", OWN_GROUP)
        refused = await talk.tell(VIEWER, "/subscribe loja-1", OWN_GROUP)
        assert refused.facts["code"] == "no_right"
        assert await talk.press(VIEWER, card, "confirm") == []
        assert await talk.press(STRANGER, card, "confirm") == []
        await talk.press(OWNER, card, "confirm")
        await talk.carry_out()
        assert await talk.states() == {"loja-1": "active"}
        assert await talk.say(OWNER, "list", OWN_GROUP) == []
        assert await talk.say(OWNER, "loja-1", OWN_GROUP) == []

    @pytest.mark.parametrize("user", [STRANGER, OTHER_OWNER, ADMIN])
    async def test_others_are_refused_with_one_sentence(self, talk, user):
        for words in ("/list", "/start", "/queue", "/help", "/new x", "/language pt"):
            said = await talk.tell(user, words, OWN_GROUP)
            assert said.text == "⛔ In this group only members of its account can use me."
        assert await talk.say(user, "/nonsense", OWN_GROUP) == []

    async def test_start_shows_where_one_stands(self, talk):
        assert (await talk.tell(VIEWER, "/start", OWN_GROUP)).kind == "home"

    async def test_secrets_are_sent_in_private(self, talk):
        said = await talk.say(OWNER, "/token", OWN_GROUP)
        assert [(one.chat_id, one.facts.get("what", one.kind)) for one in said] == [
            (OWNER, "token"), (OWN_GROUP, "sent_in_private"),
        ]  # fmt: skip
        [asked] = await talk.press(OWNER, said[0], "show_token")
        assert (asked.kind, asked.chat_id) == ("responsibility", OWNER)

    async def test_an_instances_token_is_sent_to_who_presses(self, talk):
        await talk.say(MANAGER, "/new loja-1,", OWN_GROUP)
        await talk.carry_out()
        here = [one for one in await talk.messages() if one.chat_id == OWN_GROUP]
        card = next(one for one in here if "show_token" in one.labels)
        said = await talk.press(OWNER, card, "show_token")
        assert [(one.chat_id, one.kind) for one in said] == [(OWNER, "secret"), (OWN_GROUP, "said")]
        assert all(one.kind != "secret" for one in await talk.messages() if one.chat_id < 0)
        assert await talk.press(VIEWER, card, "show_token") == []

    async def test_a_question_is_answered_by_a_reply_also_a_colleagues(self, talk):
        asked = await talk.tell(OWNER, "/new", OWN_GROUP)
        assert asked.facts["group"]
        await talk.sql("UPDATE messages SET message_id = 77 WHERE key = :key", key=asked.key)
        reply = {"reply_to_message": {**message(7_000_000, "?", OWN_GROUP), "message_id": 77}}
        refused = await talk.tell(VIEWER, "loja-9", OWN_GROUP, **reply)
        assert refused.facts["what"] == "question_of"
        await talk.say(MANAGER, "loja-1,", OWN_GROUP, **reply)
        assert list(await talk.states()) == ["loja-1"]

    async def test_what_is_told_the_group_is_in_its_owners_language(self, talk):
        await talk.say(OWNER, "/language pt")
        told = Message("group:notice:x:1:0", OWN_GROUP, "group_bound", {"person": "Ana"})
        await talk.store.write(lambda work: work.messages.say(told, at=work.now))
        shown = (await talk.messages())[-1]
        assert "vinculou" in (await talk.replies.render(shown)).text_html

    async def test_what_is_private_says_so(self, talk):
        for words in ("/team", "/apply Bolo"):
            said = await talk.tell(OWNER, words, OWN_GROUP)
            assert said.facts["code"] == "wrong_place"


class TestLettingGo:
    async def test_by_the_owner_ends_it(self, talk):
        await talk.bind_groups()
        shown = await talk.tell(OWNER, "/team")
        [done, *_] = await talk.press(OWNER, shown, "group_unbind")
        assert (done.facts["what"], await owner_of(talk, OWN_GROUP)) == ("group_let_go", None)
        assert (await talk.tell(OWNER, "/list", OWN_GROUP)).facts["code"] == "wrong_place"

    async def test_by_putting_the_bot_out_is_told_to_the_owners(self, talk):
        await talk.bind_groups()
        [told] = await talk.receive(met(OWN_GROUP, "member", "left", STRANGER))
        assert (told.chat_id, told.kind) == (OWNER, "group_unbound")
        assert await owner_of(talk, OWN_GROUP) is None

    async def test_a_supergroup_is_followed(self, talk):
        await talk.bind_groups()
        moved = message(OWNER, "", OWN_GROUP)
        del moved["text"]
        await talk.receive({"message": {**moved, "migrate_to_chat_id": -1009999}})
        assert await owner_of(talk, -1009999) == "P1AAA"
        assert (await talk.tell(OWNER, "/list", -1009999)).kind == "list"
