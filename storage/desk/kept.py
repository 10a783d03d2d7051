"""What is kept about one person, table by table."""

import json
from typing import Any

from storage.engine.transaction import Transaction

# Without what identifies others, and without secrets: of codes there are hashes alone.
_ROWS = {
    "person": "SELECT * FROM persons WHERE user_id = :user_id",
    "memberships": """
        SELECT members.partner_id, partners.name AS partner, members.role, members.joined_at
          FROM members JOIN partners ON partners.id = members.partner_id
         WHERE members.user_id = :user_id
        """,
    "staff": "SELECT role, given_at FROM staff WHERE user_id = :user_id",
    "applications": """
        SELECT id, company, migrate, state, programme, reason, created_at, decided_at
          FROM applications WHERE user_id = :user_id ORDER BY created_at
        """,
    "acceptances": """
        SELECT partner_id, version, accepted_at FROM acceptances
         WHERE user_id = :user_id ORDER BY accepted_at
        """,
    "links_used": """
        SELECT partner_id, role, made_at, used_at FROM link_codes
         WHERE used_by = :user_id ORDER BY used_at
        """,
    "reminders": """
        SELECT partner_id, family, wanted FROM notice_choices
         WHERE reader = :reader ORDER BY family
        """,
    "support": """
        SELECT partner_id, text, file, said_at, answered_at FROM support_messages
         WHERE user_id = :user_id ORDER BY said_at
        """,
    "pairings": """
        SELECT partner_id, instance_id, phone, begun_at, state FROM pairings
         WHERE user_id = :user_id ORDER BY begun_at, message_key
        """,
    "questions": "SELECT chat_id, kind, args FROM questions WHERE user_id = :user_id",
    "actions": """
        SELECT at, actor, channel, chat_id, action, kind, object_id, partner_id, before, after,
               outcome
          FROM audit WHERE user_id = :user_id ORDER BY id
        """,
    "messages": """
        SELECT key, kind, state, created_at, sent_at FROM messages
         WHERE chat_id = :user_id ORDER BY created_at, key
        """,
}


class Kept:
    """What is kept, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def about(self, user_id: int) -> dict[str, list[dict[str, Any]]]:
        """Return rows by what they are; instants are microseconds since 1970, UTC."""
        found = {}
        for name, text in _ROWS.items():
            given: dict[str, Any] = {"user_id": user_id, "reader": str(user_id)}
            used = {key: value for key, value in given.items() if f":{key}" in text}
            rows = await self._transaction.all(text, **used)
            found[name] = [dict(row) for row in rows]
        found["updates"] = await self._updates(user_id)
        return found

    async def _updates(self, user_id: int) -> list[dict[str, Any]]:
        """Return the raw updates that came from the person."""
        rows = await self._transaction.all(
            """
            SELECT received_at, body FROM inbox
             WHERE body LIKE :like ORDER BY received_at, update_id
            """,
            like=f"%{user_id}%",
        )
        read = [(row["received_at"], _read(row["body"])) for row in rows]
        return [
            {"received_at": at, "update": update} for at, update in read if _by(update, user_id)
        ]


def _read(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _by(update: Any, user_id: int) -> bool:
    """Whether an update came from a person, whatever kind it is of."""
    if not isinstance(update, dict):
        return False
    senders = (part.get("from") for part in update.values() if isinstance(part, dict))
    return any(isinstance(sender, dict) and sender.get("id") == user_id for sender in senders)
