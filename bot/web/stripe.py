"""Stripe's webhook: an event is answered with 200 once it is stored, and not before."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from stripe import SignatureVerificationError, WebhookSignature

from billing.services.cards import reading
from billing.services.ports.cards import Event
from bot.web import bodies

log = structlog.get_logger(__name__)

PATH = "/stripe"
LARGEST_BODY_BYTES = 1024 * 1024
TOLERANCE_SECONDS = 300
RETRY_SECONDS = 5
SIGNATURE = "Stripe-Signature"
# Exactly one time, in digits that say it in one way only.
_TIME = re.compile(r"t=([1-9][0-9]{0,11})", re.ASCII)


class NotSigned(Exception):
    """Nothing shows that it is Stripe who says it, and now."""


class StripeWebhook:
    """
    Takes Stripe's events; anybody else learns nothing from the answers.

    The signature is over the raw body. It is proved by any of the secrets: while one is
    replaced, two are good. How old it may be is told by our own clock.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        now: Callable[[], datetime],
        keep: Callable[[Event], Awaitable[None]],
    ) -> None:
        """`keep` returns once the event is committed; a known one is kept once."""
        if not secrets or not all(secrets):
            raise ValueError("a webhook without a secret would take events from anybody")
        self._secrets = tuple(secrets)
        self._now = now
        self._keep = keep

    def route(self) -> Route:
        """Return the route to mount."""
        return Route(PATH, self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """Keep one event."""
        try:
            body = await bodies.read(request, most=LARGEST_BODY_BYTES)
            self.check(body, request.headers.getlist(SIGNATURE))
        except bodies.BodyTooLarge:
            return Response(status_code=413)
        except NotSigned:
            return Response(status_code=400)
        try:
            event = reading.event(body.decode())
        except (ValueError, RecursionError) as error:
            # It is Stripe's, so that bringing it again would change nothing.
            log.warning("what Stripe brought is no event", why=str(error))
            return Response(status_code=200)
        try:
            await self._keep(event)
        except Exception:
            log.exception("an event could not be stored; Stripe will bring it again")
            return Response(status_code=503, headers={"Retry-After": str(RETRY_SECONDS)})
        return Response(status_code=200)

    def check(self, body: bytes, headers: Sequence[str]) -> None:
        """
        See that it is signed by one of the secrets, and not long ago.

        :raises NotSigned:
        """
        if len(headers) != 1:
            raise NotSigned
        times = [item for item in headers[0].split(",") if item.partition("=")[0] == "t"]
        found = _TIME.fullmatch(times[0]) if len(times) == 1 else None
        if found is None:
            raise NotSigned
        # Stripe's library would compare it with the machine's clock, and take the future's.
        if abs(self._now().timestamp() - int(found[1])) > TOLERANCE_SECONDS:
            raise NotSigned
        if not any(_signed(body, headers[0], secret) for secret in self._secrets):
            raise NotSigned


def _signed(body: bytes, header: str, secret: str) -> bool:
    try:
        return bool(WebhookSignature.verify_header(body, header, secret, tolerance=None))
    except (SignatureVerificationError, UnicodeError, TypeError):
        return False
