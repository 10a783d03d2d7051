"""Which reminders come to whom, and the hours in which nobody is woken."""

from datetime import time, timedelta

import pytest

from billing.families import Family
from billing.nights import HoursRefused
from billing.partners import Role
from billing.refusals import NoRight, NotFound
from billing.services.partners import notified, own_group, preferences, team
from tests.billing.services.days.people import a_firm
from tests.billing.services.partners.test_own_group import OURS, bound
from tests.billing.services.people import SAM


async def told(world, chat_id, prefix="notice_"):
    return [kind for _, kind in world.heard(chat_id, prefix)]


class TestWhatIsChosen:
    async def test_is_at_first_as_the_role_has_it(self, acme):
        manager = await acme.joined(72, Role.MANAGER)
        owner, other = await acme.do(notified.look), await manager.do(notified.look)
        assert owner.wanted == dict.fromkeys(
            (*(Family.TRIALS, Family.INVOICES, Family.CANCELLATIONS, Family.QUOTA), Family.LINKS),
            True,
        )
        assert other.wanted == {**owner.wanted, Family.INVOICES: False}
        assert (owner.others, other.others) == ({"72": "72"}, {})
        assert (owner.owner, other.owner) == (True, False)

    async def test_turns_reminders_off_and_leaves_the_end_of_a_trial(self, world, acme):
        await acme.do(notified.choose, "11", Family.TRIALS, wanted=False)
        manager = await acme.joined(72, Role.MANAGER)
        (loja,) = await manager.new("loja-1")
        await world.until_instant((await acme.get(loja)).trial_ends_at)
        await world.until("2026-02-10 12:00")
        assert await told(world, 72) == [
            "notice_trial_24h",
            "notice_trial_3h",
            "notice_trial_ended",
            "notice_trial_deleted",
        ]
        assert await told(world, acme.user_id) == ["notice_trial_ended", "notice_trial_deleted"]

    async def test_turns_reminders_on_for_who_gets_them_not_by_role(self, world, acme):
        viewer = await acme.joined(72, Role.VIEWER)
        await viewer.do(notified.choose, "72", Family.INVOICES, wanted=True)
        await acme.running("loja-1")
        await world.until("2026-02-01 12:00")
        assert await told(world, 72) == ["notice_invoice_issued"]

    async def test_of_stops_and_deletions_is_nobodys(self, world, acme):
        with pytest.raises(NotFound):
            await acme.do(notified.choose, "11", Family.IMPORTANT, wanted=False)
        for family in (Family.TRIALS, Family.INVOICES, Family.CANCELLATIONS, Family.QUOTA):
            await acme.do(notified.choose, "11", family, wanted=False)
        await acme.running("loja-1")
        await world.until("2026-02-16 12:00")
        assert await told(world, acme.user_id) == [
            "notice_stop_soon", "notice_last_day", "notice_stopped", "notice_deletion_tomorrow",
            "notice_deleted",
        ]  # fmt: skip

    async def test_for_others_is_the_owners_to_choose(self, world, acme):
        viewer = await acme.joined(72, Role.VIEWER)
        await viewer.do(notified.look)
        before = await world.kept()
        for attempt in (
            viewer.do(notified.look, "11"),
            viewer.do(notified.choose, "11", Family.TRIALS, wanted=False),
            viewer.do(notified.sleep, None),
        ):
            with pytest.raises(NoRight):
                await attempt
        assert await world.kept() == before
        shown = await acme.do(notified.choose, "72", Family.TRIALS, wanted=True)
        assert shown.wanted[Family.TRIALS]
        assert "notices" in await world.actions(acme.partner_id)
        with pytest.raises(NoRight):
            await world.staff(SAM).do(notified.look)

    async def test_for_nobody_of_the_team_is_refused(self, world, acme):
        await world.enrolled(12, "Bolo")
        for reader in ("12", "group", "99"):
            with pytest.raises(NotFound):
                await acme.do(notified.choose, reader, Family.TRIALS, wanted=True)

    async def test_of_days_is_there_where_they_are_paid_for(self, world):
        firm = await a_firm(world)
        shown = await firm.do(notified.look)
        assert {Family.DAYS, Family.BALANCE} <= set(shown.wanted)

    async def test_is_forgotten_with_the_membership(self, world, acme):
        viewer = await acme.joined(72, Role.VIEWER)
        await viewer.do(notified.choose, "72", Family.TRIALS, wanted=True)
        await acme.do(team.remove, 72)
        await acme.joined(72, Role.VIEWER)
        assert not (await viewer.do(notified.look)).wanted[Family.TRIALS]


