"""The close of a month, and what comes of it; the worked examples of the rules, by the clock."""

from datetime import date

import pytest

from billing.calendar import Month
from billing.catalogue import Programmes
from billing.invoices import InvoiceState
from billing.refusals import NoRight, NotFound
from billing.services.desk import overview
from billing.services.invoices import invoicing
from billing.services.partners import preferences
from tests.billing.samples import CLASSIC, INTEGRATOR, PROGRAMMES, brl, local, terms, there
from tests.billing.services.people import FRED, SAM
from tests.billing.services.world import living

EVERY_MONTH = {"bill": "every_month_of_service"}


async def under(world, **changes):
    """Return a partner under `integrator` with other terms of cancellation."""
    changed = terms(INTEGRATOR, **changes)
    world.set_programmes(Programmes([changed, CLASSIC, PROGRAMMES.get("days", 1)]))
    return await world.enrolled()


class TestTheWorkedExamples:
    @pytest.mark.parametrize(
        ("subscribed", "cancelled", "ends", "billed", "changes"),
        [
            ("2026-01-31 23:30", None, None, ["2026-01", "2026-02", "2026-03"], {}),
            ("2026-02-01 00:10", None, None, ["2026-02", "2026-03"], {}),
            ("2026-01-31 23:30", "2026-03-01 10:00", "2026-03-31 10:00",
             ["2026-01", "2026-02", "2026-03"], {}),
            ("2026-02-01 00:10", "2026-03-02 00:01", "2026-04-01 00:01",
             ["2026-02", "2026-03"], {}),
            ("2026-02-01 00:10", "2026-03-02 00:01", "2026-04-01 00:01",
             ["2026-02", "2026-03", "2026-04"], EVERY_MONTH),
            ("2028-01-30 10:00", "2028-01-30 10:00", "2028-02-29 10:00", ["2028-01"], {}),
            # the other two rules of cancellation
            ("2026-01-31 23:30", "2026-03-15 10:00", "2026-04-11 00:00",
             ["2026-01", "2026-02", "2026-03"], {"rule": "until_expiry"}),
            ("2026-01-31 23:30", "2026-03-15 10:00", "2026-04-01 00:00",
             ["2026-01", "2026-02", "2026-03"], {"rule": "end_of_cycle"}),
        ],
    )  # fmt: skip
    async def test_bill_the_months_of_the_table(self, subscribed, cancelled, ends, billed, changes):
        async with living(subscribed) as world:
            acme = await under(world, **changes)
            (loja,) = await acme.running("loja-1")
            if cancelled:
                await acme.pays_until(cancelled)
                await acme.cancel(loja)
                assert there((await acme.get(loja)).service_ends_at) == ends
            months = 6 if cancelled else len(billed)
            until = Month.parse(billed[0]).plus(months)
            await acme.pays_until(f"{until}-02 12:00")
            assert await acme.billed() == {month: [f"loja-1 {month}"] for month in billed}
            first = await acme.invoice(billed[0])
            month = Month.parse(billed[0]).plus(1)
            assert there(first.issued_at) == f"{month}-01 00:00"
            assert first.due_on == month.day(5)
            if ends:
                assert set((await acme.states()).values()) == {"deleted"}

    @pytest.mark.parametrize(("changes", "in_august"), [({}, 41), (EVERY_MONTH, 51)])
    async def test_of_forty_and_eleven_are_51_51_and_41(self, changes, in_august):
        async with living("2026-04-10 12:00") as world:
            acme = await under(world, **changes)
            token = await world.read(lambda work: work.tokens.present(acme.partner_id))
            await world.sql("UPDATE tokens SET allowed = NULL WHERE id = :id", id=token.id)
            ids = await acme.running(*(f"a {n}" for n in range(40)))
            for day, count in (("01", 1), ("10", 2), ("15", 5), ("20", 3)):
                await acme.pays_until(f"2026-05-{day} 12:00")
                await acme.running(*(f"{day} {n}" for n in range(count)))
            await acme.pays_until("2026-06-10 12:00")
            assert (await acme.invoice("2026-05")).due_on == date(2026, 6, 5)
            await acme.cancel(*ids[:10])
            assert there((await acme.get(ids[0])).service_ends_at) == "2026-07-10 12:00"
            await acme.pays_until("2026-07-10 11:59")
            assert (await acme.get(ids[0])).state == "cancelled"
            await acme.pays_until("2026-08-02 12:00")
            counts = [len(lines) for lines in (await acme.billed()).values()]
            assert counts == [40, 51, 51, in_august]

    async def test_of_classic_bill_each_band_at_its_price(self, world):
        firm = await world.enrolled(programme="integrator-classic")
        await firm.running(*(f"a {n}" for n in range(25)))
        await firm.granted()
        await firm.running(*(f"b {n}" for n in range(25)))
        await firm.granted()
        await firm.running(*(f"c {n}" for n in range(10)))
        await world.until("2026-02-01 00:00")
        assert (await firm.invoice("2026-01")).total == brl(3150_00)

    @pytest.mark.parametrize("day", ["2026-03-15 10:00", "2026-03-03 10:00"])
    async def test_of_classic_use_a_cancelled_one_until_its_expiry(self, world, day):
        firm = await world.enrolled(programme="integrator-classic")
        (loja,) = await firm.running("loja-1")
        await firm.pays_until(day)
        await firm.cancel(loja)
        await firm.pays_until("2026-04-10 23:59")
        assert await firm.states() == {"loja-1": "cancelled"}
        await firm.pays_until("2026-04-11 00:00")
        assert await firm.states() == {"loja-1": "ended"}
        await firm.pays_until("2026-05-02 12:00")
        assert list(await firm.billed()) == ["2026-01", "2026-02", "2026-03"]
        assert await firm.states() == {"loja-1": "deleted"}


