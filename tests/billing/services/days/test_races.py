"""Two hundred at once at two desks that share a file: one wins, and everybody gets an answer."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from billing.days.extensions import ByDays
from billing.refusals import Refusal
from billing.services.days import extending
from storage.engine.database import Database
from tests.billing.samples import local
from tests.billing.services.days.people import DaysFirm, a_firm
from tests.billing.services.world import START, HandClock, World, audited

MANY = 200
# No more trials may be open at once: each instance is extended four times.
INSTANCES = 50


@pytest.fixture
async def desks(tmp_path):
    """Return two worlds that run with one database, as during a change of versions."""
    url = f"sqlite:///{tmp_path}/desk.db"
    databases = [await Database.open(url), await Database.open(url)]
    one, other = (World(database, HandClock(local(START))) for database in databases)
    await one.settle_in()
    yield one, other
    assert await one.read(audited) == []
    for database in databases:
        await database.close()


async def answers(takes) -> Counter[str]:
    """Count the answers, refusals by their code; whatever else is raised is no answer."""
    found = await asyncio.gather(*takes, return_exceptions=True)
    for one in found:
        assert isinstance(one, Refusal | extending.Quote), one
    return Counter(one.code if isinstance(one, Refusal) else "extended" for one in found)


async def test_the_last_days_of_a_balance_are_taken_once(desks):
    one, other = desks
    firm: DaysFirm = await a_firm(one)
    await firm.buys(30)
    ids = await firm.new(*(f"loja {number}" for number in range(INSTANCES)))
    shown = [await firm.do(extending.quote, ByDays(30), [loja]) for loja in ids]
    at_desks = (firm, replace(firm, world=other))
    found = await answers(
        at_desks[number % 2].do(
            extending.carry_out,
            ByDays(30),
            [ids[number % INSTANCES]],
            terms=shown[number % INSTANCES].terms,
            message_key=f"m{number}",
        )
        for number in range(MANY)
    )
    # Who presses for the same instance again is shown that it lasts longer by now.
    again = MANY // INSTANCES - 1
    assert found == {
        "extended": 1, "extension_changed": again, "not_enough_days": MANY - 1 - again,
    }  # fmt: skip
    assert await firm.days() == 0
    assert Counter((await firm.states()).values()) == {"trial": INSTANCES - 1, "active": 1}
    assert len(await one.sql("SELECT id FROM day_allocations")) == 1
    taken = await one.sql("SELECT id FROM entries WHERE kind = 'days_allocated'")
    assert len(taken) == 1
