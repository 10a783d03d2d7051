"""What every real platform's gateway does, each against its stand-in over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from billing.services.ports.platforms import (
    HeldState,
    Made,
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from tests.bot.gateways.beside import NAMES, NEW, REFERENCE, Beside, beside

# Whatever may be done twice, and is success both times, where the platform can do it.
MOVES = ("subscribe", "cancel", "keep", "stop", "restart", "delete", "extend")
UNABLE = {
    "zapi": {"keep", "stop", "extend"},
    "whapi": {"subscribe"},
    "evolution": set(),
}


@pytest.fixture(params=NAMES)
async def far(request) -> AsyncIterator[Beside]:
    async with beside(request.param) as found:
        yield found


async def move(far: Beside, operation: str, remote: Remote) -> None:
    if operation == "extend":
        await far.platform.extend(remote, far.clock.now() + timedelta(days=30))
    else:
        await getattr(far.platform, operation)(remote)


class TestCreation:
    async def test_makes_one_that_is_found_and_held(self, far):
        made = await far.platform.create(NEW)
        assert made.remote_id in far.stand.rows
        assert not made.connected
        found = await far.platform.find(NEW)
        assert (found.token, found.remote_id, found.address) == (
            made.token,
            made.remote_id,
            made.address,
        )
        (held,) = await far.platform.held()
        assert (held.remote_id, held.reference, held.name) == (
            made.remote_id,
            REFERENCE,
            "loja-7-7K2QM",
        )
        assert held.token == made.token

    async def test_that_was_cut_after_the_effect_is_found(self, far):
        far.stand.order("create", "cut_after")
        with pytest.raises(PlatformSilent):
            await far.platform.create(NEW)
        found = await far.platform.find(NEW)
        assert isinstance(found, Made)
        assert far.count() == 1

    async def test_that_was_cut_before_the_effect_is_not_found(self, far):
        far.stand.order("create", "cut_before")
        with pytest.raises(PlatformSilent):
            await far.platform.create(NEW)
        assert await far.platform.find(NEW) is None
        await far.platform.create(NEW)
        assert far.count() == 1

    async def test_is_found_under_the_name_it_had_before_it_was_renamed(self, far):
        made = await far.platform.create(NEW)
        found = await far.platform.find(Remote(REFERENCE, "something else"))
        assert found.remote_id == made.remote_id

    async def test_is_found_among_many(self, far):
        for place in range(17):
            await far.made(f"other {place}", f"00{place:03}")
        made = await far.platform.create(NEW)
        assert (await far.platform.find(NEW)).remote_id == made.remote_id
        assert await far.platform.find(Remote("99999", "Loja 7")) is None

    async def test_that_is_refused_says_why_in_the_platforms_words(self, far):
        far.stand.order("create", "refused")
        with pytest.raises(PlatformRefused) as refused:
            await far.platform.create(NEW)
        assert refused.value.why == "The platform refuses it"
        assert far.count() == 0


class TestRepetition:
    @pytest.mark.parametrize("operation", MOVES)
    async def test_of_what_was_done_is_success(self, far, operation):
        remote = await far.made()
        if operation in ("cancel", "keep") and far.name == "zapi":
            await far.platform.subscribe(remote)
        for _ in range(2):
            if operation in UNABLE[far.name]:
                with pytest.raises(PlatformUnable):
                    await move(far, operation, remote)
            elif (far.name, operation) == ("zapi", "delete"):
                with pytest.raises(PlatformLater):  # 40 days after its end
                    await move(far, operation, remote)
            else:
                await move(far, operation, remote)

    async def test_of_what_was_cut_after_the_effect_does_it_once(self, far):
        remote = await far.made()
        spent = {
            "zapi": ("subscribe", "subscribe"),
            "whapi": ("extend", "extend"),
            "evolution": ("delete", "delete"),
        }
        operation, call = spent[far.name]
        far.stand.order(call, "cut_after")
        with pytest.raises(PlatformSilent):
            await move(far, operation, remote)
        await move(far, operation, remote)
        if far.name == "zapi":
            assert far.row(remote)["subscriptions"] == 1
        elif far.name == "whapi":
            assert len(far.row(remote)["extended"]) == 1
            assert far.row(remote)["mode"] == "live"
        else:
            assert far.count() == 0

    async def test_of_a_deletion_of_what_is_gone_is_success(self, far):
        remote = await far.made()
        del far.stand.rows[remote.remote_id]
        await far.platform.delete(remote)
        # Nor was it ever known there.
        await far.platform.delete(Remote("00000", "never"))


class TestLink:
    async def test_is_told_as_it_is(self, far):
        remote = await far.made()
        assert await far.platform.connected(remote) is False
        far.row(remote)["connected"] = True
        assert await far.platform.connected(remote) is True

    async def test_is_offered_as_a_qr_code_and_as_a_code(self, far):
        remote = await far.made()
        qr = await far.platform.pairing(remote, None)
        assert qr.content or qr.picture.startswith(b"\x89PNG")
        assert timedelta(0) < qr.lasts <= timedelta(seconds=20)
        code = await far.platform.pairing(remote, "5511987654321")
        assert code.content
        assert code.lasts > timedelta(0)
        assert not code.connected

    async def test_is_not_offered_where_the_number_is_connected(self, far):
        remote = await far.made()
        far.row(remote)["connected"] = True
        for phone in (None, "5511987654321"):
            assert (await far.platform.pairing(remote, phone)).connected

    async def test_is_known_of_one_whose_token_and_id_were_not_kept(self, far):
        made = await far.made()
        known = Remote(made.reference, made.name)
        assert await far.platform.connected(known) is False
        assert (await far.platform.pairing(known, "5511987654321")).content


class TestAccount:
    async def test_answers_the_check(self, far):
        await far.platform.check()

    async def test_has_days_where_the_platform_sells_them(self, far):
        days = await far.platform.days_left()
        assert days == (1000 if far.name == "whapi" else None)

    async def test_that_is_not_known_is_refused(self, far):
        far.platform._http._headers = {"authorization": "Bearer wrong", "apikey": "wrong"}
        with pytest.raises(PlatformRefused) as refused:
            await far.platform.check()
        assert "Unauthorized" in refused.value.why


class TestSilence:
    @pytest.mark.parametrize("kind", ["slow", "500", "429", "cut_before", "cut_after"])
    async def test_is_no_refusal(self, far, kind):
        far.stand.order("create", kind)
        with pytest.raises((PlatformSilent, PlatformLater)) as silent:
            await far.platform.create(NEW)
        later = far.name == "whapi" and kind == "429"
        assert isinstance(silent.value, PlatformLater) is later

    @pytest.mark.parametrize("kind", ["html", "wrong", "huge", "redirect"])
    async def test_is_what_an_unreadable_answer_comes_to(self, far, kind):
        far.stand.order("create", kind)
        with pytest.raises(PlatformSilent):
            await far.platform.create(NEW)
        assert far.stand.calls["create"] == 1
        assert (await far.platform.find(NEW)).token

    @pytest.mark.parametrize("kind", ["html", "wrong", "huge", "redirect"])
    async def test_is_a_list_that_cannot_be_read(self, far, kind):
        await far.made()
        far.stand.order("list", kind, 9)
        for ask in (far.platform.held(), far.platform.find(Remote("00000", "no"))):
            with pytest.raises(PlatformSilent):
                await ask

    async def test_of_a_question_is_asked_again_twice(self, far):
        await far.made()
        far.stand.order("list", "cut_before", 2)
        assert len(await far.platform.held()) == 1
        assert far.stand.calls["list"] == 3
        far.stand.order("list", "500", 3)
        with pytest.raises(PlatformSilent):
            await far.platform.held()
        assert far.stand.calls["list"] == 6


class TestBreaker:
    async def test_opens_after_five_failures_and_closes_again(self, far):
        far.stand.order("create", "500", 5)
        for _ in range(5):
            with pytest.raises(PlatformSilent):
                await far.platform.create(NEW)
        before = far.stand.calls["create"]
        with pytest.raises(PlatformSilent) as silent:
            await far.platform.create(NEW)
        assert "left alone until 12:00:" in silent.value.why
        assert far.stand.calls["create"] == before, "it was called although it is down"
        await far.pass_(seconds=31)
        await far.platform.create(NEW)
        await far.platform.check()

    async def test_opens_anew_when_the_one_that_is_let_through_fails(self, far):
        far.stand.order("create", "cut_before", 6)
        for _ in range(5):
            with pytest.raises(PlatformSilent):
                await far.platform.create(NEW)
        await far.pass_(seconds=31)
        for _ in range(3):
            with pytest.raises(PlatformSilent):
                await far.platform.create(NEW)
        assert far.stand.calls["create"] == 6
        await far.pass_(seconds=31)
        await far.platform.create(NEW)

    async def test_takes_a_no_for_an_answer(self, far):
        far.stand.order("create", "refused", 8)
        for _ in range(8):
            with pytest.raises(PlatformRefused):
                await far.platform.create(NEW)
        await far.platform.create(NEW)


async def test_what_is_held_in_no_known_state_stays_unknown(far):
    remote = await far.made()
    row = far.row(remote)
    if far.name == "zapi":
        row["paymentStatus"] = "PENDING_BANK_SLIP"
    elif far.name == "whapi":
        row["mode"] = "something new"
    else:
        far.stand._state_of = lambda _: "refused"
        with pytest.raises(PlatformSilent):
            await far.platform.connected(remote)
    (held,) = await far.platform.held()
    assert held.state is HeldState.UNKNOWN
