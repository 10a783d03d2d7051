"""Who acts for a partner: invited by a link, given other roles, removed."""

from datetime import timedelta

import pytest

from billing.partners import Role
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.desk import overview
from billing.services.partners import linking, team
from billing.services.partners.linking import CodeRefused
from billing.services.partners.team import LastOwner
from tests.billing.services.partners.test_linking import opened
from tests.billing.services.people import GROUP


async def invited(world, firm, user_id, role):
    """Return the firm through somebody who has just come by a link."""
    _, key, _ = await firm.do(team.invite, role)
    await world.person(user_id).do(linking.link, await opened(world, key))
    await world.settle()
    return key


async def roles(world, firm):
    members = await world.read(lambda work: work.people.members(firm.partner_id))
    return {member.user_id: member.role for member in members}


class TestALink:
    async def test_gives_the_role_that_was_chosen_and_all_hear(self, world, acme):
        key = await invited(world, acme, 71, Role.MANAGER)
        assert await roles(world, acme) == {acme.user_id: Role.OWNER, 71: Role.MANAGER}
        told = world.last(acme.user_id, "linked").facts
        assert (told["person"], told["role"]) == ("person 71", "manager")
        assert world.last(71, "linked").facts["you"]
        # The staff are not asked, and need not know.
        assert world.heard(GROUP, "staff_linked") == []
        assert await world.read(lambda work: work.tokens.secret(key)) is None
        assert (await world.actions(acme.partner_id))[-2:] == ["team.invite", "link"]

    async def test_is_good_once_and_for_fifteen_minutes(self, world, acme):
        _, key, ends_at = await acme.do(team.invite, Role.VIEWER)
        code = await opened(world, key)
        assert ends_at - world.clock.at == timedelta(minutes=15)
        await world.person(71).do(linking.link, code)
        with pytest.raises(CodeRefused):
            await world.person(72).do(linking.link, code)
        _, key, _ = await acme.do(team.invite, Role.VIEWER)
        late = await opened(world, key)
        await world.until_instant(world.clock.at + timedelta(minutes=15))
        with pytest.raises(CodeRefused):
            await world.person(72).do(linking.link, late)
        assert 72 not in await roles(world, acme)

    async def test_ends_with_the_rights_of_who_made_it(self, world, acme):
        other = await acme.joined(71, Role.OWNER)
        _, first, _ = await other.do(team.invite, Role.OWNER)
        _, second, _ = await other.do(team.invite, Role.OWNER)
        codes = [await opened(world, key) for key in (first, second)]
        await acme.do(team.change, 71, Role.MANAGER)
        with pytest.raises(CodeRefused):
            await world.person(72).do(linking.link, codes[0])
        await acme.do(team.remove, 71)
        with pytest.raises(CodeRefused):
            await world.person(72).do(linking.link, codes[1])

    async def test_is_for_owners_to_make(self, world, acme):
        manager = await acme.joined(71, Role.MANAGER)
        for attempt in (manager.do(team.invite, Role.OWNER), manager.do(team.look)):
            with pytest.raises(NoRight):
                await attempt
        with pytest.raises(NoRight):
            await world.staff().do(team.invite, Role.OWNER)


class TestARole:
    async def test_holds_from_the_next_update_on_and_owners_hear(self, world, acme):
        other = await acme.joined(71, Role.OWNER)
        viewer = await acme.joined(72, Role.VIEWER)
        with pytest.raises(NoRight):
            await viewer.new("loja-1")
        changed = await acme.do(team.change, 72, Role.MANAGER)
        assert changed.member.role is Role.MANAGER
        await viewer.new("loja-1")
        assert world.heard(other.user_id, "team_role")
        assert world.last(72, "team_role").facts["you"]
        # Who did it has the answer.
        assert world.heard(acme.user_id, "team_role") == []
        rows = await world.read(lambda work: work.audit.about("72", limit=5))
        row = next(one for one in rows if one.action == "team.role")
        assert (row.before, row.after) == ("viewer", "manager")

    async def test_that_one_has_is_given_already(self, world, acme):
        await acme.joined(72, Role.VIEWER)
        with pytest.raises(AlreadyDone) as refused:
            await acme.do(team.change, 72, Role.VIEWER)
        assert refused.value.facts["role"] is Role.VIEWER

    async def test_of_the_last_owner_stays(self, world, acme):
        await acme.joined(72, Role.VIEWER)
        before = await world.kept()
        for attempt in (
            acme.do(team.change, acme.user_id, Role.VIEWER),
            acme.do(team.remove, acme.user_id),
        ):
            with pytest.raises(LastOwner):
                await attempt
        assert await world.kept() == before | {
            name: rows for name, rows in (await world.kept()).items() if name == "partners"
        }

    async def test_of_another_partners_member_is_nobodys_to_give(self, world, acme):
        bolo = await world.enrolled(12, "Bolo")
        for attempt in (
            acme.do(team.change, bolo.user_id, Role.VIEWER),
            acme.do(team.remove, bolo.user_id),
            acme.do(team.one, 99),
        ):
            with pytest.raises(NotFound):
                await attempt


class TestWhoIsRemoved:
    async def test_loses_all_rights_at_once_and_hears_of_it(self, world, acme):
        other = await acme.joined(71, Role.OWNER)
        manager = await acme.joined(72, Role.MANAGER)
        await manager.do(overview.home)
        await acme.do(team.remove, 72)
        await world.settle()
        assert await roles(world, acme) == {acme.user_id: Role.OWNER, 71: Role.OWNER}
        assert world.last(72, "team_removed").facts["you"]
        assert not world.last(other.user_id, "team_removed").facts["you"]
        with pytest.raises(NoRight):
            await manager.do(overview.home)
        found = await acme.do(team.look)
        assert [one.member.user_id for one in found.colleagues] == [acme.user_id, 71]

    async def test_is_told_nothing_that_waited_to_be_said(self, world, acme):
        await acme.joined(72, Role.MANAGER)
        world.telegram_is_down = True
        (loja,) = await acme.new("loja-1")
        await world.until_instant((await acme.get(loja)).trial_ends_at)
        waiting = "SELECT state FROM messages WHERE chat_id = 72 AND kind LIKE 'notice%'"
        assert {row["state"] for row in await world.sql(waiting)} == {"queued"}
        await acme.do(team.remove, 72)
        assert {row["state"] for row in await world.sql(waiting)} == {"superseded"}
        world.telegram_is_down = False
        await world.settle()
        assert [kind for _, kind in world.heard(72)] == ["team_removed"]

    async def test_may_be_an_owner_who_goes_by_himself(self, world, acme):
        await acme.joined(71, Role.OWNER)
        await acme.do(team.remove, acme.user_id)
        await world.settle()
        assert await roles(world, acme) == {71: Role.OWNER}
        assert world.heard(acme.user_id, "team_removed") == []
        assert world.heard(71, "team_removed")

    async def test_may_come_back_by_another_link(self, world, acme):
        await acme.joined(72, Role.MANAGER)
        await acme.do(team.remove, 72)
        await invited(world, acme, 72, Role.VIEWER)
        assert (await roles(world, acme))[72] is Role.VIEWER


async def test_of_somebody_who_blocked_the_bot_the_others_see_it(world, acme):
    await acme.joined(72, Role.VIEWER)
    await world.person(72).do(overview.home)
    await world.sql("UPDATE persons SET blocked_at = 1 WHERE user_id = 72")
    found = await acme.do(team.look)
    assert [(one.name, one.blocked) for one in found.colleagues] == [
        (acme.name, False), ("person 72", True),
    ]  # fmt: skip
