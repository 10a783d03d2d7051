"""The webhook: an update is answered with 200 once it is stored, and not before."""

import hmac
import json

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.delivery.ports import InboxStore, Wake
from bot.delivery.updates import entry

log = structlog.get_logger(__name__)

LARGEST_BODY_BYTES = 1024 * 1024
RETRY_SECONDS = 5
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret


class BodyTooLarge(Exception):
    """The request's body is larger than any update."""


class Webhook:
    """Takes Telegram's requests; anybody else learns nothing from the answers."""

    def __init__(self, secret: str, inbox: InboxStore, wake: Wake, clock: Clock) -> None:
        if not secret:
            raise ValueError("a webhook without a secret token would take updates from anybody")
        self._secret = secret.encode()
        self._inbox = inbox
        self._wake = wake
        self._clock = clock

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
            body = (await _body(request)).decode("utf-8")
            raw = json.loads(body)
        except BodyTooLarge:
            return Response(status_code=413)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        return await self._keep(raw, body)

    async def _keep(self, raw: object, body: str) -> Response:
        row = entry(raw, body)
        try:
            await self._inbox.store([row], self._clock.now())
        except Exception:
            log.exception("an update could not be stored; Telegram will bring it again")
            return Response(status_code=503, headers={"Retry-After": str(RETRY_SECONDS)})
        self._wake(row[1])
        return Response(status_code=200)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise BodyTooLarge
    return bytes(body)
