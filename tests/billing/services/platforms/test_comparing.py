"""The night's comparison: what is found, kept while it lasts, shown to staff, and closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.comparison import Kind
from billing.refusals import AlreadyDone, NotFound
from billing.services.desk import claiming, health, waiting
from billing.services.desk.health import Level, Machine
from billing.services.facts import EPOCH, micros
from billing.services.operations import Operation
from billing.services.platforms import cards, comparing
from billing.services.ports.platforms import HeldState
from tests.billing.services.days.people import DaysFirm
from tests.billing.services.people import GROUP
from tests.billing.services.platforms.there import There


@pytest.fixture
async def there(world, acme):
    """Return the platform, which holds Acme's loja-1 and loja-2 as they are."""
    platform = There(world)
    for made in await acme.new("loja-1", "loja-2"):
        platform.hold(made)
    world.clock.at += timedelta(minutes=1)
    return platform


def shown(world):
    return world.last(GROUP, "staff_comparison").facts


def kinds(world):
    return sorted(row["kind"] for row in shown(world)["rows"])


class TestANight:
    async def test_is_wanted_at_five_and_until_it_is_done(self, world, there):
        async def wanted():
            return await world.read(lambda work: comparing.wanted(work, "embedded"))

        assert await wanted() is None
        await world.write(comparing.plan)
        await world.until("2026-01-29 02:00")
        assert await wanted() == "2026-01-29"
        await there.compare()
        assert await wanted() is None
        await world.until("2026-01-30 02:00")
        assert await wanted() == "2026-01-30"

    async def test_says_nothing_where_nothing_differs(self, world, there):
        assert await there.compare() == 0
        assert world.heard(GROUP, "staff_comparison") == []
        queue = await world.staff().do(waiting.queue)
        assert queue.kinds["differences"] == []

    async def test_is_tried_again_where_the_platform_is_silent(self, world, there):
        await world.write(comparing.plan)
        await world.until("2026-01-29 02:00")
        for attempt in (1, 2, 3):
            await world.write(
                lambda work: comparing.silent(work, "embedded", "2026-01-29", "HTTP 500")
            )
            assert await world.read(lambda work: comparing.wanted(work, "embedded")) is None
            world.clock.at += timedelta(minutes=10 * attempt)
            assert await world.read(lambda work: comparing.wanted(work, "embedded")) is not None
        await world.settle()
        assert len(world.heard(GROUP, "staff_comparison_silent")) == 1
        (check,) = await self._health(world)
        assert (check.level, check.mend, check.facts["silent"]) == (
            Level.WARN,
            "comparison_late",
            "HTTP 500",
        )
        await there.compare()
        (check,) = await self._health(world)
        assert (check.level, check.facts["silent"]) == (Level.GOOD, None)

    async def test_is_told_by_health_when_it_is_late_or_something_differs(self, world, there):
        assert await self._health(world) == []
        there.hold("ZZZZ9")
        await there.compare()
        (check,) = await self._health(world)
        assert (check.level, check.mend, check.facts["count"]) == (Level.WARN, "comparison", 1)
        await world.until("2026-02-01 12:00")
        (check,) = await self._health(world)
        assert check.mend == "comparison_late"

    async def _health(self, world):
        found = await world.staff().do(health.health, Machine())
        return [one for one in found if one.name == "comparison"]


