from collections.abc import AsyncIterator

import pytest

from tests.engines import TestDatabase
from tests.storage.stocked import Desk, partner


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Return a desk in memory with one partner, P1."""
    database = await TestDatabase.anew()
    found = Desk(database)
    await found.write(lambda work: work.partners.add(partner()))
    found.commits.clear()
    yield found
    await database.close()
