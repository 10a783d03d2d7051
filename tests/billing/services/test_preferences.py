"""A person's language, and the time zone in which a partner is told."""

import pytest

from billing.refusals import NoRight
from billing.services import preferences
from billing.services.preferences import UnknownZone
from tests.billing.services.people import SAM


class TestTheLanguage:
    async def test_is_the_persons_own(self, world, acme):
        spoken = await acme.do(preferences.speak, "pt_BR")
        assert spoken.language == "pt_BR"
        known = await world.read(lambda work: work.people.person(acme.user_id))
        assert known.language == "pt_BR"
        colleague = await acme.joined(21, "owner")
        assert (await colleague.do(preferences.speak, "en")).language == "en"

    async def test_of_somebody_who_was_never_seen_is_kept_too(self, world):
        actor = preferences.Actor(channel="bot", cause="x", user_id=77, name="Ana")

        async def speak(work):
            return await preferences.speak.__wrapped__(work, actor, "pt_BR")

        assert (await world.write(speak)).name == "Ana"


class TestTheZone:
    @pytest.mark.parametrize(
        ("wanted", "zone"),
        [
            ("america/sao paulo", "America/Sao_Paulo"),
            (" Asia/Tokyo ", "Asia/Tokyo"),
            ("utc", "UTC"),
        ],
    )
    async def test_is_found_as_it_is_written(self, acme, wanted, zone):
        assert await acme.do(preferences.live_in, wanted) == zone
        assert await acme.do(preferences.own_zone) == zone
        assert (await acme.partner()).zone == zone

    @pytest.mark.parametrize("wanted", ["", "Atlantis", "America/", "EST", "../etc/passwd"])
    async def test_that_is_none_is_refused(self, acme, wanted):
        with pytest.raises(UnknownZone) as refused:
            await acme.do(preferences.live_in, wanted)
        assert refused.value.facts == {"wanted": wanted}

    async def test_of_a_partner_is_for_those_who_may_operate(self, world, acme):
        viewer = await acme.joined(21, "viewer")
        await viewer.do(preferences.speak, "en")
        before = await world.kept()
        with pytest.raises(NoRight):
            await viewer.do(preferences.live_in, "Asia/Tokyo")
        assert await world.kept() == before

    async def test_of_a_stranger_is_its_own(self, world):
        stranger = world.person(61)
        assert await stranger.do(preferences.own_zone) == "UTC"
        await stranger.do(preferences.live_in, "Asia/Tokyo")
        assert await stranger.do(preferences.own_zone) == "Asia/Tokyo"
        assert await world.staff(SAM).do(preferences.own_zone) == "UTC"

    async def test_that_moves_leaves_every_deadline_where_it_is(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        before = await acme.invoice("2026-01")
        await acme.do(preferences.live_in, "Pacific/Kiritimati")
        assert await acme.invoice("2026-01") == before
        assert (await world.actions(acme.partner_id))[-1] == "timezone"
        await world.until("2026-02-11 00:00")
        assert await acme.states() == {"loja-1": "overdue"}
        await world.until("2026-02-16 12:00")
        kinds = [kind for _, kind in acme.heard("notice")]
        assert len(kinds) == len(set(kinds)) == 9
        world.nobody_was_woken(acme.chat_id, "Pacific/Kiritimati", "2026-02-02 12:00")
