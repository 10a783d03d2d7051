"""Partners, instances and balances from another system; and the codes for their owners."""

from datetime import date

import pytest

from billing.partners import NameRefused, PartnerFrozen, Role
from billing.refusals import NoRight
from billing.services.desk import office
from billing.services.instances import subscriptions
from billing.services.instances.subscriptions import TermsChanged
from billing.services.operations import Operation
from billing.services.partners import enrolment, importing
from billing.services.partners.import_rows import Row, Sum
from billing.services.people import Member
from tests.billing.samples import brl
from tests.billing.services.people import FRED, GROUP, Firm

MAY = date(2026, 5, 15)


async def bring(world, *rows):
    staff = world.staff()
    shown = await staff.do(importing.look, rows)
    done = await staff.do(importing.bring, rows, terms=shown.terms)
    await world.settle()
    return done


def firm(world, partner_id) -> Firm:
    return Firm(world, 71, "Olga", 71, partner_id)


def why(result):
    return result.refusal and result.refusal.facts.get("why", result.refusal.code)


class TestPreview:
    async def test_says_what_would_be_made_and_changes_nothing(self, world):
        before = await world.kept()
        shown = await world.staff().do(
            importing.look,
            [
                Row(1, "Padaria", "integrator", "loja-1", MAY),
                Row(2, "Padaria", None, "loja-1", MAY),
            ],
        )
        assert [(result.made, why(result)) for result in shown.results] == [
            (True, None), (False, "name_taken"),
        ]  # fmt: skip
        assert await world.kept() == before

    async def test_that_is_no_longer_true_is_not_done(self, world):
        rows = [Row(1, "Padaria", "integrator")]
        shown = await world.staff().do(importing.look, rows)
        await bring(world, *rows)
        with pytest.raises(TermsChanged):
            await world.staff().do(importing.bring, rows, terms=shown.terms)

    async def test_is_for_admins(self, world):
        with pytest.raises(NoRight):
            await world.staff(FRED).do(importing.look, [])


class TestAPartner:
    async def test_is_made_with_its_price_and_its_balance(self, world):
        row = Row(1, "Padaria", "integrator", price=Sum(4000), credit=Sum(10000, "BRL"))
        done = await bring(world, row)
        partner = done.results[0].partner
        acme = firm(world, partner.id)
        assert await acme.balance() == (0, 10000)
        agreements = await world.read(lambda work: work.partners.agreements(partner.id))
        assert [agreement.price for agreement in agreements] == [brl(4000)]

    async def test_under_days_can_bring_days(self, world):
        done = await bring(world, Row(1, "Padaria", "days", days=90))
        partner_id = done.results[0].partner.id
        balance = await world.read(
            lambda work: work.ledger.balance(f"balance:{partner_id}", "days")
        )
        assert balance == 90

    async def test_with_a_large_balance_waits_for_a_second_person(self, world):
        done = await bring(world, Row(1, "Padaria", "integrator", credit=Sum(600_000)))
        assert done.results[0].waits
        assert await firm(world, done.results[0].partner.id).balance() == (0, 0)

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (Row(1, "", "integrator"), "partner_missing"),
            (Row(1, "New"), "programme_missing"),
            (Row(1, "New", "gold"), "no_such_programme"),
            (Row(1, "Acme", "days"), "programme_differs"),
            (Row(1, "acme", credit=Sum(100)), "balance_known"),
            (Row(1, "Acme", "integrator"), "nothing"),
            (Row(1, "New", "integrator", paid_until=MAY), "instance_missing"),
            (Row(1, "New", "integrator", price=Sum(100, "USD")), "currency"),
            (Row(1, "New", "integrator", days=30), "no_days"),
            (Row(1, "New", "integrator", "12"), "number"),
            (Row(1, "New", "integrator", "a", MAY, reference="not an id"), "id_form"),
            (Row(1, "New", "integrator", "a", date(2026, 1, 1)), "paid_until_past"),
            (Row(1, "New", "integrator", "a"), "paid_until_missing"),
            (Row(1, "New", "days", "a", MAY, migrate=True), "not_monthly"),
            (Row(1, "Acme", None, "a", MAY, migrate=True), "chosen"),
        ],
    )
    async def test_or_instance_that_cannot_be_made_says_why(self, world, acme, row, reason):
        before = await world.kept()
        shown = await world.staff().do(importing.look, [row])
        assert why(shown.results[0]) == reason
        assert await world.kept() == before

    async def test_that_is_refused_does_not_hold_up_the_rest(self, world):
        done = await bring(world, Row(1, "New"), Row(2, "Padaria", "integrator"))
        assert [why(result) for result in done.results] == ["programme_missing", None]

    async def test_whose_row_could_not_be_read_says_why_and_brings_nothing(self, world):
        unread = NameRefused(why="control", name="x")
        before = await world.kept()
        shown = await world.staff().do(
            importing.look, [Row(1, "Padaria", "integrator", unread=unread)]
        )
        assert shown.results[0].refusal is unread
        assert (shown.results[0].made, shown.results[0].partner) == (False, None)
        assert await world.kept() == before

    async def test_of_a_name_that_several_have_is_asked_for_by_its_id(self, world, acme):
        other = await world.enrolled(12, "ACME")
        rows = [Row(1, "Acme", None, "a", MAY), Row(2, other.partner_id, None, "a", MAY)]
        done = await bring(world, *rows)
        assert [why(result) for result in done.results] == ["several", None]
        assert done.results[1].instance.partner_id == other.partner_id

    async def test_that_is_frozen_gets_nothing_new(self, world, acme):
        await world.staff().do(office.freeze, acme.partner_id, "audit")
        shown = await world.staff().do(importing.look, [Row(1, "Acme", None, "a", MAY)])
        assert isinstance(shown.results[0].refusal, PartnerFrozen)


