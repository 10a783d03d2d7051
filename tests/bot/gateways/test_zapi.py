"""Z-API: what is its own, beside what all platforms' gateways do (test_alike)."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.responses import Response

from billing.services.facts import micros
from billing.services.ports.platforms import (
    HeldState,
    Offer,
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from bot.gateways.zapi import QR_LASTS
from tests.bot.delivery.clock import START
from tests.bot.gateways.beside import NEW, Beside, beside


@pytest.fixture
async def far() -> AsyncIterator[Beside]:
    async with beside("zapi") as found:
        yield found


async def test_due_is_read_as_a_number_and_in_quotes(far):
    for reference in ("0000A", "0000B"):
        await far.made(reference=reference)
    assert [type(far.stand._due(row)) for row in far.stand.rows.values()] == [str, int]
    assert [held.paid_until for held in await far.platform.held()] == [
        micros(START + timedelta(days=2)),
        # 400 ms after the first.
        micros(START + timedelta(days=2, milliseconds=400)),
    ]


@pytest.mark.parametrize("due", ["soon", "", None, True, -5, 10**30, "9" * 40, 1.5, [1]])
async def test_a_due_that_is_no_date_is_not_known(far, due):
    remote = await far.made()
    far.stand._due = lambda _: due
    (held,) = await far.platform.held()
    assert held.paid_until is None
    assert held.remote_id == remote.remote_id


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("TRIAL", HeldState.TRIAL),
        ("PAID", HeldState.ACTIVE),
        ("In Cancellation", HeldState.CANCELLED),
        ("IN_CANCELLATION", HeldState.CANCELLED),
        ("CANCELED", HeldState.CANCELLED),
        ("PENDING", HeldState.UNKNOWN),
        ("PAYMENT_RETRY", HeldState.UNKNOWN),
        ("ACTIVE", HeldState.UNKNOWN),  # nowhere named: never taken for fine
        ("", HeldState.UNKNOWN),
        (None, HeldState.UNKNOWN),
        (7, HeldState.UNKNOWN),
    ],
)
async def test_a_payment_state_is_known_by_the_names_that_are_published(far, said, state):
    far.row(await far.made())["paymentStatus"] = said
    (held,) = await far.platform.held()
    assert held.state is state


async def test_a_list_of_pages_is_read_to_its_end(far):
    far.platform._http._gap = timedelta(0)
    for place in range(103):
        await far.made(f"n{place}", f"00{place:03}")
    held = await far.platform.held()
    assert len({one.reference for one in held}) == 103
    assert far.stand.calls["list"] == 3


async def test_calls_go_one_at_a_time_400_ms_apart(far):
    remote = await far.made()
    before = far.clock.now()
    for _ in range(5):
        await far.platform.connected(remote)
    assert far.clock.now() - before == 5 * timedelta(milliseconds=400)


async def test_an_error_beside_a_good_state_means_nothing(far):
    remote = await far.made()
    far.row(remote)["connected"] = True
    assert await far.platform.connected(remote)


async def test_one_that_lapsed_is_not_connected_and_is_subscribed_again(far):
    remote = await far.made()
    await far.pass_(days=3)
    assert await far.platform.connected(remote) is False
    await far.platform.cancel(remote), "there is nothing left to cancel"
    await far.platform.restart(remote)
    assert far.row(remote)["paymentStatus"] == "PAID"


async def test_a_refusal_of_a_cancellation_is_one(far):
    remote = await far.made()
    far.stand.order("cancel", "refused")
    with pytest.raises(PlatformRefused):
        await far.platform.cancel(remote)


class TestDeletion:
    async def test_of_what_runs_cancels_it_and_waits_40_days(self, far):
        remote = await far.made()
        await far.platform.subscribe(remote)
        ended = replace(remote, ended_at=far.clock.now())
        with pytest.raises(PlatformLater) as later:
            await far.platform.delete(ended)
        assert later.value.until == ended.ended_at + timedelta(days=40)
        assert "cancelled" in later.value.why
        assert far.row(remote)["paymentStatus"] == "CANCELED"
        # It was cancelled a little after it ended here.
        await far.clock.sleep_until(later.value.until)
        with pytest.raises(PlatformLater) as again:
            await far.platform.delete(ended)
        assert timedelta(hours=23) < again.value.until - far.clock.now() <= timedelta(days=1)
        await far.clock.sleep_until(again.value.until)
        await far.platform.delete(ended)
        assert far.count() == 0
        await far.platform.delete(ended)

    async def test_of_what_is_connected_waits_for_a_day(self, far):
        remote = await far.made()
        far.row(remote)["connected"] = True
        with pytest.raises(PlatformLater) as later:
            await far.platform.delete(remote)
        assert later.value.until - far.clock.now() <= timedelta(days=1)
        assert "Disconnect" in later.value.why

    async def test_is_silent_where_the_cancellation_is(self, far):
        remote = await far.made()
        await far.platform.subscribe(remote)
        far.stand.order("cancel", "cut_before")
        with pytest.raises(PlatformSilent):
            await far.platform.delete(remote)

    async def test_is_refused_to_who_may_not(self, far):
        remote = await far.made()
        far.platform._http._headers = {"authorization": "Bearer wrong"}
        with pytest.raises(PlatformRefused):
            await far.platform.delete(remote)
        assert far.stand.calls["cancel"] == 0


async def test_what_it_has_no_call_for_says_what_a_person_has_to_do(far):
    remote = await far.made()
    for call in (far.platform.keep(remote), far.platform.stop(remote)):
        with pytest.raises(PlatformUnable) as unable:
            await call
        assert "loja-7-7K2QM" in unable.value.why
    assert far.stand.calls.keys() == {"create"}


async def test_of_what_is_not_there_a_subscription_is_refused(far):
    with pytest.raises(PlatformRefused) as refused:
        await far.platform.subscribe(NEW)
    assert refused.value.why == "Instance not found"


async def test_a_demanded_client_token_is_named(far):
    far.stand.client_token = "client-token-canary"
    with pytest.raises(PlatformRefused) as refused:
        await far.platform.check()
    assert "ZAPI_CLIENT_TOKEN" in refused.value.why
    async with beside("zapi", client_token="client-token-canary") as other:
        other.stand.client_token = "client-token-canary"
        await other.platform.check()


async def test_it_is_told_where_to_call_when_a_number_connects():
    async with beside("zapi", hook="https://desk.example/links/zapi") as far:
        address = f"https://desk.example/links/zapi/{NEW.reference}"
        assert far.row(await far.made())["callbacks"] == {
            "connectedCallbackUrl": address,
            "disconnectedCallbackUrl": address,
        }


async def test_a_name_in_another_script_becomes_a_label_all_the_same(far):
    remote = await far.made("Магазин «Ü»")
    assert far.row(remote)["name"] == "u-7K2QM"
    assert (await far.platform.find(Remote("7K2QM", "Магазин «Ü»"))).remote_id


@pytest.mark.parametrize(("pages", "asked"), [(None, 3), (2, 2), ("2", 2)])
async def test_a_list_ends_where_it_says_or_where_nothing_new_comes(far, pages, asked):
    far.platform._http._gap = timedelta(0)
    for place in range(60):
        await far.made(f"n{place}", f"00{place:03}")
    listed = far.stand._list

    async def saying(request):
        said = await listed(request)
        if pages is None:
            del said["totalPage"]
        else:
            said["totalPage"] = pages
        return said

    far.stand.app.routes.insert(0, far.stand.on("list", "/instances", "GET", saying))
    assert len(await far.platform.held()) == 60
    assert far.stand.calls["list"] == asked


PNG = b"\x89PNG\r\n\x1a\n and more"


@pytest.mark.parametrize(
    ("answer", "offered"),
    [
        (Response(PNG, media_type="image/png"), Offer(lasts=QR_LASTS, picture=PNG)),
        ({"value": base64.b64encode(PNG).decode()}, Offer(lasts=QR_LASTS, picture=PNG)),
        ({"connected": True}, Offer(connected=True)),
        ({"value": "no picture"}, None),
        ({"value": 7}, None),
        ([], None),
    ],
)
async def test_a_qr_code_is_a_picture_or_nothing(far, answer, offered):
    remote = await far.made()

    async def answering(_):
        return answer

    path = "/instances/{id}/token/{token}/qr-code/image"
    far.stand.app.routes.insert(0, far.stand.on("pair", path, "GET", answering))
    if offered is None:
        with pytest.raises(PlatformSilent):
            await far.platform.pairing(remote, None)
    else:
        assert await far.platform.pairing(remote, None) == offered


async def test_a_code_that_is_none_is_no_answer(far):
    remote = await far.made()

    async def answering(_):
        return {"code": None}

    path = "/instances/{id}/token/{token}/phone-code/{phone}"
    far.stand.app.routes.insert(0, far.stand.on("pair", path, "GET", answering))
    with pytest.raises(PlatformSilent):
        await far.platform.pairing(remote, "5511")
