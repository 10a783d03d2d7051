"""
Where a messaging platform calls when a number connects or drops.

What such a call says is not published and nobody signs it, so it is only a hint: the platform is
asked about that one instance. The address holds a signature of ours; nobody else knows it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/platforms"
# The platforms that take an address to call.
CALLS_BACK = frozenset({"zapi"})
LONGEST_REFERENCE = 16
# What is signed, so that the key's other uses sign nothing that passes here.
_USE = b"link hook of "


class LinkHooks:
    """Takes the calls; anybody else learns nothing from the answers."""

    def __init__(self, secret_key: str, hint: Callable[[str], None]) -> None:
        """`hint` is told the reference of an instance whose link may have changed."""
        self._hint = hint
        self._key = secret_key.encode()

    def address(self, public_url: str, platform: str) -> str:
        """Return the address below which a platform calls `/REFERENCE`: a secret."""
        return f"{public_url}{PATH}/{platform}/{signature(self._key, platform)}"

    def route(self) -> Route:
        """Return the route to mount."""
        return Route(f"{PATH}/{{platform}}/{{sign}}/{{reference}}", self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """Take a hint; its body is not read."""
        platform, reference = request.path_params["platform"], request.path_params["reference"]
        given = request.path_params["sign"].encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, signature(self._key, platform).encode()):
            return Response(status_code=404)
        if len(reference) <= LONGEST_REFERENCE and reference.isalnum() and reference.isascii():
            self._hint(reference)
        return Response(status_code=200)


def signature(key: bytes, platform: str) -> str:
    """Return the part of the address that nobody can guess: 128 bits."""
    return hmac.new(key, _USE + platform.encode(), hashlib.sha256).hexdigest()[:32]
