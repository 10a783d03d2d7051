"""Sums over many rows, for pictures and reports: of a stretch of time, never of all there was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from billing.calendar import Month
from billing.money import Money


class Totals(Protocol):
    """What happened in a time, and how many there were at instants that lie not far back."""

    async def invoiced(self, start: datetime, end: datetime) -> list[Money]:
        """By currency what was invoiced in that time, credit notes taken off."""

    async def received(self, start: datetime, end: datetime) -> list[Money]:
        """By currency what came in in that time, by card too, what went back taken off."""

    async def by_card(self, start: datetime, end: datetime) -> list[Money]:
        """By currency what cards brought for their own instances, what went back taken off."""

    async def trials(self, start: datetime, end: datetime) -> tuple[int, int]:
        """How many instances were created in that time, and how many of these subscribed since."""

    async def living(self, at: Sequence[datetime]) -> list[int]:
        """How many instances of all partners there were at each of these instants."""

    async def living_of(self, partner_id: str, at: Sequence[datetime]) -> list[int]:
        """How many instances a partner had at each of these instants."""

    async def cost_of(self, partner_id: str, since: datetime) -> list[tuple[Month, Money]]:
        """What a partner was invoiced from then on, by the month that it is for, void ones not."""

    async def days_of(self, partner_id: str, at: Sequence[datetime]) -> list[int]:
        """The balance of days that a partner had at each of these instants."""