class TestTheGroup:
    async def test_gets_what_was_chosen_for_it_beside_the_members(self, world, acme):
        await bound(world, acme)
        shown = await acme.do(notified.look, "group")
        assert not any(shown.wanted.values())
        for family in (Family.TRIALS, Family.IMPORTANT):
            await acme.do(notified.choose, "group", family, wanted=True)
        await acme.new("loja-1")
        await world.until("2026-02-10 12:00")
        assert await told(world, OURS) == await told(world, acme.user_id)
        assert len(await told(world, OURS)) == 4

    async def test_hears_nothing_any_more_once_it_is_let_go(self, world, acme):
        await bound(world, acme)
        await acme.do(notified.choose, "group", Family.TRIALS, wanted=True)
        await acme.do(own_group.unbind)
        await bound(world, acme)
        assert not (await acme.do(notified.look, "group")).wanted[Family.TRIALS]

    async def test_is_no_warning_of_a_deletion(self, world, acme):
        """Who must be warned of it is warned, or nothing is deleted."""
        await bound(world, acme)
        await acme.do(notified.choose, "group", Family.IMPORTANT, wanted=True)
        await acme.running("loja-1")
        world.blocked.add(acme.user_id)
        await world.until("2026-02-15 12:00")
        assert "notice_deletion_tomorrow" in await told(world, OURS)
        keys = await world.sql("SELECT key FROM messages WHERE chat_id = :chat", chat=OURS)
        assert all(row["key"].startswith("group:") for row in keys if "notice" in row["key"])

    async def test_is_not_told_what_no_longer_matters(self, world, acme):
        await bound(world, acme)
        await acme.do(notified.choose, "group", Family.TRIALS, wanted=True)
        first, second = await acme.new("loja-1", "loja-2")
        world.telegram_is_down = True
        await world.until_instant((await acme.get(first)).trial_ends_at - timedelta(hours=1))
        there = "SELECT facts FROM messages WHERE chat_id = :chat AND state = 'queued'"
        assert all("loja-1" in row["facts"] for row in await world.sql(there, chat=OURS))
        await acme.delete(first)
        rest = await world.sql(there, chat=OURS)
        assert rest
        assert not any("loja-1" in row["facts"] for row in rest)
        await acme.delete(second)
        assert await world.sql(there, chat=OURS) == []


class TestQuietHours:
    async def test_move_what_waits_and_hold_what_is_sent(self, world, acme):
        await acme.new("loja-1")
        before = await world.due("notice:trial_24h%")
        partner = await acme.do(notified.sleep, (time(11), time(23)))
        assert partner.quiet == "11:00-23:00"
        after = await world.due("notice:trial_24h%")
        assert before != after
        assert {at[-5:] for at, _ in after} == {"23:00"}
        assert (await acme.do(notified.look)).night.begins == time(11)
        await acme.do(preferences.live_in, "Asia/Tokyo")
        assert (await acme.partner()).night == "Asia/Tokyo 11:00-23:00"

    async def test_can_be_the_usual_ones_again(self, world, acme):
        await acme.new("loja-1")
        before = await world.due("notice:%")
        await acme.do(notified.sleep, (time(11), time(23)))
        assert (await acme.do(notified.sleep, None)).quiet is None
        assert await world.due("notice:%") == before
        rows = await world.read(lambda work: work.audit.about(acme.partner_id, limit=2))
        assert [(row.action, row.before, row.after) for row in rows] == [
            ("quiet_hours", "11:00-23:00", ""), ("quiet_hours", "", "11:00-23:00"),
        ]  # fmt: skip

    async def test_longer_than_half_a_day_are_refused(self, acme):
        with pytest.raises(HoursRefused):
            await acme.do(notified.sleep, (time(10), time(23)))

    async def test_end_before_what_was_queued_is_sent(self, world, acme):
        await acme.do(notified.sleep, (time(11), time(23)))
        await acme.new("loja-1")
        await world.until("2026-02-10 12:00")
        hours = {at[-5:] for at, _ in world.heard(acme.user_id, "notice_")}
        assert all(hour >= "23:00" or hour < "11:00" for hour in hours), hours
