"""The webhook: each event signed and brought until it is taken."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256

import aiohttp

from tests.standins.stripe.books import Books
from tests.standins.stripe.forms import Json

# Stripe's own pauses are longer; what counts is that it comes again.
TIMEOUT = aiohttp.ClientTimeout(total=20)


def signature(body: str, secret: str, at: int) -> str:
    """Return the header that proves a body to be Stripe's, at that second."""
    signed = hmac.new(secret.encode(), f"{at}.{body}".encode(), sha256).hexdigest()
    return f"t={at},v1={signed},v0={'0' * 64}"


class Hooks:
    """Brings what happened to `url`; nothing where that is None."""

    def __init__(self, books: Books, secret: str) -> None:
        self._books = books
        self.secret = secret
        self.url: str | None = None
        # Types of events that get lost on the way, for ever.
        self.lost: set[str] = set()
        # Nothing is brought until somebody says so: `bring` with a list then gives the order.
        self.held = False

    def body(self, event: Json) -> str:
        """Return an event as it goes over the wire: indented, without what is ours alone."""
        return json.dumps(public(event), indent=2, ensure_ascii=False)

    async def bring_all(self, http: aiohttp.ClientSession) -> None:
        """Bring what waits, in the order in which it happened; what is refused waits on."""
        if self.url is None or self.held:
            return
        for id_ in list(self._books.unsent):
            event = self._books.events[id_]
            if event["type"] in self.lost or await self.bring(http, event):
                self._books.unsent.remove(id_)

    async def bring(self, http: aiohttp.ClientSession, event: Json) -> bool:
        """Bring one event, signed anew; return whether it was taken."""
        assert self.url is not None, "somebody listens"
        body = self.body(event)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, self.secret, self._books.at),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            async with http.post(
                self.url, data=body.encode(), headers=headers, timeout=TIMEOUT
            ) as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False


def public(value: object) -> object:
    """Return an object without the fields that are the stand-in's own."""
    if isinstance(value, dict):
        return {name: public(one) for name, one in value.items() if not name.startswith("_")}
    return [public(one) for one in value] if isinstance(value, list) else value
