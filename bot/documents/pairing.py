"""The picture that connects a number, and what takes its place when it is of no use any more."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import partial

from billing.services.facts import Facts
from billing.services.ports import Work
from billing.services.ports.platforms import AS_PICTURE
from bot.documents import qr
from bot.documents.making import File, Kind, Tools
from bot.documents.voice import Voice

# A QR code for a phone to scan from another screen: as large as pictures are there.
SCALE = 8


class Forgotten(LookupError):
    """What was to be shown is of no use any more, and was forgotten."""


async def look(work: Work, what: Facts) -> Facts:
    """Return what is shown: it came with the facts, from among the secrets."""
    del work
    return what


def code(what: Facts, say: Voice, tools: Tools) -> File:
    """Draw a QR code, or show that which the platform drew."""
    del say, tools
    (content,) = what["secrets"]
    if content is None:
        raise Forgotten(what["what"])
    if content.startswith(AS_PICTURE):
        return "connect.png", base64.b64decode(content.removeprefix(AS_PICTURE))
    return "connect.png", qr.png(content, scale=SCALE)


def sign(how: str, what: Facts, say: Voice, tools: Tools) -> File:
    """Draw how it ended."""
    del what, say
    return f"{how}.png", tools.press.png("pairing.typ", {"how": how})


KINDS: Mapping[str, Kind] = {
    "pair_qr": Kind(look, code),
    **{f"pair_{how}": Kind(look, partial(sign, how)) for how in ("connected", "refused", "over")},
}
