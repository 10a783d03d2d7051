"""Instances that extend themselves: by whole days that are there, or not at all."""

import pytest

from billing.instances import NotInThisState
from billing.refusals import AlreadyDone
from billing.services.days import auto_extending, overview
from billing.services.desk import office
from billing.services.payments import giving
from tests.billing.services.days.people import a_firm, running, utc
from tests.billing.services.people import FRED, SAM


@pytest.fixture
async def firm(world):
    return await a_firm(world)


class TestAutoExtend:
    async def test_takes_its_days_with_less_than_a_day_left(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        await firm.auto(loja)
        await world.until_instant(utc("2026-02-11 14:59"))
        assert await firm.days() == 990
        await world.until_instant(utc("2026-02-11 15:00"))
        assert await firm.days() == 960
        assert await firm.until(loja) == "2026-03-14 15:00"
        await world.until_instant(utc("2026-03-20 12:00"))
        assert await firm.days() == 930
        assert firm.heard("notice_days", "notice_low") == []

    async def test_is_told_apart_from_what_people_did(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        await firm.auto(loja)
        await world.until_instant(utc("2026-02-11 15:00"))
        moved = (await firm.do(overview.card)).movements
        assert [(one.days, one.by_clock) for one in moved] == [
            (-30, True), (-10, False), (1000, False),
        ]  # fmt: skip
        assert (await world.actions(loja))[-2:] == ["auto", "auto_extend"]

    async def test_takes_the_number_it_was_given(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        await firm.auto(loja, by=7)
        await world.until_instant(utc("2026-02-13 12:00"))
        assert await firm.until(loja) == "2026-02-19 15:00"

    async def test_goes_from_the_trial_on_if_told_to(self, world, firm):
        await firm.buys(100)
        (loja,) = await firm.new("loja-1")
        await firm.auto(loja)
        await world.until_instant(utc("2026-02-05 12:00"))
        assert await firm.until(loja) == "2026-03-04 15:00"
        assert [kind for _, kind in firm.heard("notice_trial_ended")] == []

    async def test_never_takes_a_part_and_says_so_before_and_when_it_stops(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1", bought=39)
        await firm.auto(loja)
        await world.until_instant(utc("2026-02-14 12:00"))
        assert await firm.days() == 29
        assert firm.heard("notice_days") == [
            ("2026-02-09 15:00", "notice_days_3d"),
            ("2026-02-11 15:00", "notice_days_1d"),
            ("2026-02-12 15:01", "notice_days_out"),
        ]
        told = world.last(firm.chat_id, "notice_days_3d").facts
        assert (told["balance"], told["instances"][0]["auto"]) == (29, True)
        assert await firm.states() == {"loja-1": "stopped"}

    async def test_that_found_no_days_takes_them_when_they_come(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1", bought=10)
        await firm.auto(loja)
        await world.until_instant(utc("2026-02-12 12:00"))
        await firm.buys(30)
        assert await firm.until(loja) == "2026-03-14 15:00"
        assert await firm.days() == 0

    async def test_lets_run_again_what_stopped_for_want_of_days(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1", bought=10)
        await firm.auto(loja)
        await world.until_instant(utc("2026-02-14 12:00"))
        await firm.buys(30)
        assert await firm.until(loja) == "2026-03-16 12:00"
        assert world.asked[-1] == ("extend", loja)
        await world.until_instant(utc("2026-03-10 12:00"))
        assert await firm.states() == {"loja-1": "active"}

    async def test_takes_what_staff_give(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1", bought=10)
        await firm.auto(loja)
        await world.until_instant(utc("2026-02-12 12:00"))
        await world.staff(FRED).do(giving.give_days, firm.partner_id, 30, "sorry")
        await world.settle()
        assert await firm.until(loja) == "2026-03-14 15:00"

    async def test_takes_what_a_deletion_gives_back(self, world, firm):
        one, two = await running(firm, 10, "loja-1", "loja-2", bought=60)
        await firm.auto(one)
        await firm.extend(40, two)
        await world.until_instant(utc("2026-02-12 12:00"))
        assert await firm.days() == 0
        await firm.delete(two)
        assert await firm.until(one) == "2026-03-14 15:00"

    async def test_is_set_for_several_and_refused_by_each_for_itself(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        gone, fresh = await firm.new("loja-2", "loja-3")
        await firm.delete(gone)
        await firm.auto(loja)
        done = await firm.auto(loja, gone, fresh)
        assert [type(item.refusal) for item in done.items] == [
            AlreadyDone, NotInThisState, type(None),
        ]  # fmt: skip
        off = await firm.do(auto_extending.switch, [loja, fresh], on=False)
        assert (off.days, [item.instance.auto_extend for item in off.items]) == (None, [None, None])
        assert await world.due("days_auto%") == []

    async def test_goes_on_for_a_frozen_partner(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        await firm.auto(loja)
        await world.staff(SAM).do(office.freeze, firm.partner_id, "fraud")
        await world.until_instant(utc("2026-02-12 12:00"))
        assert await firm.days() == 960

    async def test_serves_what_ends_first_if_there_is_not_enough_for_all(self, world, firm):
        first, second = await running(firm, 10, "loja-1", "loja-2", bought=61)
        await firm.extend(1, second)
        await firm.auto(first, second)
        await world.until_instant(utc("2026-02-14 12:00"))
        assert await firm.states() == {"loja-1": "active", "loja-2": "stopped"}
        # The one that was reached was never spoken of.
        for kind in ("notice_days_3d", "notice_days_1d", "notice_days_out"):
            shown = world.last(firm.chat_id, kind).facts["instances"]
            assert [one["name"] for one in shown] == ["loja-2"]
