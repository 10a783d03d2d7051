"""A partner's own group: bound by an owner with a code, and let go."""

from dataclasses import replace

import pytest

from billing.families import Family
from billing.partners import Role
from billing.refusals import NoRight, NotFound
from billing.services import access
from billing.services.desk import office, overview
from billing.services.partners import linking, notified, own_group, team
from billing.services.partners.linking import CodeRefused
from billing.services.partners.own_group import GroupTaken
from tests.billing.services.partners.test_linking import opened
from tests.billing.services.people import GROUP, SOFIA

OURS = -200


async def code_for(world, firm):
    _, key, _ = await firm.do(own_group.invite)
    return await opened(world, key)


async def bound(world, firm, chat_id=OURS):
    """Return the firm, speaking in a group that was bound to it."""
    there = replace(firm, chat_id=chat_id)
    await there.do(own_group.bind, chat_id, await code_for(world, firm))
    await world.settle()
    return there


async def of(world, firm):
    return await world.read(lambda work: work.groups.of_partner(firm.partner_id))


class TestBinding:
    async def test_lets_members_act_there_with_their_own_rights(self, world, acme):
        await acme.joined(71, Role.OWNER)
        viewer = replace(await acme.joined(72, Role.VIEWER), chat_id=OURS)
        with pytest.raises(NoRight):
            await viewer.do(overview.home)
        there = await bound(world, acme)
        await there.new("loja-1")
        await viewer.do(overview.home)
        with pytest.raises(NoRight):
            await viewer.new("loja-2")
        assert world.heard(71, "group_bound")
        assert world.heard(72, "group_bound") == []
        assert (await acme.do(team.look)).group == OURS

    async def test_lets_nobody_else_do_anything_there(self, world, acme):
        await bound(world, acme)
        bolo = await world.enrolled(12, "Bolo")
        for user_id in (bolo.user_id, SOFIA, 99):
            somebody = replace(world.person(user_id), chat_id=OURS)
            with pytest.raises(NoRight):
                await somebody.do(linking.link, "x")

    async def test_needs_an_owner_of_that_partner_and_a_code_for_a_group(self, world, acme):
        bolo = await world.enrolled(12, "Bolo")
        manager = replace(await acme.joined(72, Role.MANAGER), chat_id=OURS)
        code = await code_for(world, acme)
        for somebody in (manager, replace(bolo, chat_id=OURS), world.person(99)):
            with pytest.raises(CodeRefused):
                await somebody.do(own_group.bind, OURS, code)
        _, key, _ = await acme.do(team.invite, Role.OWNER)
        for wrong in (await opened(world, key), "guess"):
            with pytest.raises(CodeRefused):
                await replace(acme, chat_id=OURS).do(own_group.bind, OURS, wrong)
        assert await of(world, acme) is None

    async def test_code_makes_nobody_a_member(self, world, acme):
        code = await code_for(world, acme)
        with pytest.raises(CodeRefused):
            await world.person(99).do(linking.link, code)

    async def test_works_once(self, world, acme):
        code = await code_for(world, acme)
        await acme.do(own_group.bind, OURS, code)
        with pytest.raises(CodeRefused):
            await acme.do(own_group.bind, -201, code)

    async def test_takes_no_group_that_is_bound(self, world, acme):
        bolo = await world.enrolled(12, "Bolo")
        await bound(world, bolo)
        for chat_id in (GROUP, OURS):
            with pytest.raises(GroupTaken):
                await acme.do(own_group.bind, chat_id, await code_for(world, acme))

    async def test_of_a_second_group_lets_the_first_go(self, world, acme):
        await bound(world, acme)
        await bound(world, acme, -201)
        assert await of(world, acme) == -201
        assert await world.read(lambda work: work.groups.owner(OURS)) is None
        assert await world.read(lambda work: work.groups.all()) == [-201]

    async def test_is_the_partners_and_never_the_staffs(self, world, acme):
        await bound(world, acme)
        admin = replace(world.staff(), chat_id=OURS)
        with pytest.raises(NoRight):
            await admin.do(office.bind, "", in_group=True)

    async def test_is_for_owners_to_ask_for(self, world, acme):
        manager = await acme.joined(72, Role.MANAGER)
        for use_case in (own_group.invite, own_group.unbind):
            with pytest.raises(NoRight):
                await manager.do(use_case)


class TestLettingGo:
    async def test_ends_all_rights_there(self, world, acme):
        there = await bound(world, acme)
        assert await acme.do(own_group.unbind) == OURS
        with pytest.raises(NoRight):
            await there.do(overview.home)
        with pytest.raises(NotFound):
            await acme.do(own_group.unbind)
        await world.settle()
        assert world.heard(acme.user_id, "group_unbound")
        assert (await world.actions(acme.partner_id))[-3:] == [
            "group.invite", "group.bind", "group.unbind",
        ]  # fmt: skip

    async def test_follows_when_the_bot_is_put_out(self, world, acme):
        await bound(world, acme)
        somebody = replace(world.person(99), chat_id=OURS)

        async def kicked(work, actor):
            await own_group.put_out(work, actor, OURS)
            await own_group.put_out(work, actor, -999)

        await somebody.do(kicked)
        await world.settle()
        assert await of(world, acme) is None
        assert world.last(acme.user_id, "group_unbound").facts == {"person": "person 99"}


async def test_a_group_that_takes_no_messages_any_more_is_let_go(world, acme):
    await bound(world, acme)
    await acme.do(notified.choose, "group", Family.TRIALS, wanted=True)
    world.blocked.add(OURS)
    await acme.new("loja-1")
    await world.until("2026-02-10 12:00")
    assert await of(world, acme) is None
    assert world.last(acme.user_id, "group_unbound").facts == {"person": ""}
    assert len(world.heard(acme.user_id, "group_unbound")) == 1


async def test_a_supergroup_is_followed(world, acme):
    await bound(world, acme)
    await world.write(lambda work: work.people.rename_chat(OURS, -1000200))
    await world.write(lambda work: work.people.rename_chat(OURS, -1000200))
    assert await of(world, acme) == -1000200
    there = replace(acme, chat_id=-1000200)
    await there.do(overview.home)


async def test_rights_are_of_the_group_that_is_spoken_in(world, acme):
    """A member of one partner is nobody in another's group."""
    bolo = await world.enrolled(12, "Bolo")
    await bound(world, bolo)
    heard = access.Heard(acme.user_id, "Ana", "en", OURS, False, "update:1")
    actor, _ = await world.write(lambda work: access.recognise(work, heard))
    assert actor.rights == frozenset()
    assert actor.partner_id == acme.partner_id
