"""Partners' own groups, one each."""

from datetime import datetime

from storage.engine.instants import to_micros
from storage.engine.transaction import Transaction


class PartnerGroups:
    """The groups, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def owner(self, chat_id: int) -> str | None:
        """Return the id of the partner whose group it is."""
        row = await self._transaction.one(
            "SELECT partner_id FROM partner_groups WHERE chat_id = :chat_id", chat_id=chat_id
        )
        return None if row is None else row["partner_id"]

    async def of_partner(self, partner_id: str) -> int | None:
        """Return the chat id of the partner's group."""
        known = self._transaction.known
        if ("group", partner_id) not in known:
            row = await self._transaction.one(
                "SELECT chat_id FROM partner_groups WHERE partner_id = :id", id=partner_id
            )
            known["group", partner_id] = None if row is None else row["chat_id"]
        chat_id: int | None = known["group", partner_id]
        return chat_id

    async def all(self) -> list[int]:
        """Return their chat ids."""
        rows = await self._transaction.all("SELECT chat_id FROM partner_groups ORDER BY chat_id")
        return [row["chat_id"] for row in rows]

    async def bind(self, chat_id: int, partner_id: str, *, by: int | None, at: datetime) -> None:
        """Make it the partner's group, instead of the one before."""
        self._transaction.known.clear()
        await self._transaction.run(
            """
            INSERT INTO partner_groups (chat_id, partner_id, bound_by, bound_at)
            VALUES (:chat_id, :partner_id, :by, :at)
            ON CONFLICT (partner_id) DO UPDATE
               SET chat_id = excluded.chat_id, bound_by = excluded.bound_by,
                   bound_at = excluded.bound_at
            """,
            chat_id=chat_id,
            partner_id=partner_id,
            by=by,
            at=to_micros(at),
        )

    async def unbind(self, chat_id: int) -> None:
        self._transaction.known.clear()
        await self._transaction.run(
            "DELETE FROM partner_groups WHERE chat_id = :chat_id", chat_id=chat_id
        )
