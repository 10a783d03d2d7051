"""Looking at what there is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.calendar import Month
from billing.corrections import CreditTooSmall
from billing.instances import State
from billing.invoices import AmountRefused
from billing.money import Money
from billing.partners import StaffRole
from billing.refusals import NoRight, NotFound
from billing.services.days import handling
from billing.services.desk import office, overview, waiting
from billing.services.finding import NoPartner
from billing.services.instances import creation
from billing.services.invoices import corrections
from billing.services.partners import enrolment, integrator, moving
from billing.services.payments import booking, giving, reversals
from tests.billing.samples import SAO_PAULO, brl, there
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import FRED, SAM


class TestHome:
    async def test_shows_what_a_partner_needs_first(self, world, acme):
        first, second = await acme.new("loja-1", "loja-2")
        await acme.subscribe(first)
        home = await acme.do(overview.home)
        assert home.counts == {State.ACTIVE: 1, State.TRIAL: 1}
        assert there(home.next_trial_end) == "2026-01-30 12:00"
        assert home.preview.draft.total == brl(5990)
        assert (home.unpaid, home.token.created) == ([], 2)
        await acme.subscribe(second)
        assert (await acme.do(overview.home)).next_trial_end is None

    async def test_is_a_partners(self, world):
        with pytest.raises(NoRight):
            await world.person(61).do(overview.home)


class TestInstances:
    async def test_are_listed_by_name_and_state(self, world, acme):
        first, _ = await acme.new("b", "a")
        await acme.subscribe(first)
        listed = await acme.do(overview.instances_of)
        assert [instance.name for instance in listed] == ["a", "b"]
        listed = await acme.do(overview.instances_of, [State.ACTIVE])
        assert [instance.id for instance in listed] == [first]

    async def test_are_shown_with_price_and_history_deleted_ones_too(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.delete(loja)
        card = await acme.do(overview.instance_card, loja)
        assert (card.instance.state, card.price) == (State.DELETED, brl(5990))
        assert [row.action for row in card.history] == [
            "delete", "subscribe", "platform.create", "create",
        ]  # fmt: skip
        assert card.link.connected is False

    async def test_of_others_are_not_found(self, world, acme):
        other = await world.enrolled(12, "Bolt")
        (loja,) = await acme.new("loja-1")
        with pytest.raises(NotFound):
            await other.do(overview.instance_card, loja)

    async def test_have_no_monthly_price_where_they_are_paid_in_days(self, world, acme):
        (loja,) = await acme.new("loja-1")
        await world.under_days(acme)
        assert (await acme.do(overview.instance_card, loja)).price is None


class TestForStaff:
    async def test_a_partner_is_shown_whole(self, world, acme):
        await acme.running("loja-1", "loja-2")
        await acme.joined(99, "viewer")
        await world.until("2026-02-02 12:00")
        invoice = await acme.invoice("2026-01")
        await world.staff(FRED).do(booking.book, invoice.number, brl(20000), "pix")
        card = await world.staff(SAM).do(overview.partner_card, acme.partner_id)
        assert card.credit == brl(20000 - 11980)
        assert [(member.role, bool(person)) for member, person in card.members] == [
            ("owner", True), ("viewer", False),
        ]  # fmt: skip
        assert (card.counts, card.unpaid, card.request) == ({State.ACTIVE: 2}, [], None)
        assert (card.programme.id, card.token.created) == ("integrator", 2)
        with pytest.raises(NotFound):
            await world.staff(SAM).do(overview.partner_card, "ZZZZ9")
        with pytest.raises(NoRight):
            await acme.do(overview.partner_card, acme.partner_id)

    async def test_a_partner_is_shown_with_all_that_it_has_to_pay(self, world):
        firm = await a_firm(world)
        invoice = await firm.invoiced((await firm.asks(channels=1)).request)
        card = await world.staff(SAM).do(overview.partner_card, firm.partner_id)
        assert [one.number for one in card.unpaid] == [invoice.number]

    async def test_a_partner_that_was_moved_is_shown_with_its_credit_of_before(self, world, acme):
        loja, *_ = await acme.running("loja-1")
        await acme.cancel(loja)
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01")
        await world.staff().do(moving.plan, acme.partner_id, "days", None)
        await world.until("2026-03-02 12:00")
        assert (await acme.do(overview.home)).old_credit == []
        # The bank sends January's money once more.
        await acme.pays("2026-01", 5990)
        home = await acme.do(overview.home)
        assert (home.preview.credit, home.old_credit) == (Money(0, "USD"), [brl(5990)])
        card = await world.staff(SAM).do(overview.partner_card, acme.partner_id)
        assert (card.credit, card.old_credit) == (Money(0, "USD"), [brl(5990)])
        with pytest.raises(CreditTooSmall):
            await world.staff(FRED).do(giving.refund, acme.partner_id, brl(5991), "TED 1")
        refunded = await world.staff(FRED).do(giving.refund, acme.partner_id, brl(5990), "TED 1")
        assert refunded.credit == brl(0)
        assert (await acme.do(overview.home)).old_credit == []
        with pytest.raises(AmountRefused):
            await world.staff(FRED).do(giving.refund, acme.partner_id, brl(1), "TED 2")

    async def test_the_queue_holds_deletions_by_hand_however_many_come_by_themselves(
        self, world, acme
    ):
        other = await world.enrolled(12, "Bolt")
        for firm in (acme, other):
            await firm.new(*(f"loja-{n}" for n in range(25)))
        await world.until("2026-01-28 13:00")
        classic = await world.enrolled(13, "Classic", "integrator-classic")
        await classic.new("a", "b")
        await world.until("2026-01-30 14:00")
        queue = await world.staff(SAM).do(waiting.queue)
        assert {
            (one.facts["name"], one.facts["partner"]) for one in queue.kinds["deletions"]
        } == {
            ("a", "Classic"), ("b", "Classic"),
        }  # fmt: skip

    async def test_the_queue_holds_what_waits_for_people(self, world, acme):
        await acme.new("loja-1")
        await world.until("2026-01-30 13:00")
        queue = await world.staff(SAM).do(waiting.queue)
        # A trial of `integrator` that is over is no task: it is deleted by itself.
        assert (queue.halted, [kind for kind, waits in queue.kinds.items() if waits]) == (None, [])

    async def test_the_queue_holds_requests_for_days_the_one_promised_first_leading(self, world):
        firm, other = await a_firm(world), await a_firm(world, 12, "Bolt")
        first = (await firm.asks(channels=2)).request
        await world.until_instant(world.clock.at + timedelta(minutes=5))
        second = (await other.asks(by_days=40)).request
        await world.staff(SAM).do(handling.claim, first.id)
        rows = (await world.staff(SAM).do(waiting.queue)).kinds["day_requests"]
        assert [(one.facts["partner"], one.facts["days"], one.claimed_by) for one in rows] == [
            ("Acme", 60, "staff 3"), ("Bolt", 40, None),
        ]  # fmt: skip
        assert [one.opens.args["request"] for one in rows] == [first.id, second.id]

    async def test_a_month_is_reported_in_figures(self, world, acme):
        stays, leaves, goes, _ = await acme.new("stays", "leaves", "goes", "tries")
        await acme.subscribe(stays, leaves, goes)
        await acme.cancel(leaves)
        await world.until("2026-02-03 12:00")
        await acme.pays("2026-01", 10000)
        january = await world.staff(FRED).do(overview.report, Month(2026, 1), SAO_PAULO)
        assert (january.invoices, january.invoiced, january.received) == (0, {}, [])
        assert (january.instances.created, january.instances.converted) == (4, 3)
        assert (january.instances.subscribed, january.instances.cancelled) == (3, 1)
        february = await world.staff(FRED).do(overview.report, Month(2026, 2), SAO_PAULO)
        assert february.invoices == 1
        assert february.invoiced == {"BRL": brl(3 * 5990)}
        assert february.received == [brl(10000)]
        assert february.owed == {"BRL": brl(3 * 5990 - 10000)}
        with pytest.raises(NoRight):
            await world.staff(SAM).do(overview.report, Month(2026, 1), SAO_PAULO)

    async def test_what_was_taken_back_is_no_figure_any_more(self, world, acme):
        await acme.running("loja-1", "loja-2")
        await world.until("2026-02-03 12:00")
        fred, number = world.staff(FRED), (await acme.invoice("2026-01")).number
        await acme.pays("2026-01", 11980 + 500)
        await fred.do(giving.refund, acme.partner_id, brl(500), "TED 1")
        figures = await fred.do(overview.report, Month(2026, 2), SAO_PAULO)
        assert figures.received == [brl(11980)]
        await fred.do(reversals.reverse, number, "bounced")
        await fred.do(corrections.void, number, "wrong")
        figures = await fred.do(overview.report, Month(2026, 2), SAO_PAULO)
        assert (figures.invoices, figures.invoiced) == (1, {"BRL": brl(0)})
        assert figures.received == [brl(-500)]

    async def test_a_closed_month_shows_what_was_drawn_up(self, world, acme):
        other = await world.enrolled(12, "Bolt")
        await acme.running("loja-1", "loja-2")
        await other.new("loja-1")
        fred = world.staff(FRED)
        assert await fred.do(overview.drawn_up, Month(2026, 1)) is None
        await world.until("2026-02-02 12:00")
        [row] = await fred.do(overview.drawn_up, Month(2026, 1))
        assert (row.partner.name, row.lines, row.total, row.before) == (
            "Acme", 2, brl(2 * 5990), brl(0),
        )  # fmt: skip
        assert await fred.do(overview.drawn_up, Month(2026, 2)) is None
        assert await fred.do(overview.drawn_up, Month(2025, 12)) == []
        await acme.pays_until("2026-03-02 12:00")
        [row] = await fred.do(overview.drawn_up, Month(2026, 2))
        assert (row.lines, row.before) == (2, brl(2 * 5990))
        with pytest.raises(NoRight):
            await world.staff(SAM).do(overview.drawn_up, Month(2026, 1))

    async def test_the_audit_tells_who_did_what(self, world, acme):
        (loja,) = await acme.new("loja-1")
        await acme.do(creation.rename, loja, "filial")
        rows = await world.staff(SAM).do(overview.audit, loja)
        assert [(row.action, row.before, row.after) for row in rows] == [
            ("rename", "loja-1", "filial"),
            ("platform.create", "creating", "trial"),
            ("create", "", "creating"),
        ]
        assert str(acme.user_id) in rows[0].actor
        assert rows[0].cause.startswith("update:")
        everything = await world.staff(SAM).do(overview.audit, None)
        assert len(everything) <= overview.AUDIT_ROWS
        with pytest.raises(NoRight):
            await acme.do(overview.audit, None)

    async def test_whoever_belongs_to_nobody_has_nothing_to_look_at(self, world):
        lonely = overview.Actor(channel="bot", cause="x", rights=frozenset({"view"}))
        with pytest.raises(NoPartner):
            await world.read(lambda work: overview.instances_of(work, lonely))
        with pytest.raises(NoPartner):
            await world.read(lambda work: integrator.look(work, lonely))


async def test_every_state_change_has_a_row_in_the_audit_with_actor_and_cause(world, acme):
    _, leaves = await acme.running("stays", "leaves")
    await acme.cancel(leaves)
    await world.staff(SAM).do(office.freeze, acme.partner_id, "x")
    await world.until("2026-02-12 12:00")
    await world.staff(SAM).do(office.unfreeze, acme.partner_id)
    await acme.held("2026-01", "2026-02-13")
    await acme.pays("2026-01")
    rows = await world.sql("SELECT action, actor, cause, outcome FROM audit ORDER BY id")
    assert all(row["actor"] and row["cause"] and row["outcome"] for row in rows)
    assert {row["action"] for row in rows} >= {
        "apply", "approve", "create", "platform.create", "subscribe", "cancel", "freeze",
        "invoice", "stop", "unfreeze", "hold", "restore", "paid", "bind", "staff",
    }  # fmt: skip


async def test_instances_are_listed_as_people_count(world, acme):
    await acme.new("f10", "f2", "zebra", "Çafé", "f1")
    listed = await acme.do(overview.instances_of)
    assert [one.name for one in listed] == ["Çafé", "f1", "f2", "f10", "zebra"]


async def test_names_what_acts_are_about_as_people_call_it(world, acme):
    (loja,) = await acme.new("loja-1")
    await world.person(71).do(enrolment.apply, "Padaria")
    await world.staff().do(office.appoint, 72, StaffRole.SUPPORT)
    sofia = world.staff()
    rows = await sofia.do(overview.audit, None)
    names = await sofia.do(overview.names, rows)
    assert {"loja-1", "Padaria"} <= set(names.values())
    assert names[loja] == "loja-1"
    gone = [replace(rows[0], kind=kind, object_id="nobody") for kind in ("instance", "application")]
    unknown = [replace(rows[0], kind="person", object_id=one) for one in ("x", "999")]
    assert await sofia.do(overview.names, [*gone, *unknown]) == {}
