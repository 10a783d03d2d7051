"""Subscribing, cancelling, keeping, deleting: quoted, then done by the terms that were shown."""

import asyncio
from datetime import date

import pytest

from billing.calendar import Month
from billing.instances import NeverActivated, NotInThisState
from billing.partners import PartnerFrozen
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.desk import office
from billing.services.instances import subscriptions
from billing.services.instances.subscriptions import NotSettledSo, TermsChanged
from billing.services.operations import Operation
from billing.subscriptions import NothingToCancel, ServiceEnded
from tests.billing.samples import INTEGRATOR, brl, there
from tests.billing.services.people import SAM

SUBSCRIBE, CANCEL, KEEP, DELETE = (
    Operation.SUBSCRIBE, Operation.CANCEL, Operation.KEEP, Operation.DELETE,
)  # fmt: skip


def quote(firm, operation, *ids):
    return firm.do(subscriptions.quote, operation, ids)


def carry_out(firm, operation, terms, *ids):
    return firm.do(
        subscriptions.carry_out, operation, ids, terms=terms, message_key=f"m{firm.world.causes}"
    )


class TestAQuote:
    async def test_says_what_it_would_cost_from_when_on_and_changes_nothing(self, world, acme):
        ids = await acme.new("loja-1", "loja-2")
        before = await world.kept()
        shown = await quote(acme, SUBSCRIBE, *ids)
        assert (shown.month, shown.total) == (Month(2026, 1), brl(11980))
        assert (shown.invoiced_on, shown.due_on) == (date(2026, 2, 1), date(2026, 2, 5))
        assert [item.price for item in shown.possible] == [brl(5990)] * 2
        assert await world.kept() == before

    async def test_of_an_instance_named_twice_is_of_one(self, world, acme):
        (loja,) = await acme.new("loja-1")
        shown = await quote(acme, SUBSCRIBE, loja, loja)
        assert (len(shown.items), shown.total) == (1, brl(5990))
        await carry_out(acme, SUBSCRIBE, shown.terms, loja, loja)
        await world.settle()
        assert world.asked.count(("subscribe", loja)) == 1

    async def test_says_of_each_why_it_cannot_be(self, world, acme):
        running, trial = await acme.new("loja-1", "loja-2")
        await acme.subscribe(running)
        shown = await quote(acme, CANCEL, running, trial)
        assert len(shown.possible) == 1
        assert isinstance(shown.items[1].refusal, NothingToCancel)
        shown = await quote(acme, SUBSCRIBE, running, trial)
        assert isinstance(shown.items[0].refusal, AlreadyDone)
        assert shown.items[1].refusal is None

    async def test_of_another_partners_instance_is_as_of_none(self, world, acme):
        other = await world.enrolled(12, "Bolt")
        (loja,) = await acme.new("loja-1")
        refusals = []
        for wanted in (loja, "ZZZZ9"):
            with pytest.raises(NotFound) as refused:
                await quote(other, DELETE, wanted)
            refusals.append(refused.value.facts["what"])
        assert refusals == ["instance"] * 2

    async def test_is_for_those_who_may_operate(self, world, acme):
        (loja,) = await acme.new("loja-1")
        viewer = await acme.joined(21, "viewer")
        with pytest.raises(NoRight):
            await quote(viewer, SUBSCRIBE, loja)

    async def test_of_what_begins_something_is_refused_to_a_frozen_partner(self, world, acme):
        running, trial = await acme.new("loja-1", "loja-2")
        await acme.subscribe(running)
        await world.staff(SAM).do(office.freeze, acme.partner_id, "fraud")
        with pytest.raises(PartnerFrozen):
            await quote(acme, SUBSCRIBE, trial)
        await acme.cancel(running)
        shown = await quote(acme, KEEP, running)
        assert len(shown.possible) == 1, "what it has, it may keep"
        await acme.delete(running)

    async def test_in_a_programme_without_invoices_says_so(self, world, acme):
        trial, running = await acme.new("loja-1", "loja-2")
        await acme.subscribe(running)
        await world.under_days(acme)
        for operation, loja in ((SUBSCRIBE, trial), (CANCEL, running)):
            shown = await quote(acme, operation, loja)
            assert isinstance(shown.items[0].refusal, NotSettledSo)
            assert shown.items[0].refusal.facts == {"programme": "days"}
            assert shown.total.minor == 0

    async def test_of_what_the_panel_made_is_refused_where_it_is_never_activated(self, world):
        firm = await world.enrolled(programme="integrator-classic")
        (loja,) = await firm.new("loja-1")
        await world.sql("UPDATE instances SET origin = 'panel' WHERE id = :id", id=loja)
        shown = await quote(firm, SUBSCRIBE, loja)
        assert isinstance(shown.items[0].refusal, NeverActivated)


