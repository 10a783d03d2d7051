"""All that the stand-in knows: its objects, its events, and what time it is there."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from tests.standins.stripe.forms import Json, missing

API_VERSION = "2026-10-28.endive"

KINDS = {
    "cus": "customer",
    "cs": "checkout.session",
    "sub": "subscription",
    "in": "invoice",
    "inpay": "invoice_payment",
    "pi": "payment_intent",
    "ch": "charge",
    "re": "refund",
    "du": "dispute",
    "bps": "billing_portal.session",
}
EVENTS_KEPT_SECONDS = 30 * 86400


class Books:
    """Objects by id, newest last; `at` is the present second, from the first question on."""

    def __init__(self) -> None:
        self.at = 0
        self.objects: dict[str, Json] = {}
        self.events: dict[str, Json] = {}
        # What is to be sent to the webhook, oldest first.
        self.unsent: list[str] = []
        # Customers whose card is declined from now on.
        self.declined: set[str] = set()
        self._count = 0

    def dump(self) -> Json:
        """Return all of it as JSON takes it."""
        return vars(self) | {"declined": sorted(self.declined)}

    def load(self, kept: Json) -> None:
        """Go on with what was dumped."""
        vars(self).update(kept)
        self.declined = set(self.declined)

    def id(self, prefix: str) -> str:
        """Return a new id, which begins as Stripe's do."""
        self._count += 1
        rest = hashlib.sha256(f"{prefix}{self._count}".encode()).hexdigest()[:20]
        return f"{prefix}_{'test_' if prefix == 'cs' else ''}{self._count:04}{rest}"

    def add(self, prefix: str, **fields: Any) -> Json:
        """Keep a new object."""
        made: Json = {
            "id": self.id(prefix),
            "object": KINDS[prefix],
            "created": self.at,
            "livemode": False,
            "metadata": {},
            **fields,
        }
        self.objects[made["id"]] = made
        return made

    def get(self, kind: str, id_: str) -> Json:
        """
        Return an object.

        :raises Wrong: if there is none of that kind.
        """
        found = self.objects.get(id_)
        if found is None or found["object"] != kind:
            raise missing(kind, id_)
        return found

    def all(self, kind: str, where: Callable[[Json], bool] = lambda _: True) -> Iterator[Json]:
        """Yield the objects of a kind, newest first."""
        for one in reversed(list(self.objects.values())):
            if one["object"] == kind and where(one):
                yield one

    def happened(self, type_: str, about: Json) -> Json:
        """Keep an event, with the object as it is now."""
        event: Json = {
            "id": self.id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.at,
            "data": {"object": copy.deepcopy(about)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": type_,
        }
        self.events[event["id"]] = event
        self.unsent.append(event["id"])
        return event

    def recent_events(self) -> list[Json]:
        """Return the events that Stripe still knows, newest first."""
        since = self.at - EVENTS_KEPT_SECONDS
        return [one for one in reversed(self.events.values()) if one["created"] >= since]
