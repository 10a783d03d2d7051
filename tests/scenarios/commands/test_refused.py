"""Who is refused what, where: a handful of commands for each role and place, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.sandbox.values import CHANNEL_BOT, GROUP_ANONYMOUS_BOT, TELEGRAM
from tests.scenarios.commands.telling import Scene, Speaker
from tests.scenarios.commands.test_anywhere import group
from tests.scenarios.commands.test_partner_people import invited
from tests.scenarios.commands.tongues import BOTH, Tongue
from tests.scenarios.world import Human, Said, living_in

ROLE = "⛔ Your role does not allow that."
NEEDS_STAFF = "⛔ That needs a staff right that you do not have, in the staff group."
NO_PARTNER = "You are not a partner yet. Apply with {command} and the name of your company."
OUTSIDER = "⛔ In this group only members of its account can use me."
PRIVATE = "That is for a private chat: write to me there."
STAFF_GROUP = "That works in the staff group only."
NO_INSTANCE = "There is no instance {wanted}. /list shows yours."
NOBODY = (
    "I cannot tell who wrote that: please write as yourself, not anonymously, or press a button."
)
# Said by anybody who may not, each would change what `standing` looks at.
OF_STAFF = (("freeze", "Acme no"), ("credit", "Acme 5.00 no"), ("halt", "no"), ("grant", "Acme"))
OF_PARTNERS = (("new", "hers-1"), ("subscribe", "loja-1"), ("delete", "loja-1"))


@dataclass
class Cast:
    """Everybody, each in the private chat but for staff, who are in their group."""

    scene: Scene
    owner: Speaker
    viewer: Speaker
    manager: Speaker
    finance: Speaker
    other: Speaker
    stranger: Speaker
    admin: Speaker
    support: Speaker
    staff_finance: Speaker

    async def refused(self, who: Speaker, sentence: str, *cells: tuple[str, str]) -> None:
        """Assert that somebody is refused each of these commands with that sentence."""
        for command, words in cells:
            self.scene.tongue.told(await who.asks(command, words), sentence)


@asynccontextmanager
async def cast(code: str) -> AsyncIterator[Cast]:
    """Let a world be peopled; whatever is tried in it must leave it as it was."""
    async with living_in() as world:
        scene = Scene(world, Tongue(code))
        owner = await scene.partner("Acme")
        await owner.says("new", "loja-1")
        members = [await invited(scene, owner, role) for role in ("viewer", "manager", "finance")]
        other = await scene.partner("Outra")
        admin, ida = await scene.staff(), await scene.newcomer("Ida")
        desk, _ = await group(scene, admin, ida, title="Money desk")
        await desk.says("bind")
        await admin.says("staff", f"{ida.human.id} finance")
        staff_finance = Speaker(scene, Human(world, ida.human.id, ida.name, desk.human.chat_id))
        found = Cast(
            scene, owner, *members, other, await scene.stranger(),
            admin, await scene.staff("Sam"), staff_finance,
        )  # fmt: skip
        before = await standing(found)
        yield found
        assert await standing(found) == before


async def standing(found: Cast) -> tuple[dict[str, str], str, str, str]:
    """Return all that could have been changed."""
    return (
        await found.scene.world.platform(),
        (await found.owner.asks("show", "loja-1")).text,
        (await found.admin.asks("partner", "Acme")).text,
        (await found.admin.asks("queue")).text,
    )


@pytest.mark.parametrize("code", BOTH)
async def test_roles_in_private(code):
    async with cast(code) as found:
        for who in (found.viewer, found.finance):
            await found.refused(who, ROLE, *OF_PARTNERS)
        for who in (found.viewer, found.manager):
            await found.refused(who, ROLE, ("pay", ""), ("company", "Mine"), ("statement", ""))
        for who in (found.viewer, found.manager, found.finance):
            await found.refused(who, ROLE, ("team", ""), ("leave", ""))
        await found.refused(found.other, NO_INSTANCE, *OF_PARTNERS[1:], ("show", "loja-1"))
        await found.refused(found.stranger, NO_PARTNER, *OF_PARTNERS, ("list", ""), ("token", ""))
        for who in (found.owner, found.viewer, found.stranger):
            await found.refused(who, NEEDS_STAFF, *OF_STAFF, ("queue", ""), ("as", "Acme list"))
        # Whoever reads can go on reading.
        assert "loja-1" in (await found.viewer.asks("list")).text


@pytest.mark.parametrize("code", BOTH)
async def test_roles_of_the_staff(code):
    async with cast(code) as found:
        money = (("paid", "INT-1 1.00 X"), ("credit", "Acme 5.00 no"), ("debts", ""))
        await found.refused(found.support, NEEDS_STAFF, *money)
        of_admins = (("halt", "no"), ("resume", ""), ("settings", ""), ("broadcast", "all no"))
        for who in (found.support, found.staff_finance):
            await found.refused(who, NEEDS_STAFF, *of_admins, ("programme", "Acme days"))
        await found.refused(found.admin, PRIVATE, *OF_PARTNERS)
        alone = in_chat(found, found.admin, found.admin.human.id)
        await found.refused(alone, STAFF_GROUP, *OF_STAFF)
        assert "Acme" in (await found.staff_finance.asks("partner", "Acme")).text


@pytest.mark.parametrize("code", BOTH)
async def test_groups(code):
    async with cast(code) as found:
        scene = found.scene
        people = (found.owner, found.viewer, found.other, found.stranger, found.admin)
        desk = await group(scene, *people, title="Desk")
        await desk[-1].says("bind")
        for who in desk[:-1]:
            await found.refused(who, NEEDS_STAFF, *OF_STAFF, ("queue", ""))
        await found.refused(desk[0], PRIVATE, *OF_PARTNERS)
        card = await desk[-1].asks("partner", "Acme")
        for who in desk[:-1]:
            await may_not_press(who, "Freeze", card)

        owner, viewer, other, stranger, admin = await group(scene, *people, title="Acme")
        for who in (owner, viewer, other):
            await found.refused(who, PRIVATE, *OF_PARTNERS, ("token", ""))
        await found.refused(admin, STAFF_GROUP, *OF_STAFF)
        await found.owner.says("team")
        await found.owner.presses("Own group")
        code_of_group = (await found.owner.last()).text.split("/bind ")[1].split()[0]
        await owner.says("bind", code_of_group)
        for who in (other, stranger, admin):
            await found.refused(who, OUTSIDER, *OF_PARTNERS, *OF_STAFF, ("list", ""))
        await found.refused(viewer, ROLE, *OF_PARTNERS)
        await found.refused(owner, NEEDS_STAFF, *OF_STAFF)
        await found.refused(owner, PRIVATE, ("team", ""), ("notices", ""))
        # Nobody presses what another was asked.
        asked = await owner.asks("subscribe", "loja-1")
        for who in (viewer, other, stranger, admin):
            await may_not_press(who, "Confirm", asked)
        await owner.presses("Back", on=asked)


@pytest.mark.parametrize("code", BOTH)
async def test_words_that_nobody_surely_says(code):
    async with cast(code) as found:
        scene, admin = found.scene, found.admin
        for sender in (GROUP_ANONYMOUS_BOT, CHANNEL_BOT, TELEGRAM):
            for command, words in OF_STAFF:
                text = f"/{scene.tongue.name_of(command)} {words}"
                who = Human(scene.world, sender, "Somebody", admin.human.chat_id)
                # What is said so bears the id of a bot of Telegram's.
                told = [one for one in await who.says(text) if one.text != text]
                assert [is_about_nobody(scene, one) for one in told] == [True], told
        *_, channel = await admin.says("halt", "no", sender_chat=-1003000000001)
        assert is_about_nobody(scene, channel)
        # Changed and forwarded words are no commands: in the group nothing is said to them.
        await admin.writes("good morning")
        mine = [one for one in await admin.human.heard() if one.text == "good morning"][-1]
        for command, words in OF_STAFF:
            assert await admin.says(command, words, edit_of=mine.message_id) == []
            assert await admin.says(command, words, forward_from="The boss") == []
        await found.owner.writes("good morning")
        hers = [one for one in await found.owner.human.heard() if one.text == "good morning"][-1]
        for command, words in OF_PARTNERS:
            changed = await found.owner.asks(command, words, edit_of=hers.message_id)
            scene.tongue.told(
                changed, "I do not act on messages that were changed: please send it anew."
            )
            forwarded = await found.owner.asks(command, words, forward_from="The boss")
            scene.tongue.told(
                forwarded, "I do not act on forwarded messages: please write it yourself."
            )


async def may_not_press(who: Speaker, label: str, card: Said) -> None:
    """Assert that somebody is told so over the chat, and the card stays as it is."""
    answer = await who.presses(label, on=card)
    tongue = who.scene.tongue
    assert tongue.tells(answer["answer"], "You may not do that. Nothing was changed."), answer
    assert (await who.now(card)).text == card.text


def is_about_nobody(scene: Scene, said: Said) -> bool:
    """Whether it is said that a writer cannot be told; nobody's language is English."""
    return Tongue("en").tells(said, NOBODY) or scene.tongue.tells(said, NOBODY)


def in_chat(found: Cast, who: Speaker, chat_id: int) -> Speaker:
    """Return somebody in another chat."""
    return Speaker(found.scene, Human(found.scene.world, who.human.id, who.name, chat_id))
