"""A month of the account: each movement with what there was after it, to what the books say."""

import pytest

from billing import ledger
from billing.calendar import Month
from billing.refusals import NoRight, NotFound
from billing.services.invoices import corrections
from billing.services.payments import booking, giving, reversals, statement
from tests.billing.samples import brl
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import FRED


async def told(firm, month=None):
    """Return what the month's money was: kind, reference, name, amount, balance."""
    found = await firm.do(statement.own, month and Month.parse(month))
    return [
        (row.moved.kind, row.moved.reference, row.about, row.moved.amount, row.moved.balance)
        for row in found.money.rows
    ]


class TestMoney:
    async def test_is_every_movement_with_what_is_owed_after_it(self, world, acme):
        await acme.running("loja-1", "loja-2")
        await world.until("2026-02-01 10:00")
        (invoice,) = await acme.invoices()
        number = invoice.number
        fred = world.staff(FRED)
        await fred.do(booking.book, number, brl(5000), "PIX-1")
        await fred.do(booking.book, number, brl(7980), "PIX-2")
        assert await told(acme, "2026-01") == []
        assert await told(acme, "2026-02") == [
            ("invoice_issued", number, "", 11980, 11980),
            ("payment_booked", number, "PIX-1", -5000, 6980),
            ("payment_booked", number, "PIX-2", -7980, -1000),
        ]
        await world.until("2026-03-01 10:00")
        second = (await acme.invoices())[-1].number
        assert await told(acme) == [
            ("invoice_issued", second, "", 11980, 10980),
            # From what it had too much to what it owes: together nothing moved.
            ("credit_used", second, "", 0, 10980),
        ]
        march = await acme.do(statement.own)
        assert (march.money.opening, march.money.closing) == (-1000, 10980)
        assert march.money.rows[1].moved.gross == 1000
        owed = await world.read(
            lambda work: work.ledger.balance(ledger.receivable(acme.partner_id), "BRL")
        )
        assert march.money.closing == owed

    async def test_names_what_else_moves_it(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-01 10:00")
        (invoice,) = await acme.invoices()
        number = invoice.number
        await world.staff(FRED).do(booking.book, number, brl(5990), "PIX-1")
        await world.staff(FRED).do(reversals.reverse, number, "not ours")
        await world.staff(FRED).do(corrections.void, number, "wrong")
        await world.staff(FRED).do(giving.give, acme.partner_id, brl(1000), "sorry")
        await world.staff(FRED).do(giving.refund, acme.partner_id, brl(400), "OUT-1")
        rows = await told(acme)
        assert [(kind, amount) for kind, _, _, amount, _ in rows] == [
            ("invoice_issued", 5990),
            ("payment_booked", -5990),
            ("payment_reversed", 5990),
            ("invoice_voided", -5990),
            ("credit_given", -1000),
            ("refunded", 400),
        ]
        assert rows[-1][-1] == -600

    async def test_is_none_of_anothers(self, world, acme):
        other = await world.enrolled(user_id=41, company="Other")
        await acme.running("loja-1")
        await other.running("loja-1")
        await world.until("2026-02-01 10:00")
        for firm in (acme, other):
            (invoice,) = await firm.invoices()
            await world.staff(FRED).do(booking.book, invoice.number, brl(100), f"P{firm.user_id}")
            assert [row[2] for row in await told(firm)] == ["", f"P{firm.user_id}"]
            await world.staff(FRED).do(reversals.reverse, invoice.number, "not ours")
        assert [row[2] for row in await told(acme)] == ["", "P11", "P11"]

    async def test_of_nobody_there_is_none(self, world):
        with pytest.raises(NotFound):
            await world.read(lambda work: statement.of(work, "XXXXX"))


class TestDays:
    async def test_are_beside_it_where_there_are_any(self, world, acme):
        assert (await acme.do(statement.own)).days is None
        firm = await a_firm(world, 41, "Days")
        await firm.buys(60)
        (one,) = await firm.new("loja-1")
        await firm.extend(30, one)
        found = await firm.do(statement.own)
        rows = [(row.moved.kind, row.about, row.moved.amount) for row in found.days.rows]
        assert rows == [("days_credited", "", 60), ("days_allocated", "loja-1", -30)]
        assert (found.days.opening, found.days.closing, found.days.unit) == (0, 30, "days")
        assert found.days.closing == await firm.days()
        before = await firm.do(statement.own, found.month.plus(-1))
        assert before.days is None
        later = await firm.do(statement.own, found.month.plus(1))
        assert (later.days.rows, later.days.closing) == ([], 30)


@pytest.mark.parametrize(
    ("role", "may"), [("finance", True), ("manager", False), ("viewer", False)]
)
async def test_it_is_for_those_who_pay(acme, role, may):
    member = await acme.joined(51, role)
    if may:
        await member.do(statement.own)
    else:
        with pytest.raises(NoRight):
            await member.do(statement.own)
