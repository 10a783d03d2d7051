"""
The messaging platforms, as whoever calls one sees it.

No platform takes an idempotency key, so every operation names the instance as a `Remote`, and may
be repeated: what was done already is success (paid already, gone already, cancelled already).
"""

from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from billing.comparison import HeldState

__all__ = [
    "Held",
    "HeldState",
    "Made",
    "Offer",
    "Platform",
    "PlatformLater",
    "PlatformRefused",
    "PlatformSilent",
    "PlatformUnable",
    "Platforms",
    "Remote",
    "reference_in",
]

LONGEST_LABEL = 60
AS_PICTURE = "data:image/png;base64,"
_OURS = re.compile(r"(?:^|-)([0-9A-HJKMNP-TV-Z]{5,8})$")


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


class PlatformLater(Exception):
    """
    Nothing was done; the platform may be asked from `until` on.

    `by_person`: somebody has to see to it there meanwhile, and staff get a task.
    """

    def __init__(self, until: datetime, why: str, *, by_person: bool = False) -> None:
        super().__init__(why)
        self.until, self.why, self.by_person = until, why, by_person


class PlatformUnable(Exception):
    """The platform has no call for this: a person has to do it there."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Remote:
    """
    An instance as a platform is asked about it.

    `reference` is ours, the instance's id; `remote_id` the platform's own, once known. `address` is
    where its own API is, for a platform that gives each one its own. `token` is a secret.
    """

    reference: str
    name: str
    remote_id: str | None = None
    token: str | None = field(default=None, repr=False)
    address: str | None = None
    ended_at: datetime | None = None
    """When it was cancelled or its service ended, if so."""

    @property
    def label(self) -> str:
        """
        Its name at the platform: that of the partner in ASCII, and the reference.

        The partner may have renamed it since it was made: see `goes_by`.
        """
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        room = LONGEST_LABEL - len(self.reference) - 1
        slug = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:room].strip("-")
        return f"{slug}-{self.reference}" if slug else self.reference

    def goes_by(self, label: str) -> bool:
        """Whether that is its name at a platform, be it from before it was renamed."""
        return reference_in(label) == self.reference


def reference_in(label: str) -> str | None:
    """Return what would be our reference in a name at a platform, if it has the shape of one."""
    found = _OURS.search(label)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Made:
    """What the platform made: its token, its id and address there, whether it is connected."""

    token: str = field(repr=False)
    connected: bool = False
    remote_id: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What connects a number: the text of a QR code, or a code to be typed on the phone.

    Of use for as long as it `lasts`; `connected`: the number is, and nothing is offered. `picture`
    is a QR code as a PNG, where the platform gives no text.
    """

    content: str = ""
    lasts: timedelta = timedelta(0)
    connected: bool = False
    picture: bytes | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """What is kept of it for as long as it is shown: a picture as a data address."""
        if self.content or self.picture is None:
            return self.content
        return AS_PICTURE + base64.b64encode(self.picture).decode()


@dataclass(frozen=True, slots=True)
class Held:
    """
    An instance as the platform holds it; a deleted one is not held.

    `reference` is from its name there, if that has the shape of one of ours; `paid_until` counts
    microseconds UTC; None is not known.
    """

    remote_id: str
    reference: str | None
    name: str
    state: HeldState
    connected: bool | None
    paid_until: int | None
    token: str | None = field(default=None, repr=False)


class Platform(Protocol):
    """
    One messaging platform.

    Every call raises PlatformRefused, PlatformSilent, PlatformLater or PlatformUnable where it does
    not succeed, and may be repeated.
    """

    async def find(self, remote: Remote) -> Made | None:
        """Look up what an unanswered creation may have made."""

    async def create(self, remote: Remote) -> Made: ...
    async def subscribe(self, remote: Remote) -> None: ...
    async def cancel(self, remote: Remote) -> None: ...
    async def keep(self, remote: Remote) -> None: ...
    async def stop(self, remote: Remote) -> None: ...
    async def restart(self, remote: Remote) -> None: ...
    async def extend(self, remote: Remote, paid_until: datetime) -> None:
        """Let it run, and until then; repeated, the last one counts."""

    async def delete(self, remote: Remote) -> None: ...
    async def pairing(self, remote: Remote, phone: str | None) -> Offer:
        """Return a QR code, or the code for the number (digits with its country's)."""

    async def connected(self, remote: Remote) -> bool:
        """Whether its number is connected now."""

    async def held(self) -> list[Held]:
        """Return all that the platform holds."""

    async def days_left(self) -> int | None:
        """Return the days on the operator's own account there; None where it has none."""

    async def check(self) -> None:
        """Ask whether the account answers; silent or refused otherwise."""


class Platforms(Protocol):
    """The platforms of this desk, by the name that an instance's row has."""

    def at(self, name: str) -> Platform:
        """Return it; one that is not set up is there too, and every call of it is silent."""
