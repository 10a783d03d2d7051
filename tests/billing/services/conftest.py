from collections.abc import AsyncIterator

import pytest

from tests.billing.services.people import Firm
from tests.billing.services.world import World, living


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Return a desk with staff, on 28 January 2026 at noon in São Paulo."""
    async with living() as found:
        yield found


@pytest.fixture
async def acme(world) -> Firm:
    """Return a partner under `integrator`."""
    return await world.enrolled()
