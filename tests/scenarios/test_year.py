"""A year of one partner with 50 instances, by moving the clock, and the books add up."""

from __future__ import annotations

import re
import sqlite3
import time
from pathlib import Path

import pytest

from tests.scenarios.world import enrolled, living_in

MOST_SECONDS = 120


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_year_of_50_instances_takes_less_than_two_minutes_and_adds_up(tmp_path: Path):
    began = time.monotonic()
    async with living_in(tmp_path, at="2026-01-05T10:00:00-03:00") as world:
        partner = await enrolled(world)
        sofia = await world.staff()
        await sofia.says("/grant Acme definitive")
        await partner.says("/new " + " ".join(f"loja-{n}" for n in range(50)))
        await partner.says("/subscribe trial")
        await partner.presses("Confirm")
        for month in range(2, 14):
            year, number = (2026, month) if month < 13 else (2027, 1)
            await world.until(f"{year}-{number:02}-04T10:00:00-03:00")
            told = next(text for text in reversed(await partner.texts()) if "INT-" in text)
            invoice = re.search(r"INT-\d{4}-\d{5}", told)
            assert invoice is not None
            await sofia.says(f"/paid {invoice[0]} 2995.00 REF-{invoice[0]}")
        held = await world.platform()
    seconds = time.monotonic() - began
    assert list(held.values()) == ["active"] * 50
    assert_books(tmp_path / "desk.db")
    assert seconds < MOST_SECONDS, f"{seconds:.0f} s"


def assert_books(path: Path) -> None:
    connection = sqlite3.connect(path)

    def value(sql: str) -> int:
        return int(connection.execute(sql).fetchone()[0])

    assert value("SELECT COUNT(*) FROM invoices") == 12
    assert value("SELECT SUM(total_minor) FROM invoices") == 12 * 50 * 5990
    assert value("SELECT COUNT(*) FROM invoice_lines") == 12 * 50
    assert value("SELECT SUM(amount) FROM postings") == 0
    balances = dict(connection.execute("SELECT account, amount FROM balances").fetchall())
    folded = dict(
        connection.execute("SELECT account, SUM(amount) FROM postings GROUP BY account").fetchall()
    )
    assert balances == folded
    assert balances["cash"] == -balances["revenue"] == 12 * 50 * 5990
    assert [n for account, n in balances.items() if account.startswith("receivable")] == [0]
    connection.close()
