"""Who asks for days sees on one card how that goes on."""

import pytest

from billing.services.days import asked_cards, buying, handling
from billing.services.facts import moment
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import SAM


@pytest.fixture
async def firm(world):
    return await a_firm(world)


@pytest.fixture
async def asked(world, firm):
    """Return a request whose card was shown, as the chat shows it."""
    request = (await firm.asks(channels=2)).request
    await world.write(lambda work: asked_cards.show(work, request))
    await world.settle()
    return request


def card(world, firm):
    return world.last(firm.chat_id, "day_asked").facts


async def test_it_says_until_when_the_invoice_is_promised(world, firm, asked):
    facts = card(world, firm)
    assert (facts["state"], facts["claimed_by"], facts["number"]) == ("waiting", None, None)
    assert moment(facts["promised_by"]["$at"]) == asked.promised_by
    assert await world.labels("day_asked") == {"withdraw", "days"}


async def test_it_says_who_sees_to_it(world, firm, asked):
    await world.staff(SAM).do(handling.claim, asked.id)
    await world.settle()
    assert card(world, firm)["claimed_by"] == world.staff(SAM).name


async def test_it_leads_from_the_invoice_to_the_days(world, firm, asked):
    invoice = await firm.invoiced(asked)
    facts = card(world, firm)
    assert (facts["state"], facts["number"]) == ("invoiced", invoice.number)
    assert await world.labels("day_asked") == {"pay", "invoice"}
    await firm.pays_for(invoice)
    assert card(world, firm)["state"] == "credited"
    assert await world.labels("day_asked") == {"extend", "days"}


async def test_it_says_that_it_was_withdrawn(world, firm, asked):
    await firm.do(buying.withdraw, asked.id)
    await world.settle()
    assert card(world, firm)["state"] == "withdrawn"
    assert await world.labels("day_asked") == {"buy", "days"}


async def test_it_is_said_only_to_who_asked(world, firm):
    await firm.asks(channels=2)
    (request,) = await world.read(lambda work: work.days.requests(firm.partner_id))
    await world.staff(SAM).do(handling.claim, request.id)
    await world.settle()
    assert "day_asked" not in {kind for _, kind in firm.heard("day_asked")}
