"""An extension that the platform refuses: every day comes back, and the instance is as before."""

from datetime import timedelta

import pytest

from billing.instances import State
from billing.services.facts import micros
from tests.billing.services.days.people import a_firm, utc
from tests.billing.services.people import GROUP

NO = "channel is blocked"


@pytest.fixture
async def firm(world):
    firm = await a_firm(world)
    await firm.buys(90)
    return firm


def told(world, firm):
    return world.last(firm.chat_id, "extension_refused").facts


class TestARefusedExtension:
    async def test_of_a_trial_leaves_the_trial_and_all_days(self, world, firm):
        (loja,) = await firm.new("loja-1")
        before = await firm.get(loja)
        world.refusing["extend"] = NO
        await firm.extend(30, loja)
        assert await firm.days() == 90
        assert await firm.get(loja) == before
        facts = told(world, firm)
        assert (facts["days"], facts["why"], facts["state"]) == (30, NO, "trial")
        (item,) = world.last(firm.chat_id, "progress").facts["items"]
        assert (item["at_platform"], item["why"]) == ("refused", NO)
        assert world.last(GROUP, "platform_trouble").facts["why"] == NO
        await world.until_instant(before.trial_ends_at + timedelta(hours=1))
        assert (await firm.get(loja)).state is State.STOPPED

    async def test_is_not_asked_again_and_can_be_asked_for_anew(self, world, firm):
        (loja,) = await firm.new("loja-1")
        world.refusing["extend"] = NO
        await firm.extend(30, loja)
        world.refusing.clear()
        await world.until_instant(world.clock.at + timedelta(hours=2))
        assert ("extend", loja) not in world.asked
        await firm.extend(30, loja)
        assert ("extend", loja) in world.asked
        assert await firm.days() == 60
        assert (await firm.get(loja)).active_until == utc("2026-03-04 15:00")

    async def test_of_what_is_active_leaves_it_its_former_end(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        before = await firm.get(loja)
        world.refusing["extend"] = NO
        await firm.extend(30, loja)
        assert await firm.get(loja) == before
        assert await firm.days() == 60
        assert told(world, firm)["until"] == {"$at": micros(before.active_until)}
        await world.until_instant(before.active_until + timedelta(minutes=1))
        assert (await firm.get(loja)).state is State.STOPPED

    async def test_of_what_ran_out_leaves_it_stopped_and_deleted_later(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        await world.until_instant(utc("2026-03-05 15:00"))
        assert (await firm.get(loja)).state is State.STOPPED
        world.refusing["extend"] = NO
        await firm.extend(30, loja)
        assert (await firm.get(loja)).state is State.STOPPED
        assert await firm.days() == 60
        assert told(world, firm)["state"] == "stopped"
        # That it has run out was said when it did.
        assert len(firm.heard("notice_days_out")) == 1
        await world.until_instant(utc("2026-04-20 15:00"))
        assert (await firm.get(loja)).state is State.DELETED
        assert await firm.days() == 60

    async def test_of_a_trial_that_ended_meanwhile_stops_it(self, world, firm):
        (loja,) = await firm.new("loja-1")
        world.silent.add("extend")
        await firm.extend(30, loja)
        await world.until_instant(utc("2026-02-05 15:00"))
        assert (await firm.get(loja)).state is State.ACTIVE
        world.silent.clear()
        world.refusing["extend"] = NO
        await world.until_instant(utc("2026-02-05 17:00"))
        assert (await firm.get(loja)).state is State.STOPPED
        assert await firm.days() == 90
        assert world.asked[-1] == ("stop", loja)

    async def test_of_what_ended_meanwhile_stops_it(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        world.silent.add("extend")
        await firm.extend(30, loja)
        await world.until_instant(utc("2026-03-05 15:00"))
        world.silent.clear()
        world.refusing["extend"] = NO
        await world.until_instant(utc("2026-03-05 17:00"))
        assert (await firm.get(loja)).state is State.STOPPED
        assert world.asked[-1] == ("stop", loja)
        assert await firm.days() == 60

    async def test_of_several_gives_back_what_was_given_since_the_last_confirmed_one(
        self, world, firm
    ):
        (loja,) = await firm.new("loja-1")
        await firm.extend(20, loja)
        before = await firm.get(loja)
        world.silent.add("extend")
        await firm.extend(20, loja)
        await world.until_instant(world.clock.at + timedelta(minutes=1))
        await firm.extend(30, loja)
        assert await firm.days() == 20
        world.silent.clear()
        world.refusing["extend"] = NO
        await world.until_instant(world.clock.at + timedelta(hours=2))
        assert await firm.days() == 70
        assert await firm.get(loja) == before
        rows = await world.sql("SELECT state FROM platform_calls ORDER BY seq")
        assert [row["state"] for row in rows] == ["done", "done", "void", "refused"]

    async def test_gives_way_to_a_deletion_that_returned_the_days_already(self, world, firm):
        (loja,) = await firm.new("loja-1")
        world.silent.add("extend")
        await firm.extend(30, loja)
        await firm.delete(loja)
        world.silent.clear()
        world.refusing["extend"] = NO
        await world.until_instant(world.clock.at + timedelta(hours=2))
        assert await firm.days() == 90
        assert world.asked[-1] == ("delete", loja)
        assert firm.heard("extension_refused") == []

    async def test_takes_no_days_by_itself_any_more(self, world, firm):
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        await firm.auto(loja, by=30)
        world.refusing["extend"] = NO
        ends = (await firm.get(loja)).active_until
        await world.until_instant(ends + timedelta(hours=1))
        assert (await firm.get(loja)).auto_extend is None
        assert told(world, firm)["auto"]
        assert await firm.days() == 60
        assert len(firm.heard("extension_refused")) == 1

    async def test_that_a_person_was_to_see_to_closes_the_card(self, world, firm):
        (loja,) = await firm.new("loja-1")
        until = world.clock.at + timedelta(minutes=5)
        world.later["extend"], world.by_person = until, True
        await firm.extend(30, loja)
        world.later.clear()
        world.refusing["extend"] = NO
        await world.until_instant(until)
        assert await firm.days() == 90
        assert world.last(GROUP, "staff_by_hand").facts["state"] == "refused"
