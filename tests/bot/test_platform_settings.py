"""Which platforms are chosen, and what stops the start where one is not set up."""

import pytest

from billing.services.ports.platforms import PlatformSilent, Remote
from bot import platforms
from bot.clock import SystemClock
from bot.gateways.embedded import EmbeddedPlatform
from bot.platforms import WiredPlatforms
from bot.settings import SettingsRefused
from bot.starting import StartRefused
from tests.bot.test_settings import given, nothing_is_set, problems

assert given
assert nothing_is_set

ZAPI = {"ZAPI_TOKEN": "z-secret"}
WHAPI = {"WHAPI_TOKEN": "w-secret"}
EVOLUTION = {"EVOLUTION_URL": "https://evo.example", "EVOLUTION_API_KEY": "e-secret"}


class TestAPlatform:
    def test_is_the_one_inside_the_bot_unless_told(self, given):
        assert given().platform_for("days") == "embedded"

    @pytest.mark.parametrize(
        ("name", "variables"), [("zapi", ZAPI), ("whapi", WHAPI), ("evolution", EVOLUTION)]
    )
    def test_that_is_chosen_takes_what_is_created(self, given, name, variables):
        loaded = given(PLATFORM=name, **variables)
        assert loaded.platform_for("days") == name
        assert loaded.is_set_up(name)

    def test_of_a_programme_goes_before_that_of_all(self, given):
        loaded = given(PLATFORM="zapi", PLATFORMS="days=whapi, demo = embedded", **ZAPI, **WHAPI)
        assert [loaded.platform_for(it) for it in ("days", "demo", "integrator")] == [
            "whapi",
            "embedded",
            "zapi",
        ]

    @pytest.mark.parametrize(
        ("variables", "missing"),
        [
            ({"PLATFORM": "zapi"}, ["ZAPI_TOKEN"]),
            ({"PLATFORM": "whapi"}, ["WHAPI_TOKEN"]),
            ({"PLATFORM": "evolution"}, ["EVOLUTION_URL", "EVOLUTION_API_KEY"]),
            ({"PLATFORMS": "days=whapi"}, ["WHAPI_TOKEN"]),
        ],
    )
    def test_that_is_chosen_without_its_settings_stops_the_start(self, given, variables, missing):
        with pytest.raises(SettingsRefused) as refused:
            given(**variables)
        assert problems(refused) == dict.fromkeys(missing, "missing_with_platform")
        assert all(name in str(refused.value) for name in missing)

    @pytest.mark.parametrize("value", ["days", "days=", "=zapi", "days=telegram", "a=zapi;b=zapi"])
    def test_by_programme_is_a_list_of_pairs(self, given, value):
        with pytest.raises(SettingsRefused) as refused:
            given(PLATFORMS=value)
        assert problems(refused) == {"PLATFORMS": "not_platforms"}

    def test_that_is_none_stops_the_start(self, given):
        with pytest.raises(SettingsRefused) as refused:
            given(PLATFORM="telegram")
        assert problems(refused) == {"PLATFORM": "not_one_of"}

    def test_for_a_programme_that_there_is_not_stops_the_start(self, given):
        loaded = given(PLATFORMS="day=whapi", **WHAPI)
        with pytest.raises(StartRefused, match=r"PLATFORMS: .* day\."):
            platforms.check_programmes(loaded, ["days"])
        platforms.check_programmes(loaded, ["day"])

    def test_has_its_secrets_blanked_out_in_the_log(self, given):
        loaded = given(ZAPI_CLIENT_TOKEN="z-client", **ZAPI, **WHAPI, **EVOLUTION)
        assert set(loaded.secrets()) == {"z-secret", "z-client", "w-secret", "e-secret"}
        assert not [it for it in loaded.secrets() if it in repr(loaded)]


class TestWired:
    async def test_are_all_that_are_set_up_chosen_or_not(self, given):
        wired = WiredPlatforms(given(**ZAPI, **EVOLUTION), SystemClock())
        assert wired.all.chosen == {"zapi", "evolution"}
        await wired.close()

    async def test_without_any_is_the_one_inside_the_bot(self, given):
        inside = EmbeddedPlatform.__new__(EmbeddedPlatform)
        assert WiredPlatforms(given(), SystemClock(), inside).all.chosen == {"embedded"}

    async def test_leave_what_is_not_set_up_silent_and_not_lost(self, given):
        wired = WiredPlatforms(given(), SystemClock())
        there, remote = wired.all.at("whapi"), Remote("K7Q2M", "loja")
        moves = (there.create, there.find, there.subscribe, there.cancel, there.keep, there.stop)
        for ask in (*moves, there.restart, there.delete, there.connected):
            with pytest.raises(PlatformSilent, match="whapi is not set up"):
                await ask(remote)
        with pytest.raises(PlatformSilent):
            await there.extend(remote, SystemClock().now())
        with pytest.raises(PlatformSilent):
            await there.pairing(remote, None)
        for look in (there.held, there.days_left, there.check):
            with pytest.raises(PlatformSilent):
                await look()
        assert await wired.all.ask() == {}
