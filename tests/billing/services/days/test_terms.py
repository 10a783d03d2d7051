"""Days where the terms know them for some instances only, or not any more."""

from datetime import date

from billing.catalogue import Programmes
from billing.instances import NeverActivated, SettledOtherwise
from billing.programmes import Settlement
from billing.services.days import auto_extending
from billing.services.partners import importing, moving
from billing.services.partners.import_rows import Row
from tests.billing.samples import DAYS, PROGRAMMES
from tests.billing.services.days.people import a_firm, utc

MAY = date(2026, 5, 15)


async def bring(world, *rows):
    shown = await world.staff().do(importing.look, rows)
    done = await world.staff().do(importing.bring, rows, terms=shown.terms)
    await world.settle()
    return [result.instance.id for result in done.results]


class TestTakingDaysByItself:
    async def test_is_not_for_what_is_paid_by_the_month(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.under_days(acme)
        done = await acme.do(auto_extending.switch, [loja], on=True)
        assert [type(item.refusal) for item in done.items] == [SettledOtherwise]
        assert (await acme.get(loja)).auto_extend is None

    async def test_is_over_where_the_terms_know_no_days_any_more(self, world):
        without = DAYS.model_copy(
            update={"version": 2, "settlements": (Settlement.CARD,), "days": None}
        )
        firm = await a_firm(world)
        world.set_programmes(Programmes([*PROGRAMMES.all(), without]))
        await firm.buys(100)
        (loja,) = await firm.new("loja-1")
        await firm.extend(10, loja)
        await firm.auto(loja)
        await world.staff().do(moving.plan, firm.partner_id, "days", 2)
        await world.until_instant(utc("2026-02-12 16:00"))
        assert (await firm.states(), await firm.days()) == ({"loja-1": "stopped"}, 90)
        assert firm.heard("notice_days") == [
            ("2026-02-09 15:00", "notice_days_3d"),
            ("2026-02-11 15:00", "notice_days_1d"),
            ("2026-02-12 15:01", "notice_days_out"),
        ]
        assert world.last(firm.chat_id, "notice_days_out").facts["balance"] is None


class TestAnInstanceMadeInThePanel:
    async def test_takes_none_by_itself_where_the_terms_do_not_adopt_it(self, world):
        firm = await a_firm(world)
        (loja,) = await self.made(world, firm)
        self.adopt_none(world)
        done = await firm.do(auto_extending.switch, [loja], on=True)
        assert [type(item.refusal) for item in done.items] == [NeverActivated]

    async def test_stops_with_the_rest_of_its_days_where_it_is_not_adopted_any_more(self, world):
        firm = await a_firm(world)
        (loja,) = await self.made(world, firm)
        await firm.auto(loja)
        self.adopt_none(world)
        await world.until_instant(utc("2026-05-16 12:00"))
        assert (await firm.states(), await firm.days()) == ({"loja-1": "stopped"}, 100)
        assert len(firm.heard("notice_days_out")) == 1

    @staticmethod
    async def made(world, firm):
        await firm.buys(100)
        company = (await firm.partner()).name
        return await bring(world, Row(1, company, None, "loja-1", MAY, panel=True))

    @staticmethod
    def adopt_none(world):
        strict = DAYS.model_copy(update={"adopts_panel_instances": False})
        others = [programme for programme in PROGRAMMES.all() if programme.id != "days"]
        world.set_programmes(Programmes([*others, strict]))


async def test_an_unpaid_month_never_stops_or_deletes_what_is_paid_for_to_a_date(world, acme):
    await acme.running("monthly")
    await bring(world, Row(1, "Acme", None, "prepaid", MAY, migrate=False))
    await world.until("2026-02-11 12:00")
    assert await acme.states() == {"monthly": "overdue", "prepaid": "active"}
    await world.until("2026-02-16 12:00")
    assert await acme.states() == {"monthly": "deleted", "prepaid": "active"}
