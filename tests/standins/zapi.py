"""Z-API: on-demand instances of an integrator, by the month; `due` is a number or a string."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from tests.standins.base import Json, Now, Platform, Refused, instant, ms
from tests.standins.pictures import qr
from tests.standins.serving import kept

TOKEN = "zapi-partner-token-0001"
TRIAL, MONTH = timedelta(days=2), timedelta(days=30)
DELETED_AFTER = timedelta(days=40)
ONE = "/instances/{id}/token/{token}"
SUBSCRIBE_AGAIN = "To continue sending messages, you must subscribe to this instance again"


def beside(now: Now, *, fresh: bool) -> AbstractAsyncContextManager[Mapping[str, str]]:
    """Let it run beside the bot, with what it held the last time unless begun afresh."""
    return kept("zapi", Zapi, now, fresh=fresh)


class Zapi(Platform):
    """Instances by id. `client_token`: refuse who does not send it."""

    def __init__(
        self, now: Now, keep: Path | None = None, *, client_token: str | None = None
    ) -> None:
        self.client_token = client_token
        super().__init__(now, keep)

    def environment(self, url: str) -> Mapping[str, str]:
        return {"PLATFORM": "zapi", "ZAPI_URL": url, "ZAPI_TOKEN": TOKEN}

    def routes(self) -> list[BaseRoute]:
        integrator = f"{ONE}/integrator/on-demand"
        return [
            self.on("create", "/instances/integrator/on-demand", "POST", self._create),
            self.on("list", "/instances", "GET", self._list),
            self.on("subscribe", f"{integrator}/subscription", "POST", self._subscribe),
            self.on("cancel", f"{integrator}/cancel", "POST", self._cancel),
            self.on("delete", f"{integrator}/delete", "DELETE", self._delete),
            self.on("status", f"{ONE}/status", "GET", self._status),
            self.on("pair", f"{ONE}/qr-code/image", "GET", self._qr),
            self.on("pair", f"{ONE}/phone-code/{{phone}}", "GET", self._code),
        ]

    def refusal(self, status: int, why: str) -> Refused:
        return Refused(status, {"error": why})

    def check(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise self.refusal(401, "Unauthorized")
        if self.client_token and request.headers.get("client-token") != self.client_token:
            raise self.refusal(400, "null not allowed")
        if request.method == "POST" and "content-type" not in request.headers:
            raise self.refusal(415, "Unsupported Media Type")

    async def _create(self, request: Request) -> Any:
        wanted = await request.json()
        if not wanted.get("name"):
            raise self.refusal(400, "name is required")
        for name, value in wanted.items():
            if name.endswith("CallbackUrl") and not value.startswith("https://"):
                raise self.refusal(400, f"{name} must be https")
        now = await self.now()
        count = len(self.rows) + 1
        id_ = hashlib.sha256(f"id{count}{ms(now)}".encode()).hexdigest()[:32].upper()
        token = hashlib.sha256(f"token{count}{ms(now)}".encode()).hexdigest()[:24].upper()
        self.rows[id_] = {
            "id": id_,
            "token": token,
            "name": wanted["name"],
            "created": ms(now),
            "due": ms(now + TRIAL),
            "paymentStatus": "TRIAL",
            "connected": False,
            "subscriptions": 0,
            "callbacks": {key: one for key, one in wanted.items() if key != "name"},
        }
        return {"id": id_, "token": token, "due": self._due(self.rows[id_])}

    def _due(self, row: Json) -> int | str:
        """As a number, or in quotes: now so, now so."""
        place = list(self.rows).index(row["id"])
        return str(row["due"]) if place % 2 == 0 else int(row["due"])

    def _one(self, request: Request) -> Json:
        row = self.rows.get(request.path_params["id"])
        if row is None or row["token"] != request.path_params["token"]:
            raise self.refusal(400, "Instance not found")
        return row

    async def _subscribe(self, request: Request) -> Any:
        row, now = self._one(request), await self.now()
        if row["paymentStatus"] == "PAID" and row["due"] > ms(now):
            raise self.refusal(400, "This instance is already paid")
        row |= {
            "paymentStatus": "PAID",
            "due": ms(now + MONTH),
            "subscriptions": row["subscriptions"] + 1,
        }
        row.pop("cancelled", None)
        return JSONResponse({}, 201)

    async def _cancel(self, request: Request) -> Any:
        row = self._one(request)
        if self._lapsed(row, await self.now()):
            raise self.refusal(400, SUBSCRIBE_AGAIN)
        if row["paymentStatus"] == "CANCELED":
            raise self.refusal(400, "Instance already canceled")
        if row["paymentStatus"] == "TRIAL":
            raise self.refusal(400, "Instance is in trial")
        row |= {"paymentStatus": "CANCELED", "cancelled": ms(await self.now())}
        return JSONResponse({}, 201)

    async def _delete(self, request: Request) -> Any:
        row, now = self._one(request), await self.now()
        ended = row.get("cancelled")
        if row["connected"]:
            raise self.refusal(400, "Disconnect the instance first")
        if ended is None:
            raise self.refusal(400, "Only cancelled instances can be deleted")
        if now < instant(ended) + DELETED_AFTER:
            raise self.refusal(400, "Only 40 days after the cancellation")
        del self.rows[row["id"]]
        return {"value": True}

    async def _list(self, request: Request) -> Any:
        try:
            page, size = (int(request.query_params[name]) for name in ("page", "pageSize"))
        except (KeyError, ValueError):
            raise self.refusal(400, "page and pageSize are required") from None
        query = request.query_params.get("query", "").lower()
        found = [row for row in self.rows.values() if query in row["name"].lower()]
        first = (page - 1) * size
        return {
            "total": len(found),
            "totalPage": -(-len(found) // size),
            "pageSize": size,
            "page": page,
            "content": [await self._shown(row) for row in found[first : first + size]],
        }

    async def _shown(self, row: Json) -> Json:
        return {
            **{name: row[name] for name in ("id", "token", "name", "created", "paymentStatus")},
            "due": self._due(row),
            "tenant": "T1",
            "phoneConnected": row["connected"],
            "whatsappConnected": row["connected"],
            "middleware": "web",
        }

    def _lapsed(self, row: Json, now: datetime) -> bool:
        return row["paymentStatus"] == "TRIAL" and row["due"] <= ms(now)

    async def _status(self, request: Request) -> Any:
        row = self._one(request)
        if self._lapsed(row, await self.now()):
            raise self.refusal(400, SUBSCRIBE_AGAIN)
        connected = row["connected"]
        error = "You are already connected." if connected else "You are not connected."
        return {"connected": connected, "smartphoneConnected": connected, "error": error}

    async def _qr(self, request: Request) -> Any:
        row, now = self._one(request), await self.now()
        if self._lapsed(row, now):
            raise self.refusal(400, SUBSCRIBE_AGAIN)
        if row["connected"]:
            return {"connected": True}
        picture = base64.b64encode(qr(f"2@{row['id']}{ms(now)}")).decode()
        return {"value": f"data:image/png;base64,{picture}"}

    async def _code(self, request: Request) -> Any:
        row = self._one(request)
        if self._lapsed(row, await self.now()):
            raise self.refusal(400, SUBSCRIBE_AGAIN)
        return {"code": f"{row['id'][:4]}-{row['id'][4:8]}"}
