"""Numbers that are being connected, by the message that shows how."""

from billing.services.ports import Pairing, PairingState
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Transaction


class Pairings:
    """The pairings, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def begin(self, pairing: Pairing) -> None:
        """Keep it; said under that key before, this one takes its place."""
        await self._transaction.run(
            "DELETE FROM pairings WHERE message_key = :key", key=pairing.message_key
        )
        await self._transaction.run(
            """
            INSERT INTO pairings (message_key, instance_id, partner_id, chat_id, user_id, phone,
                                  begun_at, shown, until, state)
            VALUES (:key, :instance_id, :partner_id, :chat_id, :user_id, :phone, :begun_at,
                    :shown, :until, :state)
            """,
            key=pairing.message_key,
            instance_id=pairing.instance_id,
            partner_id=pairing.partner_id,
            chat_id=pairing.chat_id,
            user_id=pairing.user_id,
            phone=pairing.phone,
            begun_at=to_micros(pairing.begun_at),
            shown=pairing.shown,
            until=maybe_to_micros(pairing.until),
            state=pairing.state,
        )

    async def get(self, message_key: str) -> Pairing | None:
        row = await self._transaction.one(
            "SELECT * FROM pairings WHERE message_key = :key", key=message_key
        )
        if row is None:
            return None
        return Pairing(
            message_key=row["message_key"],
            instance_id=row["instance_id"],
            partner_id=row["partner_id"],
            chat_id=row["chat_id"],
            user_id=row["user_id"],
            phone=row["phone"],
            begun_at=from_micros(row["begun_at"]),
            shown=row["shown"],
            until=maybe_from_micros(row["until"]),
            state=PairingState(row["state"]),
        )

    async def save(self, pairing: Pairing) -> None:
        touched = await self._transaction.run(
            """
            UPDATE pairings SET phone = :phone, shown = :shown, until = :until, state = :state
             WHERE message_key = :key
            """,
            key=pairing.message_key,
            phone=pairing.phone,
            shown=pairing.shown,
            until=maybe_to_micros(pairing.until),
            state=pairing.state,
        )
        must_touch(touched, f"pairing {pairing.message_key}")
