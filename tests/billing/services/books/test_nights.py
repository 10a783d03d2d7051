"""Telegram was down until the night: nobody is woken, and the morning says what matters still."""

import pytest

from billing.services.partners import preferences
from tests.billing.services.test_noticing import names


async def back_at(world, night: str) -> None:
    """Let Telegram be down up to that instant, and then be back."""
    world.telegram_is_down = True
    await world.until(night)
    world.telegram_is_down = False
    await world.settle()


class TestWhatWasPlannedByDayAndCouldNotBeSent:
    @pytest.mark.parametrize("night", ["2026-02-05 22:00", "2026-02-06 07:59"])
    async def test_waits_for_the_morning(self, world, acme, night):
        await acme.running("a")
        await world.until("2026-02-05 08:00")
        await back_at(world, night)
        heard = acme.heard("notice_invoice")
        await world.until("2026-02-06 08:59")
        world.nobody_was_woken(acme.chat_id)
        # By eight the invoice is overdue, and that it is due is stale.
        assert acme.heard("notice_invoice") == heard
        await world.until("2026-02-06 10:00")
        assert acme.heard("notice_invoice")[-1] == ("2026-02-06 09:00", "notice_invoice_overdue")

    async def test_is_said_in_the_morning_if_it_is_of_use_then(self, world, acme):
        await acme.running("a")
        await world.until("2026-02-01 08:00")
        await back_at(world, "2026-02-01 23:30")
        await world.until("2026-02-02 12:00")
        assert acme.heard("notice_") == [("2026-02-02 08:00", "notice_invoice_issued")]

    async def test_waits_by_the_partners_own_clock(self, world, acme):
        await acme.running("a")
        await acme.do(preferences.live_in, "Asia/Tokyo")
        await world.until("2026-02-01 20:00")
        # One in the afternoon here, one in the night there.
        await back_at(world, "2026-02-02 13:00")
        await world.until("2026-02-02 21:00")
        assert acme.heard("notice_", zone="Asia/Tokyo") == [
            ("2026-02-03 08:00", "notice_invoice_issued")
        ]

    async def test_does_not_hold_up_what_staff_and_who_asked_are_told(self, world, acme):
        await acme.running("a")
        await world.until("2026-02-01 08:00")
        await back_at(world, "2026-02-01 23:00")
        await acme.new("b")
        assert world.heard(acme.chat_id, "progress")[-1] == ("2026-02-01 23:00", "progress")


class TestWhatIsSaidOfATokenAtNight:
    async def test_waits_for_the_morning(self, world, acme):
        await world.until("2026-01-28 23:00")
        await acme.new(*(f"loja-{n}" for n in range(25)))
        await acme.granted()
        await world.until("2026-01-29 12:00")
        assert sorted(acme.heard("token")) == [
            ("2026-01-29 08:00", "token_granted"), ("2026-01-29 08:00", "token_used_up"),
        ]  # fmt: skip


class TestWhatNoLongerMattersInTheMorning:
    async def test_is_not_said_of_an_invoice_that_was_paid(self, world, acme):
        await acme.running("a")
        await world.until("2026-02-06 08:00")
        await back_at(world, "2026-02-06 23:00")
        await acme.pays("2026-01")
        await world.until("2026-02-20 12:00")
        assert "notice_invoice_overdue" not in [kind for _, kind in acme.heard("notice_")]

    async def test_is_not_said_of_a_trial_that_was_subscribed(self, world, acme):
        (a,) = await acme.new("a")
        await world.until("2026-01-29 10:00")
        await back_at(world, "2026-01-29 23:00")
        await acme.subscribe(a)
        await world.until("2026-01-31 12:00")
        assert acme.heard("notice_trial") == []

    async def test_is_left_out_of_what_is_said_of_the_others(self, world, acme):
        a, b, c = await acme.new("a", "b", "c")
        await world.until("2026-01-29 10:00")
        await back_at(world, "2026-01-29 23:00")
        await acme.subscribe(a)
        await acme.delete(b)
        await world.until("2026-01-30 08:30")
        assert names(world, acme.chat_id, "notice_trial_24h") == [["c"]]
        assert await world.args("notice:trial_24h") == [{"instances": [c]}] * 2

    async def test_leaves_what_waits_of_other_trials_as_it_is(self, world, acme):
        (a,) = await acme.new("a")
        await world.until("2026-01-28 20:00")
        await acme.new("b")
        await world.until("2026-01-29 10:00")
        await back_at(world, "2026-01-29 23:00")
        await acme.delete(a)
        await world.until("2026-01-30 08:30")
        assert names(world, acme.chat_id, "notice_trial_24h") == [["b"]]

    async def test_is_not_said_of_a_cancellation_that_was_kept(self, world, acme):
        (a,) = await acme.running("a")
        await acme.cancel(a)
        await acme.pays_until("2026-02-24 11:00")
        await back_at(world, "2026-02-24 23:00")
        await acme.keep(a)
        await acme.pays_until("2026-03-10 12:00")
        assert acme.heard("notice_service") == []
