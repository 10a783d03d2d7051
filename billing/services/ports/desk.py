"""Rows of what is due, said and asked; and where chance and secrets come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from billing.services.facts import Facts
from billing.services.messages import Intent, Message
from billing.services.ports.rows import Claim, Due


class DueRows(Protocol):
    """Rows, never timers."""

    async def plan(self, due: Due) -> None:
        """Insert; one that waits is moved, one that was dropped waits again, one done stays so."""

    async def plan_all(self, rows: Sequence[Due]) -> None:
        """Plan each of them, by one statement."""

    async def drop(self, key: str) -> None:
        """One that waits is no longer wanted."""

    async def drop_all(self, keys: Iterable[str]) -> None:
        """Drop each of them, by one statement."""

    async def claim(self, key: str, *, at: datetime) -> bool:
        """Mark it done, conditionally: False if somebody else did or it does not wait."""

    async def claim_all(self, keys: Sequence[str], *, at: datetime) -> list[Due]:
        """Mark those done that wait and have come; return these, in the order of the keys."""

    async def next_by(
        self, now: datetime, *, without: Sequence[str] = (), limit: int = 100
    ) -> list[Due]:
        """Those that wait and have come by `now`, in the order of their instants, without kinds."""

    async def count_by(self, now: datetime, kind: str) -> int:
        """How many of a kind wait and have come by `now`."""

    async def waiting(self, kind: str, *, partner_id: str, until: datetime) -> list[Due]:
        """One kind's waiting rows of a partner up to an instant, in order."""

    async def planned(self, key: str) -> Due | None:
        """The row if it waits."""

    async def forget_settled(self, before: datetime) -> int:
        """Forget rows of before that were done or dropped: their keys never come again."""


class Messages(Protocol):
    """The outbox, and what its buttons stand for."""

    async def say(self, message: Message, *, at: datetime) -> None:
        """Say it, or say it anew if the key is known; the buttons of before are old from now on."""

    async def get(self, key: str) -> Message | None:
        """As it was said last, without its buttons."""

    async def is_known(self, key: str) -> bool:
        """Whether anything was ever said under it."""

    async def standing(self, chat_id: int, message_id: int) -> Message | None:
        """What stands in a chat under an id, as it was said last, without its buttons."""

    async def sent_as(self, key: str) -> int | None:
        """The id under which it stands in its chat, or None if it has not arrived."""

    async def waiting(self, chat_id: int, prefix: str) -> list[Message]:
        """What that chat was not sent yet and begins so, as it was said, without its buttons."""

    async def take_back(self, *prefixes: str) -> None:
        """What begins with one of these and was not sent yet is not sent any more."""

    async def hold_back(self, chat_id: int) -> None:
        """Whatever that chat was not sent yet it is not sent any more."""

    async def accepted_at(self, prefix: str) -> datetime | None:
        """When Telegram first took a message whose key begins so, or None."""

    async def refused(self, prefix: str) -> bool:
        """Whether a message whose key begins so can never arrive."""

    async def forget_expired(self, at: datetime) -> int:
        """Forget what buttons stood for that nobody can press any more."""

    async def intent(self, intent_id: str, *, at: datetime) -> Intent | None: ...
    async def use(self, intent_id: str, *, by: int, at: datetime) -> bool:
        """Mark a `once` button used, conditionally: False if it was."""


class Conversations(Protocol):
    """What a chat was asked and shown last, per person."""

    async def ask(self, chat_id: int, user_id: int, kind: str, args: Facts) -> None:
        """The next text of that person in that chat answers this; replaces an open question."""

    async def question(self, chat_id: int, user_id: int) -> tuple[str, dict[str, Any]] | None: ...
    async def answered(self, chat_id: int, user_id: int) -> None: ...
    async def show_list(self, chat_id: int, user_id: int, instance_ids: Sequence[str]) -> None: ...
    async def shown_list(self, chat_id: int, user_id: int) -> list[str]: ...


class Claims(Protocol):
    """Who sees to which card, until it is decided."""

    async def get(self, kind: str, subject: str) -> Claim | None: ...
    async def take(self, claim: Claim) -> bool:
        """Insert; False, changing nothing, if somebody sees to it."""

    async def drop(self, kind: str, subject: str) -> bool:
        """Nobody sees to it any more; False if nobody did."""


class DeskState(Protocol):
    """The few values that the desk as a whole has."""

    async def get(self, key: str) -> str | None: ...
    async def set(self, key: str, value: str | None) -> None: ...


class Inbox(Protocol):
    """Updates received."""

    async def claim(self, update_id: int, *, at: datetime) -> bool:
        """Mark it done with what this transaction does; False if it was done before."""

    async def purge(self, now: datetime) -> int:
        """Forget what was done, or put aside, more than 30 days ago; what waits stays."""


class Ids(Protocol):
    """Where chance comes from."""

    def short(self, signs: int = 5) -> str:
        """Crockford's base 32, at least one letter."""

    def secret(self) -> str:
        """256 bits, for tokens; URL-safe."""

    def opaque(self) -> str:
        """128 bits, for buttons and codes; URL-safe, 22 characters."""


class Vault(Protocol):
    """Encrypts what has to be used again, hashes what has not."""

    def lock(self, secret: str) -> str: ...
    def open(self, ciphertext: str) -> str: ...
    def hash(self, secret: str) -> str: ...
