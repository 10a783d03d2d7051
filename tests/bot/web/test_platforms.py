"""Who may say that the link of an instance changed, and what becomes of it."""

import httpx
import pytest
from starlette.applications import Starlette

from bot.web.platforms import LinkHooks

KEY = "the-desk's-secret-key"


@pytest.fixture
def told():
    return []


@pytest.fixture
def hooks(told):
    return LinkHooks(KEY, told.append)


@pytest.fixture
async def client(hooks):
    """Return whoever calls the web server."""
    inside = httpx.ASGITransport(Starlette(routes=[hooks.route()]))
    async with httpx.AsyncClient(transport=inside) as caller:
        yield caller


def path(hooks, platform="zapi", reference="K7Q2M"):
    return f"{hooks.address('https://desk.example', platform)}/{reference}"


@pytest.mark.parametrize("body", [b"", b'{"connected": false}', b"\x00" * 100_000])
async def test_a_call_to_our_address_is_a_hint_whatever_it_says(client, hooks, told, body):
    assert (await client.post(path(hooks), content=body)).status_code == 200
    assert told == ["K7Q2M"]


async def test_nobody_else_can_call(client, hooks, told):
    address = path(hooks)
    sign = address.split("/")[-2]
    for wrong in (
        address.replace(sign, "0" * 32),
        address.replace(sign, sign[:-1]),
        address.replace(sign, sign.upper()),
        address.replace(sign, "%ff"),
        address.replace("/zapi/", "/whapi/"),
        path(LinkHooks("another key", told.append)),
    ):
        assert (await client.post(wrong)).status_code == 404
    assert (await client.get(address)).status_code == 405
    assert told == []


@pytest.mark.parametrize("reference", ["a" * 17, "..", "K7-2M", "%D0%B0%D0%B1"])
async def test_what_is_no_reference_is_not_asked_about(client, hooks, told, reference):
    assert (await client.post(path(hooks, reference=reference))).status_code in {200, 404}
    assert told == []
