"""What members, and partners' groups, chose to be told."""

from storage.engine.transaction import Transaction


class NoticeChoices:
    """The choices, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_partner(self, partner_id: str) -> dict[tuple[str, str], bool]:
        """Return whether it is wanted, by reader and family."""
        rows = await self._transaction.all(
            "SELECT reader, family, wanted FROM notice_choices WHERE partner_id = :id",
            id=partner_id,
        )
        return {(row["reader"], row["family"]): bool(row["wanted"]) for row in rows}

    async def choose(self, partner_id: str, reader: str, family: str, *, wanted: bool) -> None:
        await self._transaction.run(
            """
            INSERT INTO notice_choices (partner_id, reader, family, wanted)
            VALUES (:partner_id, :reader, :family, :wanted)
            ON CONFLICT (partner_id, reader, family) DO UPDATE SET wanted = excluded.wanted
            """,
            partner_id=partner_id,
            reader=reader,
            family=family,
            wanted=int(wanted),
        )

    async def forget(self, partner_id: str, reader: str) -> None:
        """Forget what a reader chose: it is as the role has it again."""
        await self._transaction.run(
            "DELETE FROM notice_choices WHERE partner_id = :partner_id AND reader = :reader",
            partner_id=partner_id,
            reader=reader,
        )
