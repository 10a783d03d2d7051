"""The books add up, and what is written in them stays."""

import asyncio
import sqlite3

import pytest

from billing import ledger
from billing.money import Money
from tests.storage.desk import CLOCK_ACTOR, CURRENCY, NOW


def money(minor: int) -> Money:
    return Money(minor, CURRENCY)


def post(desk, entry):
    return desk.write(lambda work: work.ledger.post(entry, actor=CLOCK_ACTOR, at=NOW))


class TestBalances:
    async def test_are_the_fold_of_the_postings(self, desk):
        entries = [
            ledger.invoice_issued("P1", "INT-1", money(100)),
            ledger.payment_booked("P1", "INT-1", used=money(100), too_much=money(30)),
            ledger.credit_used("P1", "INT-2", money(30)),
        ]
        await asyncio.gather(*(post(desk, entry) for entry in entries * 20))
        for account, balance in ledger.fold(entries * 20, CURRENCY).items():
            kept = await desk.read(lambda w, a=account: w.ledger.balance(a, CURRENCY))
            assert kept == balance
        (sums,) = await desk.sql("SELECT CAST(SUM(amount) AS BIGINT) AS s FROM postings")
        assert sums["s"] == 0

    async def test_of_an_account_never_used_are_nothing(self, desk):
        balance = await desk.read(lambda work: work.ledger.balance("cash", CURRENCY))
        assert balance == money(0)

    async def test_do_not_move_with_what_is_rolled_back(self, desk):
        async def fails(work):
            entry = ledger.invoice_issued("P1", "INT-1", money(100))
            await work.ledger.post(entry, actor=CLOCK_ACTOR, at=NOW)
            raise LookupError

        with pytest.raises(LookupError):
            await desk.write(fails)
        assert await desk.read(lambda w: w.ledger.balance("revenue", CURRENCY)) == money(0)


class TestEntries:
    async def test_are_numbered_without_a_gap_and_name_their_cause(self, desk):
        await asyncio.gather(
            *(post(desk, ledger.invoice_issued("P1", "INT-1", money(1))) for _ in range(20))
        )
        rows = await desk.sql("SELECT id, actor, cause FROM entries ORDER BY id")
        assert [row["id"] for row in rows] == list(range(1, 21))
        assert (rows[0]["actor"], rows[0]["cause"]) == ("clock", "due:1")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE entries SET at = 0",
            "DELETE FROM entries",
            "UPDATE postings SET amount = amount + 1",
            "DELETE FROM postings",
        ],
    )
    async def test_stay_as_they_were_written(self, desk, statement):
        await post(desk, ledger.invoice_issued("P1", "INT-1", money(100)))
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            await desk.sql(statement)
