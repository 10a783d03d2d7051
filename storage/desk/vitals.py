"""How long the queues are: a look over the partial indexes of what is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from billing.services.ports import Line, Queues
from storage.engine.instants import maybe_from_micros, to_micros
from storage.engine.rows import listed, there
from storage.engine.transaction import Parameter, Transaction

A_DAY = timedelta(days=1)


class Vitals:
    """The queues, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def queues(self, now: datetime, held_kinds: Sequence[str]) -> Queues:
        """What waits by now, without due rows of held kinds."""
        marks, kinds = listed("kind", held_kinds)
        instant = to_micros(now)
        return Queues(
            inbox=await self._line(_INBOX),
            due=await self._line(_DUE.replace(":kinds", marks), now=instant, **kinds),
            outbox=await self._line(_OUTBOX, now=instant),
            calls=await self._line(_CALLS),
            kept_aside=await self._count(_KEPT_ASIDE),
            lost=await self._count(_LOST, since=to_micros(now - A_DAY)),
            failing=await self._count(_FAILING),
        )

    async def _line(self, sql: str, **parameters: Parameter) -> Line:
        row = there(await self._transaction.one(sql, **parameters), "a count")
        return Line(int(row["n"]), maybe_from_micros(row["oldest"]))

    async def _count(self, sql: str, **parameters: Parameter) -> int:
        return int(there(await self._transaction.one(sql, **parameters), "a count")["n"])


_INBOX = "SELECT COUNT(*) AS n, MIN(received_at) AS oldest FROM inbox WHERE state = 'new'"
_DUE = """
SELECT COUNT(*) AS n, MIN(at) AS oldest FROM due
 WHERE state = 'waiting' AND at <= :now AND kind NOT IN (:kinds)
"""
_OUTBOX = """
SELECT COUNT(*) AS n, MIN(not_before) AS oldest FROM messages
 WHERE state = 'queued' AND not_before <= :now
"""
_CALLS = "SELECT COUNT(*) AS n, MIN(created_at) AS oldest FROM platform_calls WHERE state = 'open'"
_KEPT_ASIDE = "SELECT COUNT(*) AS n FROM inbox WHERE state = 'quarantined'"
_LOST = """
SELECT COUNT(*) AS n FROM messages
 WHERE state IN ('failed', 'ambiguous') AND created_at >= :since
"""
_FAILING = """
SELECT COUNT(*) AS n FROM platform_calls
 WHERE state = 'open' AND attempts >= 3 AND by_hand_since IS NULL
"""
