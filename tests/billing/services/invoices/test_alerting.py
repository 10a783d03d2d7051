"""What staff are told of partners, and how their cards follow what becomes of it."""

from dataclasses import replace
from datetime import date

import pytest

from billing.services.invoices import alerting, corrections
from billing.services.payments import reversals
from tests.billing.services.people import FRED, GROUP

LIST = "staff:deletions:2026-02-15"


def numbers(sent):
    return [row["number"] for row in sent.facts["invoices"]]


def row_of(world, number):
    rows = world.last(GROUP, "staff_deletions").facts["invoices"]
    return next(row for row in rows if row["number"] == number)


class TestTheListOfDeletions:
    @pytest.fixture
    async def firms(self, world):
        """Return three partners that have not paid, on the eve of their deletion."""
        firms = [await world.enrolled(11 + n, f"Firm {n}") for n in range(3)]
        for firm in firms:
            await firm.running("loja-1")
        return firms

    async def test_goes_on_in_another_card_where_one_is_full(self, world, firms, monkeypatch):
        monkeypatch.setattr(alerting, "ON_A_CARD", 2)
        await world.until("2026-02-14 12:00")
        cards = {s.key: numbers(s) for s in world.sent if s.kind == "staff_deletions"}
        assert list(cards) == [f"{LIST}:0:{GROUP}", f"{LIST}:1:{GROUP}"]
        full, begun = cards.values()
        assert (len(full), len(begun)) == (2, 1)
        assert {*full, *begun} == {f"INT-2026-0000{n}" for n in (1, 2, 3)}
        assert len(world.heard(GROUP, "staff_deletions")) == 2
        assert await world.labels(LIST) == {"hold_number"}

    async def test_says_who_booked_a_payment_and_who_gave_more_time(self, world, firms):
        await world.until("2026-02-14 12:00")
        paid, held, due = [await firm.invoice("2026-01") for firm in firms]
        await firms[0].pays("2026-01")
        await firms[1].held("2026-01", "2026-02-20")
        row = row_of(world, paid.number)
        assert (row["state"], row["by"]) == ("paid", "staff 2")
        row = row_of(world, held.number)
        assert (row["state"], row["by"], row["held_until"]) == (
            "held", "staff 2", {"$date": "2026-02-20"},
        )  # fmt: skip
        assert row_of(world, due.number)["state"] == "due"
        assert await world.args(LIST) == [{"number": due.number}]
        assert len(world.heard(GROUP, "staff_deletions")) == 1

    async def test_says_what_was_voided_and_what_is_due_again(self, world, firms):
        await world.until("2026-02-14 12:00")
        void, again, _ = [(await firm.invoice("2026-01")).number for firm in firms]
        fred = world.staff(FRED)
        await fred.do(corrections.void, void, "wrong")
        await firms[1].pays("2026-01")
        assert row_of(world, again)["state"] == "paid"
        await fred.do(reversals.reverse, again, "bounced")
        await world.settle()
        assert (row_of(world, void)["state"], row_of(world, void)["by"]) == ("void", "staff 2")
        assert row_of(world, again)["state"] == "due"
        card = world.last(GROUP, "staff_overdue")
        assert (card.facts["number"], card.facts["state"]) == (again, "due")

    async def test_takes_in_nobody_who_pays_and_had_nothing_to_delete(self, world, firms):
        *listed, spared = firms
        found = await world.read(lambda work: work.instances.of_partner(spared.partner_id))
        await spared.delete(*(instance.id for instance in found))
        await world.until("2026-02-14 12:00")
        numbers_before = {(await firm.invoice("2026-01")).number for firm in listed}
        paid = await spared.invoice("2026-01")
        assert paid.owed
        said = len([sent for sent in world.sent if sent.kind == "staff_deletions"])
        await spared.pays("2026-01")
        # Its own card says that it was paid; the list is as it was, and is not said anew.
        assert world.last(GROUP, "staff_overdue").facts["number"] == paid.number
        assert set(numbers(world.last(GROUP, "staff_deletions"))) == numbers_before
        assert len([sent for sent in world.sent if sent.kind == "staff_deletions"]) == said

    async def test_has_what_was_held_on_the_list_of_its_new_day(self, world, firms):
        await world.until("2026-02-14 12:00")
        await firms[0].held("2026-01", "2026-02-20")
        await world.until("2026-02-24 12:00")
        sent = world.last(GROUP, "staff_deletions")
        assert sent.key == f"staff:deletions:2026-02-25:0:{GROUP}"
        assert [row["state"] for row in sent.facts["invoices"]] == ["due"]
        # A part payment changes what is owed there, and nothing else.
        await firms[0].pays("2026-01", 1000)
        (row,) = world.last(GROUP, "staff_deletions").facts["invoices"]
        assert (row["state"], row["owed"]) == ("due", {"$money": [4990, "BRL"]})

    async def test_keeps_what_was_deleted_as_deleted_when_it_is_paid_later(self, world, firms):
        await world.until("2026-02-14 12:00")
        gone, saved, held = [(await firm.invoice("2026-01")).number for firm in firms]
        await firms[1].pays("2026-01")
        await firms[2].held("2026-01", "2026-02-20")
        await world.until("2026-02-15 09:30")
        row = row_of(world, gone)
        assert (row["state"], row["deleted"]) == ("due", 1)
        assert await world.args(LIST) == []
        await firms[0].pays("2026-01")
        row = row_of(world, gone)
        assert (row["state"], row["deleted"]) == ("paid", 1)
        assert [row_of(world, number)["deleted"] for number in (saved, held)] == [0, 0]

    async def test_of_a_day_that_is_over_is_not_told_any_more(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-14 08:00")
        world.telegram_is_down = True
        await world.until("2026-02-17 12:00")
        world.telegram_is_down = False
        await world.settle()
        # The deletion was put off from day to day: only the last list is still true.
        sent = [s.key for s in world.sent if s.kind == "staff_deletions"]
        assert sent == [f"staff:deletions:2026-02-18:0:{GROUP}"]

    async def test_takes_an_invoice_once(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-14 12:00")
        invoice, partner = await acme.invoice("2026-01"), await acme.partner()
        await world.write(lambda work: alerting.tell_deletion(work, invoice, partner))
        await world.settle()
        assert numbers(world.last(GROUP, "staff_deletions")) == [invoice.number]


class TestAnOverdueInvoice:
    async def test_has_no_button_for_a_payment_when_nothing_is_owed(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-06 12:00")
        card = f"staff:overdue:{(await acme.invoice('2026-01')).id}"
        assert world.last(GROUP, "staff_overdue").facts["state"] == "due"
        await acme.held("2026-01", "2026-02-20")
        facts = world.last(GROUP, "staff_overdue").facts
        assert (facts["state"], facts["by"]) == ("held", "staff 2")
        assert await world.labels(card) == {"mark_paid", "hold", "partner"}
        await acme.pays("2026-01")
        facts = world.last(GROUP, "staff_overdue").facts
        assert (facts["state"], facts["by"]) == ("paid", "staff 2")
        assert await world.labels(card) == {"partner"}
        assert len(world.heard(GROUP, "staff_overdue")) == 1

    async def test_is_said_to_be_paid_also_after_the_deletion(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-20 12:00")
        await acme.pays("2026-01")
        assert world.last(GROUP, "staff_overdue").facts["state"] == "paid"
        assert world.last(GROUP, "staff_overdue").edit

    @pytest.mark.parametrize("back", ["2026-02-08 10:00", "2026-02-10 12:00"])
    async def test_is_told_to_staff_also_where_an_outage_made_it_stale_for_the_partner(
        self, world, acme, back
    ):
        await acme.running("loja-1")
        await world.until("2026-02-05 12:00")
        world.down_until(back)
        await world.settle()
        assert world.heard(GROUP, "staff_overdue") == [(back, "staff_overdue")]
        assert "notice_invoice_overdue" not in [kind for _, kind in acme.heard("notice_")]

    async def test_that_is_paid_before_it_is_overdue_has_no_card(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01")
        assert world.heard(GROUP, "staff_overdue") == []

    async def test_is_dropped_where_nobody_was_told_before_the_deletion(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-02-05 12:00")
        world.telegram_is_down = True
        await world.until("2026-02-06 12:00")
        await acme.delete(loja)
        await world.until("2026-02-15 12:00")
        world.telegram_is_down = False
        await world.settle()
        assert world.heard(GROUP, "staff_overdue") == []

    async def test_is_paid_by_nobody_where_the_books_do_not_say_who(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-06 12:00")
        invoice, partner = await acme.invoice("2026-01"), await acme.partner()
        held = replace(invoice, held_until=date(2026, 2, 20))
        await world.write(lambda work: alerting.tell_overdue(work, held, partner))
        await world.settle()
        facts = world.last(GROUP, "staff_overdue").facts
        assert (facts["state"], facts["by"]) == ("held", "")
