"""Moves of partners from the terms they are under to others."""

from billing.services.ports import Move
from storage.engine.instants import from_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Transaction


class Moves:
    """The moves of all partners, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def waiting(self, partner_id: str) -> Move | None:
        row = await self._transaction.one(
            "SELECT * FROM moves WHERE partner_id = :partner_id AND state = 'waiting'",
            partner_id=partner_id,
        )
        if row is None:
            return None
        return Move(
            id=row["id"],
            partner_id=row["partner_id"],
            since=from_micros(row["since"]),
            programme=row["programme"],
            version=row["version"],
            was_programme=row["was_programme"],
            was_version=row["was_version"],
            asked_by=row["asked_by"],
            asked_at=from_micros(row["asked_at"]),
        )

    async def ask(self, move: Move) -> None:
        """Let it wait; a partner's second waiting one is refused by the database."""
        await self._transaction.run(
            """
            INSERT INTO moves (id, partner_id, since, programme, version, was_programme,
                               was_version, state, asked_by, asked_at)
            VALUES (:id, :partner_id, :since, :programme, :version, :was_programme,
                    :was_version, 'waiting', :asked_by, :asked_at)
            """,
            id=move.id,
            partner_id=move.partner_id,
            since=to_micros(move.since),
            programme=move.programme,
            version=move.version,
            was_programme=move.was_programme,
            was_version=move.was_version,
            asked_by=move.asked_by,
            asked_at=to_micros(move.asked_at),
        )

    async def settle(self, move: Move, state: str) -> None:
        """To `done`, `refused` or `taken_back`: it waits no more."""
        touched = await self._transaction.run(
            "UPDATE moves SET state = :state WHERE id = :id AND state = 'waiting'",
            id=move.id,
            state=state,
        )
        must_touch(touched, f"move {move.id}")
        if state == "done":
            self._transaction.known.pop(("partner", move.partner_id), None)
            await self._transaction.run(
                "UPDATE partners SET moved = moved + 1 WHERE id = :id", id=move.partner_id
            )
