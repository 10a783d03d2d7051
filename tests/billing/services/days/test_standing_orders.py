"""A standing order buys days on the 1st of each month, and says before what it would cost."""

import pytest

from billing.refusals import AlreadyDone
from billing.services.days import standing_orders
from billing.services.desk import office
from billing.services.partners import preferences
from tests.billing.services.days.people import a_firm, utc
from tests.billing.services.people import GROUP, SAM


@pytest.fixture
async def firm(world):
    return await a_firm(world)


class TestAStandingOrder:
    async def test_buys_a_month_for_every_live_channel_on_the_1st(self, world, firm):
        await firm.buys(90)
        one, two, _ = await firm.new("loja-1", "loja-2", "loja-3")
        await firm.extend(40, one, two)
        await firm.do(standing_orders.switch, on=True)
        await world.until_instant(utc("2026-02-01 12:00"))
        requests = await world.read(lambda work: work.days.requests(firm.partner_id))
        (standing,) = [request for request in requests if request.standing]
        assert (standing.channels, standing.days) == (2, 60)
        assert utc("2026-02-01 00:00") == standing.requested_at
        await world.until_instant(utc("2026-03-01 12:00"))
        requests = await world.read(lambda work: work.days.requests(firm.partner_id))
        assert len([request for request in requests if request.standing]) == 2

    async def test_wakes_nobody_of_the_staff(self, world, firm):
        await firm.buys(90)
        (one,) = await firm.new("loja-1")
        await firm.extend(40, one)
        await firm.do(standing_orders.switch, on=True)
        told = len(world.heard(GROUP, "day_request", "staff_day"))
        # Nine in the evening of the day before in the staff's zone, and the night after it.
        await world.until("2026-02-01 12:00")
        heard = world.heard(GROUP, "day_request", "staff_day")[told:]
        assert [when for when, _ in heard] == [
            "2026-01-31 21:00",
            "2026-01-31 21:20",
            "2026-01-31 21:30",
        ]
        await world.staff().do(preferences.live_in, "Europe/Lisbon")
        await world.until_instant(utc("2026-03-01 12:00"))
        heard = world.heard(GROUP, "day_request", "staff_day", zone="Europe/Lisbon")[told + 3 :]
        assert heard == [
            ("2026-03-01 08:00", "day_request"),
            ("2026-03-01 08:00", "staff_day_request_over"),
        ]

    async def test_says_before_what_it_would_buy_and_when(self, world, firm):
        await firm.buys(90)
        one, two = await firm.new("loja-1", "loja-2")
        foreseen = await firm.do(standing_orders.foresee)
        assert (foreseen.at, foreseen.quote) == (utc("2026-02-01 00:00"), None)
        await firm.extend(40, one, two)
        before = await world.kept()
        foreseen = await firm.do(standing_orders.foresee)
        assert (foreseen.quote.channels, foreseen.quote.days) == (2, 60)
        assert await world.kept() == before

    async def test_can_be_ended_and_is_one(self, world, firm):
        with pytest.raises(AlreadyDone):
            await firm.do(standing_orders.switch, on=False)
        await firm.do(standing_orders.switch, on=True)
        with pytest.raises(AlreadyDone):
            await firm.do(standing_orders.switch, on=True)
        with pytest.raises(AlreadyDone):
            await firm.do(standing_orders.foresee)
        await firm.do(standing_orders.switch, on=False)
        assert await world.due("standing%") == []
        await firm.do(standing_orders.switch, on=True)
        assert len(await world.due("standing%")) == 1

    async def test_buys_nothing_for_nobody_or_for_a_frozen_partner(self, world, firm):
        await firm.do(standing_orders.switch, on=True)
        await world.until_instant(utc("2026-02-02 12:00"))
        assert await world.read(lambda work: work.days.requests(firm.partner_id)) == []
        await firm.buys(90)
        (loja,) = await firm.new("loja-1")
        await firm.extend(60, loja)
        await world.staff(SAM).do(office.freeze, firm.partner_id, "fraud")
        await world.until_instant(utc("2026-03-02 12:00"))
        assert len(await world.read(lambda work: work.days.requests(firm.partner_id))) == 1

    async def test_buys_once_after_an_outage_of_months(self, world, firm):
        await firm.buys(900)
        (loja,) = await firm.new("loja-1")
        await firm.extend(400, loja)
        await firm.do(standing_orders.switch, on=True)
        world.clock.at = utc("2026-04-03 12:00")
        await world.settle()
        requests = await world.read(lambda work: work.days.requests(firm.partner_id))
        assert len([request for request in requests if request.standing]) == 1
        assert [when[:10] for when, _ in await world.due("standing%")] == ["2026-04-30"]