class TestAnInstance:
    async def test_not_migrated_runs_to_its_date_then_stops_and_can_be_subscribed(self, world):
        done = await bring(world, Row(1, "Padaria", "integrator", "loja-1", MAY))
        acme, made = firm(world, done.results[0].partner.id), done.results[0].instance
        await world.until("2026-05-15 23:59")
        assert await acme.states() == {"loja-1": "active"}
        await world.until("2026-05-16 00:00")
        assert await acme.states() == {"loja-1": "stopped"}
        assert world.asked == [("create", made.id), ("extend", made.id), ("stop", made.id)]
        await world.write(lambda work: work.people.add_member(
            owner_of(acme.partner_id), at=work.now
        ))  # fmt: skip
        await acme.subscribe(made.id)
        await acme.pays_until("2026-06-02 10:00")
        assert await acme.billed() == {"2026-05": ["loja-1 2026-05"]}

    async def test_migrated_is_billed_from_the_month_of_its_date_on_with_no_use_of_the_token(
        self, world
    ):
        done = await bring(world, Row(1, "Padaria", "integrator-classic", "loja-1", MAY, True))
        acme = firm(world, done.results[0].partner.id)
        await acme.pays_until("2026-07-02 10:00")
        assert await acme.billed() == {
            "2026-05": ["loja-1 2026-05"], "2026-06": ["loja-1 2026-06"],
        }  # fmt: skip
        assert (await acme.invoice("2026-05")).total == brl(6000)
        token = await world.read(lambda work: work.tokens.present(acme.partner_id))
        assert token.created == 0

    async def test_of_one_partner_can_be_of_either_kind_side_by_side(self, world):
        done = await bring(
            world,
            Row(1, "Padaria", "integrator", "monthly", MAY, True),
            Row(2, "Padaria", None, "prepaid", MAY, False),
        )
        settled = [result.instance.settlement for result in done.results]
        assert settled == ["postpaid", "days"]

    async def test_that_the_platform_has_keeps_its_id(self, world):
        row = Row(1, "Padaria", "integrator", "loja-1", MAY, reference="k7q2m")
        done = await bring(world, row)
        assert done.results[0].instance.id == "K7Q2M"
        assert world.asked == [("extend", "K7Q2M")]

    @pytest.mark.parametrize("reference", ["PADRE", "7QKMZ", "k7q2mabc"])
    async def test_has_any_id_as_they_are_given_here(self, world, reference):
        row = Row(1, "Padaria", "integrator", "loja-1", MAY, reference=reference)
        assert (await bring(world, row)).results[0].instance.id == reference.upper()

    @pytest.mark.parametrize("reference", ["12345", "K7Q2", "K7Q2MABCD", "K7QIL", "K7-2M"])
    async def test_has_no_id_that_none_could_have(self, world, reference):
        row = Row(1, "Padaria", "integrator", "loja-1", MAY, reference=reference)
        shown = await world.staff().do(importing.look, [row])
        assert why(shown.results[0]) == "id_form"

    async def test_never_has_the_id_of_another(self, world, acme):
        (taken,) = await acme.new("a")
        await acme.delete(taken)
        done = await bring(
            world,
            Row(1, "Padaria", "integrator", "loja-1", MAY, reference=taken.lower()),
            Row(2, "Padaria", "integrator", "loja-2", MAY, reference="K7Q2M"),
            Row(3, "Padaria", None, "loja-3", MAY, reference="k7q2m"),
        )
        assert [why(result) for result in done.results] == ["id_taken", None, "id_taken"]
        assert (await acme.get(taken)).state == "deleted"
        assert await firm(world, done.results[1].partner.id).states() == {"loja-2": "active"}

    async def test_of_a_partner_that_chose_to_migrate_does_so_by_itself(self, world):
        owner = world.person(11)
        applied = await owner.do(enrolment.apply, "Acme", migrate=True)
        await world.staff().do(enrolment.approve, applied.application.id, "integrator")
        done = await bring(world, Row(1, "Acme", None, "loja-1", MAY))
        assert done.results[0].instance.settlement == "postpaid"
        shown = await world.staff().do(importing.look, [Row(1, "Acme", None, "b", MAY, False)])
        assert why(shown.results[0]) == "chosen"

    @pytest.mark.parametrize(
        ("programme", "refused"), [("integrator", None), ("integrator-classic", "never_activated")]
    )
    async def test_made_in_the_panel_is_subscribed_only_where_that_is_so(
        self, world, programme, refused
    ):
        row = Row(1, "Padaria", programme, "loja-1", date(2026, 1, 29), panel=True)
        done = await bring(world, row)
        acme = firm(world, done.results[0].partner.id)
        await world.write(lambda work: work.people.add_member(
            owner_of(acme.partner_id), at=work.now
        ))  # fmt: skip
        await world.until("2026-01-30 12:00")
        quote = await acme.do(
            subscriptions.quote, Operation.SUBSCRIBE, [done.results[0].instance.id]
        )
        assert why(quote.items[0]) == refused

    async def test_that_the_platform_refuses_is_tried_again_and_staff_hear(self, world):
        world.refusing["create"] = "full"
        await bring(world, Row(1, "Padaria", "integrator", "loja-1", MAY, True))
        assert world.heard(GROUP, "platform_trouble")
        world.refusing.clear()
        await world.until("2026-01-28 14:00")
        assert [operation for operation, _ in world.asked] == ["create", "restart"]


def owner_of(partner_id):
    return Member(71, partner_id, Role.OWNER)
