"""Reading what the people's side is asked, with refusals that name the field."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request

from bot.sandbox.errors import Mistake
from bot.sandbox.files import LARGEST_UPLOAD
from bot.sandbox.parameters import Upload

SPAN = re.compile(r"(\d{1,6})([mhd])", re.ASCII)
SECONDS = {"m": 60, "h": 3600, "d": 86400}
# Beyond this a date no longer fits everywhere.
LAST_YEAR = 9000


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a JSON object."""

    values: dict[str, Any]

    @classmethod
    async def of(cls, request: Request) -> Fields:
        """
        :raises Mistake: if the body is not a JSON object.
        """
        try:
            values = json.loads(await request.body() or b"{}")
        except ValueError:
            raise Mistake("the body is not JSON") from None
        if not isinstance(values, dict):
            raise Mistake("the body is not a JSON object")
        return cls(values)

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise Mistake(f"{name}: a text is wanted")
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.optional_integer(name)
        if value is None:
            value = default
        if value is None:
            raise Mistake(f"{name}: a whole number is wanted")
        return value

    def optional_integer(self, name: str) -> int | None:
        value = self.values.get(name)
        # True is an int in Python, and never an id.
        if value is not None and type(value) is not int:
            raise Mistake(f"{name}: a whole number is wanted")
        return value

    def integer_or_text(self, name: str) -> int | str | None:
        value = self.values.get(name)
        if isinstance(value, str) and value.strip():
            return value
        return self.optional_integer(name)

    def integers(self, name: str) -> list[int]:
        value = self.values.get(name)
        if not isinstance(value, list) or not all(type(one) is int for one in value):
            raise Mistake(f"{name}: a list of ids is wanted")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise Mistake(f"{name}: true or false is wanted")
        return value


def query_integer(request: Request, name: str, default: int | None = None) -> int:
    """Return a whole number out of the query."""
    value = request.query_params.get(name)
    if value is None and default is not None:
        return default
    try:
        return int(value or "")
    except ValueError:
        raise Mistake(f"{name}: a whole number is wanted in the query") from None


def read_upload(fields: Fields, name: str) -> Upload | None:
    """
    Return the file that a person sends.

    :raises Mistake: if its content is not base64, empty, or too large.
    """
    if not fields.has(name):
        return None
    raw = fields.values[name]
    if isinstance(raw, str):
        raw = {"base64": raw}
    if not isinstance(raw, dict) or not isinstance(raw.get("base64"), str):
        raise Mistake(f'{name}: wanted is {{"file_name": …, "base64": …}}')
    file_name = raw.get("file_name", "photo.jpg" if name == "photo" else "file")
    if not isinstance(file_name, str) or not file_name.strip():
        raise Mistake(f"{name}.file_name: a name is wanted")
    try:
        content = base64.b64decode(raw["base64"], validate=True)
    except (binascii.Error, ValueError):
        raise Mistake(f"{name}.base64: that is not base64") from None
    if not 1 <= len(content) <= LARGEST_UPLOAD:
        raise Mistake(f"{name}: 1 to {LARGEST_UPLOAD} bytes")
    return Upload(file_name, None, content)


def read_move(fields: Fields) -> Callable[[datetime], datetime]:
    """
    Return what makes of now the instant to which the clock shall go.

    :raises Mistake: if it is said in no way or in two, or in words that mean nothing.
    """
    if fields.has("advance") == fields.has("set"):
        raise Mistake('either {"advance": "2d"} or {"set": "2026-03-01T10:00:00-03:00"}')
    if fields.has("set"):
        instant = _instant(fields.text("set"))
        return lambda _: instant
    words = fields.text("advance").replace(" ", "")
    parts = SPAN.findall(words)
    if not parts or "".join(count + unit for count, unit in parts) != words:
        raise Mistake("advance: a number and m, h or d, such as 90m, 36h or 2d")
    span = timedelta(seconds=sum(int(count) * SECONDS[unit] for count, unit in parts))
    return lambda now: _later(now, span)


def _later(now: datetime, span: timedelta) -> datetime:
    if now.year + span.days // 365 > LAST_YEAR:
        raise Mistake(f"the clock ends with the year {LAST_YEAR}")
    return now + span


def _instant(words: str) -> datetime:
    try:
        instant = datetime.fromisoformat(words)
    except ValueError:
        raise Mistake("set: an instant such as 2026-03-01T10:00:00-03:00") from None
    if instant.tzinfo is None:
        raise Mistake("set: the instant needs its offset from UTC, such as -03:00")
    if instant.year > LAST_YEAR:
        raise Mistake(f"the clock ends with the year {LAST_YEAR}")
    return instant
