"""What a partner has in days, on one card."""

import pytest

from billing.money import Money
from billing.refusals import NoRight
from billing.services.days import overview
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import SAM, SOFIA


@pytest.fixture
async def firm(world):
    return await a_firm(world)


class TestTheCard:
    async def test_shows_balance_forecast_and_movements(self, world, firm):
        await firm.buys(100)
        one, two = await firm.new("loja-1", "loja-2")
        await firm.extend(30, one, two)
        await firm.invoiced((await firm.asks(channels=1)).request)
        await firm.asks(channels=3)
        card = await firm.do(overview.card)
        assert (card.funds.balance, card.held, card.price) == (40, 60, Money(3000, "USD"))
        assert [one.instance.name for one in card.forecast.each] == ["loja-1", "loja-2"]
        assert [(one.kind, one.days, one.balance) for one in card.movements] == [
            ("days_allocated", -30, 40),
            ("days_allocated", -30, 70),
            ("days_credited", 100, 100),
        ]
        assert ([one.channels for one in card.waiting], len(card.unpaid)) == ([3], 1)
        assert (await world.staff(SAM).do(overview.card_of, firm.partner_id)).held == 60

    async def test_is_not_for_staff_of_no_partner(self, world, firm):
        with pytest.raises(NoRight):
            await world.staff(SOFIA).do(overview.card)
