"""What the audit asks of the rows: whether they are as they were written, and agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Check(StrEnum):
    """What is looked for."""

    CHAIN_BROKEN = "chain_broken"
    HEAD_DIFFERS = "head_differs"
    ENTRY_UNBALANCED = "entry_unbalanced"
    BOOKS_UNBALANCED = "books_unbalanced"
    BALANCE_WRONG = "balance_wrong"
    INVOICE_WRONG = "invoice_wrong"
    CARD_WRONG = "card_wrong"
    LINE_TWICE = "line_twice"
    DAYS_LOST = "days_lost"
    INSTANCE_UNSEEN = "instance_unseen"
    INVOICE_UNSEEN = "invoice_unseen"
    TRIAL_ALIVE = "trial_alive"
    DAYS_OVER = "days_over"
    CARD_OVER = "card_over"
    STOP_MISSED = "stop_missed"
    CALL_STUCK = "call_stuck"
    TASK_FORGOTTEN = "task_forgotten"


class Why(StrEnum):
    """What is wrong with the row of a chain."""

    MISSING = "missing"
    CHANGED = "changed"
    UNEXPECTED = "unexpected"
    UNREADABLE = "unreadable"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A thing that is not as it has to be; what was expected and what was found, if that helps."""

    subject: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A place in a chain: so many rows, and the hash of the last of them."""

    length: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row of a chain that is not as it was written; `HEAD`: all are, but not the end."""

    row: int
    why: Why


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a chain was followed; `over` when it was to its end or to a break."""

    head: Head
    over: bool
    broken: Broken | None = None


class Chains(Protocol):
    """The chains that prove the rows of the books (`entries`) and of the audit (`audit`)."""

    async def head(self, name: str) -> Head:
        """Where the chain says that it ends."""

    async def hash_at(self, name: str, row: int) -> str | None:
        """The hash of a row; None if there is no such row."""

    async def follow(self, name: str, after: Head, *, limit: int) -> Followed:
        """Verify at most so many rows after a place."""


class Proofs(Protocol):
    """Questions whose answers have to be empty."""

    async def partners(self, *, after: str, limit: int) -> list[str]:
        """Ids, in their order."""

    async def of_partner(
        self, check: Check, partner_id: str, *, before: datetime
    ) -> list[Contradiction]: ...

    async def of_desk(self, check: Check, *, before: datetime) -> list[Contradiction]: ...

    async def unbalanced(self, *, after: int, until: int) -> list[Contradiction]:
        """Entries in that range of ids whose postings do not sum to nothing."""

    async def fold_shared(self, *, after: int, until: int) -> Mapping[tuple[str, str], int]:
        """The sums of the postings in that range on the accounts that are no partner's."""

    async def kept_shared(self) -> Mapping[tuple[str, str], int]:
        """The kept balances of the accounts that are no partner's."""
