"""Who sees to what, until it is decided."""

from billing.services.ports import Claim
from storage.engine.instants import from_micros, to_micros
from storage.engine.transaction import Transaction


class Claims:
    """Claims of cards, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, kind: str, subject: str) -> Claim | None:
        """Return who sees to it, or None."""
        row = await self._transaction.one(
            "SELECT * FROM claims WHERE kind = :kind AND subject = :subject",
            kind=kind,
            subject=subject,
        )
        if row is None:
            return None
        return Claim(row["kind"], row["subject"], row["claimed_by"], from_micros(row["claimed_at"]))

    async def take(self, claim: Claim) -> bool:
        """Insert; False, changing nothing, if somebody sees to it."""
        count = await self._transaction.run(
            """
            INSERT INTO claims (kind, subject, claimed_by, claimed_at)
            VALUES (:kind, :subject, :claimed_by, :claimed_at)
            ON CONFLICT (kind, subject) DO NOTHING
            """,
            kind=claim.kind,
            subject=claim.subject,
            claimed_by=claim.claimed_by,
            claimed_at=to_micros(claim.claimed_at),
        )
        return count == 1

    async def drop(self, kind: str, subject: str) -> bool:
        """Leave it to whoever claims it next; False if nobody sees to it."""
        count = await self._transaction.run(
            "DELETE FROM claims WHERE kind = :kind AND subject = :subject",
            kind=kind,
            subject=subject,
        )
        return count == 1
