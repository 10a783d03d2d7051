"""A partner is moved to other terms at the next 1st."""

from datetime import date

import pytest

from billing.calendar import Month
from billing.catalogue import Programmes
from billing.money import Money
from billing.partners import PartnerLeft
from billing.refusals import AlreadyDone, NoRight
from billing.services import facts
from billing.services.access import by_clock
from billing.services.days import buying
from billing.services.finding import NoSuchProgramme
from billing.services.invoices import invoicing
from billing.services.partners import agreeing, moving
from billing.services.partners.moving import MoveRefused
from billing.services.ports import Due
from tests.billing.samples import CLASSIC, DAYS, INTEGRATOR, brl, local, there
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import FRED, GROUP


def second(**changes):
    return INTEGRATOR.model_copy(update={"version": 2, **changes})


async def plan(world, firm, programme="integrator-classic", version=None):
    return await world.staff().do(moving.plan, firm.partner_id, programme, version)


async def bills(firm) -> dict[str, tuple[str, int]]:
    return {
        str(invoice.period): (invoice.number[:3], invoice.total.minor)
        for invoice in await firm.invoices()
    }


class TestAMove:
    async def test_happens_at_the_next_1st_of_the_programme_that_is_left(self, world, acme):
        await acme.running("loja-1")
        planned = await plan(world, acme)
        assert planned.on == date(2026, 2, 1)
        await world.until("2026-01-31 23:59")
        assert (await acme.partner()).programme == "integrator"
        await acme.pays_until("2026-03-02 10:00")
        assert (await acme.partner()).programme == "integrator-classic"
        assert await bills(acme) == {"2026-01": ("INT", 5990), "2026-02": ("CLA", 6000)}

    async def test_tells_the_price_that_was_agreed_where_there_is_one(self, world, acme):
        await plan(world, acme)
        await world.settle()
        told = world.last(acme.chat_id, "move_planned").facts
        assert told["agreed"] is None
        bolt = await world.enrolled(12, "Bolt")
        agreed = (agreeing.agree, bolt.partner_id, brl(4500), date(2026, 2, 1))
        await world.staff(FRED).do(*agreed)
        await plan(world, bolt)
        await world.settle()
        assert world.last(bolt.chat_id, "move_planned").facts["agreed"] == {"$money": [4500, "BRL"]}

    async def test_leaves_bands_and_what_was_cancelled_as_they_were(self, world):
        firm = await world.enrolled(programme="integrator-classic")
        await firm.running("a")
        await firm.granted()
        one, two = await firm.running("b", "c")
        await firm.cancel(two)
        before = await firm.get(two)
        await plan(world, firm, "integrator")
        await firm.pays_until("2026-02-02 10:00")
        assert (await firm.get(one)).band == 2
        assert await firm.get(two) == before
        await firm.pays_until("2026-03-02 10:00")
        assert (await bills(firm))["2026-02"] == ("INT", 2 * 5990)
        assert (await world.read(lambda work: work.tokens.present(firm.partner_id))).allowed == 25

    async def test_with_something_unpaid_is_refused_and_names_it(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 10:00")
        with pytest.raises(MoveRefused) as refused:
            await plan(world, acme)
        assert refused.value.facts == {"why": "unpaid", "numbers": ["INT-2026-00001"]}

    async def test_for_which_something_came_to_be_unpaid_is_refused_then_and_all_hear(
        self, world, acme
    ):
        await acme.running("loja-1")
        await acme.pays_until("2026-02-20 10:00")
        await plan(world, acme)
        # An invoice of before comes to be owed: as if the move had been asked for a month later.
        april = facts.micros(local("2026-04-01"))
        await world.sql("UPDATE due SET at = :at WHERE kind = 'move'", at=april)
        await world.sql("UPDATE moves SET since = :at", at=april)
        await world.until("2026-04-01 10:00")
        number = (await acme.invoice("2026-02")).number
        assert (await acme.partner()).programme == "integrator"
        told = world.last(GROUP, "staff_move_refused").facts
        assert told["facts"] == {"why": "unpaid", "numbers": [number]}
        assert [kind for _, kind in acme.heard("move")] == ["move_planned", "move_called_off"]

    async def test_across_currencies_is_refused_while_credit_remains(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 10:00")
        await acme.pays("2026-01", 20000)
        with pytest.raises(MoveRefused) as refused:
            await plan(world, acme, "days")
        assert refused.value.facts == {"why": "credit", "credit": brl(14010)}

    async def test_across_currencies_is_refused_while_something_is_still_to_be_billed(
        self, world, acme
    ):
        await acme.running("loja-1")
        with pytest.raises(MoveRefused) as refused:
            await plan(world, acme, "days")
        assert refused.value.facts == {"why": "to_bill", "count": 1}

    async def test_across_currencies_takes_a_partner_that_owes_nothing(self, world, acme):
        await acme.new("loja-1")
        await plan(world, acme, "days")
        await world.until("2026-02-01 00:00")
        partner = await acme.partner()
        assert (partner.programme, partner.currency) == ("days", "USD")
        token = await world.read(lambda work: work.tokens.present(acme.partner_id))
        assert (token.tier, token.allowed) == (1, None)

    async def test_can_be_replaced_and_taken_back(self, world, acme):
        world.set_programmes(Programmes([INTEGRATOR, second(prices_minor=(100,)), CLASSIC, DAYS]))
        await plan(world, acme)
        replaced = await plan(world, acme, "integrator", 2)
        assert replaced.instead_of.programme == "integrator-classic"
        await world.staff().do(moving.take_back, acme.partner_id)
        with pytest.raises(AlreadyDone):
            await world.staff().do(moving.take_back, acme.partner_id)
        await world.until("2026-02-02 10:00")
        partner = await acme.partner()
        assert (partner.programme, partner.programme_version, partner.past) == ("integrator", 1, ())
        told = sorted(kind for _, kind in acme.heard("move"))
        assert told == ["move_called_off", "move_planned", "move_planned"]

    async def test_that_was_replaced_is_not_carried_out_by_the_row_of_the_one_before(
        self, world, acme
    ):
        await plan(world, acme)
        first = await world.read(lambda work: work.moves.waiting(acme.partner_id))
        row = Due(f"move:{first.id}", "move", first.id, acme.partner_id, first.since)
        await plan(world, acme, "days")
        for waits in (1, 0):
            before = await world.kept()
            await world.write(lambda work: moving.carry_out(work, by_clock("move"), row))
            after = await world.kept()
            # Its lock is counted, and nothing else.
            assert [name for name in before if before[name] != after[name]] == ["partners"]
            assert (await acme.partner()).programme == "integrator"
            if waits:
                await world.staff().do(moving.take_back, acme.partner_id)

    async def test_to_where_nothing_is_billed_is_refused_while_something_would_be(
        self, world, acme
    ):
        in_reais = DAYS.model_copy(update={"currency": "BRL"})
        world.set_programmes(Programmes([INTEGRATOR, CLASSIC, in_reais]))
        stays, goes = await acme.running("stays", "goes")
        await acme.cancel(goes)
        with pytest.raises(MoveRefused) as refused:
            await plan(world, acme, "days")
        # What was cancelled has its last line on the invoice of this month.
        assert refused.value.facts == {"why": "settlement", "count": 1}
        await acme.cancel(stays)
        assert (await plan(world, acme, "days")).programme.id == "days"

    async def test_to_where_it_is_or_already_goes_is_done(self, world, acme):
        with pytest.raises(AlreadyDone):
            await plan(world, acme, "integrator")
        await plan(world, acme)
        with pytest.raises(AlreadyDone):
            await plan(world, acme)

    @pytest.mark.parametrize(("name", "version"), [("nothing", None), ("integrator", 7)])
    async def test_to_nowhere_is_refused(self, world, acme, name, version):
        with pytest.raises(NoSuchProgramme):
            await plan(world, acme, name, version)

    async def test_is_for_admins(self, world, acme):
        with pytest.raises(NoRight):
            await world.staff(FRED).do(moving.plan, acme.partner_id, "integrator-classic")


class TestAVersion:
    async def test_that_is_new_leaves_partners_on_theirs_until_staff_move_them(self, world, acme):
        dearer = second(prices_minor=(7000,))
        world.set_programmes(Programmes([INTEGRATOR, dearer, CLASSIC, DAYS]))
        await acme.running("loja-1")
        other = await world.enrolled(12, "Beta")
        assert (await other.partner()).programme_version == 2
        await acme.pays_until("2026-03-02 10:00")
        assert (await bills(acme))["2026-02"] == ("INT", 5990)
        await plan(world, acme, "integrator")
        await acme.pays_until("2026-05-02 10:00")
        assert (await bills(acme))["2026-03"] == ("INT", 5990)
        assert (await bills(acme))["2026-04"] == ("INT", 7000)

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
    async def test_in_another_zone_bills_every_month_once(self, world, acme, zone):
        world.set_programmes(Programmes([INTEGRATOR, second(zone=zone), CLASSIC, DAYS]))
        await acme.running("loja-1")
        await acme.pays_until("2026-02-20 10:00")
        await plan(world, acme, "integrator")
        # In the hours in which the two zones are of different months.
        await acme.pays_until("2026-02-28 23:59")
        await acme.running("late in february")
        await world.until("2026-03-01 00:01")
        await acme.running("early in march")
        await acme.pays_until("2026-06-20 10:00")
        assert {month: sorted(lines) for month, lines in (await acme.billed()).items()} == {
            "2026-01": ["loja-1 2026-01"],
            "2026-02": ["late in february 2026-02", "loja-1 2026-02"],
            **{
                f"2026-0{month}": [
                    f"early in march 2026-0{month}",
                    f"late in february 2026-0{month}",
                    f"loja-1 2026-0{month}",
                ]
                for month in (3, 4, 5)
            },
        }
        april = await acme.invoice("2026-04")
        assert there(april.issued_at, zone) == "2026-05-01 00:00"

    async def test_keeps_the_dates_of_an_invoice_that_was_issued_before(self, world, acme):
        west = second(zone="America/Los_Angeles")
        world.set_programmes(Programmes([INTEGRATOR, west, CLASSIC, DAYS]))
        (loja,) = await acme.running("loja-1")
        await plan(world, acme, "integrator")
        await world.until("2026-02-10 10:00")
        assert (await acme.partner()).programme_version == 2
        january = await acme.invoice("2026-01")
        assert there(january.stop_at) == "2026-02-11 00:00"
        await acme.held("2026-01", "2026-02-12")
        await world.until("2026-02-13 00:00")
        assert (await acme.get(loja)).state == "overdue"
        await acme.pays("2026-01")
        assert (await acme.get(loja)).state == "active"
        assert await world.due("%stop%") == []


async def test_a_month_that_is_closed_late_is_closed_by_its_own_terms(world, acme):
    await acme.running("loja-1")
    await plan(world, acme)
    await world.sql("UPDATE due SET at = at + 3600000000 WHERE key LIKE 'close:%:2026-01'")
    await world.until("2026-02-01 00:30")
    assert (await acme.partner()).programme == "integrator-classic"
    await world.until("2026-02-02 10:00")
    assert await bills(acme) == {"2026-01": ("INT", 5990)}
    preview = await acme.do(invoicing.preview)
    assert (preview.month, preview.draft.total) == (Month(2026, 2), brl(6000))


async def test_who_has_left_is_not_moved(world, acme):
    await world.sql("UPDATE partners SET left_at = 1")
    with pytest.raises(PartnerLeft):
        await plan(world, acme)


class TestDaysAndMoves:
    async def test_days_that_remain_hold_a_partner_in_its_currency(self, world):
        firm = await a_firm(world)
        await firm.buys(30)
        with pytest.raises(MoveRefused) as refused:
            await plan(world, firm, "integrator")
        assert refused.value.facts == {"why": "days", "days": 30}

    async def test_what_runs_on_days_runs_to_its_date_and_can_be_subscribed_then(self, world):
        firm = await a_firm(world)
        await firm.buys(30)
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        await plan(world, firm, "integrator")
        await world.until("2026-02-20 10:00")
        assert (await firm.partner()).programme == "integrator"
        assert await firm.states() == {"loja-1": "active"}
        ends = (await firm.get(loja)).active_until
        await world.until_instant(ends)
        assert await firm.states() == {"loja-1": "stopped"}
        await firm.subscribe(loja)
        month = str((await firm.do(invoicing.preview)).month)
        await firm.pays_until("2026-04-02 10:00")
        assert (await bills(firm))[month] == ("INT", 5990)

    async def test_a_partner_that_owes_nothing_moves_to_days_and_buys_them(self, world, acme):
        await acme.new("loja-1")
        await plan(world, acme, "days")
        await world.until("2026-02-01 00:00")
        bought = await acme.do(buying.quote, channels=1)
        assert bought.quote.total == Money(3000, "USD")
