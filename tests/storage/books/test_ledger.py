"""The books add up, and what is written in them stays."""

import asyncio
import time

import pytest

from billing import ledger
from billing.money import Money
from tests.engines import POSTGRES, Refused, plan
from tests.storage.stocked import CLOCK_ACTOR, CURRENCY, NOW


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
            ledger.days_credited("P1", "DAY-1", 30),
            ledger.days_allocated("P1", "K7Q2M", 10),
        ]
        await asyncio.gather(*(post(desk, entry) for entry in entries * 20))
        for (account, unit), balance in ledger.fold(entries * 20).items():
            kept = await desk.read(lambda w, a=account, u=unit: w.ledger.balance(a, u))
            assert kept == balance
        (sums,) = await desk.sql("SELECT CAST(SUM(amount) AS BIGINT) AS s FROM postings")
        assert sums["s"] == 0

    async def test_of_an_account_never_used_are_nothing(self, desk):
        balance = await desk.read(lambda work: work.ledger.balance("cash", CURRENCY))
        assert balance == 0

    async def test_do_not_move_with_what_is_rolled_back(self, desk):
        async def fails(work):
            entry = ledger.invoice_issued("P1", "INT-1", money(100))
            await work.ledger.post(entry, actor=CLOCK_ACTOR, at=NOW)
            raise LookupError

        with pytest.raises(LookupError):
            await desk.write(fails)
        assert await desk.read(lambda w: w.ledger.balance("revenue", CURRENCY)) == 0


ASKED = "SELECT amount FROM balances WHERE account = :account AND unit = :unit"
GROW = """
WITH RECURSIVE n (id) AS (SELECT :first UNION ALL SELECT id + 1 FROM n WHERE id < :last)
INSERT INTO {} FROM n
"""


async def grow(desk, first: int, last: int) -> None:
    """Put a history of that many entries of one partner there, as fast as can be."""
    for rows in (
        "entries SELECT id, 1, 'invoice_issued', 'P1', 'INT', 'clock', 'due', ''",
        "postings SELECT id, 1, 'receivable:P1', 'BRL', 1",
        "postings SELECT id, 2, 'revenue', 'BRL', -1",
    ):
        await desk.sql(GROW.format(rows), first=first, last=last)


async def seconds(desk) -> float:
    """Return how long a balance takes to fetch, at its best."""

    async def fetch(work) -> float:
        began = time.perf_counter()
        for _ in range(200):
            await work.ledger.balance(ledger.receivable("P1"), CURRENCY)
        return time.perf_counter() - began

    return min([await desk.read(fetch) for _ in range(9)])


class TestFetchingABalance:
    async def test_stays_flat_as_the_history_grows(self, desk):
        await post(desk, ledger.invoice_issued("P1", "INT-1", money(100)))
        await grow(desk, 2, 1_000)
        short = await seconds(desk)
        await grow(desk, 1_001, 100_000)
        assert await seconds(desk) < 2 * short

    async def test_is_one_step_in_an_index(self, desk):
        found = await plan(desk.database, ASKED, account="cash", unit=CURRENCY)
        assert found[0] == (
            "Index Scan using balances_pkey on balances"
            if POSTGRES
            else "SEARCH balances USING INDEX sqlite_autoindex_balances_1 (account=? AND unit=?)"
        )


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
        with pytest.raises(Refused, match="only ever added"):
            await desk.sql(statement)
