"""A number drops: told once, if it lasts, together, awake; and not if it is back."""

from datetime import timedelta

import pytest

from billing.families import Family
from billing.instances import State
from billing.links import Link
from billing.services.facts import moment
from billing.services.partners import notified
from billing.services.platforms import links
from billing.services.platforms.links import Sight
from billing.services.ports import Linked
from tests.billing.samples import local
from tests.billing.services.platforms.there import There


@pytest.fixture
async def there(world, acme):
    """Return the platform, where Acme's loja-1 and loja-2 are connected."""
    platform = There(world)
    for made in await acme.new("loja-1", "loja-2"):
        platform.hold(made, connected=True)
    await platform.look()
    return platform


async def minutes(there, count):
    there.world.clock.at += timedelta(minutes=count)


async def dropped(there, *ids):
    for one in ids:
        there.change(one, connected=False)
    for _ in range(2):
        await minutes(there, 10)
        await there.look()


def told(world, chat_id=11):
    return world.heard(chat_id, "notice_link_down")


class TestADrop:
    async def test_is_told_after_a_second_look_with_a_button(self, world, acme, there):
        one, _ = there.rows
        there.change(one, connected=False)
        await minutes(there, 10)
        assert await there.look() == 1
        await world.until_instant(world.clock.at + timedelta(minutes=9))
        assert told(world) == []
        await minutes(there, 1)
        assert await there.look() == 0
        await world.until_instant(world.clock.at + links.GATHER)
        assert len(told(world)) == 1
        facts = world.last(11, "notice_link_down").facts
        (it,) = facts["instances"]
        assert (it["name"], moment(it["since"]["$at"])) == ("loja-1", local("2026-01-28 12:10"))
        assert await world.args("notice:link_down") == [{"instance": one}]
        assert await world.labels("notice:link_down") == {"pair"}

    async def test_is_told_once(self, world, there):
        await dropped(there, *there.rows)
        for _ in range(5):
            await minutes(there, 10)
            await there.look()
        assert len(told(world)) == 1

    async def test_is_told_with_the_others(self, world, there):
        await dropped(there, *there.rows)
        await world.until_instant(world.clock.at + links.GATHER)
        assert len(told(world)) == 1
        facts = world.last(11, "notice_link_down").facts
        assert [it["name"] for it in facts["instances"]] == ["loja-1", "loja-2"]
        assert await world.labels("notice:link_down") == {"named", "list"}

    async def test_is_not_told_where_it_is_back_before_the_second_look(self, world, there):
        one, _ = there.rows
        there.change(one, connected=False)
        await minutes(there, 10)
        await there.look()
        there.change(one, connected=True)
        await minutes(there, 10)
        await there.look()
        await world.until_instant(world.clock.at + timedelta(hours=2))
        assert told(world) == []

    async def test_is_not_told_where_it_is_back_before_it_is_said(self, world, there):
        one, _ = there.rows
        await dropped(there, one)
        there.change(one, connected=True)
        await there.look()
        await world.until_instant(world.clock.at + timedelta(hours=2))
        assert told(world) == []

    async def test_is_left_out_of_what_was_not_sent_yet(self, world, there):
        one, other = there.rows
        world.telegram_is_down = True
        await dropped(there, one, other)
        await world.until_instant(world.clock.at + links.GATHER)
        there.change(one, connected=True)
        await there.look()
        world.telegram_is_down = False
        await world.settle()
        facts = world.last(11, "notice_link_down").facts
        assert [it["id"] for it in facts["instances"]] == [other]

    async def test_wakes_nobody(self, world, there):
        await world.until("2026-01-28 23:00")
        await there.look()
        await dropped(there, *there.rows)
        await world.until("2026-01-29 07:59")
        assert told(world) == []
        await world.until("2026-01-29 08:00")
        assert told(world) == [("2026-01-29 08:00", "notice_link_down")]

    async def test_is_another_the_next_time(self, world, there):
        one, _ = there.rows
        for _ in range(2):
            there.change(one, connected=True)
            await there.look()
            await dropped(there, one)
            await world.until_instant(world.clock.at + links.GATHER)
        assert len(told(world)) == 2

    async def test_matters_only_while_it_runs(self, world, acme, there):
        one, other = there.rows
        await dropped(there, one, other)
        await acme.delete(one, other)
        await world.until_instant(world.clock.at + timedelta(hours=2))
        assert told(world) == []

    async def test_is_not_told_of_what_has_stopped(self, world, acme, there):
        await world.until("2026-01-30 12:01")
        assert set((await acme.states()).values()) == {"stopped"}
        await dropped(there, *there.rows)
        await world.until("2026-01-30 16:00")
        assert told(world) == []

    async def test_is_not_told_to_who_does_not_want_it(self, world, acme, there):
        await acme.do(notified.choose, "11", Family.LINKS, wanted=False)
        await dropped(there, *there.rows)
        await world.until_instant(world.clock.at + timedelta(hours=1))
        assert told(world) == []


