"""Which messaging platforms are wired: all whose settings are there, chosen or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from pydantic import SecretStr

from billing.instances import EMBEDDED
from billing.services.ports.platforms import Platform
from bot.clock import Clock
from bot.gateways.chosen import ChosenPlatforms
from bot.platform_settings import NEEDS, PlatformSettings
from bot.starting import StartRefused


def check_programmes(settings: PlatformSettings, programmes: Iterable[str]) -> None:
    """
    Refuse a platform for a programme that there is not.

    :raises StartRefused:
    """
    unknown = sorted(settings.by_programme.keys() - set(programmes))
    if unknown:
        raise StartRefused(f"PLATFORMS: there is no programme {', '.join(unknown)}.")


class Connected(Platform, Protocol):
    """A platform far away, with connections to it."""

    async def close(self) -> None: ...


class WiredPlatforms:
    """The platforms of this process, and their connections."""

    def __init__(
        self,
        settings: PlatformSettings,
        clock: Clock,
        embedded: Platform | None = None,
        hook: Callable[[str], str | None] = lambda _platform: None,
    ) -> None:
        """
        Without an `embedded` one only the others are there.

        `hook` returns where a platform calls when a number connects or drops, if it can.
        """
        self._others = {
            name: _made(name, settings, clock, hook(name))
            for name in NEEDS
            if settings.is_set_up(name)
        }
        here = {} if embedded is None else {EMBEDDED: embedded}
        self.all = ChosenPlatforms({**here, **self._others})

    async def close(self) -> None:
        """Close their connections."""
        for platform in self._others.values():
            await platform.close()


def _made(name: str, settings: PlatformSettings, clock: Clock, hook: str | None) -> Connected:
    # Imported where one is set up: the HTTP client takes a third of a second.
    match name:
        case "zapi":
            from bot.gateways.zapi import Zapi, ZapiAccount

            second = settings.zapi_client_token
            client_token = None if second is None else _plain(second)
            token = _plain(settings.zapi_token)
            return Zapi(ZapiAccount(token, client_token, settings.zapi_url, hook), clock)
        case "whapi":
            from bot.gateways.whapi import Whapi, WhapiAccount

            where = settings.whapi_project, settings.whapi_partner, settings.whapi_url
            return Whapi(WhapiAccount(_plain(settings.whapi_token), *where), clock)
        case _:
            from bot.gateways.evolution import Evolution, EvolutionAccount

            assert settings.evolution_url is not None, "it is set up"
            key = _plain(settings.evolution_api_key)
            return Evolution(EvolutionAccount(settings.evolution_url, key), clock)


def _plain(secret: SecretStr | None) -> str:
    assert secret is not None, "it is set up"
    return secret.get_secret_value()
