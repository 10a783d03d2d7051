"""What a partner that is moved takes along to the other terms."""

from datetime import date

import pytest

from billing.catalogue import Programmes
from billing.money import Money
from billing.partners import Role
from billing.services.partners import agreeing, integrator, moving
from billing.services.partners.import_rows import Row
from tests.billing.samples import CLASSIC, DAYS, INTEGRATOR, brl
from tests.billing.services.partners.test_importing import bring
from tests.billing.services.people import FRED, Firm


def second(**changes):
    return INTEGRATOR.model_copy(update={"version": 2, **changes})


async def plan(world, firm, programme="integrator"):
    return await world.staff().do(moving.plan, firm.partner_id, programme)


async def totals(firm) -> dict[str, int]:
    return {str(invoice.period): invoice.total.minor for invoice in await firm.invoices()}


class TestAnAgreedPrice:
    async def test_is_there_when_its_month_begins_in_a_zone_to_the_east(self, world, acme):
        east = second(zone="Asia/Tokyo")
        world.set_programmes(Programmes([INTEGRATOR, east, CLASSIC, DAYS]))
        await acme.running("loja-1")
        await world.staff(FRED).do(
            agreeing.agree, acme.partner_id, Money(4000, "BRL"), date(2026, 3, 1)
        )
        await plan(world, acme, "integrator")
        await acme.pays_until("2026-04-02 10:00")
        assert await totals(acme) == {"2026-01": 5990, "2026-02": 5990, "2026-03": 4000}

    @pytest.mark.parametrize(
        ("zone", "since"), [("Asia/Tokyo", "2026-01-02"), ("America/Los_Angeles", "2026-04-01")]
    )
    async def test_that_holds_when_its_month_begins_is_left_alone(self, world, acme, zone, since):
        world.set_programmes(Programmes([INTEGRATOR, second(zone=zone), CLASSIC, DAYS]))
        await acme.running("loja-1")
        fred, price = world.staff(FRED), brl(4000)
        await fred.do(agreeing.agree, acme.partner_id, price, date.fromisoformat(since))
        agreed = await world.read(lambda work: work.partners.agreements(acme.partner_id))
        await plan(world, acme, "integrator")
        await acme.pays_until("2026-02-02 10:00")
        assert (await acme.partner()).programme_version == 2
        kept = await world.read(lambda work: work.partners.agreements(acme.partner_id))
        assert kept == agreed
        await acme.pays_until("2026-05-02 10:00")
        found = await totals(acme)
        assert (found["2026-01"], found["2026-04"]) == (5990, 4000)


async def test_a_request_for_the_next_token_does_not_outlive_its_programme(world):
    firm = await world.enrolled(programme="integrator-classic")
    await firm.new(*(f"a {n}" for n in range(25)))
    await firm.do(integrator.request_next)
    await plan(world, firm, "integrator")
    await world.until("2026-02-02 10:00")
    assert await world.read(lambda work: work.tokens.requests()) == []


async def test_a_trial_that_was_over_is_deleted_by_itself_where_that_is_so(world):
    firm = await world.enrolled(programme="integrator-classic")
    await firm.new("loja-1")
    await plan(world, firm, "integrator")
    await world.until("2026-02-01 23:59")
    assert await firm.states() == {"loja-1": "stopped"}
    await world.until("2026-02-02 00:00")
    assert await firm.states() == {"loja-1": "deleted"}


async def test_what_ran_out_before_is_deleted_on_its_own_day_all_the_same(world):
    row = Row(1, "Padaria", "integrator-classic", "loja-1", date(2026, 1, 29))
    done = await bring(world, row)
    # Somebody has to hear of it.
    firm = await Firm(world, 71, "Olga", 71, done.results[0].partner.id).joined(71, Role.OWNER)
    await world.until("2026-01-31 12:00")
    assert await firm.states() == {"loja-1": "stopped"}
    await plan(world, firm, "integrator")
    await world.until("2026-02-05 12:00")
    assert (await firm.partner()).programme == "integrator"
    assert await firm.states() == {"loja-1": "stopped"}
    assert await world.due("trial_delete:%") == []
    await world.until("2026-02-10 12:00")
    assert await firm.states() == {"loja-1": "deleted"}
