"""Rows that are due, and such as cannot be done."""

from datetime import datetime
from typing import Any

import pytest

from billing.services import clockwork
from billing.services.ports import Due
from tests.bot.delivery.desk import Desk


class Failing:
    """A kind of row that cannot be done until it is healed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tries: list[str] = []
        self.broken = True
        monkeypatch.setitem(clockwork.CARRIES, "close", self._carry)

    async def _carry(self, work: Any, actor: Any, due: Due) -> None:
        self.tries.append(due.key)
        if self.broken and due.key.startswith("broken"):
            raise LookupError("no such month")


async def plan(desk: Desk, *keys: str, at: datetime | None = None) -> None:
    for key in keys:
        row = Due(key, "close", "P1:2026-01", None, at or desk.clock.at)
        await desk.world.write(lambda work, row=row: work.due.plan(row))


async def state_of(desk: Desk, key: str) -> str:
    (row,) = await desk.world.sql("SELECT state FROM due WHERE key = :key", key=key)
    return str(row["state"])