class TestTheClose:
    async def test_draws_up_one_invoice_with_a_line_for_whatever_was_billable(self, world, acme):
        stays, goes, leaves, _ = await acme.new("stays", "goes", "leaves", "tries")
        await acme.subscribe(stays, goes, leaves)
        await acme.delete(goes)
        await acme.cancel(leaves)
        await world.until("2026-02-01 00:00")
        assert await acme.billed() == {
            "2026-01": ["goes 2026-01", "leaves 2026-01", "stays 2026-01"]
        }
        invoice = await acme.invoice("2026-01")
        assert invoice.number == "INT-2026-00001"
        assert invoice.total == brl(3 * 5990)
        assert await acme.balance() == (3 * 5990, 0)
        assert (await world.actions(invoice.number)) == ["invoice"]
        await acme.pays_until("2026-03-01 12:00")
        assert (await acme.billed())["2026-02"] == ["stays 2026-02"]

    async def test_draws_up_none_without_a_line(self, world, acme):
        await acme.new("tries")
        await world.until("2026-05-02 12:00")
        assert await acme.invoices() == []
        assert await world.due("close%") == [
            ("2026-06-01 00:00", f"close:{acme.partner_id}:2026-05")
        ]

    async def test_of_the_month_of_the_enrolment_is_the_first_one(self, world):
        await world.until("2026-01-31 23:50")
        firm = await world.enrolled()
        await firm.running("loja-1")
        await world.until("2026-02-01 00:00")
        assert await firm.billed() == {"2026-01": ["loja-1 2026-01"]}

    async def test_numbers_without_a_gap_by_programme_and_year_of_issue(self):
        async with living("2026-11-20 12:00") as world:
            firms = [
                await world.enrolled(11, "A"),
                await world.enrolled(12, "B"),
                await world.enrolled(13, "C", "integrator-classic"),
            ]
            for firm in firms:
                await firm.running("loja-1")
            await world.until("2027-02-02 12:00")
            numbers = await world.sql("SELECT number FROM invoices ORDER BY number")
            assert [row["number"] for row in numbers] == [
                "CLA-2026-00001", "CLA-2027-00001",
                "INT-2026-00001", "INT-2026-00002", "INT-2027-00001", "INT-2027-00002",
            ]  # fmt: skip
            # December, in the middle of which they were deleted, is billed in January.
            assert (await firms[0].invoice("2026-12")).number.startswith("INT-2027")

    async def test_twice_leaves_the_invoice_as_it_is(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-01 00:00")
        actor = invoicing.Actor(channel="clock", cause="twice")
        month = Month(2026, 1)
        again = await world.write(lambda w: invoicing.close(w, actor, acme.partner_id, month))
        assert again is None
        assert len(await acme.invoices()) == 1

    async def test_that_comes_late_slides_the_dates_by_as_much(self, world, acme):
        await acme.running("loja-1")
        world.down_until("2026-02-04 15:00")
        await world.settle()
        invoice = await acme.invoice("2026-01")
        assert (invoice.due_on, invoice.last_on) == (date(2026, 2, 8), date(2026, 2, 13))
        assert there(invoice.delete_at) == "2026-02-18 09:00"
        await world.until("2026-02-20 12:00")
        assert acme.heard("notice_invoice", "notice_stop", "notice_last", "notice_del") == [
            ("2026-02-04 15:00", "notice_invoice_issued"),
            ("2026-02-06 09:00", "notice_invoice_due_soon"),
            ("2026-02-08 09:00", "notice_invoice_due"),
            ("2026-02-09 09:00", "notice_invoice_overdue"),
            ("2026-02-11 09:00", "notice_stop_soon"),
            ("2026-02-13 09:00", "notice_last_day"),
            ("2026-02-14 08:00", "notice_stopped"),
            ("2026-02-17 09:00", "notice_deletion_tomorrow"),
            ("2026-02-18 09:00", "notice_deleted"),
        ]

    async def test_of_several_months_at_once_bills_each(self, world, acme):
        await acme.running("loja-1")
        world.down_until("2026-04-04 15:00")
        await world.settle()
        assert await acme.billed() == {
            month: [f"loja-1 {month}"] for month in ("2026-01", "2026-02", "2026-03")
        }
        assert {invoice.due_on for invoice in await acme.invoices()} == {date(2026, 4, 8)}

    async def test_of_a_programme_without_invoices_draws_up_none(self, world, acme):
        days = await world.under_days(acme)
        assert await world.read(lambda w: invoicing.draft(w, days, Month(2026, 1))) is None


class TestThePreview:
    async def test_is_what_the_close_would_draw_up_now(self, world, acme):
        await acme.running("loja-1", "loja-2")
        preview = await acme.do(invoicing.preview)
        assert (preview.month, preview.invoiced_on) == (Month(2026, 1), date(2026, 2, 1))
        assert preview.due_on == date(2026, 2, 5)
        await world.until("2026-02-01 00:00")
        invoice = await acme.invoice("2026-01")
        lines = await world.read(lambda work: work.invoices.lines(invoice.id))
        assert list(preview.draft.lines) == lines
        assert preview.draft.total == invoice.total
        assert (await acme.do(overview.home)).unpaid == [invoice]

    async def test_of_nothing_is_empty(self, acme):
        assert (await acme.do(invoicing.preview)).draft is None

    async def test_of_every_partner_is_for_staff_beside_the_month_before(self, world, acme):
        await world.enrolled(12, "Idle")
        gone = await world.enrolled(13, "Gone")
        await acme.running("loja-1", "loja-2")
        (loja,) = await gone.running("loja-1")
        await gone.delete(loja)
        await world.until("2026-02-02 12:00")
        rows = await world.staff(FRED).do(invoicing.dry_run, Month(2026, 2))
        assert [(r.partner.name, r.lines, r.total, r.before) for r in rows] == [
            ("Acme", 2, brl(11980), brl(11980)), ("Gone", 0, brl(0), brl(5990)),
        ]  # fmt: skip
        rows = await world.staff(FRED).do(invoicing.dry_run, Month(2026, 1))
        assert rows == []
        with pytest.raises(NoRight):
            await world.staff(SAM).do(invoicing.dry_run, Month(2026, 2))


class TestAnInvoice:
    async def test_is_shown_to_its_partner_and_to_staff_alone(self, world, acme):
        other = await world.enrolled(12, "Bolt")
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        (invoice,) = await acme.do(invoicing.own_invoices)
        for seen in (
            await acme.do(invoicing.own_invoice, invoice.number),
            await world.staff(SAM).do(invoicing.any_invoice, invoice.number),
        ):
            assert seen.invoice == invoice
            assert [line.name for line in seen.lines] == ["loja-1"]
            assert (seen.payments, seen.zone) == ([], "America/Sao_Paulo")
        for number in (invoice.number, "INT-2026-00099"):
            with pytest.raises(NotFound) as refused:
                await other.do(invoicing.own_invoice, number)
            assert refused.value.facts["wanted"] == number
        assert await other.do(invoicing.own_invoices) == []

    async def test_has_the_price_of_the_month_it_bills(self, world, acme):
        await acme.running("loja-1")
        await world.sql(
            "INSERT INTO agreements (partner_id, since, price_minor, currency, agreed_at)"
            " VALUES (:partner, :since, 4000, 'BRL', 0)",
            partner=acme.partner_id,
            since=int(local("2026-02-10 00:00").timestamp()) * 1_000_000,
        )
        await acme.pays_until("2026-04-02 12:00")
        totals = [invoice.total.minor for invoice in await acme.invoices()]
        assert totals == [5990, 5990, 4000]

    async def test_is_told_in_the_partners_zone_and_moves_with_it(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.do(preferences.live_in, "america/los angeles")
        await world.until("2026-02-09 12:00")
        assert acme.heard("notice_invoice", "notice_stop") == [
            ("2026-02-01 09:00", "notice_invoice_issued"),
            ("2026-02-03 14:00", "notice_invoice_due_soon"),
            ("2026-02-05 14:00", "notice_invoice_due"),
            ("2026-02-06 14:00", "notice_invoice_overdue"),
            ("2026-02-08 14:00", "notice_stop_soon"),
        ]

    async def test_covered_by_credit_is_paid_when_it_is_issued(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01", 5990 * 2)
        await world.until("2026-03-20 12:00")
        february = await acme.invoice("2026-02")
        assert february.state is InvoiceState.PAID
        assert await world.due(f"%{february.id}%") == []
        assert await acme.states() == {"loja-1": "active"}
