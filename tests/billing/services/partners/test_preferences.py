"""A person's language, and the time zone in which a partner is told."""

import pytest

from billing.refusals import NoRight
from billing.services.facts import moment
from billing.services.partners import preferences
from billing.services.partners.preferences import UnknownZone
from tests.billing.samples import there
from tests.billing.services.days.people import a_firm, utc
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
        assert await stranger.do(preferences.own_zone) == "America/Sao_Paulo"
        await stranger.do(preferences.live_in, "Asia/Tokyo")
        assert await stranger.do(preferences.own_zone) == "Asia/Tokyo"
        assert await world.staff(SAM).do(preferences.own_zone) == "America/Sao_Paulo"

    async def test_that_moves_takes_the_notices_of_days_along_and_not_their_end(self, world):
        firm = await a_firm(world)
        await firm.buys(30)
        (loja,) = await firm.new("loja-1")
        await firm.extend(30, loja)
        until = await firm.until(loja)
        assert until == "2026-03-04 15:00"

        async def planned(kind):
            [row] = await world.sql(
                "SELECT at FROM due WHERE state = 'waiting' AND kind = :kind", kind=kind
            )
            return there(moment(row["at"]), "UTC")

        assert await planned("notice:days_3d") == "2026-03-01 15:00"
        await firm.do(preferences.live_in, "Asia/Tokyo")
        # 15:00 UTC is midnight in Tokyo.
        assert await planned("notice:days_3d") == "2026-03-01 23:00"
        assert await planned("days_out") == await firm.until(loja) == until
        await world.until_instant(utc("2026-03-05 12:00"))
        assert firm.heard("notice_days", zone="Asia/Tokyo") == [
            ("2026-03-02 08:00", "notice_days_3d"),
            ("2026-03-04 08:00", "notice_days_1d"),
            ("2026-03-05 08:00", "notice_days_out"),
        ]

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
