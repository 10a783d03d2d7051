"""One-time codes that link a person, or a group, to a partner, hashed."""

from datetime import datetime

from billing.partners import Role
from billing.services.ports import LinkCode
from storage.engine.instants import from_micros, maybe_from_micros, to_micros
from storage.engine.transaction import Transaction


class LinkCodes:
    """The codes, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, code: LinkCode) -> None:
        await self._transaction.run(
            """
            INSERT INTO link_codes (hashed, partner_id, role, made_by, made_at, ends_at)
            VALUES (:hashed, :partner_id, :role, :made_by, :made_at, :ends_at)
            """,
            hashed=code.hashed,
            partner_id=code.partner_id,
            role=code.role,
            made_by=code.made_by,
            made_at=to_micros(code.made_at),
            ends_at=to_micros(code.ends_at),
        )

    async def get(self, hashed: str) -> LinkCode | None:
        row = await self._transaction.one(
            "SELECT * FROM link_codes WHERE hashed = :hashed", hashed=hashed
        )
        if row is None:
            return None
        return LinkCode(
            hashed=row["hashed"],
            partner_id=row["partner_id"],
            role=None if row["role"] is None else Role(row["role"]),
            made_by=row["made_by"],
            made_at=from_micros(row["made_at"]),
            ends_at=from_micros(row["ends_at"]),
            used_by=row["used_by"],
            used_at=maybe_from_micros(row["used_at"]),
        )

    async def use(self, hashed: str, *, by: int, at: datetime) -> bool:
        """Use it up, conditionally: False if it was."""
        return bool(
            await self._transaction.run(
                """
                UPDATE link_codes SET used_by = :by, used_at = :at
                 WHERE hashed = :hashed AND used_at IS NULL
                """,
                hashed=hashed,
                by=by,
                at=to_micros(at),
            )
        )