class TestALook:
    async def test_writes_nothing_where_nothing_changed(self, world, there):
        before = await world.kept()
        await minutes(there, 10)
        await there.look()
        assert await world.kept() == before

    async def test_leaves_what_is_newer_than_the_question(self, world, there):
        one, _ = there.rows
        asked = world.clock.at - timedelta(minutes=1)
        there.change(one, connected=False)
        await there.look()
        await minutes(there, 1)
        await world.write(lambda work: links.connected_now(work, one))
        await world.write(lambda work: links.note(work, [(one, False)], begun=asked))
        assert (await world.read(lambda work: work.links.get(one))).link.connected

    async def test_knows_nobody_else(self, world, there):
        there.hold("ZZZZ9", connected=True)
        await there.look()
        assert (
            await world.write(lambda work: links.note(work, [("ZZZZ9", True)], begun=work.now)) == 0
        )

    async def test_goes_by_the_id_there_once_that_is_known(self, world, there):
        one, _ = there.rows
        await world.sql("UPDATE instances SET remote_id = 'other' WHERE id = :id", id=one)
        there.change(one, connected=False)
        await minutes(there, 10)
        await there.look()
        assert (await world.read(lambda work: work.links.get(one))).link.connected

    async def test_finds_the_platforms_at_which_anything_lives(self, world, acme, there):
        await world.sql("UPDATE instances SET platform = 'whapi' WHERE name = 'loja-2'")
        assert await world.read(lambda work: work.links.platforms()) == ["embedded", "whapi"]


class TestTurns:
    async def test_go_on_after_the_last_one_and_begin_with_what_is_in_doubt(self, world):
        def one(instance_id, doubted_at=None):
            return Linked(instance_id, "P", State.ACTIVE, None, Link(False, None, doubted_at))

        found = [one(sign) for sign in "DBAC"]
        assert [it.id for it in links.in_turn(found, "B")] == ["C", "D", "A", "B"]
        found.append(one("E", world.clock.at))
        assert [it.id for it in links.in_turn(found, "")] == ["E", "A", "B", "C", "D"]
        many = [one(f"A{nth:03}") for nth in range(50)]
        turn = links.in_turn(many, "A015")
        assert (turn[0].id, turn[-1].id, len(turn)) == ("A016", "A035", links.MOST_ASKED)

    async def test_are_of_what_runs_there_and_is_not_said_to_be(self, world, acme, there):
        one, _ = there.rows
        there.change(one, connected=None)
        sight = Sight.of(list(there.rows.values()), world.clock.at)

        async def unsaid():
            page = await world.read(lambda work: work.links.page("embedded", after="", limit=9))
            return {it.id for it in page if sight.unsaid(it)}

        assert await unsaid() == {one}
        await world.sql("UPDATE instances SET remote_id = id WHERE id = :id", id=one)
        assert await unsaid() == {one}
        await world.until("2026-01-30 12:01")
        assert await unsaid() == set()

    async def test_change_nothing_where_a_look_tells_nothing_new(self, world, there):
        one, _ = there.rows
        before = await world.kept()
        await world.write(lambda work: links.note(work, [(one, True)], begun=work.now))
        assert await world.kept() == before
