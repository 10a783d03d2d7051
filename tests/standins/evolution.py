"""Evolution API, as one hosts it: instances by name, no billing, some failures as HTTP 200."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from tests.standins.base import Json, Now, Platform, Refused, ms
from tests.standins.pictures import qr
from tests.standins.serving import kept

API_KEY = "evolution-api-key-0001"


def beside(now: Now, *, fresh: bool) -> AbstractAsyncContextManager[Mapping[str, str]]:
    """Let it run beside the bot, with what it held the last time unless begun afresh."""
    return kept("evolution", Evolution, now, fresh=fresh)


class Evolution(Platform):
    """Instances by name. `taken`: the status with which a name in use is refused."""

    taken = 403

    def environment(self, url: str) -> Mapping[str, str]:
        return {"PLATFORM": "evolution", "EVOLUTION_URL": url, "EVOLUTION_API_KEY": API_KEY}

    def routes(self) -> list[BaseRoute]:
        return [
            self.on("create", "/instance/create", "POST", self._create),
            self.on("connect", "/instance/connect/{name}", "GET", self._connect),
            self.on("status", "/instance/connectionState/{name}", "GET", self._status),
            self.on("list", "/instance/fetchInstances", "GET", self._list),
            self.on("logout", "/instance/logout/{name}", "DELETE", self._logout),
            self.on("delete", "/instance/delete/{name}", "DELETE", self._delete),
        ]

    def refusal(self, status: int, why: str) -> Refused:
        body = {"status": status, "error": "Bad Request", "response": {"message": [why]}}
        return Refused(status, body)

    def check(self, request: Request) -> None:
        if request.headers.get("apikey") != API_KEY:
            raise self.refusal(401, "Unauthorized")

    def _one(self, request: Request) -> Json:
        row = self.rows.get(request.path_params["name"])
        if row is None:
            why = f'The "{request.path_params["name"]}" instance does not exist'
            raise self.refusal(404, why)
        return row

    async def _create(self, request: Request) -> Any:
        wanted = await request.json()
        name = wanted["instanceName"]
        if name in self.rows:
            raise self.refusal(self.taken, f'This name "{name}" is already in use.')
        token = hashlib.sha256(f"{name}{ms(await self.now())}".encode()).hexdigest()[:32].upper()
        self.rows[name] = {
            "id": f"{token[:8]}-{token[8:12]}".lower(),
            "name": name,
            "token": token,
            "connected": False,
            "connecting": wanted.get("qrcode", False),
        }
        # In some versions it is the token, in others an object with it.
        hash_ = token if len(self.rows) % 2 else {"apikey": token}
        instance = {"instanceName": name, "integration": wanted["integration"], "status": "close"}
        answer = {"instance": instance, "hash": hash_, "qrcode": await self._offer(name)}
        return JSONResponse(answer, 201)

    async def _offer(self, name: str, phone: str | None = None) -> Json:
        text = f"2@{name}{ms(await self.now())}"
        picture = base64.b64encode(qr(text)).decode()
        return {
            "pairingCode": None if phone is None else f"{phone[-4:]}WXYZ",
            "code": text,
            "base64": f"data:image/png;base64,{picture}",
            "count": 1,
        }

    def _state_of(self, row: Json) -> str:
        return "open" if row["connected"] else "connecting" if row["connecting"] else "close"

    async def _connect(self, request: Request) -> Any:
        row = self._one(request)
        if row["connected"]:
            return {"instance": {"instanceName": row["name"], "state": "open"}}
        begun, row["connecting"] = row["connecting"], True
        # Of one that was closed there is no code yet: one has to ask again.
        if not begun:
            return {"count": 0}
        return await self._offer(row["name"], request.query_params.get("number"))

    async def _status(self, request: Request) -> Any:
        row = self._one(request)
        return {"instance": {"instanceName": row["name"], "state": self._state_of(row)}}

    async def _list(self, request: Request) -> Any:
        return [
            {
                **{name: row[name] for name in ("id", "name", "token")},
                "connectionStatus": self._state_of(row),
                "integration": "WHATSAPP-BAILEYS",
                "ownerJid": None,
            }
            for row in self.rows.values()
        ]

    async def _logout(self, request: Request) -> Any:
        row = self._one(request)
        if not row["connected"]:
            row["connecting"] = False
            why = f'The "{row["name"]}" instance is not connected'
            return {"error": True, "message": why}
        row |= {"connected": False, "connecting": False}
        return {"status": "SUCCESS", "error": False, "response": {"message": "Instance logged out"}}

    async def _delete(self, request: Request) -> Any:
        row = self._one(request)
        if row["connected"]:
            why = f'The "{row["name"]}" instance needs to be disconnected'
            raise self.refusal(400, why)
        del self.rows[row["name"]]
        return {"status": "SUCCESS", "error": False, "response": {"message": "Instance deleted"}}
