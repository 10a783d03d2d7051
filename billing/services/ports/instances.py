"""Rows of instances and of the calls promised for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from billing.billable import Billed
from billing.calendar import BillingCalendar
from billing.instances import Instance, State
from billing.regular import Counted, Regular
from billing.services.ports.rows import Account, Call, Pairing, Tally


class Instances(Protocol):
    """Instances of all partners; every question names the partner."""

    async def add(self, instance: Instance) -> bool:
        """Return False, changing nothing, if the id or the living name is taken."""

    async def id_taken(self, instance_id: str) -> bool:
        """Whether any instance ever had it: an id is never used again."""

    async def get(self, partner_id: str, instance_id: str) -> Instance | None: ...
    async def by_id(self, instance_id: str) -> Instance | None:
        """For the clock and the platform, which act for no partner."""

    async def of_ids(self, instance_ids: Iterable[str]) -> list[Instance]:
        """Those that there are, whoever's they are, in no order."""

    async def named(self, partner_id: str, name: str) -> Instance | None:
        """The living one of that name; case and accents are not told apart."""

    async def of_partner(
        self, partner_id: str, states: Iterable[State] | None = None
    ) -> list[Instance]:
        """By name; without states all that are not gone (deleted, failed)."""

    async def counts(self, partner_id: str) -> dict[State, int]: ...
    async def stopped(self, terms: Iterable[tuple[str, int]]) -> list[Instance]:
        """Those of partners under these programmes whose trial is over, the first one leading."""

    async def tally(self, start: datetime, end: datetime) -> Tally:
        """Count what happened to instances of all partners in that time, and what runs now."""

    async def save(self, instance: Instance) -> None: ...
    async def rename(self, instance: Instance, name: str) -> bool:
        """Return False, changing nothing, if the living name is taken."""

    async def counted(self, wanted: Mapping[str, Regular]) -> Mapping[str, Counted]:
        """Count, by partner, the regular ones of a month."""

    async def unbilled(
        self, partner_id: str, *, end: datetime, but: Regular | None = None
    ) -> list[Instance]:
        """
        Those subscribed before `end` that may have a line to come, by name, deleted ones too.

        One whose every billable month is on an invoice may be left out; regular ones are, `but`
        for which it was asked.
        """

    async def billed_months(
        self, partner_id: str, calendar: BillingCalendar, *, but: Regular | None = None
    ) -> dict[str, Billed]:
        """
        Months that are on invoices that are not void, by instance id.

        Of instances that may have a line to come or are subscribed, `but` for regular ones.
        """

    async def keep_account(self, instance_id: str, account: Account) -> None:
        """Keep what the platform made of it."""

    async def account(self, instance_id: str) -> Account:
        """Return what the platform made of it; nothing is in it of what is not made yet."""

    async def forget_account(self, instance_id: str) -> None:
        """What the platform had made of it is gone, and what it had confirmed."""

    async def confirm(self, instance_id: str, until: datetime) -> None:
        """Keep until when the platform has confirmed that it runs."""


class Pairings(Protocol):
    """Numbers that are being connected, each by the key of the message that shows how."""

    async def begin(self, pairing: Pairing) -> None:
        """Keep it; said under that key before, this one takes its place."""

    async def get(self, message_key: str) -> Pairing | None: ...
    async def save(self, pairing: Pairing) -> None: ...


class Calls(Protocol):
    """Promised calls: reserve → call → post or void."""

    async def promise(self, call: Call) -> None: ...
    async def open_by(self, now: datetime, *, limit: int = 50) -> list[Call]:
        """
        Open ones that may be tried by `now`; of one instance only the oldest open one.

        What a person does is left out, unless it is queued as well, and holds up no other.
        """

    async def get(self, call_id: str) -> Call | None: ...
    async def of_message(self, message_key: str) -> list[Call]:
        """In the order in which they were promised."""

    async def left_of(self, message_key: str, now: datetime) -> tuple[int, int]:
        """How many were promised under a key, and how many of them may be tried by `now`."""

    async def started(self, call_id: str) -> int:
        """Count the attempt before the call, and return how many there were."""

    async def put_off(self, call_id: str, *, until: datetime, error: str) -> None: ...
    async def queue(self, call_id: str, *, until: datetime, why: str) -> None:
        """Put it off because the platform wants so: nothing was done, no attempt was made."""

    async def leave_to_person(self, call_id: str, *, why: str, at: datetime) -> None:
        """A person does it at the platform; it stays open, and holds up no other."""

    async def by_hand(self) -> list[Call]:
        """Open ones that are left to a person, oldest first."""

    async def close(self, call_id: str, state: str, *, error: str | None, at: datetime) -> bool:
        """To `done`, `refused` or `void`, conditionally: False if it is not open."""

    async def open_of(self, instance_id: str) -> list[Call]:
        """Open ones of an instance, in the order in which they were promised."""

    async def subscribing(self, partner_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The instances of each partner whose subscription the platform has not confirmed."""

    async def failing(self) -> list[Call]:
        """Open ones that were tried at least three times, none a person's; oldest first."""
