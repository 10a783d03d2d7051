"""People of a partner through the sandbox's HTTP: the team, its group, reminders, own data."""

import re

from tests.scenarios.world import Human, enrolled, living_in

LINK = re.compile(r"t\.me/\w+\?start=(\S+)")
GROUP_LINK = re.compile(r"/bind (\S+)")


async def invited(world, owner: Human, name: str, role: str, language: str = "en") -> Human:
    """Return a newcomer who came by a one-time link."""
    await owner.says(f"/team invite {role}")
    code = LINK.search((await owner.last()).text)[1]
    person = await world.newcomer(name, language)
    await person.says(f"/start {code}")
    return person


async def in_group(world, owner: Human, *others: Human) -> list[Human]:
    """Return people in a group that is bound to the owner's account."""
    members = [owner, *others]
    body = {"title": "Acme", "type": "group", "members": [one.id for one in members]}
    chat = await world.post("chats", body, settle=1)
    there = [Human(world, one.id, one.name, chat["id"]) for one in members]
    await owner.says("/team")
    await owner.presses("Own group")
    code = GROUP_LINK.search((await owner.last()).text)[1]
    [bound] = await there[0].says(f"/bind {code}")
    assert "group of Acme" in bound.text
    return there


async def test_a_team_is_invited_given_roles_and_removed():
    async with living_in() as world:
        carla = await enrolled(world)
        mia = await invited(world, carla, "Mia", "manager")
        assert "Mia acts for Acme from now on, as manager." in (await carla.last()).text
        await mia.says("/new loja-1")
        assert (await world.platform())["loja-1"] == "trial"
        card, *_ = await mia.says("/subscribe loja-1")
        [refused] = await mia.says("/team")
        assert "Your role does not allow that" in refused.text
        await carla.says("/team")
        await carla.presses("Mia")
        await carla.presses("Viewer")
        assert "You are viewer of Acme now" in (await mia.last()).text
        await mia.presses("Confirm", on=card)
        assert (await world.platform())["loja-1"] == "trial"
        await carla.says("/team Mia remove")
        await carla.presses("Confirm")
        assert "You no longer act for Acme" in (await mia.last()).text
        [gone] = await mia.says("/list")
        assert "not a partner" in gone.text
        [last] = await carla.says("/team Carla remove")
        assert "only owner" in last.text


async def test_a_link_works_once_and_for_fifteen_minutes():
    async with living_in() as world:
        carla = await enrolled(world)
        await carla.says("/membros convite leitor")
        code = LINK.search((await carla.last()).text)[1]
        ana = await world.newcomer("Ana", "pt-br")
        ben = await world.newcomer("Ben")
        home, *_ = await ana.says(f"/start {code}")
        assert "Acme" in home.text
        [used] = await ben.says(f"/start {code}")
        assert "code" in used.text
        await carla.says("/team invite viewer")
        late = LINK.search((await carla.last()).text)[1]
        await world.advance("15m")
        [over] = await ben.says(f"/start {late}")
        assert over.text == used.text


async def test_a_group_of_its_own_is_worked_in_and_keeps_no_secrets():
    async with living_in() as world:
        carla = await enrolled(world)
        vera = await invited(world, carla, "Vera", "viewer", "pt-br")
        steve = await world.newcomer("Steve")
        c, v, s = await in_group(world, carla, vera, steve)
        await c.says("/new loja-1")
        [shown] = await v.says("/lista")
        assert "loja-1" in shown.text
        [denied] = await v.says("/assinar loja-1")
        assert "⛔" in denied.text
        [stranger] = await s.says("/list")
        assert stranger.text == "⛔ In this group only members of its account can use me."
        assert await c.says("list") == []
        [note] = await c.says("/token")
        assert "in private" in note.text
        assert "token" in (await carla.last()).text
        [private] = await c.says("/team")
        assert "private" in private.text
        moved = await world.post(f"chats/{c.chat_id}/migrate", settle=1)
        there = Human(world, carla.id, "Carla", moved["id"])
        assert "loja-1" in (await there.says("/list"))[0].text
        await carla.says("/team")
        await carla.presses("Unbind group")
        [unbound] = await there.says("/list")
        assert "loja-1" not in unbound.text


async def test_reminders_go_where_they_are_wanted_and_nobody_is_woken():
    async with living_in() as world:
        carla = await enrolled(world)
        await carla.says("/language pt")
        [shown] = await carla.says("/avisos")
        assert "22:00" in shown.text
        [quiet] = await carla.says("/avisos silencio 20h-7h")
        assert "das 20:00 às 07:00" in quiet.text
        await carla.says("/language en")
        (c,) = await in_group(world, carla)
        await carla.says("/notices")
        await carla.presses("✅ Trials")
        await carla.says("/notices")
        await carla.presses("Our group")
        await carla.presses("🔕 Trials")
        await carla.says("/new loja-1")
        before, there = await carla.last_id(), await c.last_id()
        await world.advance("3d")
        assert any("loja-1" in text for text in await c.texts(there))
        private = await carla.texts(before)
        assert not any("24" in text and "loja-1" in text for text in private)
        assert any("loja-1" in text for text in private), "the end is always told"


async def test_ones_own_data_is_sent_and_removed():
    async with living_in() as world:
        carla = await enrolled(world)
        vera = await invited(world, carla, "Vera", "viewer", "pt-br")
        said = await vera.says("/exportar")
        assert any("document" in str(one.raw) for one in said)
        [asked] = await vera.says("/esquecer")
        assert "Acme" in asked.text
        await vera.presses("Confirmar")
        assert "Vera no longer acts for Acme, by own choice." in (await carla.last()).text
        [last] = await carla.says("/forget")
        assert "only owner" in last.text


async def test_a_lost_owner_is_replaced_by_an_admin_and_all_hear():
    async with living_in() as world:
        carla = await enrolled(world)
        mia = await invited(world, carla, "Mia", "manager")
        sofia = await world.staff()
        await sofia.says("/partner Acme")
        await sofia.presses("Owner code")
        code = re.search(r"/start (\S+)", (await sofia.last()).text)[1]
        otto = await world.newcomer("Otto")
        await otto.says(f"/start {code}")
        for one in (carla, mia):
            assert "Otto acts for Acme from now on, as owner." in (await one.last()).text
        [team] = await otto.says("/team")
        assert "Otto" in team.text