class TestDoingIt:
    async def test_twice_has_one_effect_and_says_so(self, world, acme):
        (loja,) = await acme.new("loja-1")
        shown = await quote(acme, SUBSCRIBE, loja)
        first = await carry_out(acme, SUBSCRIBE, shown.terms, loja)
        again = await carry_out(acme, SUBSCRIBE, shown.terms, loja)
        assert len(first.possible) == 1
        assert isinstance(again.items[0].refusal, AlreadyDone)
        await world.settle()
        assert world.asked == [("create", loja), ("subscribe", loja)]
        assert (await world.actions(loja)).count("subscribe") == 1

    async def test_by_a_hundred_at_once_has_one_effect(self, world, acme):
        (loja,) = await acme.running("loja-1")
        shown = await quote(acme, CANCEL, loja)
        done = await asyncio.gather(
            *(carry_out(acme, CANCEL, shown.terms, loja) for _ in range(100))
        )
        assert sum(len(one.possible) for one in done) == 1
        assert (await world.actions(loja)).count("cancel") == 1

    async def test_after_the_month_turned_is_shown_anew_and_not_done(self, world, acme):
        await world.until("2026-01-31 23:59")
        (loja,) = await acme.new("loja-1")
        shown = await quote(acme, SUBSCRIBE, loja)
        await world.until("2026-02-01 00:00")
        with pytest.raises(TermsChanged):
            await carry_out(acme, SUBSCRIBE, shown.terms, loja)
        assert await acme.states() == {"loja-1": "trial"}
        anew = await quote(acme, SUBSCRIBE, loja)
        assert anew.month == Month(2026, 2)
        await carry_out(acme, SUBSCRIBE, anew.terms, loja)
        assert await acme.states() == {"loja-1": "active"}

    async def test_after_the_price_changed_is_shown_anew_and_not_done(self, world, acme):
        (loja,) = await acme.new("loja-1")
        shown = await quote(acme, SUBSCRIBE, loja)
        await world.sql(
            "INSERT INTO agreements (partner_id, since, price_minor, currency, agreed_at)"
            " VALUES (:partner, 0, 4000, 'BRL', 0)",
            partner=acme.partner_id,
        )
        with pytest.raises(TermsChanged):
            await carry_out(acme, SUBSCRIBE, shown.terms, loja)
        assert (await quote(acme, SUBSCRIBE, loja)).total == brl(4000)

    async def test_of_a_cancellation_whose_end_is_another_day_by_now_is_not_done(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-01-29 23:59")
        shown = await quote(acme, CANCEL, loja)
        await world.until("2026-01-30 00:00")
        with pytest.raises(TermsChanged):
            await carry_out(acme, CANCEL, shown.terms, loja)

    async def test_that_costs_what_it_was_shown_to_cost_whichever_minute_it_is(self, world, acme):
        (loja,) = await acme.running("loja-1")
        shown = await quote(acme, CANCEL, loja)
        await world.until("2026-01-28 13:00")
        done = await carry_out(acme, CANCEL, shown.terms, loja)
        assert there(done.items[0].after.service_ends_at) == "2026-02-27 13:00"


class TestKeeping:
    async def test_bills_the_month_that_the_cancellation_left_out(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-01-31 12:00")
        await acme.cancel(loja)
        await acme.pays_until("2026-03-01 12:00")
        assert list(await acme.billed()) == ["2026-01"]
        await acme.keep(loja)
        await acme.pays_until("2026-04-02 12:00")
        assert (await acme.billed())["2026-03"] == ["loja-1 2026-02", "loja-1 2026-03"]
        assert (await acme.invoice("2026-03")).total == brl(2 * INTEGRATOR.prices_minor[0])
        assert await acme.states() == {"loja-1": "active"}
        assert acme.heard("notice_service") == [("2026-02-27 12:00", "notice_service_ends_soon")]
        assert world.asked[-1] == ("keep", loja)

    async def test_is_possible_until_the_service_ends(self, world, acme):
        early, late = await acme.running("loja-1", "loja-2")
        await acme.cancel(early, late)
        await acme.pays_on_time("2026-01")
        await world.until("2026-02-27 11:59")
        await acme.keep(early)
        await world.until("2026-02-27 12:00")
        shown = await quote(acme, KEEP, early, late)
        assert [type(item.refusal) for item in shown.items] == [AlreadyDone, ServiceEnded]
        assert await acme.states() == {"loja-1": "active", "loja-2": "ended"}


class TestDeleting:
    async def test_bills_the_month_and_says_nothing_more(self, world, acme):
        trial, running, leaves = await acme.new("loja-1", "loja-2", "loja-3")
        await acme.subscribe(running, leaves)
        await acme.cancel(leaves)
        await acme.delete(trial, running, leaves)
        await world.until("2026-03-10 12:00")
        assert await acme.billed() == {"2026-01": ["loja-2 2026-01", "loja-3 2026-01"]}
        assert acme.heard("notice_trial", "notice_service") == []
        assert await world.due(f"%{trial}%") == []
        shown = await quote(acme, DELETE, running)
        assert isinstance(shown.items[0].refusal, AlreadyDone)

    async def test_is_allowed_while_an_invoice_is_overdue_and_leaves_it_owed(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-02-12 12:00")
        await acme.delete(loja)
        assert await acme.balance() == (5990, 0)
        await world.until("2026-03-02 12:00")
        assert (await acme.billed())["2026-02"] == ["loja-1 2026-02"]
        # Nothing was left to be threatened or deleted by then.
        assert acme.heard("notice_del") == []

    async def test_of_what_has_ended_forgets_that_it_would_be(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        await acme.pays_until("2026-02-28 12:00")
        await acme.delete(loja)
        assert await world.due("ended_delete%") == []

    async def test_waits_until_the_platform_has_made_it(self, world, acme):
        world.silent.add("create")
        (loja,) = await acme.new("loja-1")
        shown = await quote(acme, DELETE, loja)
        assert isinstance(shown.items[0].refusal, NotInThisState)

    async def test_of_what_is_another_thing_by_now_is_shown_anew(self, world, acme):
        (loja,) = await acme.new("loja-1")
        await world.until("2026-01-30 11:59")
        shown = await quote(acme, DELETE, loja)
        await world.until("2026-01-30 12:00")
        with pytest.raises(TermsChanged):
            await carry_out(acme, DELETE, shown.terms, loja)
