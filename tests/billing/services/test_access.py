"""Who speaks, and what they may do at that moment."""

import importlib
import inspect
import pkgutil

import pytest

from billing import services
from billing.partners import Right, Role, StaffRole
from billing.refusals import NoRight
from billing.services import access
from billing.services.access import RIGHTS, Heard, recognise
from billing.services.desk import office, overview
from billing.services.people import Actor
from tests.billing.services.people import FRED, GROUP, SAM, SOFIA, Human

# Asked for by nobody: the clock, the platform, the delivery, and use cases among themselves.
UNASKED = {
    "access.recognise", "books.proving.carry_on", "cards.applying.apply", "cards.paying.paid",
    "cards.returning.apply", "days.life.give_back", "invoices.settling.take_as_credit",
    "payments.booking.book_by_card", "payments.reversals.reverse_by_card", "clockwork.carry_out",
    "clockwork.carry_out_together", "clockwork.clock_jumped", "clockwork.delete_stopped",
    "clockwork.held_kinds", "days.arrears.post", "days.auto_extending.attempt",
    "days.auto_extending.carry_out", "days.auto_extending.refill", "days.buying.ask",
    "days.buying.record", "days.crediting.credit", "days.crediting.settled",
    "days.crediting.take_back", "days.ending.delete", "days.ending.has_run_out",
    "days.ending.run_out", "days.handling.over", "days.handling.soon", "days.issuing.issue",
    "days.issuing.lapse", "days.life.give", "days.life.leave", "days.life.post_used",
    "days.unconfirmed.take_back",
    "days.standing_orders.carry_out", "desk.office.bind_group", "desk.strangers.leave",
    "desk.summary.carry_out", "finding.own_partner", "instances.pairing.look",
    "instances.service_ends.end", "instances.subscriptions.end_service",
    "invoices.corrections.credit_note_for", "invoices.corrections.write_off",
    "invoices.dunning.delete", "invoices.dunning.restore_if_settled", "invoices.dunning.stop",
    "invoices.invoicing.close", "invoices.invoicing.close_all", "invoices.invoicing.draw_up_anew",
    "invoices.issuing.issue", "invoices.settling.let_go", "invoices.settling.settle",
    "invoices.settling.use_credit", "partners.enrolment.withdraw",
    "partners.importing.bring_in", "partners.integrator.close_request", "partners.linking.forget",
    "partners.linking.looked_up",
    "partners.linking.new_code", "partners.linking.use_up", "partners.moving.call_off",
    "partners.moving.carry_out", "partners.own_group.put_out", "partners.preferences.own_zone",
    "partners.taking_along.before", "partners.team.leave", "payments.receipts.settled",
    "payments.second.ask", "platforms.comparing.carry_out", "platforms.mending.close",
    "recording.change", "recording.of_invoice", "recording.of_partner",
    "support.broadcasting.carry_on", "support.broadcasting.report", "support.relaying.settle",
}  # fmt: skip


async def recognised(world, user_id, chat_id, *, private, name="Somebody"):
    heard = Heard(user_id, name, "pt", chat_id, private, "update:1")
    return await world.write(lambda work: recognise(work, heard))


