"""The few values that the desk as a whole has."""

from storage.engine.transaction import Transaction


class DeskState:
    """The values by their keys, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, key: str) -> str | None:
        row = await self._transaction.one("SELECT value FROM desk_state WHERE key = :key", key=key)
        return None if row is None else str(row["value"])

    async def set(self, key: str, value: str | None) -> None:
        """Keep a value; None removes it."""
        if value is None:
            await self._transaction.run("DELETE FROM desk_state WHERE key = :key", key=key)
            return
        await self._transaction.run(
            """
            INSERT INTO desk_state (key, value) VALUES (:key, :value)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """,
            key=key,
            value=value,
        )
