"""What is said, and what its buttons stand for."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from billing.services.facts import canonical, dump
from billing.services.messages import Button, Intent, Message
from billing.services.ports import Ids
from storage.delivery.message_rows import read_intent, read_message
from storage.delivery.outbox import Outbox
from storage.engine.instants import from_micros, maybe_from_micros, to_micros
from storage.engine.rows import beyond
from storage.engine.transaction import Parameter, Row, Transaction

BUTTONS_LAST = timedelta(days=60)

Shown = list[list[dict[str, Any]]]


class Messages:
    """The outbox and the intents, within one transaction."""

    def __init__(self, transaction: Transaction, ids: Ids) -> None:
        self._transaction = transaction
        self._ids = ids

    async def say(self, message: Message, *, at: datetime) -> None:
        """
        Say it, or say it anew if the key is known; the buttons of before are old from now on.

        The very same said again changes nothing: its buttons stay what they are.
        """
        before = await self._row(message.key)
        self._transaction.known.pop(("message", message.key), None)
        if before is not None and await self._says_the_same(before, message):
            if message.not_before is None and before["not_before"] <= to_micros(at):
                # It may go out already: that it is said again does not put it off.
                message = replace(message, not_before=from_micros(before["not_before"]))
            await self._put_into_outbox(message, json.loads(before["buttons"]), at)
            await self._keep_buttons(message.key, before["version"], at)
            return
        shown = [[self._shown(button) for button in row] for row in message.buttons]
        version = await self._put_into_outbox(message, shown, at)
        if version is not None and message.buttons:
            await self._add_intents(message, version, shown, at)

    def _shown(self, button: Button) -> dict[str, Any]:
        return {
            "label": button.label,
            "args": button.args,
            "intent": self._ids.opaque(),
        }

    async def _says_the_same(self, before: Row, message: Message) -> bool:
        told = (before["chat_id"], before["reader"], before["kind"], before["facts"])
        if told != (message.chat_id, message.reader, message.kind, canonical(message.facts)):
            return False
        rows = await self._transaction.all(
            """
            SELECT id, action, args, once FROM intents
             WHERE message_key = :key AND version = :version
            """,
            key=message.key,
            version=before["version"],
        )
        intents = {row["id"]: (row["action"], row["once"]) for row in rows}
        shown: Shown = json.loads(before["buttons"])
        stood = [
            [(key["label"], key["args"], intents.get(key["intent"])) for key in row]
            for row in shown
        ]
        return stood == [
            [
                (button.label, json.loads(dump(button.args)), (button.action, int(button.once)))
                for button in row
            ]
            for row in message.buttons
        ]

    async def _put_into_outbox(self, message: Message, shown: Shown, at: datetime) -> int | None:
        return await Outbox(self._transaction).say(
            message.key,
            chat_id=message.chat_id,
            kind=message.kind,
            facts=message.facts,
            at=at,
            buttons=shown,
            class_=message.urgency.value,
            reader=message.reader,
            reply_to=message.reply_to,
            thread_id=message.thread_id,
            topic=message.topic,
            not_before=message.not_before,
            quiet_zone=message.quiet_zone,
            useful_until=message.useful_until,
        )

    async def _keep_buttons(self, key: str, version: int, at: datetime) -> None:
        """Where the same has to go out again, its buttons belong to the new version."""
        await self._transaction.run(
            """
            UPDATE intents
               SET version = (SELECT version FROM messages WHERE key = :key),
                   expires_at = :expires_at
             WHERE message_key = :key AND version = :version
            """,
            key=key,
            version=version,
            expires_at=to_micros(at + BUTTONS_LAST),
        )

    async def _add_intents(
        self, message: Message, version: int, shown: Shown, at: datetime
    ) -> None:
        keys = [key for line in shown for key in line]
        buttons = [button for line in message.buttons for button in line]
        await self._transaction.many(
            """
            INSERT INTO intents (id, message_key, version, chat_id, reader, action, args, once,
                                 created_at, expires_at)
            VALUES (:id, :message_key, :version, :chat_id, :reader, :action, :args, :once,
                    :created_at, :expires_at)
            """,
            [
                {
                    "id": key["intent"],
                    "message_key": message.key,
                    "version": version,
                    "chat_id": message.chat_id,
                    "reader": message.reader,
                    "action": button.action,
                    "args": dump(button.args),
                    "once": int(button.once),
                    "created_at": to_micros(at),
                    "expires_at": to_micros(at + BUTTONS_LAST),
                }
                for key, button in zip(keys, buttons, strict=True)
            ],
        )

    async def is_known(self, key: str) -> bool:
        """Whether anything was ever said under it."""
        return await self._row(key) is not None

    async def get(self, key: str) -> Message | None:
        """As it was said last, without its buttons."""
        row = await self._row(key)
        return None if row is None else read_message(row)

    async def _row(self, key: str) -> Row | None:
        """Return how it was said last; who asks for it mostly says it anew thereupon."""
        known = self._transaction.known
        if ("message", key) not in known:
            known["message", key] = await self._transaction.one(
                "SELECT * FROM messages WHERE key = :key", key=key
            )
        row: Row | None = known["message", key]
        return row

    async def standing(self, chat_id: int, message_id: int) -> Message | None:
        """What stands in a chat under an id, as it was said last, without its buttons."""
        row = await self._transaction.one(
            "SELECT * FROM messages WHERE chat_id = :chat_id AND message_id = :message_id",
            chat_id=chat_id,
            message_id=message_id,
        )
        return None if row is None else read_message(row)

    async def waiting(self, chat_id: int, prefix: str) -> list[Message]:
        """What that chat was not sent yet and begins so, as it was said, without its buttons."""
        rows = await self._transaction.all(
            """
            SELECT * FROM messages
             WHERE chat_id = :chat_id AND state = 'queued' AND message_id IS NULL
               AND key >= :prefix AND key < :beyond
             ORDER BY created_at, key
            """,
            chat_id=chat_id,
            prefix=prefix,
            beyond=beyond(prefix),
        )
        return [read_message(row) for row in rows]

    async def sent_as(self, key: str) -> int | None:
        """Return the id under which a message stands in its chat; None if it has not arrived."""
        row = await self._transaction.one(
            "SELECT message_id FROM messages WHERE key = :key", key=key
        )
        return None if row is None else row["message_id"]

    async def take_back(self, *prefixes: str) -> None:
        """What begins with one of these and was not sent yet is not sent any more."""
        ranges = " OR ".join(
            f"key >= :from_{nth} AND key < :to_{nth}" for nth in range(len(prefixes))
        )
        bounds: dict[str, Parameter] = {}
        for nth, prefix in enumerate(prefixes):
            bounds |= {f"from_{nth}": prefix, f"to_{nth}": beyond(prefix)}
        await self._transaction.run(_TAKE_BACK.replace(":ranges", ranges or "FALSE"), **bounds)

    async def hold_back(self, chat_id: int) -> None:
        """Whatever that chat was not sent yet it is not sent any more."""
        await self._transaction.run(
            """
            UPDATE messages SET state = 'superseded'
             WHERE chat_id = :chat_id AND state = 'queued' AND message_id IS NULL
            """,
            chat_id=chat_id,
        )

    async def accepted_at(self, prefix: str) -> datetime | None:
        """When Telegram first took a message whose key begins so, or None."""
        row = await self._transaction.one(
            """
            SELECT MIN(sent_at) AS first FROM messages
             WHERE key >= :prefix AND key < :beyond AND sent_at IS NOT NULL
            """,
            prefix=prefix,
            beyond=beyond(prefix),
        )
        return None if row is None else maybe_from_micros(row["first"])

    async def refused(self, prefix: str) -> bool:
        """Whether a message whose key begins so can never arrive."""
        # One that stands in the chat and whose edit failed has arrived.
        row = await self._transaction.one(
            """
            SELECT 1 AS found FROM messages
             WHERE key >= :prefix AND key < :beyond AND state = 'failed' AND sent_at IS NULL
             LIMIT 1
            """,
            prefix=prefix,
            beyond=beyond(prefix),
        )
        return row is not None

    async def intent(self, intent_id: str, *, at: datetime) -> Intent | None:
        """None for an id nobody was given, and for one that has expired."""
        row = await self._transaction.one(
            """
            SELECT intents.*, messages.version AS shown_version
              FROM intents JOIN messages ON messages.key = intents.message_key
             WHERE intents.id = :id AND intents.expires_at > :at
            """,
            id=intent_id,
            at=to_micros(at),
        )
        return None if row is None else read_intent(row)

    async def use(self, intent_id: str, *, by: int, at: datetime) -> bool:
        """Mark a `once` button used, conditionally: False if it was."""
        # The row count decides: of two taps at once one has the effect.
        return bool(
            await self._transaction.run(
                """
                UPDATE intents SET used_by = :by, used_at = :at
                 WHERE id = :id AND used_at IS NULL AND expires_at > :at
                """,
                id=intent_id,
                by=by,
                at=to_micros(at),
            )
        )

    async def forget_expired(self, at: datetime) -> int:
        """Delete what buttons stood for that nobody can press any more."""
        return await self._transaction.run(
            "DELETE FROM intents WHERE expires_at <= :at", at=to_micros(at)
        )


_TAKE_BACK = """
UPDATE messages SET state = 'superseded'
 WHERE (:ranges) AND state = 'queued' AND message_id IS NULL
"""
