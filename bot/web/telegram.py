"""Telegram's webhook: an update is answered with 200 once it is stored, and not before."""

import hmac
import json
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import bodies

log = structlog.get_logger(__name__)

LARGEST_BODY_BYTES = 1024 * 1024
RETRY_SECONDS = 5
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret


# Keeps an update, given as parsed and as it came; returns once that is committed.
Keep = Callable[[object, str], Awaitable[None]]


class TelegramWebhook:
    """Takes Telegram's requests; anybody else learns nothing from the answers."""

    def __init__(self, secret: str, keep: Keep) -> None:
        if not secret:
            raise ValueError("a webhook without a secret token would take updates from anybody")
        self._secret = secret.encode()
        self._keep = keep

    def route(self, path: str) -> Route:
        """Return the route to mount."""
        return Route(path, self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """Keep one update."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret):
            return Response(status_code=403)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            return Response(status_code=415)
        try:
            body = (await bodies.read(request, most=LARGEST_BODY_BYTES)).decode("utf-8")
            raw = json.loads(body)
        except bodies.BodyTooLarge:
            return Response(status_code=413)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        try:
            await self._keep(raw, body)
        except Exception:
            log.exception("an update could not be stored; Telegram will bring it again")
            return Response(status_code=503, headers={"Retry-After": str(RETRY_SECONDS)})
        return Response(status_code=200)
