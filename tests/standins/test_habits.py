"""The odd habits of the stand-ins, which the gateways have to live with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.bot.delivery.clock import START, SteppedClock
from tests.standins import evolution, whapi, zapi
from tests.standins.base import Platform, ms
from tests.standins.serving import served

ZAPI = {"authorization": f"Bearer {zapi.TOKEN}", "content-type": "application/json"}
WHAPI = {"authorization": f"Bearer {whapi.TOKEN}"}
EVOLUTION = {"apikey": evolution.API_KEY}


class Caller:
    """Somebody who calls a stand-in at `url`."""

    def __init__(self, stand: Any, url: str, http: aiohttp.ClientSession, clock: SteppedClock):
        self.stand, self.url, self._http, self.clock = stand, url, http, clock

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Return status and body."""
        async with self._http.request(method, self.url + path, json=body, **more) as response:
            return response.status, await response.json()

    async def made(self) -> tuple[str, str]:
        """Create one at Z-API, and return the beginning of its addresses."""
        _, one = await self("POST", "/instances/integrator/on-demand", {"name": "a"})
        return one["id"], f"/instances/{one['id']}/token/{one['token']}"


@asynccontextmanager
async def calling(
    kind: type[Platform], headers: dict[str, str], **more: Any
) -> AsyncIterator[Caller]:
    clock = SteppedClock()

    async def now() -> datetime:
        return clock.now()

    stand = kind(now, **more)
    async with served(stand) as url, aiohttp.ClientSession(headers=headers) as http:
        yield Caller(stand, url, http, clock)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (zapi.Zapi, "/instances?page=1&pageSize=1"),
        (whapi.Whapi, "/channels/list"),
        (evolution.Evolution, "/instance/fetchInstances"),
    ],
)
class TestAll:
    async def test_refuse_who_does_not_say_who_it_is(self, kind, path):
        async with calling(kind, {}) as call:
            assert (await call("GET", path))[0] == 401

    async def test_cut_the_connection_when_it_is_ordered(self, kind, path):
        headers = {**WHAPI, **EVOLUTION} if kind is not zapi.Zapi else ZAPI
        async with calling(kind, headers) as call:
            order = {"operation": "list", "kind": "cut_before", "times": 2}
            assert await call("POST", "/faults", order) == (200, {"ok": True})
            # The client asks a GET once more by itself.
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await call("GET", path)
            assert (await call("GET", path))[0] == 200
            assert (await call("GET", "/state"))[1]["calls"] == {"list": 3}
            with pytest.raises(ValueError, match="cut_after"):
                call.stand.order("list", "nonsense")

    async def test_know_what_they_held_the_last_time(self, kind, path, tmp_path):
        headers = {**ZAPI, **EVOLUTION}
        headers |= WHAPI if kind is whapi.Whapi else {}
        creations = {
            zapi.Zapi: ("POST", "/instances/integrator/on-demand", {"name": "a"}),
            whapi.Whapi: ("PUT", "/channels", {"name": "a", "projectId": whapi.PROJECT}),
            evolution.Evolution: (
                *("POST", "/instance/create"),
                {"instanceName": "a", "integration": "WHATSAPP-BAILEYS"},
            ),
        }
        async with calling(kind, headers, keep=tmp_path / "kept.json") as call:
            assert (await call(*creations[kind]))[0] in (200, 201)
            held = call.stand.rows
        async with calling(kind, headers, keep=tmp_path / "kept.json") as call:
            assert call.stand.rows == held


class TestZapi:
    async def test_writes_due_now_in_quotes_now_bare(self):
        async with calling(zapi.Zapi, ZAPI) as call:
            path = "/instances/integrator/on-demand"
            made = [(await call("POST", path, {"name": "a"}))[1] for _ in range(2)]
            assert [one["due"] for one in made] == [
                str(ms(START + timedelta(days=2))),
                ms(START + timedelta(days=2)),
            ]

    async def test_wants_page_and_size_and_counts_pages_from_1(self):
        async with calling(zapi.Zapi, ZAPI) as call:
            for _ in range(5):
                await call.made()
            assert (await call("GET", "/instances?page=1"))[0] == 400
            _, second = await call("GET", "/instances?page=2&pageSize=2&query=A")
            assert (second["total"], second["totalPage"], len(second["content"])) == (5, 3, 2)
            assert (await call("GET", "/instances?page=4&pageSize=2"))[1]["content"] == []

    async def test_refuses_a_second_subscription_as_paid(self):
        async with calling(zapi.Zapi, ZAPI) as call:
            _, path = await call.made()
            step = f"{path}/integrator/on-demand/subscription"
            assert (await call("POST", step))[0] == 201
            assert await call("POST", step) == (400, {"error": "This instance is already paid"})
            call.clock.move(days=31)
            assert (await call("POST", step))[0] == 201

    async def test_deletes_only_40_days_after_a_cancellation(self):
        async with calling(zapi.Zapi, ZAPI) as call:
            id_, path = await call.made()
            step = f"{path}/integrator/on-demand"
            assert (await call("DELETE", f"{step}/delete"))[0] == 400
            await call("POST", f"{step}/subscription")
            assert (await call("POST", f"{step}/cancel"))[0] == 201
            call.clock.move(days=39, hours=23)
            assert (await call("DELETE", f"{step}/delete"))[0] == 400
            call.clock.move(hours=1)
            await call("POST", "/phone", {"id": id_, "connected": True})
            assert (await call("DELETE", f"{step}/delete"))[0] == 400
            await call("POST", "/phone", {"id": id_, "connected": False})
            assert (await call("DELETE", f"{step}/delete"))[0] == 200
            assert await call("GET", f"{path}/status") == (400, {"error": "Instance not found"})

    async def test_fills_error_also_when_all_is_well(self):
        async with calling(zapi.Zapi, ZAPI) as call:
            id_, path = await call.made()
            call.stand.rows[id_]["connected"] = True
            _, status = await call("GET", f"{path}/status")
            assert status["connected"]
            assert status["error"]

    async def test_knows_wrong_methods_and_no_content_type(self):
        bare = {name: one for name, one in ZAPI.items() if name != "content-type"}
        async with calling(zapi.Zapi, bare) as call, aiohttp.ClientSession(headers=bare) as http:
            url = f"{call.url}/instances/integrator/on-demand"
            async with http.post(url, skip_auto_headers=["content-type"]) as response:
                assert response.status == 415
            async with http.put(url) as response:
                assert response.status == 405

    async def test_takes_https_alone_for_callbacks(self):
        async with calling(zapi.Zapi, ZAPI) as call:
            wanted = {"name": "a", "connectedCallbackUrl": "http://x"}
            assert (await call("POST", "/instances/integrator/on-demand", wanted))[0] == 400


