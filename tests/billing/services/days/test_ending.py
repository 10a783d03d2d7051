"""Days run out: what stops, what is said, what is deleted."""

from datetime import timedelta

import pytest

from billing.notices import NoticeKind
from billing.services.desk import office
from billing.services.noticing import SAYS
from billing.services.payments import reversals
from tests.billing.services.days.people import a_firm, running, utc
from tests.billing.services.people import FRED, GROUP, SOFIA

DAYS_ALONE = ("notice_days", "notice_low")


@pytest.fixture
async def firm(world):
    return await a_firm(world)


class TestRunningOut:
    async def test_is_said_3_days_and_1_day_before_then_it_stops_and_is_deleted_30_days_later(
        self, world, firm
    ):
        await running(firm, 10, "loja-1")
        await world.until_instant(utc("2026-03-20 12:00"))
        assert firm.heard("notice_days") == [
            ("2026-02-09 15:00", "notice_days_3d"),
            ("2026-02-11 15:00", "notice_days_1d"),
            ("2026-02-12 15:01", "notice_days_out"),
            ("2026-03-07 15:00", "notice_days_deletion_7d"),
            ("2026-03-13 15:00", "notice_days_deletion_1d"),
            ("2026-03-14 15:01", "notice_days_deleted"),
        ]
        assert await firm.states() == {"loja-1": "deleted"}
        actions = [row.action for row in await world.read(
            lambda work: work.audit.about(None, limit=40)
        )]  # fmt: skip
        assert {"days_out", "delete"} <= set(actions)
        assert [operation for operation, _ in world.asked] == [
            "create", "extend", "stop", "delete",
        ]  # fmt: skip

    async def test_of_thirty_at_once_is_one_message(self, world, firm):
        await running(firm, 10, *(f"loja-{number}" for number in range(30)))
        await world.until_instant(utc("2026-03-20 12:00"))
        assert [kind for _, kind in firm.heard("notice_days")] == [
            "notice_days_3d",
            "notice_days_1d",
            "notice_days_out",
            "notice_days_deletion_7d",
            "notice_days_deletion_1d",
            "notice_days_deleted",
        ]
        assert len(world.last(firm.chat_id, "notice_days_out").facts["instances"]) == 30

    async def test_of_some_within_moments_is_one_message(self, world, firm):
        for name in ("loja-1", "loja-2", "loja-3"):
            await running(firm, 10, name)
            await world.until_instant(world.clock.at + timedelta(milliseconds=5))
        await world.until_instant(utc("2026-02-13 12:00"))
        assert [kind for _, kind in firm.heard("notice_days_out")] == ["notice_days_out"]
        assert len(world.last(firm.chat_id, "notice_days_out").facts["instances"]) == 3

    async def test_of_what_was_extended_meanwhile_is_not_said(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        await world.until_instant(utc("2026-02-09 12:00"))
        await firm.extend(30, loja)
        await world.until_instant(utc("2026-02-20 12:00"))
        assert firm.heard("notice_days") == []

    async def test_can_be_undone_by_extending_until_the_deletion(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        await world.until_instant(utc("2026-03-13 16:00"))
        await firm.extend(30, loja)
        await world.until_instant(utc("2026-03-25 12:00"))
        assert await firm.states() == {"loja-1": "active"}
        assert await firm.until(loja) == "2026-04-12 16:00"
        assert world.asked[-1] == ("extend", loja)

    async def test_is_told_to_everybody_when_it_is_deleted_together(self, world, firm):
        await running(firm, 10, "loja-1", "loja-2")
        await world.until_instant(utc("2026-03-20 12:00"))
        assert [kind for _, kind in firm.heard("notice_days_del")] == [
            "notice_days_deletion_7d",
            "notice_days_deletion_1d",
            "notice_days_deleted",
        ]
        told = world.last(firm.chat_id, "notice_days_deleted").facts["instances"]
        assert [one["name"] for one in told] == ["loja-1", "loja-2"]

    async def test_twice_is_said_and_deleted_as_the_second_time_has_it(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        await world.until_instant(utc("2026-02-20 12:00"))
        await firm.extend(5, loja)
        await world.until_instant(utc("2026-03-24 12:00"))
        assert await firm.states() == {"loja-1": "stopped"}
        await world.until_instant(utc("2026-03-28 12:00"))
        assert await firm.states() == {"loja-1": "deleted"}
        assert [kind for _, kind in firm.heard("notice_days_out")] == ["notice_days_out"] * 2

    async def test_waits_while_all_stops_are_halted(self, world, firm):
        await running(firm, 10, "loja-1")
        await world.staff(SOFIA).do(office.halt, "maintenance")
        await world.until_instant(utc("2026-02-20 12:00"))
        assert await firm.states() == {"loja-1": "active"}
        await world.staff(SOFIA).do(office.resume)
        await world.settle()
        assert await firm.states() == {"loja-1": "stopped"}

    async def test_wakes_nobody(self, world, firm):
        await world.until_instant(utc("2026-01-29 02:00"))
        await running(firm, 10, "loja-1")
        await world.until_instant(utc("2026-03-30 12:00"))
        world.nobody_was_woken(firm.chat_id, "UTC")
        assert len(firm.heard("notice_days")) == 6

    async def test_is_told_to_everybody_and_deleted_only_after_the_warning_arrived(
        self, world, firm
    ):
        await running(firm, 10, "loja-1")
        await world.until_instant(utc("2026-03-10 12:00"))
        world.telegram_is_down = True
        await world.until_instant(utc("2026-03-16 12:00"))
        assert await firm.states() == {"loja-1": "stopped"}
        world.telegram_is_down = False
        await world.until_instant(utc("2026-03-20 12:00"))
        assert await firm.states() == {"loja-1": "deleted"}

    async def test_of_a_partner_that_cannot_be_reached_is_told_to_the_staff_and_goes_on(
        self, world, firm
    ):
        await running(firm, 10, "loja-1")
        world.blocked.add(firm.chat_id)
        await world.until_instant(utc("2026-03-20 12:00"))
        assert await firm.states() == {"loja-1": "deleted"}

    async def test_of_a_partner_with_nobody_linked_is_told_to_the_staff_once_and_goes_on(
        self, world, firm
    ):
        await running(firm, 10, "loja-1")
        await world.sql("DELETE FROM members")
        await world.until_instant(utc("2026-03-20 12:00"))
        assert await firm.states() == {"loja-1": "deleted"}
        assert len(world.heard(GROUP, "staff_nobody_linked")) == 1


@pytest.mark.parametrize("down", [timedelta(hours=25), timedelta(days=8), timedelta(days=45)])
@pytest.mark.parametrize(
    "begin", ["2026-02-09 14:00", "2026-02-12 14:00", "2026-03-07 14:00", "2026-03-13 14:00"]
)
async def test_an_outage_doubles_nothing_and_destroys_nothing_in_haste(world, firm, begin, down):
    keeps, _ = await running(firm, 10, "auto", "ends")
    await firm.auto(keeps)
    await world.until_instant(utc(begin))
    world.clock.at += down
    await world.until_instant(max(world.clock.at, utc("2026-03-15 00:00")) + timedelta(days=34))
    assert await firm.states() == {"auto": "active", "ends": "deleted"}
    kinds = [kind for _, kind in firm.heard("notice_days")]
    assert len(kinds) == len(set(kinds))
    assert {"notice_days_out", "notice_days_deletion_1d"} <= set(kinds)
    warned = world.last(firm.chat_id, "notice_days_deletion_1d")
    (deleted,) = await world.sql(
        "SELECT at FROM audit WHERE action = 'delete' AND kind = 'instance'"
    )
    assert deleted["at"] >= (warned.at.timestamp() + 12 * 3600) * 10**6
    world.nobody_was_woken(firm.chat_id, "UTC")


class TestALowBalance:
    async def test_is_said_once_until_it_is_not_low_any_more(self, world, firm):
        one, two = await running(firm, 30, "loja-1", "loja-2", bought=74)
        # 14 days for two: seven days each, and not less.
        assert firm.heard("notice_low") == []
        await firm.extend(1, one)
        assert len(firm.heard("notice_low")) == 1
        told = world.last(firm.chat_id, "notice_low_balance").facts
        assert told == {"balance": 13, "limit": 0, "running": 2, "days": 6}
        await firm.extend(1, two)
        assert len(firm.heard("notice_low")) == 1
        await firm.buys(10)
        await firm.extend(15, one)
        assert len(firm.heard("notice_low")) == 2

    async def test_that_is_none_any_more_in_the_morning_is_not_said(self, world, firm):
        await running(firm, 30, "loja-1", bought=37)
        await world.until_instant(utc("2026-01-28 23:00"))
        await firm.extend(5, *[(await world.read(
            lambda work: work.instances.of_partner(firm.partner_id)
        ))[0].id])  # fmt: skip
        await firm.buys(90)
        await world.until_instant(utc("2026-01-29 12:00"))
        assert firm.heard("notice_low") == []


class TestAReversedPayment:
    async def test_takes_the_days_back_even_below_nothing(self, world, firm):
        (loja,) = await running(firm, 30, "loja-1", bought=40)
        (invoice,) = await firm.invoices()
        foreseen = await world.staff(FRED).do(reversals.foresee, invoice.number)
        assert (foreseen.days, foreseen.shortfall) == (40, 30)
        await world.staff(FRED).do(reversals.reverse, invoice.number, "bounced")
        await world.settle()
        assert await firm.days() == -30
        assert (await firm.get(loja)).state == "active"
        # Paid again, they are credited again, once.
        await firm.pays_for((await firm.invoices())[0], ref="again")
        assert await firm.days() == 10

    async def test_of_what_nobody_pays_again_ends_void(self, world, firm):
        await running(firm, 30, "loja-1", bought=40)
        (invoice,) = await firm.invoices()
        await world.until_instant(utc("2026-02-20 12:00"))
        await world.staff(FRED).do(reversals.reverse, invoice.number, "bounced")
        await world.until_instant(utc("2026-03-01 12:00"))
        assert [one.state for one in await firm.invoices()] == ["void", "paid"]


def test_every_kind_of_notice_has_a_way_to_be_said():
    assert set(SAYS) == set(NoticeKind)
