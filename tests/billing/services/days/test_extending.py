"""Days go to instances: quoted, given by the terms that were shown, all or none."""

import asyncio
from datetime import date

import pytest

from billing.days.extensions import ByDays, LongEnough, ToRemaining, UntilDate
from billing.days.quotes import DayCountRefused, NotEnoughDays
from billing.partners import PartnerFrozen, Role
from billing.refusals import NoRight, NotFound
from billing.services.days import extending, funds
from billing.services.days.extending import ExtensionChanged
from billing.services.desk import office
from billing.services.instances import subscriptions
from billing.services.instances.subscriptions import TermsChanged
from billing.services.operations import Operation
from billing.services.partners import preferences
from tests.billing.services.days.people import a_firm, utc
from tests.billing.services.people import SAM


@pytest.fixture
async def firm(world):
    return await a_firm(world)


def quote(firm, form, *ids):
    return firm.do(extending.quote, form, ids)


def carry_out(firm, form, terms, *ids):
    return firm.do(extending.carry_out, form, ids, terms=terms, message_key=f"m{firm.world.causes}")


class TestAQuote:
    async def test_says_what_each_would_get_and_changes_nothing(self, world, firm):
        await firm.buys(90)
        ids = await firm.new("loja-1", "loja-2")
        before = await world.kept()
        shown = await quote(firm, ByDays(30), *ids)
        assert (shown.preview.total, shown.preview.left) == (60, 30)
        assert [item.after.active_until for item in shown.preview.possible] == [
            utc("2026-03-04 15:00")
        ] * 2
        assert await world.kept() == before

    async def test_says_what_the_balance_lacks_and_cannot_be_carried_out_then(self, firm):
        await firm.buys(40)
        ids = await firm.new("loja-1", "loja-2")
        shown = await quote(firm, ByDays(30), *ids)
        assert (shown.preview.lack, len(shown.preview.uncovered)) == (20, 1)
        with pytest.raises(NotEnoughDays) as refused:
            await carry_out(firm, ByDays(30), shown.terms, *ids)
        assert refused.value.facts == {"asked": 60, "balance": 40, "possible": 40, "limit": 0}
        assert await firm.days() == 40

    async def test_of_no_number_of_days_says_the_balance(self, firm):
        await firm.buys(40)
        (loja,) = await firm.new("loja-1")
        with pytest.raises(DayCountRefused) as refused:
            await quote(firm, ByDays(0), loja)
        assert refused.value.facts["possible"] == 40

    async def test_says_whom_it_would_leave_short(self, world, firm):
        await firm.buys(90)
        one, two = await firm.new("loja-1", "loja-2")
        await firm.extend(10, one, two)
        await firm.auto(two)
        shown = await quote(firm, ByDays(50), one)
        assert [instance.id for instance in shown.preview.short] == [two]
        assert (await quote(firm, ByDays(40), one)).preview.short == ()

    async def test_of_another_partners_instance_is_as_of_none(self, world, firm):
        other = await a_firm(world, 13, "Other")
        (loja,) = await firm.new("loja-1")
        with pytest.raises(NotFound):
            await quote(other, ByDays(1), loja)

    async def test_is_for_those_who_may_operate_and_are_not_frozen(self, world, firm):
        (loja,) = await firm.new("loja-1")
        finance = await firm.joined(21, Role.FINANCE)
        with pytest.raises(NoRight):
            await quote(finance, ByDays(1), loja)
        await world.staff(SAM).do(office.freeze, firm.partner_id, "fraud")
        with pytest.raises(PartnerFrozen):
            await quote(firm, ByDays(1), loja)

    async def test_is_of_what_is_settled_in_days(self, world, acme):
        (loja,) = await acme.new("loja-1")
        with pytest.raises(funds.NoDays):
            await quote(acme, ByDays(1), loja)


