"""How fast partner-years pass, measured by bare transactions on the same machine at that time."""

import asyncio
import time
from collections.abc import Callable

import pytest

from bot.simulated import SimulatedDesk
from bot.simulation.playing import Play
from storage.engine.inline import InlineDatabase
from storage.engine.transaction import Transaction

TRANSACTIONS = 20_000
YEARS, PARTNERS = 3, 10
# A partner of 20 instances lives a year in the time of so many transactions of one statement.
# Measured: 30,100 to 31,500, on a busy machine; 10 partner-years a second need about 19,500.
# What is above what was measured is for a machine that does something else as well.
MOST = 45_000


def seconds(act: Callable[[], None]) -> float:
    """Return the time of one core that it takes."""
    began = time.process_time()
    act()
    return time.process_time() - began


def write_bare_transactions() -> None:
    database = InlineDatabase()

    async def unit(tx: Transaction) -> None:
        await tx.run("UPDATE chains SET length = length + 1 WHERE name = :name", name="audit")

    async def write() -> None:
        for _ in range(TRANSACTIONS):
            await database.write(unit)

    asyncio.run(write())
    database.close()


def play() -> None:
    asyncio.run(Play(years=YEARS, seed=1, partners=PARTNERS).run(SimulatedDesk))


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_partner_year_takes_no_longer_than_it_did(capsys):
    write_bare_transactions()
    # Before and after: who else works on the machine comes and goes.
    before = seconds(write_bare_transactions)
    took = seconds(play)
    bare = (before + seconds(write_bare_transactions)) / 2 / TRANSACTIONS
    each = took / (YEARS * PARTNERS)
    with capsys.disabled():
        print(f"\n{1 / each:.1f} partner-years a second, {each / bare:,.0f} transactions each")
    assert each / bare < MOST
