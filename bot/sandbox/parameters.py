"""The parameters of a Bot API call, whatever body they came in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.sandbox.errors import bad_request
from bot.sandbox.values import Json


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along in a multipart body."""

    file_name: str
    mime_type: str | None
    content: bytes


class Parameters:
    """Named values; each look says what kind it wants and refuses what is not."""

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload]) -> None:
        self._values, self._uploads = values, uploads

    def given(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Return the text, empty if there is none."""
        value = self._values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int | None:
        value = self._values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"{name} must be an integer") from None

    def flag(self, name: str) -> bool:
        return str(self._values.get(name, "")).lower() in ("true", "1", "yes", "t", "y")

    def json(self, name: str) -> Any:
        """Return the value, read if it came as JSON text; None if there is none."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def object(self, name: str) -> Json | None:
        value = self.json(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value

    def upload(self, name: str) -> Upload | None:
        return self._uploads.get(name)


async def read_parameters(request: Request) -> Parameters:
    """
    Return what a request holds: query, form, multipart or JSON.

    :raises ApiError: if the body cannot be read.
    """
    values: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        values.update(_json_object(await request.body()))
    elif kind == "multipart/form-data":
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    content = await value.read()
                    uploads[name] = Upload(value.filename or "file", value.content_type, content)
                else:
                    values[name] = value
    else:
        body = (await request.body()).decode(errors="replace")
        values.update(parse_qsl(body, keep_blank_values=True))
    return Parameters(values, uploads)


def _json_object(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object in the body")
    return value
