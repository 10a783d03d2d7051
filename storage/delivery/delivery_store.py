"""What delivery needs of the database: each call one unit of work."""

from collections.abc import Sequence
from datetime import datetime

from storage.delivery.inbox import FailedUpdate, Inbox, WaitingUpdate
from storage.delivery.outbox import Message, Outbox
from storage.delivery.sending import QueuedMessage, Sending
from storage.engine.database import Database


class StoredInbox:
    """The inbox for whoever receives and hands on updates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def store(self, batch: Sequence[tuple[int, str, str]], at: datetime) -> list[int]:
        """Keep updates; return the ids that were new."""
        return await self._database.write(lambda tx: Inbox(tx).store(batch, at))

    async def lanes(self) -> list[str]:
        """Return the lanes in which something waits."""
        return await self._database.read(lambda tx: Inbox(tx).lanes())

    async def head(self, lane: str) -> WaitingUpdate | None:
        """Return the first waiting update of a lane."""
        waiting = await self._database.read(lambda tx: Inbox(tx).pending(lane))
        return waiting[0] if waiting else None

    async def failed(self, update_id: int, error: str) -> FailedUpdate | None:
        """Count a failure; None if the update was done after all."""
        return await self._database.write(lambda tx: Inbox(tx).failed(update_id, error))


class StoredOutbox:
    """The outbox for its sender."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self, now: datetime, limit: int) -> list[QueuedMessage]:
        """Return of each chat the message that is its turn."""
        return await self._database.read(lambda tx: Sending(tx).heads(now, limit))

    async def next_due(self, now: datetime) -> datetime | None:
        """Return when the next message that is put off becomes due."""
        return await self._database.read(lambda tx: Outbox(tx).next_due(now))

    async def begin(self, key: str, now: datetime) -> Message | None:
        """Take a message to send it, the attempt counted."""
        return await self._database.write(lambda tx: Sending(tx).begin(key, now))

    async def sent(self, key: str, message_id: int, version: int, at: datetime) -> None:
        """Write down that a version stands in the chat."""
        await self._database.write(lambda tx: Sending(tx).sent(key, message_id, version, at))

    async def again(self, key: str, error: str) -> None:
        """Queue a message again that was not accepted."""
        await self._database.write(lambda tx: Sending(tx).again(key, error))

    async def gone(self, key: str, error: str) -> None:
        """Queue a message to be sent anew."""
        await self._database.write(lambda tx: Sending(tx).gone(key, error))

    async def topic_gone(self, key: str, error: str) -> None:
        """Queue a message again, and its topic to be opened anew."""
        await self._database.write(lambda tx: Sending(tx).topic_gone(key, error))

    async def failed(self, key: str, version: int, error: str) -> None:
        """Give a version up."""
        await self._database.write(lambda tx: Sending(tx).failed(key, version, error))

    async def doubted(self, key: str) -> bool:
        """Write down that nobody knows whether a message arrived; tell if it is repeated."""
        return await self._database.write(lambda tx: Sending(tx).doubted(key))

    async def recover(self) -> int:
        """Doubt everything that was being sent when the process ended."""
        return await self._database.write(lambda tx: Sending(tx).recover())

    async def unopened(self) -> list[tuple[int, str]]:
        """Return the topics of which nobody knows whether they were opened."""
        return await self._database.read(lambda tx: Sending(tx).unopened())

    async def migrate(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup."""
        await self._database.write(lambda tx: Sending(tx).migrate(old, new))
