"""Whapi.Cloud: channels on days of a balance; 20 creations in 30 minutes, 5 minutes between."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from tests.standins.base import Json, Now, Platform, Refused, instant, ms
from tests.standins.pictures import qr
from tests.standins.serving import kept

TOKEN, PROJECT, PARTNER = "whapi-partner-token-0001", "project-1", "acme"
TRIAL, GRACE = timedelta(days=5), timedelta(days=1)
CREATED_MOST, CREATED_WITHIN = 20, timedelta(minutes=30)
BLOCKED = timedelta(minutes=5)
DAY = timedelta(days=1)
LIVE_DAYS = 1000


def beside(now: Now, *, fresh: bool) -> AbstractAsyncContextManager[Mapping[str, str]]:
    """Let it run beside the bot, with what it held the last time unless begun afresh."""
    return kept("whapi", Whapi, now, fresh=fresh)


class Whapi(Platform):
    """
    Channels by id; a row `balance` beside them has the account's days.

    `retry_after`: seconds that a 429 names, if it does. `paged`: how many a list shows at a time.
    """

    def __init__(self, now: Now, keep: Path | None = None) -> None:
        self.retry_after: int | None = None
        self.paged: int | None = None
        super().__init__(now, keep)
        self.rows.setdefault("balance", {"liveDays": LIVE_DAYS, "trialDays": 50, "made": []})

    def environment(self, url: str) -> Mapping[str, str]:
        return {
            "PLATFORM": "whapi",
            "WHAPI_URL": url,
            "WHAPI_TOKEN": TOKEN,
            "WHAPI_PROJECT": PROJECT,
            "WHAPI_PARTNER": PARTNER,
        }

    @property
    def channels(self) -> list[Json]:
        return [row for id_, row in self.rows.items() if id_ != "balance"]

    def routes(self) -> list[BaseRoute]:
        return [
            self.on("projects", "/projects", "GET", self._projects),
            self.on("create", "/channels", "PUT", self._create),
            self.on("list", "/channels/list", "GET", self._list),
            self.on("list", "/channels/list/{project}", "GET", self._list),
            self.on("get", "/channels/{id}", "GET", self._get),
            self.on("delete", "/channels/{id}", "DELETE", self._delete),
            self.on("extend", "/channels/{id}/extend", "POST", self._extend),
            self.on("mode", "/channels/{id}/mode", "PATCH", self._mode),
            self.on("balance", "/partners/{partner}/settings", "GET", self._balance),
            # The channel's own API, at its `apiUrl`.
            self.on("health", "/gate/{id}/health", "GET", self._health),
            self.on("pair", "/gate/{id}/users/login", "GET", self._qr),
            self.on("pair", "/gate/{id}/users/login/image", "GET", self._image),
            self.on("pair", "/gate/{id}/users/login/{phone}", "GET", self._code),
        ]

    def refusal(self, status: int, why: str) -> Refused:
        return Refused(status, {"error": {"code": status, "message": why, "details": ""}})

    def check(self, request: Request) -> None:
        wanted = TOKEN
        if request.url.path.startswith("/gate/"):
            wanted = self._one(request)["token"]
        if request.headers.get("authorization") != f"Bearer {wanted}":
            raise self.refusal(401, "Unauthorized")

    def _one(self, request: Request) -> Json:
        row = self.rows.get(request.path_params["id"])
        if row is None or "id" not in row:
            raise self.refusal(404, "Channel not found")
        return row

    async def _shown(self, row: Json) -> Json:
        shown = {name: one for name, one in row.items() if name not in ("connected", "extended")}
        over = row["activeTill"] <= ms(await self.now())
        return {**shown, "stopped": over, "status": "stopped" if over else "active"}

    async def _projects(self, request: Request) -> Any:
        return {"projects": [{"id": PROJECT, "name": "Everything"}]}

    async def _create(self, request: Request) -> Any:
        wanted, now = await request.json(), await self.now()
        if not wanted.get("name") or wanted.get("projectId") != PROJECT:
            raise self.refusal(400, "name and projectId are required")
        balance = self.rows["balance"]
        recent = [at for at in balance["made"] if at > ms(now - CREATED_WITHIN)]
        if len(recent) >= CREATED_MOST:
            if self.retry_after is None:
                raise self.refusal(429, "Too Many Requests")
            return Response(status_code=429, headers={"retry-after": str(self.retry_after)})
        balance["made"] = [*recent, ms(now)]
        digest = hashlib.sha256(f"{len(self.rows)}{wanted['name']}{ms(now)}".encode()).hexdigest()
        id_ = f"SHAZAM-{digest[:5].upper()}"
        self.rows[id_] = {
            "id": id_,
            "token": digest[5:37],
            "apiUrl": f"{str(request.base_url).rstrip('/')}/gate/{id_}",
            "creationTS": ms(now),
            "trial": ms(now + TRIAL),
            "activeTill": ms(now + TRIAL + GRACE),
            "mode": "trial",
            "name": wanted["name"],
            "projectId": PROJECT,
            "connected": False,
            "extended": [],
        }
        return await self._shown(self.rows[id_])

    async def _list(self, request: Request) -> Any:
        shown = [await self._shown(row) for row in self.channels]
        if self.paged is None:
            return shown
        first = int(request.query_params.get("offset", 0))
        return {"channels": shown[first : first + self.paged], "total": len(shown)}

    async def _get(self, request: Request) -> Any:
        return await self._shown(self._one(request))

    async def _delete(self, request: Request) -> Any:
        row, now = self._one(request), await self.now()
        if row["mode"] == "live":
            left = max(timedelta(0), instant(row["activeTill"]) - now)
            self.rows["balance"]["liveDays"] += left // DAY
        del self.rows[row["id"]]
        return {"success": True}

    async def _extend(self, request: Request) -> Any:
        row, wanted, now = self._one(request), await request.json(), await self.now()
        days = wanted.get("days")
        if not wanted.get("comment"):
            raise self.refusal(400, "comment is required")
        if type(days) is not int or days < 1:
            raise self.refusal(400, "days must be a positive integer")
        if row["extended"] and row["extended"][-1]["at"] > ms(now - BLOCKED):
            raise self.refusal(400, "This channel has been extended within the last 5 minutes")
        balance = self.rows["balance"]
        if balance["liveDays"] < days:
            raise self.refusal(402, "Not enough days on the balance")
        balance["liveDays"] -= days
        row["activeTill"] = ms(max(now, instant(row["activeTill"])) + days * DAY)
        row["extended"].append({"at": ms(now), "days": days, "comment": wanted["comment"]})
        return await self._shown(row)

    async def _mode(self, request: Request) -> Any:
        row, wanted = self._one(request), await request.json()
        row["mode"] = wanted["mode"]
        return await self._shown(row)

    async def _balance(self, request: Request) -> Any:
        if request.path_params["partner"] != PARTNER:
            raise self.refusal(404, "Partner not found")
        balance = self.rows["balance"]
        return {"liveDays": balance["liveDays"], "trialDays": balance["trialDays"]}

    async def _health(self, request: Request) -> Any:
        text = "AUTH" if self._one(request)["connected"] else "QR"
        return {"status": {"code": 4 if text == "AUTH" else 3, "text": text}}

    async def _awaiting(self, request: Request) -> Json:
        row = self._one(request)
        if row["activeTill"] <= ms(await self.now()):
            raise self.refusal(402, "Trial version limit exceeded")
        if row["connected"]:
            raise self.refusal(409, "channel already authenticated")
        return row

    async def _qr(self, request: Request) -> Any:
        row = await self._awaiting(request)
        picture = base64.b64encode(qr(f"2@{row['id']}{ms(await self.now())}")).decode()
        return {"status": "OK", "base64": f"data:image/png;base64,{picture}", "expire": 20}

    async def _image(self, request: Request) -> Any:
        row = await self._awaiting(request)
        return Response(qr(f"2@{row['id']}"), media_type="image/png")

    async def _code(self, request: Request) -> Any:
        row = await self._awaiting(request)
        return {"code": f"{row['token'][:4]}-{row['token'][4:8]}".upper()}
