"""What delivery needs of others, so that it imports neither the storage nor the chat."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol


class WaitingUpdate(Protocol):
    """A stored update nobody has dealt with."""

    @property
    def update_id(self) -> int: ...
    @property
    def body(self) -> str: ...


class FailedUpdate(Protocol):
    """How an update stands after a failure."""

    @property
    def attempts(self) -> int: ...
    @property
    def quarantined(self) -> bool: ...


class InboxStore(Protocol):
    """The inbox; every call is one transaction, committed when it returns."""

    async def store(self, batch: Sequence[tuple[int, str, str]], at: datetime) -> Sequence[int]:
        """Keep updates given as (id, lane, body); return the ids that were new."""
        ...

    async def lanes(self) -> Sequence[str]:
        """Return the lanes in which something waits, the longest waiting first."""
        ...

    async def head(self, lane: str) -> WaitingUpdate | None:
        """Return the first waiting update of a lane."""
        ...

    async def failed(self, update_id: int, error: str) -> FailedUpdate | None:
        """Count a failure; None if the update was done after all."""
        ...


class QueuedMessage(Protocol):
    """The message of a chat whose turn it is."""

    @property
    def key(self) -> str: ...
    @property
    def chat_id(self) -> int: ...
    @property
    def useful_until(self) -> datetime | None: ...


class MessageRow(Protocol):
    """A message as it should look; with a ``message_id`` it stands in the chat already."""

    @property
    def key(self) -> str: ...
    @property
    def chat_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def buttons(self) -> Sequence[Sequence[Mapping[str, Any]]]: ...
    @property
    def reader(self) -> int | None: ...
    @property
    def reply_to(self) -> int | None: ...
    @property
    def thread_id(self) -> int | None: ...
    @property
    def version(self) -> int: ...
    @property
    def doubts(self) -> int:
        """How many sends of it may have arrived unnoticed."""
        ...

    @property
    def message_id(self) -> int | None: ...


class OutboxStore(Protocol):
    """The outbox; every call is one transaction, committed when it returns."""

    async def heads(self, now: datetime, limit: int) -> Sequence[QueuedMessage]:
        """Return of each chat the message that is its turn, the most urgent first."""
        ...

    async def next_due(self, now: datetime) -> datetime | None:
        """Return when the next message that is put off becomes due."""
        ...

    async def begin(self, key: str, now: datetime) -> MessageRow | None:
        """Take a message to send it, the attempt counted; None if it is not to be sent."""
        ...

    async def sent(self, key: str, message_id: int, version: int, at: datetime) -> None:
        """Write down that a version stands in the chat."""
        ...

    async def again(self, key: str, error: str) -> None:
        """Queue a message again that certainly was not accepted."""
        ...

    async def gone(self, key: str, error: str) -> None:
        """Queue a message to be sent anew: the one to be edited is not there."""
        ...

    async def topic_gone(self, key: str, error: str) -> None:
        """Queue a message again, and its topic, which is not there, to be opened anew."""
        ...

    async def failed(self, key: str, version: int, error: str) -> None:
        """Give a version up."""
        ...

    async def doubted(self, key: str) -> bool:
        """Write down that nobody knows whether a message arrived; tell if it is repeated."""
        ...

    async def recover(self) -> int:
        """Doubt everything that was being sent when the process ended."""
        ...

    async def unopened(self) -> Sequence[tuple[int, str]]:
        """Return chat and key of the topics of which nobody knows whether they were opened."""
        ...

    async def migrate(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup."""
        ...


class Rendered(Protocol):
    """A message in words: HTML of at most 4096 characters once parsed, 1024 beside a file."""

    @property
    def text_html(self) -> str: ...
    @property
    def keyboard(self) -> Sequence[Sequence[tuple[str, str]]]:
        """Rows of (label, callback data or address)."""
        ...

    @property
    def document(self) -> tuple[str, bytes] | None: ...
    @property
    def photo(self) -> tuple[str, bytes] | None: ...
    @property
    def copies(self) -> tuple[int, int] | None:
        """Chat and id of the message that is copied, the text beside it."""
        ...

    @property
    def topic(self) -> str | None:
        """The name of a topic to be opened, instead of anything that is said."""
        ...

    @property
    def leaves(self) -> bool:
        """Whether the chat is left, instead of anything that is said."""
        ...


Handle = Callable[[int, dict[str, Any]], Awaitable[None]]
OnQuarantine = Callable[[int, str], Awaitable[None]]
Render = Callable[[MessageRow], Awaitable[Rendered]]
OnUnreachable = Callable[[int, str], Awaitable[None]]
# Given up for good: chat, key, why.
OnRefused = Callable[[int, str, str], Awaitable[None]]
OnMigrated = Callable[[int, int], Awaitable[None]]
Wake = Callable[[str], None]