class TestASpeaker:
    async def test_nobody_knows_may_do_what_anyone_may(self, world):
        actor, person = await recognised(world, 71, 71, private=True)
        assert actor.rights == {Right.ANYONE}
        assert (person.language, person.zone) == ("pt", None)
        assert await world.read(lambda work: work.people.person(71)) == person

    @pytest.mark.parametrize(
        ("role", "right", "denied"),
        [
            (Role.OWNER, Right.OWN, Right.SERVE),
            (Role.MANAGER, Right.OPERATE, Right.PAY),
            (Role.FINANCE, Right.PAY, Right.OPERATE),
            (Role.VIEWER, Right.VIEW, Right.OPERATE),
        ],
    )
    async def test_of_a_partner_acts_for_it_in_private_alone(
        self, world, acme, role, right, denied
    ):
        await acme.joined(72, role)
        actor, _ = await recognised(world, 72, 72, private=True)
        assert (actor.partner_id, actor.role) == (acme.partner_id, role)
        assert right in actor.rights
        assert denied not in actor.rights
        actor, _ = await recognised(world, 72, GROUP, private=False)
        assert actor.rights == {Right.ANYONE}

    @pytest.mark.parametrize(
        ("who", "role", "right", "denied"),
        [
            (SOFIA, StaffRole.ADMIN, Right.ADMINISTER, Right.VIEW),
            (FRED, StaffRole.FINANCE, Right.BOOK, Right.ADMINISTER),
            (SAM, StaffRole.SUPPORT, Right.SERVE, Right.BOOK),
        ],
    )
    async def test_of_the_staff_acts_in_a_staff_group_alone(self, world, who, role, right, denied):
        actor, _ = await recognised(world, who, GROUP, private=False)
        assert actor.staff is role
        assert right in actor.rights
        assert denied not in actor.rights
        for chat_id, private in ((-999, False), (who, True)):
            actor, _ = await recognised(world, who, chat_id, private=private)
            assert actor.rights == {Right.ANYONE}

    @pytest.mark.parametrize("shared", sorted(access.SHARED_IDS))
    async def test_who_stands_for_many_may_do_nothing(self, world, shared):
        await world.write(
            lambda work: work.people.save_staff(shared, StaffRole.ADMIN, by=None, at=work.now)
        )
        actor, _ = await recognised(world, shared, GROUP, private=False)
        assert actor.rights == frozenset()
        assert await world.read(lambda work: work.people.person(shared)) is None

    async def test_is_known_by_the_name_of_today_and_reachable_again(self, world, acme):
        await recognised(world, 71, 71, private=True, name="Ana")
        await world.sql("UPDATE persons SET blocked_at = 1, zone = 'UTC' WHERE user_id = 71")
        _, person = await recognised(world, 71, 71, private=True, name="Ana B.")
        assert (person.name, person.blocked_at, person.zone) == ("Ana B.", None, "UTC")
        (row,) = await world.sql("SELECT seen_at FROM persons WHERE user_id = 71")
        world.clock.at = world.clock.at.replace(hour=20)
        await recognised(world, 71, 71, private=True, name="Ana B.")
        (again,) = await world.sql("SELECT seen_at FROM persons WHERE user_id = 71")
        assert row["seen_at"] == again["seen_at"]


class TestARight:
    def test_is_declared_by_every_use_case_that_a_person_can_ask_for(self):
        asked, unasked = set(), set()
        for module in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
            found = importlib.import_module(module.name)
            for name, function in vars(found).items():
                if name.startswith("_") or getattr(function, "__module__", "") != found.__name__:
                    continue
                if not inspect.iscoroutinefunction(inspect.unwrap(function)):
                    continue
                whose = f"{found.__name__}.{name}"
                takes = inspect.signature(function).parameters
                if whose in RIGHTS:
                    asked.add(whose)
                elif "actor" in takes:
                    unasked.add(whose.removeprefix(f"{services.__name__}."))
        assert asked == set(RIGHTS)
        assert unasked <= UNASKED

    async def test_that_is_missing_changes_nothing(self, world, acme):
        viewer = await acme.joined(21, "viewer")
        await viewer.do(overview.home)
        before = await world.kept()
        with pytest.raises(NoRight) as refused:
            await viewer.do(office.halt, "x")
        assert refused.value.facts == {"right": Right.ADMINISTER}
        assert await world.kept() == before

    async def test_that_is_missing_can_be_noted_once_the_attempt_is_taken_back(self, world):
        """As whoever answers does it: the attempt in a savepoint, its denial outside."""

        async def attempt(work, actor):
            try:
                async with work.savepoint():
                    await office.halt(work, actor, "x")
            except NoRight:
                await work.audit.record(actor, "halt", at=work.now, outcome="denied")

        await Human(world, SAM, "Sam", GROUP).do(attempt)
        rows = await world.read(lambda work: work.audit.about(None, limit=1))
        assert [(row.action, row.outcome) for row in rows] == [("halt", "denied")]
        assert await world.read(lambda work: work.state.get("halted")) is None

    def test_is_none_of_the_clocks_or_the_platforms(self):
        for actor in (access.by_clock("due:x"), access.by_platform("call:x")):
            assert isinstance(actor, Actor)
            assert actor.rights == frozenset()
            with pytest.raises(NoRight):
                access.check(actor, Right.ANYONE)
