"""Evolution API: what is its own, beside what all platforms' gateways do (test_alike)."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import pytest

from billing.services.ports.platforms import (
    HeldState,
    PlatformRefused,
    PlatformSilent,
    Remote,
)
from tests.bot.gateways.beside import NEW, Beside, beside
from tests.standins.pictures import qr


@pytest.fixture
async def far() -> AsyncIterator[Beside]:
    async with beside("evolution") as found:
        yield found


@pytest.mark.parametrize("status", [403, 409])
async def test_a_name_that_is_in_use_is_ours_from_before(far, status):
    far.stand.taken = status
    first = await far.platform.create(NEW)
    again = await far.platform.create(NEW)
    assert (first.token, first.remote_id) == (again.token, again.remote_id)
    assert far.count() == 1


async def test_a_403_for_another_reason_stays_a_refusal(far):
    async def nothing(_):
        return []

    await far.platform.create(NEW)
    far.stand.app.routes.insert(0, far.stand.on("list", "/instance/fetchInstances", "GET", nothing))
    with pytest.raises(PlatformRefused) as refused:
        await far.platform.create(NEW)
    assert "already in use" in refused.value.why


async def test_the_token_is_taken_bare_and_out_of_an_object(far):
    for reference in ("0000A", "0000B"):
        remote = await far.made(reference=reference)
        assert remote.token == far.row(remote)["token"]


async def test_a_failure_with_status_200_is_a_refusal_in_its_words(far):
    remote = await far.made()
    far.row(remote)["connected"] = True
    logout = far.stand._logout

    async def stays_open(request):
        row = far.row(remote)
        row["connected"] = False
        said = await logout(request)
        row["connected"] = True
        return said

    far.stand.app.routes.insert(
        0, far.stand.on("logout", "/instance/logout/{name}", "DELETE", stays_open)
    )
    with pytest.raises(PlatformRefused) as refused:
        await far.platform.stop(remote)
    assert refused.value.why == f'The "{remote.remote_id}" instance is not connected'


class TestStop:
    async def test_logs_the_number_out(self, far):
        remote = await far.made()
        far.row(remote)["connected"] = True
        await far.platform.stop(remote)
        assert not far.row(remote)["connected"]

    async def test_of_what_is_closed_is_success(self, far):
        remote = await far.made()
        await far.platform.stop(remote)
        await far.platform.stop(remote)

    async def test_of_what_is_gone_is_success(self, far):
        await far.platform.stop(NEW)

    async def test_is_silent_where_it_cannot_tell_whether_it_is_open(self, far):
        remote = await far.made()
        far.stand.order("logout", "refused")
        far.stand.order("status", "500", 3)
        with pytest.raises(PlatformSilent):
            await far.platform.stop(remote)


async def test_a_restart_lets_it_be_paired_again(far):
    remote = await far.made()
    await far.platform.stop(remote)
    with pytest.raises(PlatformSilent):
        await far.platform.pairing(remote, None)  # it has no code yet
    await far.platform.stop(remote)
    await far.platform.restart(remote)
    offer = await far.platform.pairing(remote, None)
    assert offer.content.startswith("2@loja-7-7K2QM")


async def test_a_restart_of_what_is_gone_is_refused(far):
    with pytest.raises(PlatformRefused):
        await far.platform.restart(NEW)


@pytest.mark.parametrize("call", ["status", "logout", "delete"])
@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
async def test_a_deletion_that_was_cut_is_gone_on_with(far, call, kind):
    remote = await far.made()
    far.row(remote)["connected"] = True
    far.stand.order(call, kind, 3 if call == "status" else 1)
    with pytest.raises(PlatformSilent):
        await far.platform.delete(remote)
    await far.platform.delete(remote)
    assert far.count() == 0


async def test_what_costs_nothing_there_calls_nothing(far):
    remote = await far.made()
    for operation in ("subscribe", "cancel", "keep"):
        await getattr(far.platform, operation)(remote)
    await far.platform.extend(remote, far.clock.now())
    assert far.stand.calls == {"create": 1}


async def test_it_runs_only_while_it_is_connected(far):
    remote = await far.made()
    (held,) = await far.platform.held()
    assert (held.state, held.connected, held.paid_until) == (HeldState.STOPPED, False, None)
    far.row(remote)["connected"] = True
    (held,) = await far.platform.held()
    assert (held.state, held.connected) == (HeldState.ACTIVE, True)


async def test_instances_of_older_versions_are_read_too(far):
    async def wrapped(_):
        return [{"instance": {"instanceName": "old-7K2QM", "apikey": "k" * 20, "status": "open"}}]

    far.stand.app.routes.insert(0, far.stand.on("list", "/instance/fetchInstances", "GET", wrapped))
    (held,) = await far.platform.held()
    assert (held.remote_id, held.reference, held.connected) == ("old-7K2QM", "7K2QM", True)
    assert (await far.platform.find(Remote("7K2QM", "old"))).token == "k" * 20


@pytest.mark.parametrize("drawn", [qr("2@x"), b"none"])
async def test_a_qr_code_that_comes_as_a_picture_alone_is_shown_as_one(far, drawn):
    async def answering(_):
        return {"base64": base64.b64encode(drawn).decode(), "count": 1}

    remote = await far.made()
    far.stand.app.routes.insert(
        0, far.stand.on("connect", "/instance/connect/{name}", "GET", answering)
    )
    if drawn == b"none":
        with pytest.raises(PlatformSilent):
            await far.platform.pairing(remote, None)
    else:
        assert (await far.platform.pairing(remote, None)).picture == drawn


async def test_what_is_listed_without_its_token_is_not_taken_for_absent(far):
    remote = await far.made()
    far.row(remote)["token"] = None
    with pytest.raises(PlatformSilent):
        await far.platform.find(NEW)
