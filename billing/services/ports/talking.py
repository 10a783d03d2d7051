"""Rows of what partners and staff say to each other, and of what is said to many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SupportMessage:
    """
    A message from a partner to the staff, or from the staff to a partner.

    It stands in `chat_id` as `message_id`, until that group becomes a supergroup. `answers` is
    the message that it replies to, `file` what hangs on it (photo, document…), `album` what that
    was sent together with. What a partner says waits until it is answered.
    """

    id: str
    partner_id: str
    by_staff: bool
    user_id: int
    chat_id: int
    message_id: int | None
    answers: str | None
    text: str
    file: str | None
    said_at: datetime
    answered_by: int | None = None
    answered_at: datetime | None = None
    album: str | None = None


class Support(Protocol):
    """What partners and staff say to each other."""

    async def add(self, message: SupportMessage) -> None: ...
    async def get(self, message_id: str) -> SupportMessage | None: ...
    async def of_album(self, chat_id: int, album: str) -> SupportMessage | None:
        """The first message of several that were sent together."""

    async def answer(self, message: SupportMessage, *, by: int, at: datetime) -> list[str]:
        """What its writer had said until then waits no more; return the ids of what did."""

    async def waiting(self) -> list[SupportMessage]:
        """What partners have said and nobody has answered, oldest first."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """
    One text to the people of many partners.

    `copies` is the message (chat, id) whose file goes with it; `receivers` are user ids, `said`
    how many of them have their message in the outbox. `state`: asked, going, over, dropped.
    """

    id: str
    segment: str
    text: str
    copies: tuple[int, int] | None
    receivers: Sequence[int]
    asked_by: int
    chat_id: int
    asked_at: datetime
    said: int = 0
    state: str = "asked"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a broadcast's messages: `unknown`: nobody knows whether they arrived."""

    sent: int
    waiting: int
    blocked: int
    failed: int
    unknown: int


class Broadcasts(Protocol):
    """What was said to many."""

    async def add(self, broadcast: Broadcast) -> None: ...
    async def get(self, broadcast_id: str) -> Broadcast | None: ...
    async def save(self, broadcast: Broadcast, *, was: str) -> bool:
        """Save how far it is, conditionally: False if it is not `was` any more."""

    async def delivery(self, prefix: str) -> Delivery:
        """Count the messages whose keys begin so, by what became of them."""
