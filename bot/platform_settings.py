"""Which messaging platforms there are, and what each needs of the operator."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, SecretStr
from pydantic_settings import BaseSettings

from billing.instances import EMBEDDED
from bot.setting_values import HttpAddress, Problem, refuse

NAMES = (EMBEDDED, "zapi", "whapi", "evolution")
# What one that is chosen cannot do without.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "zapi": ("zapi_token",),
    "whapi": ("whapi_token",),
    "evolution": ("evolution_url", "evolution_api_key"),
}
SECRETS = ("zapi_token", "zapi_client_token", "whapi_token", "evolution_api_key")


def _by_programme(value: str) -> str:
    for pair in value.split(","):
        programme, _, name = pair.partition("=")
        if not programme.strip() or name.strip() not in NAMES:
            raise refuse("not_platforms", names=", ".join(NAMES))
    return value


class PlatformSettings(BaseSettings):
    """
    The part of the settings that is about messaging platforms.

    `platform` takes what is created, where `platforms` does not name another one for a programme.
    """

    platform: Literal["embedded", "zapi", "whapi", "evolution"] = "embedded"
    platforms: Annotated[str, AfterValidator(_by_programme)] | None = None
    zapi_token: SecretStr | None = None
    zapi_client_token: SecretStr | None = None
    zapi_url: HttpAddress = "https://api.z-api.io"
    whapi_token: SecretStr | None = None
    whapi_project: str | None = None
    whapi_partner: str | None = None
    whapi_url: HttpAddress = "https://manager.whapi.cloud"
    evolution_url: HttpAddress | None = None
    evolution_api_key: SecretStr | None = None

    @property
    def by_programme(self) -> dict[str, str]:
        """Return the platform of each programme that has one of its own."""
        pairs = (pair.partition("=") for pair in (self.platforms or "").split(",") if pair)
        return {programme.strip(): name.strip() for programme, _, name in pairs}

    def platform_for(self, programme: str) -> str:
        """Return which platform takes what is created under a programme."""
        return self.by_programme.get(programme, self.platform)

    def is_set_up(self, name: str) -> bool:
        """Whether all is there that a platform cannot do without."""
        return all(getattr(self, needed) is not None for needed in NEEDS.get(name, ()))

    def platform_secrets(self) -> list[str]:
        """Return the plain values of what is secret."""
        held = [getattr(self, name) for name in SECRETS]
        return [secret.get_secret_value() for secret in held if secret is not None]


def problems(settings: PlatformSettings) -> Iterator[Problem]:
    """Tell what platforms that were chosen need and have not."""
    chosen = {settings.platform, *settings.by_programme.values()}
    for name in NAMES:
        for needed in NEEDS.get(name, ()):
            if name in chosen and getattr(settings, needed) is None:
                yield Problem(needed.upper(), "missing_with_platform", {"name": name})
