"""Rows of the partners' own customers."""

from __future__ import annotations

from typing import Protocol

from billing.customers import Customer


class Customers(Protocol):
    """Whose the instances of partners are."""

    async def of_instance(self, instance_id: str) -> Customer | None: ...
    async def of_partner(self, partner_id: str) -> dict[str, Customer]:
        """By the instance's id, those of deleted instances too."""

    async def save(self, instance_id: str, customer: Customer | None) -> None:
        """From now on it is this one's, or nobody's."""
