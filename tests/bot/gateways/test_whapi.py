"""Whapi.Cloud: what is its own, beside what all platforms' gateways do (test_alike)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.services.facts import micros
from billing.services.ports.platforms import (
    HeldState,
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    Remote,
)
from tests.bot.delivery.clock import START
from tests.bot.gateways.beside import NEW, Beside, beside

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def far() -> AsyncIterator[Beside]:
    async with beside("whapi") as found:
        yield found


def given(far: Beside, remote: Remote) -> list[int]:
    return [one["days"] for one in far.row(remote)["extended"]]


class TestCreation:
    async def test_beyond_20_in_30_minutes_waits_for_half_an_hour(self, far):
        for place in range(20):
            await far.made(f"n{place}", f"00{place:03}")
        with pytest.raises(PlatformLater) as later:
            await far.platform.create(NEW)
        assert later.value.until == far.clock.now() + 30 * MINUTE
        await far.clock.sleep_until(later.value.until)
        await far.platform.create(NEW)

    async def test_waits_as_long_as_it_is_told_to(self, far):
        far.stand.retry_after = 90
        for place in range(20):
            await far.made(f"n{place}", f"00{place:03}")
        for _ in range(8):  # nor does the breaker open for it
            with pytest.raises(PlatformLater) as later:
                await far.platform.create(NEW)
            assert later.value.until == far.clock.now() + timedelta(seconds=90)
        assert far.stand.calls["create"] == 28

    async def test_needs_no_project_where_there_is_one(self):
        async with beside("whapi", project=None) as far:
            assert (await far.made()).remote_id

    async def test_names_the_setting_where_there_are_several(self):
        async with beside("whapi", project=None) as far:

            async def two(_):
                return [{"id": "a"}, {"id": "b"}]

            far.stand.app.routes.insert(0, far.stand.on("projects", "/projects", "GET", two))
            with pytest.raises(PlatformRefused) as refused:
                await far.platform.create(NEW)
            assert "WHAPI_PROJECT" in refused.value.why


class TestExtension:
    async def test_gives_what_lacks_to_the_date_and_ends_the_trial(self, far):
        remote = await far.made()
        until = START + 36 * DAY
        # 5 days of trial, and one more: 30 lack.
        await far.platform.extend(remote, until)
        assert given(far, remote) == [30]
        assert far.row(remote)["mode"] == "live"
        assert far.stand.rows["balance"]["liveDays"] == 970
        for _ in range(3):
            await far.platform.extend(remote, until)
        assert given(far, remote) == [30]

    async def test_buys_a_whole_day_for_a_part_of_one(self, far):
        remote = await far.made()
        await far.platform.extend(remote, START + 6 * DAY + 2 * MINUTE)
        assert given(far, remote) == [1]

    @pytest.mark.parametrize("kind", ["cut_before", "cut_after", "500", "slow", "html"])
    @pytest.mark.parametrize("call", ["get", "extend", "mode"])
    async def test_that_was_cut_gives_the_days_once(self, far, call, kind):
        remote = await far.made()
        far.stand.order(call, kind, 3 if call == "get" and kind not in ("slow", "html") else 1)
        with pytest.raises(PlatformSilent):
            await far.platform.extend(remote, START + 36 * DAY)
        await far.platform.extend(remote, START + 36 * DAY)
        assert given(far, remote) == [30]
        assert far.row(remote)["mode"] == "live"

    async def test_within_five_minutes_of_another_waits(self, far):
        remote = await far.made()
        await far.platform.extend(remote, START + 36 * DAY)
        await far.pass_(minutes=4)
        with pytest.raises(PlatformLater) as later:
            await far.platform.extend(remote, START + 40 * DAY)
        assert later.value.until == far.clock.now() + 5 * MINUTE
        await far.clock.sleep_until(later.value.until)
        await far.platform.extend(remote, START + 40 * DAY)
        assert given(far, remote) == [30, 4]

    async def test_is_refused_where_the_balance_has_no_days(self, far):
        remote = await far.made()
        far.stand.rows["balance"]["liveDays"] = 3
        with pytest.raises(PlatformRefused) as refused:
            await far.platform.extend(remote, START + 36 * DAY)
        assert refused.value.why == "Not enough days on the balance"
        assert far.row(remote)["mode"] == "trial", "nothing was done"

    async def test_of_what_is_over_counts_from_now(self, far):
        remote = await far.made()
        await far.pass_(days=20)
        await far.platform.extend(remote, START + 50 * DAY)
        assert given(far, remote) == [30]

    async def test_that_gave_less_than_it_was_to_is_gone_on_with(self, far):
        """Should it count from the day on which it ended: what lacks is bought, not too much."""
        remote = await far.made()
        await far.pass_(days=20)
        extend = far.stand._extend

        async def from_its_end(request):
            before = far.row(remote)["activeTill"]
            shown = await extend(request)
            added = far.row(remote)["extended"][-1]["days"]
            far.row(remote)["activeTill"] = before + added * 86_400_000
            return shown

        again = far.stand.on("extend", "/channels/{id}/extend", "POST", from_its_end)
        far.stand.app.routes.insert(0, again)
        with pytest.raises(PlatformLater):
            await far.platform.extend(remote, START + 50 * DAY)
        await far.pass_(minutes=6)
        await far.platform.extend(remote, START + 50 * DAY)
        assert given(far, remote) == [30, 14]

    async def test_of_what_is_not_there_is_refused(self, far):
        with pytest.raises(PlatformRefused) as refused:
            await far.platform.extend(NEW, START + 36 * DAY)
        assert refused.value.why == "Channel not found"

    async def test_names_our_reference_beside(self, far):
        remote = await far.made()
        await far.platform.extend(remote, START + 36 * DAY)
        assert far.row(remote)["extended"][0]["comment"] == "7K2QM"


async def test_a_deletion_brings_the_days_back(far):
    remote = await far.made()
    await far.platform.extend(remote, START + 36 * DAY)
    await far.platform.delete(remote)
    assert far.stand.rows["balance"]["liveDays"] == 970 + 36


async def test_a_list_is_read_bare_and_in_parts(far):
    for place in range(7):
        await far.made(f"n{place}", f"00{place:03}")
    assert len(await far.platform.held()) == 7
    far.stand.paged = 3
    assert len(await far.platform.held()) == 7
    assert (await far.platform.find(Remote("00006", "n6"))).token


async def test_a_list_that_does_not_go_on_is_not_taken_for_whole(far):
    for place in range(7):
        await far.made(f"n{place}", f"00{place:03}")
    far.stand.paged = 3
    shown = far.stand._shown

    async def never_more(row):
        return await shown(far.stand.channels[0])

    far.stand._shown = never_more
    with pytest.raises(PlatformSilent):
        await far.platform.find(NEW)


async def test_a_channel_is_trial_then_active_then_stopped(far):
    remote = await far.made()

    async def state() -> HeldState:
        (held,) = await far.platform.held()
        assert held.connected is None, "the list does not tell"
        return held.state

    assert await state() is HeldState.TRIAL
    await far.platform.extend(remote, START + 10 * DAY)
    assert await state() is HeldState.ACTIVE
    (held,) = await far.platform.held()
    assert held.paid_until == micros(START + 10 * DAY)
    await far.pass_(days=10)
    assert await state() is HeldState.STOPPED


@pytest.mark.parametrize(
    "address",
    ["http://elsewhere.example/gate", "ftp://127.0.0.1/x", "not an address", "http://[::1", ""],
)
async def test_a_token_goes_to_no_address_that_is_not_https(far, address):
    remote = replace(await far.made(), address=address)
    with pytest.raises(PlatformSilent):
        await far.platform.connected(remote)


async def test_the_account_s_token_is_never_sent_to_a_channel(far):
    remote = await far.made()
    seen = []
    check = far.stand.check

    def noting(request):
        if request.url.path.startswith("/gate/"):
            seen.append(request.headers["authorization"])
        check(request)

    far.stand.check = noting
    await far.platform.connected(remote)
    assert seen == [f"Bearer {remote.token}"]


async def test_a_qr_lasts_as_long_as_it_says(far):
    offer = await far.platform.pairing(await far.made(), None)
    assert offer.lasts == timedelta(seconds=20)


async def test_a_trial_that_is_over_cannot_be_paired(far):
    remote = await far.made()
    await far.pass_(days=7)
    with pytest.raises(PlatformRefused) as refused:
        await far.platform.pairing(remote, None)
    assert refused.value.why == "Trial version limit exceeded"


async def test_days_are_not_asked_for_without_the_partner_s_name():
    async with beside("whapi", partner=None) as far:
        assert await far.platform.days_left() is None
        assert not far.stand.calls


@pytest.mark.parametrize(
    ("status", "state", "connected"),
    [
        ("AUTH", HeldState.TRIAL, True),
        ("QR", HeldState.TRIAL, False),
        ("SYNC_ERROR", HeldState.TRIAL, False),
        ("STOP", HeldState.UNKNOWN, False),
        ("something new", HeldState.UNKNOWN, None),
        (7, HeldState.UNKNOWN, None),
        (None, HeldState.UNKNOWN, None),
    ],
)
async def test_a_link_is_taken_from_a_list_that_tells_it(far, status, state, connected):
    await far.made()
    shown = far.stand._shown

    async def telling(row):
        return {**await shown(row), "status": status}

    far.stand._shown = telling
    (held,) = await far.platform.held()
    assert (held.state, held.connected) == (state, connected)


@pytest.mark.parametrize(
    "said", [{}, {"status": {}}, {"status": {"text": "NEW"}}, {"status": 4}, {"status": []}]
)
async def test_a_link_in_no_known_words_is_not_taken_for_one(far, said):
    remote = await far.made()

    async def answering(_):
        return said

    far.stand.app.routes.insert(0, far.stand.on("health", "/gate/{id}/health", "GET", answering))
    with pytest.raises(PlatformSilent):
        await far.platform.connected(remote)
