"""Rows of what the messaging platforms were seen to hold: links, comparisons, differences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from billing.comparison import HeldState, Kind, Ours
from billing.instances import State
from billing.links import Link


@dataclass(frozen=True, slots=True)
class Linked:
    """A living instance as far as its link matters; `remote_id` is its id at the platform."""

    id: str
    partner_id: str
    state: State
    remote_id: str | None
    link: Link


class Links(Protocol):
    """Whether numbers are connected; each write leaves everything else of an instance alone."""

    async def platforms(self) -> list[str]:
        """Return the platforms at which anything lives."""

    async def page(self, platform: str, *, after: str, limit: int) -> list[Linked]:
        """Return what lives at a platform, by id, after one."""

    async def get(self, instance_id: str) -> Linked | None: ...
    async def of_ids(self, instance_ids: Collection[str]) -> Mapping[str, Link]:
        """Return the links of instances, by their ids."""

    async def save(self, instance_id: str, link: Link) -> None: ...


@dataclass(frozen=True, slots=True)
class Compared:
    """
    The last comparison with a platform, of a `night` (its date).

    Over `at` then, or, if it was `silent`, to be tried again then. `days_left` are on the
    operator's account there, `days_owed` what partners hold in all; None: it has no such account.
    `card` is the night whose card tells what differs.
    """

    platform: str
    night: str
    at: datetime
    silent: bool = False
    attempts: int = 0
    error: str | None = None
    held: int = 0
    days_left: int | None = None
    days_owed: int | None = None
    card: str | None = None


class Standing(StrEnum):
    """How a difference stands: `asked` is being deleted there, `left` a person leaves so."""

    OPEN = "open"
    ASKED = "asked"
    LEFT = "left"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Difference:
    """
    Something that differs at a platform, between ours (`instance_id`) and theirs (`remote_id`).

    `name` is what it is called there, `there` its state there; `token` its own, encrypted. `seen`
    is the night of the last comparison that saw it. `outcome` is how it ended: `gone` by itself,
    or what `done_by` did.
    """

    id: str
    platform: str
    kind: Kind
    found_at: datetime
    seen: str
    instance_id: str = ""
    remote_id: str = ""
    reference: str | None = None
    name: str = ""
    there: HeldState | None = None
    paid_until: datetime | None = None
    token: str | None = None
    state: Standing = Standing.OPEN
    not_before: datetime | None = None
    attempts: int = 0
    error: str | None = None
    outcome: str | None = None
    done_by: int | None = None
    done_at: datetime | None = None


class Comparisons(Protocol):
    """Comparisons with the platforms, and what of ours they compare."""

    async def get(self, platform: str) -> Compared | None: ...
    async def all(self) -> list[Compared]:
        """By platform."""

    async def save(self, compared: Compared) -> None: ...
    async def ours(
        self, platform: str, remote_ids: Collection[str], references: Collection[str]
    ) -> list[Ours]:
        """Return ours that have one of these ids at a platform, or one of these references."""

    async def living(self, platform: str, *, after: str, limit: int) -> list[Ours]:
        """Return what lives at a platform, by id, after one."""

    async def in_flight(self, instance_ids: Collection[str], since: datetime) -> frozenset[str]:
        """Return those of which a call is open, or was closed since then."""

    async def days_owed(self) -> int:
        """Return the days that partners hold in all."""


class Differences(Protocol):
    """What the comparisons found, until it is gone or seen to."""

    async def found(self, difference: Difference) -> bool:
        """Keep a difference; one that is known is seen again, and False is returned."""

    async def get(self, difference_id: str) -> Difference | None: ...
    async def count(self, platform: str) -> int:
        """How many wait for a person, or are being deleted there."""

    async def oldest(self, platform: str) -> datetime | None:
        """When the first of these was found."""

    async def shown(self, platform: str, *, offset: int, limit: int) -> list[Difference]:
        """Return a page of these, in the order in which they were found."""

    async def done_since(self, platform: str, at: datetime, *, limit: int) -> list[Difference]:
        """Return what people ended since then, newest first."""

    async def save(self, difference: Difference) -> None:
        """Keep how it stands; closed, its token is forgotten."""

    async def close_unseen(self, platform: str, night: str, *, at: datetime, limit: int) -> int:
        """Close those that the comparison of a night did not see; return how many."""

    async def asked(self, now: datetime, *, limit: int) -> list[Difference]:
        """Return what is to be deleted there and may be tried by now."""


def by_remote_id(found: Iterable[Ours]) -> dict[str, Ours]:
    """Return them by their ids at the platform."""
    return {one.remote_id: one for one in found if one.remote_id is not None}
