"""What waits in the database: for whoever asks whether all is done, and when something is next."""

from collections.abc import Sequence
from datetime import datetime

from storage.engine.instants import from_micros, to_micros
from storage.engine.rows import listed
from storage.engine.transaction import Transaction


class Waiting:
    """A look over the partial indexes of what is open, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def open_counts(self, now: datetime, held_kinds: Sequence[str]) -> dict[str, int]:
        """
        Count what is open and due, by table; empty, and so false, when all is done.

        Due rows of held kinds wait for people, and a call behind another of its instance waits
        for that one: neither counts; nor does what a person does at the platform.
        """
        marks, parameters = listed("kind", held_kinds)
        rows = await self._transaction.all(
            _OPEN.replace(":kinds", marks), now=to_micros(now), **parameters
        )
        return {row["place"]: row["n"] for row in rows if row["n"]}

    async def next_at(self, now: datetime, held_kinds: Sequence[str]) -> datetime | None:
        """Return the earliest instant after now at which something becomes due."""
        marks, parameters = listed("kind", held_kinds)
        rows = await self._transaction.all(
            _NEXT.replace(":kinds", marks), now=to_micros(now), **parameters
        )
        instants = [row["earliest"] for row in rows if row["earliest"] is not None]
        return from_micros(min(instants)) if instants else None


_OPEN = """
SELECT 'inbox' AS place, COUNT(*) AS n FROM inbox WHERE state = 'new'
UNION ALL
SELECT 'messages' AS place, COUNT(*) AS n FROM messages
 WHERE state = 'queued' AND not_before <= :now
UNION ALL
SELECT 'sending' AS place, COUNT(*) AS n FROM messages WHERE state = 'sending'
UNION ALL
SELECT 'platform_calls' AS place, COUNT(*) AS n FROM platform_calls AS call
 WHERE state = 'open' AND not_before <= :now
   AND (by_hand_since IS NULL OR queued_until IS NOT NULL)
   AND NOT EXISTS (SELECT 1 FROM platform_calls AS earlier
                    WHERE earlier.instance_id = call.instance_id
                      AND earlier.state = 'open' AND earlier.by_hand_since IS NULL
                      AND earlier.seq < call.seq)
UNION ALL
SELECT 'differences' AS place, COUNT(*) AS n FROM differences
 WHERE state = 'asked' AND not_before <= :now
UNION ALL
SELECT 'card_calls' AS place, COUNT(*) AS n FROM card_calls AS call
 WHERE state = 'open' AND not_before <= :now
   AND NOT EXISTS (SELECT 1 FROM card_calls AS earlier
                    WHERE earlier.partner_id = call.partner_id
                      AND earlier.state = 'open' AND earlier.seq < call.seq
                      AND (earlier.subject = call.subject OR earlier.operation = 'customer'))
UNION ALL
SELECT 'stripe_events' AS place, COUNT(*) AS n FROM stripe_events
 WHERE state = 'new' AND not_before <= :now
UNION ALL
SELECT 'due' AS place, COUNT(*) AS n FROM due
 WHERE state = 'waiting' AND at <= :now AND kind NOT IN (:kinds)
"""

_NEXT = """
SELECT MIN(not_before) AS earliest FROM messages WHERE state = 'queued' AND not_before > :now
UNION ALL
SELECT MIN(not_before) AS earliest FROM platform_calls
 WHERE state = 'open' AND not_before > :now
UNION ALL
SELECT MIN(not_before) AS earliest FROM differences WHERE state = 'asked' AND not_before > :now
UNION ALL
SELECT MIN(not_before) AS earliest FROM card_calls WHERE state = 'open' AND not_before > :now
UNION ALL
SELECT MIN(not_before) AS earliest FROM stripe_events WHERE state = 'new' AND not_before > :now
UNION ALL
SELECT MIN(at) AS earliest FROM due
 WHERE state = 'waiting' AND at > :now AND kind NOT IN (:kinds)
"""
