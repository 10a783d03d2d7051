"""What a chat was asked and shown last, per person."""

import json
from collections.abc import Sequence
from typing import Any

from billing.services.facts import Facts, dump, load
from storage.engine.transaction import Transaction


class Conversations:
    """The open questions and the lists last shown, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def ask(self, chat_id: int, user_id: int, kind: str, args: Facts) -> None:
        """The next text of that person in that chat answers this; replaces an open question."""
        await self._transaction.run(
            """
            INSERT INTO questions (chat_id, user_id, kind, args)
            VALUES (:chat_id, :user_id, :kind, :args)
            ON CONFLICT (chat_id, user_id) DO UPDATE
               SET kind = excluded.kind, args = excluded.args
            """,
            chat_id=chat_id,
            user_id=user_id,
            kind=kind,
            args=dump(args),
        )

    async def question(self, chat_id: int, user_id: int) -> tuple[str, dict[str, Any]] | None:
        row = await self._transaction.one(
            "SELECT kind, args FROM questions WHERE chat_id = :chat_id AND user_id = :user_id",
            chat_id=chat_id,
            user_id=user_id,
        )
        return None if row is None else (row["kind"], load(row["args"]))

    async def answered(self, chat_id: int, user_id: int) -> None:
        await self._transaction.run(
            "DELETE FROM questions WHERE chat_id = :chat_id AND user_id = :user_id",
            chat_id=chat_id,
            user_id=user_id,
        )

    async def show_list(self, chat_id: int, user_id: int, instance_ids: Sequence[str]) -> None:
        await self._transaction.run(
            """
            INSERT INTO shown_lists (chat_id, user_id, instances)
            VALUES (:chat_id, :user_id, :instances)
            ON CONFLICT (chat_id, user_id) DO UPDATE SET instances = excluded.instances
            """,
            chat_id=chat_id,
            user_id=user_id,
            instances=json.dumps(list(instance_ids)),
        )

    async def shown_list(self, chat_id: int, user_id: int) -> list[str]:
        row = await self._transaction.one(
            "SELECT instances FROM shown_lists WHERE chat_id = :chat_id AND user_id = :user_id",
            chat_id=chat_id,
            user_id=user_id,
        )
        return [] if row is None else list(json.loads(row["instances"]))
