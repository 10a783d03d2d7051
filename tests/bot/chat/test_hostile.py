"""What people should not send, and do."""

import random

import pytest

from bot.chat.commands import COMMANDS
from tests.bot.chat.talk import ADMIN, OWNER, STAFF_GROUP, STRANGER

PIECES = [
    *("/", "@desk_bot", " ", "\n", ",", ";", '"', "“", "-", "1-9", "999999999999", "0"),
    *("<b>", "</a>", "&lt;", "<a href='tg://user?id=1'>Paid</a>", "\u202e", "\u0000", "\ud800"),
    *("🧾" * 30, "٣", "½", "１", "R$", "2026-03-09", "INT-2026-00001", "all", "trial", "loja-1"),
    *("x" * 600, "'; DROP TABLE partners; --", "%s{0}{wanted}", "\\", "\u200b", "é" * 70),
    *COMMANDS,
]


@pytest.mark.parametrize(
    ("user", "chat"), [(STRANGER, STRANGER), (OWNER, OWNER), (ADMIN, STAFF_GROUP)]
)
async def test_words_of_any_kind_are_answered_or_ignored_and_never_break_anything(talk, user, chat):
    await talk.create("loja-1")
    chance = random.Random(user)
    for _ in range(250):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        name = chance.choice(list(COMMANDS))
        text = f"/{name} {text}" if chance.random() < 0.7 else text
        for said in await talk.say(user, text[:4096], chat):
            assert len(said.text) > 0
    [row] = await talk.sql("SELECT COUNT(*) AS n FROM partners")
    assert row["n"] == 2


async def test_name_with_markup_and_unseen_signs_is_kept_as_it_is(talk):
    [said] = await talk.say(OWNER, "/new <b>x</b>&")
    assert said.facts["items"][0]["name"] == "<b>x</b>&"
    assert "&lt;b&gt;x&lt;/b&gt;&amp;" in said.text


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"text": "/start"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": "x"}, "text": "/start"}},
        {"callback_query": {"id": "1"}},
        {"message": 7},
    ],
)
async def test_update_that_cannot_be_read_is_an_error_and_changes_nothing(talk, broken):
    with pytest.raises((TypeError, ValueError, AttributeError, KeyError)):
        await talk.receive(broken)
    rows = await talk.sql("SELECT state FROM inbox")
    assert [row["state"] for row in rows] == ["new"]
    assert await talk.messages() == []