class TestWhapi:
    async def make(self, call: Caller) -> tuple[int, Any]:
        return await call("PUT", "/channels", {"name": "a", "projectId": whapi.PROJECT})

    async def test_makes_20_in_30_minutes(self):
        async with calling(whapi.Whapi, WHAPI) as call:
            for _ in range(20):
                assert (await self.make(call))[0] == 200
            status, refused = await self.make(call)
            assert (status, refused["error"]["code"]) == (429, 429)
            call.clock.move(minutes=30)
            assert (await self.make(call))[0] == 200

    async def test_refuses_an_extension_within_5_minutes_and_without_a_comment(self):
        async with calling(whapi.Whapi, WHAPI) as call:
            _, channel = await self.make(call)
            path, wanted = f"/channels/{channel['id']}/extend", {"days": 30, "comment": "x"}
            assert (await call("POST", path, {"days": 30}))[0] == 400
            assert (await call("POST", path, wanted))[0] == 200
            call.clock.move(minutes=4, seconds=59)
            assert (await call("POST", path, wanted))[0] == 400
            call.clock.move(seconds=1)
            _, channel = await call("POST", path, wanted)
            assert channel["activeTill"] == ms(START + timedelta(days=66))

    async def test_ends_a_trial_a_day_before_the_channel(self):
        async with calling(whapi.Whapi, WHAPI) as call:
            _, channel = await self.make(call)
            assert channel["activeTill"] - channel["trial"] == 86_400_000
            call.clock.move(days=6)
            _, channel = await call("GET", f"/channels/{channel['id']}")
            assert channel["stopped"] is True

    async def test_has_an_api_for_each_channel_with_its_own_token(self):
        async with calling(whapi.Whapi, WHAPI) as call:
            _, channel = await self.make(call)
            path = f"/gate/{channel['id']}/health"
            assert (await call("GET", path))[0] == 401
            own = {"authorization": f"Bearer {channel['token']}"}
            _, health = await call("GET", path, headers=own)
            assert health["status"]["text"] == "QR"


class TestEvolution:
    async def make(self, call: Caller) -> tuple[int, Any]:
        wanted = {"instanceName": "a", "integration": "WHATSAPP-BAILEYS", "qrcode": True}
        return await call("POST", "/instance/create", wanted)

    async def test_has_one_of_a_name(self):
        async with calling(evolution.Evolution, EVOLUTION) as call:
            assert (await self.make(call))[0] == 201
            status, refused = await self.make(call)
            assert status == 403
            assert "already in use" in refused["response"]["message"][0]

    async def test_says_200_to_some_failures(self):
        async with calling(evolution.Evolution, EVOLUTION) as call:
            await self.make(call)
            status, said = await call("DELETE", "/instance/logout/a")
            assert (status, said["error"]) == (200, True)

    async def test_has_no_code_at_first_for_what_was_closed(self):
        async with calling(evolution.Evolution, EVOLUTION) as call:
            await self.make(call)
            assert (await call("GET", "/instance/connect/a"))[1]["code"]
            await call("DELETE", "/instance/logout/a")
            assert (await call("GET", "/instance/connect/a"))[1] == {"count": 0}
            assert (await call("GET", "/instance/connect/a"))[1]["code"]

    async def test_deletes_what_is_closed_alone(self):
        async with calling(evolution.Evolution, EVOLUTION) as call:
            await self.make(call)
            call.stand.rows["a"]["connected"] = True
            assert (await call("DELETE", "/instance/delete/a"))[0] == 400
            call.stand.rows["a"]["connected"] = False
            assert (await call("DELETE", "/instance/delete/a"))[0] == 200
            assert (await call("DELETE", "/instance/delete/a"))[0] == 404
