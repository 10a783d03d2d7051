"""Numbers that are being connected: one to a message."""

from dataclasses import replace

import pytest

from billing.services.ports import Pairing, PairingState
from storage.engine.rows import RowMissing
from tests.storage.stocked import DAY, NOW, instance

FIRST = Pairing("answer:1", "K7Q2M", "P1", 7, 7, "5511987654321", NOW)


async def test_one_is_kept_and_replaced_by_the_next_of_its_message(desk):
    await desk.write(lambda work: work.instances.add(instance()))
    await desk.write(lambda work: work.pairings.begin(FIRST))
    over = replace(FIRST, shown=2, until=NOW + DAY, state=PairingState.OVER, phone=None)
    await desk.write(lambda work: work.pairings.save(over))
    assert await desk.read(lambda work: work.pairings.get("answer:1")) == over
    await desk.write(lambda work: work.pairings.begin(FIRST))
    assert await desk.read(lambda work: work.pairings.get("answer:1")) == FIRST
    assert await desk.read(lambda work: work.pairings.get("answer:2")) is None
    with pytest.raises(RowMissing):
        await desk.write(lambda work: work.pairings.save(replace(FIRST, message_key="x")))
