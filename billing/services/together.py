"""
Notices that fall together are one message: which of those that wait are said with another.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from billing.instances import Instance
from billing.services.ports import Due, Work

Waiting = Sequence[tuple[Due, Instance]]


async def of_use(
    work: Work, due: Due, until: datetime, standing: Callable[[Due], Awaitable[Instance | None]]
) -> Waiting:
    """
    Return what waits of the same kind for the same partner, due by then, with its instance.

    :param standing: finds the instance of a row if it still is as the notice says.
    """
    assert due.partner_id is not None, "what is said of instances is said to their partner"
    return [
        (row, instance)
        for row in await work.due.waiting(due.kind, partner_id=due.partner_id, until=until)
        # What is stale by now has its next notice, and is not said under this one.
        if (row.useful_until is None or row.useful_until > work.now)
        and (instance := await standing(row)) is not None
    ]


async def claim(
    work: Work, waiting: Waiting, until: datetime, end: Callable[[Instance], datetime]
) -> list[Instance]:
    """Claim and return those whose notice has come, or that end by then."""
    return [
        instance
        for row, instance in waiting
        if (row.at <= work.now or end(instance) <= until)
        and await work.due.claim(row.key, at=work.now)
    ]
