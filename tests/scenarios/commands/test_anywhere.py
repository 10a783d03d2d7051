"""What everybody can say, in every language that has names for it."""

from __future__ import annotations

import re

import pytest

from bot.chat.commands import TABLE
from bot.chat.languages import LANGUAGES
from tests.scenarios.commands.telling import Speaker, Stories
from tests.scenarios.commands.tongues import CODES
from tests.scenarios.world import Human

STORIES = Stories(*CODES)
CODE = re.compile(r"/bind (\S+)")


@pytest.mark.parametrize("code", STORIES.codes)
async def test_stories(code):
    await STORIES.tell(code)


async def group(scene, *members: Speaker, title: str = "Somewhere") -> list[Speaker]:
    """Return people in a new group."""
    body = {"title": title, "type": "group", "members": [one.human.id for one in members]}
    chat = await scene.world.post("chats", body, settle=1)
    return [
        Speaker(scene, Human(scene.world, one.human.id, one.name, chat["id"])) for one in members
    ]


@STORIES.about("start", "help")
async def greeted(scene):
    eva = await scene.newcomer("Eva")
    greeting = await eva.asks("start")
    scene.tongue.told(
        greeting, "Not a partner yet? Apply with {command} and the name of your company."
    )
    used = await eva.asks("start", "A" * 22)
    assert used.text != greeting.text
    helped = await eva.asks("help")
    scene.tongue.told(
        helped, "Once you are a partner there is more: instances, invoices, your token."
    )
    owner = await scene.partner("Lar")
    scene.tongue.told(await owner.asks("start"), "🏠 {partner}", "Lar")
    name = scene.tongue.name_of("cancel")
    scene.tongue.told(await owner.asks("help", name), "What it does: {brief}.", "/cancel")
    near = await owner.asks("help", "cancelx")
    scene.tongue.told(near, "I do not know {wanted}. Did you mean…")


@STORIES.about("help")
async def every_command_is_explained(scene):
    eva = await scene.newcomer("Eva")
    for command in TABLE:
        told = await eva.asks("help", scene.tongue.name_of(command.name))
        scene.tongue.told(told, "What it does: {brief}.")


@STORIES.about("language")
async def spoken(scene):
    eva = await scene.newcomer("Eva")
    for language, name in LANGUAGES.items():
        told = await eva.asks("language", name)
        assert name in told.text
        offered = await eva.asks("language", "klingon")
        assert name in offered.text, language
    own = LANGUAGES[scene.tongue.language]
    await eva.says("language", own)
    scene.tongue.told(await eva.asks("language"), "🌐 I speak {language} with you. Another?", own)


@STORIES.about("timezone")
async def told_the_time(scene):
    eva = await scene.newcomer("Eva")
    before = await eva.asks("timezone")
    scene.tongue.told(before, "🕘 Times are told by the clock of {zone}.")
    done = await eva.asks("timezone", "Asia/Tokyo")
    scene.tongue.told(done, "✅ Times are told by the clock of {zone}.")
    after = await eva.asks("timezone")
    assert after.text != before.text
    wrong = await eva.asks("timezone", "Nowhere/Qqqqqq")
    scene.tongue.told(wrong, "There is no time zone {wanted}. Write it like {example}.")
    await eva.says("cancel")
    assert (await eva.asks("timezone")).text == after.text


@STORIES.about("bind")
async def bound_to_a_partner(scene):
    owner = await scene.partner("Grupo")
    eva = await scene.newcomer("Eva")
    there, stranger = await group(scene, owner, eva)
    wrong = await there.asks("bind", "B" * 22)
    scene.tongue.told(
        wrong,
        "That code is wrong, used or over: it works once, for 15 minutes. Ask for a new one.",
    )
    await owner.says("team")
    await owner.presses("Own group")
    found = CODE.search((await owner.last()).text)
    assert found is not None
    await stranger.says("bind", found[1])
    bound = await there.asks("bind", found[1])
    scene.tongue.told(bound, "✅ This is the group of {partner} now.", "Grupo")
    await there.says("new", "grupo-1")
    assert "grupo-1" in (await there.asks("list")).text
    denied = await stranger.asks("list")
    scene.tongue.told(denied, "⛔ In this group only members of its account can use me.")


@STORIES.about("bind")
async def bound_for_the_staff(scene):
    sofia, eva = await scene.staff(), await scene.newcomer("Eva")
    there, stranger = await group(scene, sofia, eva, title="Second desk")
    hint = await stranger.asks("bind")
    assert not scene.tongue.tells(hint, "This group is a staff group already.")
    scene.tongue.told(
        await there.asks("bind"),
        "✅ This is a staff group now: cards appear here. {command} gives colleagues their roles.",
    )
    scene.tongue.told(await there.asks("queue"), "✅ Nothing waits.")
    again = await there.asks("bind")
    scene.tongue.told(again, "This group is a staff group already.")
