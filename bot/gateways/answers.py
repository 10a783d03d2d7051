"""What platforms answer: read without trust, for anybody may have written it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from billing.services.ports.platforms import PlatformRefused, PlatformSilent

Json = dict[str, Any]

LONGEST_SENTENCE = 200
LARGEST_PICTURE = 256 * 1024
MASKED = "***"
_PNG = b"\x89PNG\r\n\x1a\n"
_DATA = re.compile(r"data:image/[a-z+.-]+;base64,", re.IGNORECASE)
# Milliseconds up to the year 9999: beyond it there is no date.
LAST_MS = 253_402_300_799_999


class Declined(PlatformRefused):
    """A refusal, with the status it came with."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Cut(PlatformSilent):
    """No answer, by an end of the connection or of the server: a question may be asked again."""


class Throttled(PlatformSilent):
    """HTTP 429, and for how long, if that was said."""

    def __init__(self, after: timedelta | None) -> None:
        super().__init__("HTTP 429: too many calls")
        self.after = after


class Unreadable(PlatformSilent):
    """An answer came, and does not say what it has to: done or not, nobody knows."""

    def __init__(self, what: str) -> None:
        super().__init__(f"its answer cannot be read: {what}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is no error by its status; the content may hold tokens."""

    status: int
    kind: str
    content: bytes = field(repr=False)
    # What its JSON says, read once: of a long list that takes a tenth of a second.
    body: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", read(self.content))

    @property
    def says_error(self) -> bool:
        """Whether it is an error although its status is not."""
        return isinstance(self.body, dict) and bool(self.body.get("error"))

    @property
    def confirms(self) -> bool:
        """Whether it says that something was done: a page of anybody's does not."""
        return not self.content.strip() or self.body is True or isinstance(self.body, dict)

    def object(self) -> Json:
        """:raises Unreadable: if it is no JSON object."""
        if not isinstance(self.body, dict):
            raise Unreadable("no JSON object")
        return self.body

    def rows(self, *names: str) -> list[Json]:
        """
        Return a list of objects, bare or under one of the names.

        :raises Unreadable: if it is none. What in it is no object is an error as well: a list that
            is not whole must not pass for one in which something is missing.
        """
        body = self.body
        if isinstance(body, dict):
            body = next((body[name] for name in names if name in body), None)
        if not isinstance(body, list) or not all(isinstance(one, dict) for one in body):
            raise Unreadable("no list")
        return body


def read(content: bytes) -> Any:
    """Return what the JSON says, or None if it is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def text(body: Json, name: str) -> str:
    """:raises Unreadable: if there is no such text, or an empty one."""
    found = body.get(name)
    if not isinstance(found, str) or not found.strip():
        raise Unreadable(f"no {name}")
    return found


def maybe_text(body: Json, *names: str) -> str | None:
    """Return the first of the names that is a text with something in it."""
    for name in names:
        found = body.get(name)
        if isinstance(found, str) and found.strip():
            return found
    return None


def flag(body: Json, name: str) -> bool | None:
    """Return it where it is true or false; anything else is not known."""
    found = body.get(name)
    return found if isinstance(found, bool) else None


def whole(body: Json, name: str) -> int | None:
    """Return a whole number, also one in quotes; None where there is none that can be."""
    found = body.get(name)
    if isinstance(found, str) and re.fullmatch(r"-?\d{1,18}", found, re.ASCII):
        return int(found)
    return found if type(found) is int else None


def paid_until(body: Json, name: str) -> int | None:
    """Return epoch milliseconds, as a number or in quotes, as microseconds UTC; None: not known."""
    found = whole(body, name)
    return found * 1000 if found is not None and 0 < found <= LAST_MS else None


def picture(found: str | bytes) -> bytes | None:
    """Return a PNG, from itself or in a data address or in base64; None if it is none."""
    if isinstance(found, str):
        try:
            found = base64.b64decode(_DATA.sub("", found), validate=True)
        except (binascii.Error, ValueError):
            return None
    return found if found.startswith(_PNG) and len(found) <= LARGEST_PICTURE else None


def sentence(body: Any, status: int, secrets: Iterable[str]) -> str:
    """Return why the platform says no, in its own words on one line, without secrets."""
    told = next(_said(body), None) or f"HTTP {status}"
    for secret in sorted(secrets, key=len, reverse=True):
        if secret:
            told = told.replace(secret, MASKED).replace(quote(secret, safe=""), MASKED)
    told = " ".join("".join(one if one.isprintable() else " " for one in told).split())
    return told[: LONGEST_SENTENCE - 1] + "…" if len(told) > LONGEST_SENTENCE else told


def _said(body: Any) -> Iterator[str]:
    """Yield what may be the sentence, the most telling first."""
    if not isinstance(body, dict):
        return
    for name in ("response", "error"):
        if isinstance(body.get(name), dict):
            yield from _said(body[name])
    for name in ("message", "error", "details", "description"):
        match body.get(name):
            case str(told) if told.strip():
                yield told
            case [*several] if words := [one for one in several if isinstance(one, str)]:
                yield "; ".join(words)
