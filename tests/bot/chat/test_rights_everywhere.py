"""Every command and every button, by everybody, everywhere: it comes through where it may."""

import pytest

from bot.chat import dispatch
from bot.chat.actions import ACTIONS
from bot.chat.cards.plain import said
from bot.chat.commands import COMMANDS, TABLE
from tests.bot.chat.places import (
    GROUPS,
    PLACES,
    SPEAKERS,
    allowed,
    hear,
    press,
    rights,
    there,
    with_buttons,
)
from tests.bot.chat.talk import ADMIN, OWN_GROUP, OWNER, STAFF_GROUP, forwarded, message, place

CHANNEL = {"id": -1009, "type": "channel", "title": "c"}


@pytest.fixture
async def came(talk, monkeypatch):
    """Return what came through to its handler, in the order in which it did."""
    await talk.bind_groups()
    through = []

    def handler(name):
        async def record(turn, _words):
            through.append((turn.user_id, name))
            return said("nothing_to_show")

        return record

    for name in COMMANDS:
        monkeypatch.setitem(dispatch.SAYS, name, handler(name))
    for name in ACTIONS:
        monkeypatch.setitem(dispatch.PRESSES, name, handler(name))
    return through


@pytest.mark.parametrize("where", PLACES)
class TestEverybody:
    async def test_comes_through_with_the_commands_of_the_table_alone(self, talk, came, where):
        due = []
        for user in SPEAKERS:
            chat = there(user, where)
            for command in TABLE:
                await hear(talk, {"message": message(user, f"/{command.name} x", chat)})
                due += [(user, command.name)] if allowed(command, user, chat) else []
        assert came == due
        assert await talk.denied() == len(SPEAKERS) * len(TABLE) - len(due)

    async def test_comes_through_with_the_buttons_of_the_table_alone(self, talk, came, where):
        due = []
        for user in SPEAKERS:
            chat = there(user, where)
            shown = await with_buttons(talk, chat, ACTIONS)
            for action, right in ACTIONS.items():
                await hear(talk, press(user, shown[action], chat))
                due += [(user, action)] if right in rights(user, chat) else []
        assert came == due
        assert await talk.denied() == len(SPEAKERS) * len(ACTIONS) - len(due)


class TestNobodySurely:
    @pytest.mark.parametrize("chat", GROUPS)
    @pytest.mark.parametrize(
        "more",
        [
            {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}},
            {"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}},
            {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}},
            {"sender_chat": CHANNEL},
            {"via_bot": {"id": 9, "is_bot": True, "first_name": "b"}},
            forwarded(),
        ],
        ids=["anonymous", "channel", "telegram", "sent_as", "via_bot", "forwarded"],
    )
    async def test_comes_through_with_nothing(self, talk, came, chat, more):
        if "from" in more:
            more = {"sender_chat": place(chat), **more}
        for speaker in (ADMIN, OWNER):
            for command in TABLE:
                words = message(speaker, f"/{command.name} x", chat, **more)
                await hear(talk, {"message": words})
        assert came == []

    @pytest.mark.parametrize("where", PLACES)
    async def test_who_changes_a_message_comes_through_with_nothing(self, talk, came, where):
        for user in SPEAKERS:
            for command in TABLE:
                words = message(user, f"/{command.name} x", there(user, where))
                await hear(talk, {"edited_message": words})
        assert came == []

    async def test_who_forwards_to_the_bot_comes_through_with_nothing(self, talk, came):
        for user in SPEAKERS:
            for command in TABLE:
                words = message(user, f"/{command.name} x", user, **forwarded())
                await hear(talk, {"message": words})
        assert came == []

    async def test_channels_are_not_heard(self, talk, came):
        for command in TABLE:
            post = message(ADMIN, f"/{command.name} x", -1009)
            post["chat"] = CHANNEL
            await hear(talk, {"channel_post": post})
            await hear(talk, {"message": post})
        assert came == []


class TestAButton:
    """It is for the chat, and in private for the person, that it was shown to."""

    async def test_does_nothing_in_another_chat_or_another_hand(self, talk, came):
        shown = await with_buttons(talk, OWNER, ACTIONS)
        for user, chat in ((OWNER, OWN_GROUP), (ADMIN, STAFF_GROUP), (ADMIN, ADMIN)):
            for data in shown.values():
                await hear(talk, press(user, data, chat))
        assert [name for _, name in came if name != "home"] == []

    async def test_of_a_role_that_was_taken_away_does_nothing(self, talk, came):
        shown = await with_buttons(talk, OWNER, ACTIONS)
        await talk.sql(f"DELETE FROM members WHERE user_id = {OWNER}")
        for data in shown.values():
            await hear(talk, press(OWNER, data, OWNER))
        assert {ACTIONS[name] for _, name in came} == {"anyone"}

    async def test_shown_in_a_group_is_pressed_by_whoever_has_the_right(self, talk, came):
        shown = await with_buttons(talk, OWN_GROUP, ["leave_confirm"])
        for user in SPEAKERS:
            await hear(talk, press(user, shown["leave_confirm"], OWN_GROUP))
        assert came == [(OWNER, "leave_confirm")]
