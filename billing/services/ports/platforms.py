"""
The messaging platform, as whoever calls it sees it.

No platform takes an idempotency key, so every operation names our own reference (the
instance's id), and may be repeated: what was done already is success.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class PlatformRefused(Exception):
    """The platform says no, for good; nothing was done."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PlatformSilent(Exception):
    """The platform did not answer: it may have done it or not, and may be asked again."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Made:
    """What the platform made: the instance's own token, and whether its number is connected."""

    token: str
    connected: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What connects a number: the text of a QR code, or a code to be typed on the phone.

    Of use for as long as it `lasts`; `connected`: the number is, and nothing is offered.
    """

    content: str = ""
    lasts: timedelta = timedelta(0)
    connected: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """An instance as the platform holds it."""

    reference: str
    name: str
    state: str
    connected: bool
    paid_until: int | None


class Platform(Protocol):
    """
    One messaging platform.

    Every call raises PlatformRefused or PlatformSilent where it does not succeed.
    """

    async def find(self, reference: str) -> Made | None:
        """Look up what an unanswered creation may have made."""

    async def create(self, reference: str, name: str) -> Made: ...
    async def subscribe(self, reference: str) -> None: ...
    async def cancel(self, reference: str) -> None: ...
    async def keep(self, reference: str) -> None: ...
    async def stop(self, reference: str) -> None: ...
    async def restart(self, reference: str) -> None: ...
    async def extend(self, reference: str, paid_until: datetime) -> None:
        """Let it run, and until then; repeated, the last one counts."""

    async def delete(self, reference: str) -> None: ...
    async def pairing(self, reference: str, phone: str | None) -> Offer:
        """Return a QR code's text, or the code for the number (digits with its country's)."""

    async def connected(self, reference: str) -> bool:
        """Whether its number is connected now."""

    async def held(self) -> list[Held]:
        """Return what the platform holds, deleted ones left out or not."""