class TestAnExtension:
    async def test_takes_the_days_from_the_balance_and_tells_the_platform(self, world, firm):
        await firm.buys(90)
        one, two = await firm.new("loja-1", "loja-2")
        await firm.extend(30, one, two)
        assert await firm.days() == 30
        assert await firm.states() == {"loja-1": "active", "loja-2": "active"}
        assert [call for call in world.asked if call[0] == "extend"] == [
            ("extend", one), ("extend", two),
        ]  # fmt: skip
        shown = world.last(firm.chat_id, "progress").facts
        assert [item["active_until"] for item in shown["items"]] == [
            {"$at": int(utc("2026-03-04 15:00").timestamp() * 10**6)}
        ] * 2

    async def test_of_a_trial_says_nothing_of_its_end_any_more(self, world, firm):
        await firm.buys(90)
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        await world.until_instant(utc("2026-02-20 12:00"))
        assert firm.heard("notice_trial") == []
        assert await firm.states() == {"loja-1": "active"}

    async def test_in_its_other_forms_gives_what_is_needed(self, firm):
        await firm.buys(90)
        one, two = await firm.new("loja-1", "loja-2")
        await firm.extend(2, one)
        # 2 February 15:00 and 4 February 15:00 are the ends so far.
        await firm.extend(ToRemaining(10), one, two)
        assert await firm.until(one) == await firm.until(two) == "2026-02-07 15:00"
        done = await firm.extend(UntilDate(date(2026, 2, 8)), one, two)
        assert [item.days for item in done.preview.items] == [2, 2]
        done = await firm.extend(ToRemaining(5), one, two)
        assert [type(item.refusal) for item in done.preview.items] == [LongEnough] * 2

    async def test_until_a_date_means_the_partners_own_day(self, firm):
        await firm.buys(90)
        (loja,) = await firm.new("loja-1")
        await firm.do(preferences.live_in, "Pacific/Kiritimati")
        shown = await quote(firm, UntilDate(date(2026, 2, 8)), loja)
        # The 8th ends there at 10:00 UTC: 2 February 15:00 and six days reach.
        assert shown.preview.total == 6

    async def test_by_terms_that_were_not_shown_is_not_done(self, world, firm):
        await firm.buys(90)
        (loja,) = await firm.new("loja-1")
        shown = await quote(firm, ByDays(30), loja)
        await firm.extend(30, loja)
        with pytest.raises(ExtensionChanged):
            await carry_out(firm, ByDays(30), shown.terms, loja)
        assert await firm.days() == 60

    async def test_gives_an_instance_named_twice_its_days_once(self, firm):
        await firm.buys(90)
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja, loja)
        assert await firm.days() == 60

    async def test_that_race_for_the_last_days_win_once(self, world, firm):
        await firm.buys(30)
        ids = await firm.new(*(f"loja-{number}" for number in range(20)))
        quotes = [await quote(firm, ByDays(30), one) for one in ids]
        done = await asyncio.gather(
            *(
                carry_out(firm, ByDays(30), shown.terms, one)
                for one, shown in zip(ids, quotes, strict=True)
            ),
            return_exceptions=True,
        )
        lost = [one for one in done if isinstance(one, NotEnoughDays)]
        assert (len(lost), await firm.days()) == (19, 0)
        assert lost[0].facts["possible"] == 0


class TestInstead:
    async def test_of_subscribing_an_extension_by_a_channels_days_is_offered(self, firm):
        assert await firm.do(extending.instead, Operation.SUBSCRIBE) == ByDays(30)
        assert await firm.do(extending.instead, Operation.CANCEL) is Operation.DELETE
        assert await firm.do(extending.instead, Operation.KEEP) is Operation.KEEP

    async def test_those_who_pay_by_the_month_subscribe_and_cancel(self, world):
        other = await world.enrolled(14, "Bolt")
        assert await other.do(extending.instead, Operation.SUBSCRIBE) is Operation.SUBSCRIBE
        assert await other.do(extending.instead, Operation.CANCEL) is Operation.CANCEL


class TestDeleting:
    async def test_gives_unused_days_back_and_says_so_before(self, world, firm):
        await firm.buys(60)
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        # The trial of 5 days ends on 2 February, 15:00.
        await world.until_instant(utc("2026-02-14 20:00"))
        shown = await firm.do(subscriptions.quote, Operation.DELETE, [loja])
        assert (shown.returns, shown.possible[0].returns) == (17, 17)
        await firm.delete(loja)
        assert await firm.days() == 47
        assert await world.due(f"%{loja}%") == []

    async def test_gives_all_back_in_the_trial(self, world, firm):
        await firm.buys(60)
        (loja,) = await firm.new("loja-1")
        await world.until_instant(utc("2026-01-29 15:00"))
        await firm.extend(30, loja)
        await world.until_instant(utc("2026-01-31 15:00"))
        await firm.delete(loja)
        assert await firm.days() == 60

    async def test_is_shown_anew_when_a_day_fewer_would_come_back(self, world, firm):
        await firm.buys(60)
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        await world.until_instant(utc("2026-02-14 14:59"))
        shown = await firm.do(subscriptions.quote, Operation.DELETE, [loja])
        await world.until_instant(utc("2026-02-14 15:01"))
        with pytest.raises(TermsChanged):
            await firm.do(
                subscriptions.carry_out, Operation.DELETE, [loja],
                terms=shown.terms, message_key="m",
            )  # fmt: skip

    async def test_is_the_only_way_to_end_what_runs_on_days(self, firm):
        await firm.buys(60)
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        shown = await firm.do(subscriptions.quote, Operation.CANCEL, [loja])
        assert shown.possible == []

    async def test_of_a_trial_gives_nothing_back(self, firm):
        await firm.buys(60)
        (loja,) = await firm.new("loja-1")
        shown = await firm.do(subscriptions.quote, Operation.DELETE, [loja])
        assert shown.returns == 0
        await firm.delete(loja)
        assert await firm.days() == 60