class TestWhatDiffers:
    async def test_is_shown_on_one_card_that_can_be_claimed(self, world, acme, there):
        one, other = there.rows
        await acme.subscribe(other)
        there.change(other, state=HeldState.STOPPED)
        there.lose(one)
        there.hold("ZZZZ9", reference=None, name="stranger")
        world.clock.at += timedelta(minutes=1)
        assert await there.compare() == 3
        assert kinds(world) == ["gone_there", "not_running_there", "unknown_there"]
        (waits,) = (await world.staff().do(waiting.queue)).kinds["differences"]
        assert (waits.facts["platform"], waits.facts["count"]) == ("embedded", 3)
        await world.staff().do(claiming.claim, cards.KIND, "embedded")
        await world.settle()
        assert shown(world)["claimed_by"] == "staff 1"
        assert len(world.heard(GROUP, "staff_comparison")) == 1

    async def test_is_seen_again_and_not_twice(self, world, there):
        there.hold("ZZZZ9")
        await there.compare()
        found = await there.only()
        assert await there.compare("2026-01-30") == 0
        again = await there.only()
        assert again == replace(found, seen="2026-01-30", token=again.token)
        assert len(world.heard(GROUP, "staff_comparison")) == 1

    async def test_is_closed_by_itself_when_it_is_gone(self, world, there):
        there.hold("ZZZZ9")
        await there.compare()
        await world.staff().do(claiming.claim, cards.KIND, "embedded")
        there.lose("ZZZZ9")
        await there.compare("2026-01-30")
        assert await there.differences() == []
        assert (shown(world)["count"], shown(world)["claimed_by"]) == (0, None)
        with pytest.raises(AlreadyDone):
            await world.staff().do(claiming.claim, cards.KIND, "embedded")
        (row,) = await world.sql("SELECT state, outcome, token FROM differences")
        assert dict(row) == {"state": "closed", "outcome": "gone", "token": None}

    async def test_takes_a_new_card_when_there_is_more(self, world, there):
        there.hold("ZZZZ9")
        await there.compare()
        there.hold("ZZZZ8")
        await there.compare("2026-01-30")
        assert len(world.heard(GROUP, "staff_comparison")) == 2
        old, new = [it for it in world.sent if it.kind == "staff_comparison"][-2:]
        assert {old.facts["over"], new.facts["over"]} == {True, False}

    async def test_is_paged(self, world, there):
        for nth in range(10):
            there.hold(f"ZZZZ{nth}")
        await there.compare()
        assert (shown(world)["count"], shown(world)["pages"], len(shown(world)["rows"])) == (
            10,
            2,
            8,
        )
        await world.write(lambda work: cards.show(work, "embedded", page=2))
        await world.settle()
        assert (shown(world)["page"], shown(world)["first"], len(shown(world)["rows"])) == (2, 9, 2)
        assert "previous" in await world.labels("comparison:embedded")

    async def test_shows_what_can_be_done_about_one(self, world, there):
        one, _ = there.rows
        there.lose(one)
        there.hold("ZZZZ9")
        await there.compare()

        async def buttons(work):
            found = await work.differences.shown("embedded", offset=0, limit=9)
            rows = [cards.buttons_of_one(await cards.row(work, it)) for it in found]
            return sorted([[one.label for row in it for one in row] for it in rows])

        assert await world.read(buttons) == [
            ["adopt", "delete_there", "leave_it", "back"],
            ["correct_here", "create_there", "leave_it", "back"],
        ]
        await world.sql("UPDATE differences SET state = 'asked'")
        assert await world.read(buttons) == [["back"], ["back"]]

    async def test_is_nothing_while_a_call_is_open(self, world, acme, there):
        one, other = there.rows
        await acme.act(Operation.SUBSCRIBE, one, settle=False)
        there.change(one, state=HeldState.STOPPED)
        there.lose(other)
        await acme.act(Operation.DELETE, other, settle=False)
        assert await there.compare() == 0

    async def test_is_nothing_where_it_is_gone_while_a_call_is_open(self, acme, there):
        one, _ = there.rows
        there.lose(one)
        await acme.act(Operation.SUBSCRIBE, one, settle=False)
        assert await there.compare() == 0

    async def test_is_nothing_where_a_call_ended_since_the_list_was_asked_for(
        self, world, acme, there
    ):
        one, _ = there.rows
        await acme.subscribe(one)  # there it still stands as a trial
        assert await there.compare() == 0
        world.clock.at += timedelta(minutes=1)
        assert await there.compare() == 1

    async def test_is_of_its_own_platform(self, world, there):
        whapi = There(world, "whapi")
        one, _ = there.rows
        await world.sql(
            "UPDATE instances SET platform = 'whapi', remote_id = 'w-1' WHERE id = :id", id=one
        )
        whapi.hold("w-1", reference=one)
        there.lose(one)
        assert (await there.compare(), await whapi.compare()) == (0, 0)
        there.hold("x-9", reference=one, name=f"loja-{one}")
        await there.compare()
        assert (await there.only()).kind is Kind.TWICE_THERE
        with pytest.raises(NotFound):
            await world.staff().do(claiming.claim, cards.KIND, "zapi")

    async def test_keeps_the_token_there_secret(self, world, there):
        there.hold("ZZZZ9", token="top-secret")
        await there.compare()
        rows = await world.kept()
        assert "top-secret" not in str(rows)
        there.hold("ZZZZ8", token=None)
        await there.compare()
        assert {one.token is None for one in await there.differences()} == {True, False}

    async def test_goes_over_many_in_pages(self, world, acme, there, monkeypatch):
        monkeypatch.setattr(comparing, "PAGE", 2)
        monkeypatch.setattr(comparing, "CLOSED_AT_ONCE", 2)
        for nth in range(5):
            there.hold(f"ZZZZ{nth}")
        await acme.new("loja-3", "loja-4", "loja-5")
        world.clock.at += timedelta(minutes=1)
        assert await there.compare() == 5 + 3
        for nth in range(5):
            there.lose(f"ZZZZ{nth}")
        assert await there.compare("2026-01-30") == 0
        assert {one.kind for one in await there.differences()} == {Kind.GONE_THERE}


class TestDays:
    @pytest.fixture
    async def firm(self, world):
        """Return a partner with 90 days, of which its one instance has 30."""
        made = await world.enrolled(12, "Days Ltd", "days")
        firm = DaysFirm(world, 12, made.name, 12, made.partner_id)
        await firm.buys(90)
        (one,) = await firm.new("shop-1")
        await firm.extend(30, one)
        world.clock.at += timedelta(minutes=1)
        return firm

    @pytest.fixture
    async def there(self, world, firm):
        """Return the platform, which holds shop-1 as it is."""
        platform = There(world, days=60)
        (one,) = await world.read(lambda work: work.instances.of_partner(firm.partner_id))
        assert one.active_until is not None
        platform.hold(one.id, state=HeldState.ACTIVE, paid_until=micros(one.active_until))
        return platform

    async def test_are_warned_of_when_partners_hold_more(self, world, there):
        await there.compare()
        assert world.heard(GROUP, "staff_comparison") == []
        there.days = 59
        await there.compare("2026-01-30")
        assert (shown(world)["days_left"], shown(world)["days_owed"]) == (59, 60)
        found = await world.staff().do(health.health, Machine())
        (check,) = [one for one in found if one.name == "comparison"]
        assert (check.level, check.mend) == (Level.WARN, "days_there")
        await there.compare("2026-01-31")
        assert len(world.heard(GROUP, "staff_comparison")) == 1

    async def test_may_be_fewer_there(self, there):
        (one,) = there.rows
        there.change(one, paid_until=there.rows[one].paid_until - micros(EPOCH + timedelta(days=1)))
        await there.compare()
        assert (await there.only()).kind is Kind.SHORTER_THERE
