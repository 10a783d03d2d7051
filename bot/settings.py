"""What an operator can set, in the environment and in .env; nonsense stops the start."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsConfigDict

from bot.platform_settings import PlatformSettings
from bot.platform_settings import problems as platform_problems
from bot.setting_values import (
    MAKE_A_KEY,
    SENTENCES,
    BotToken,
    DatabaseUrl,
    HttpAddress,
    Port,
    Problem,
    SecretKey,
    StripeKey,
    StripeSecrets,
    WebhookSecret,
)

TELEGRAM = "https://api.telegram.org"
STRIPE = "https://api.stripe.com"

# Telegram calls no others.
WEBHOOK_PORTS = (443, 80, 88, 8443)


class SettingsRefused(Exception):
    """The settings do not allow a start; the text has one sentence for each variable."""

    code = "settings_refused"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class EmbeddedPlatform:
    """How slow and how unreliable the embedded messaging platform pretends to be."""

    delay_seconds: float = 0.0
    failure_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Operator:
    """
    The operator, as it stands on its invoices, and where they are paid.

    `city` is that of the PIX key's owner; `link` is where an invoice is paid online, `{number}`
    in it standing for its number.
    """

    name: str | None = None
    legal_name: str | None = None
    tax_id: str | None = None
    address: str | None = None
    email: str | None = None
    bank: str | None = None
    pix: str | None = None
    city: str | None = None
    link: str | None = None

    @property
    def called(self) -> str | None:
        """What it is called where there is room for one name."""
        return self.legal_name or self.name

    def link_of(self, number: str) -> str | None:
        """Return the address where that invoice is paid, if there is one."""
        return None if self.link is None else self.link.replace("{number}", number)


class Settings(PlatformSettings):
    """All settings; made by :func:`load`, which turns refusals into :class:`SettingsRefused`."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    telegram_bot_token: BotToken | None = None
    telegram_api_url: HttpAddress = TELEGRAM
    webhook_url: HttpAddress | None = None
    webhook_secret: WebhookSecret | None = None
    stripe_secret_key: StripeKey | None = None
    stripe_webhook_secret: StripeSecrets | None = None
    stripe_api_url: HttpAddress = STRIPE
    # Where the web server is reached from outside.
    public_url: HttpAddress | None = None
    web_host: str = "127.0.0.1"
    web_port: Port = 8080
    database_url: DatabaseUrl = "sqlite:///data/desk.db"
    secret_key: SecretKey | None = None
    sandbox_port: Port = 8090
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"
    embedded_delay_seconds: Annotated[float, Field(ge=0, le=3600)] = 0.0
    embedded_failure_rate: Annotated[float, Field(ge=0, le=1)] = 0.0
    operator_name: str | None = None
    operator_legal_name: str | None = None
    operator_tax_id: str | None = None
    operator_address: str | None = None
    operator_email: str | None = None
    operator_bank: str | None = None
    # What is left in a BR Code beside its own words.
    operator_pix: Annotated[str, Field(max_length=77)] | None = None
    operator_city: str | None = None
    operator_payment_link: HttpAddress | None = None

    @property
    def sandbox(self) -> bool:
        """Whether the bot runs in the box, for want of a token."""
        return self.telegram_bot_token is None

    @property
    def database_file(self) -> Path | None:
        """Where the data lie, unless they are kept in memory or by a server."""
        if self.on_server:
            return None
        path = self.database_url.removeprefix("sqlite://").removeprefix("/")
        return Path(path) if path else None

    @property
    def on_server(self) -> bool:
        """Whether PostgreSQL keeps the data."""
        return self.database_url.startswith("postgresql://")

    @property
    def stripe_live(self) -> bool:
        """Whether the key is one for real money."""
        key = self.stripe_secret_key
        return key is not None and key.get_secret_value()[2:].startswith("_live_")

    @property
    def embedded(self) -> EmbeddedPlatform:
        return EmbeddedPlatform(self.embedded_delay_seconds, self.embedded_failure_rate)

    @property
    def operator(self) -> Operator:
        return Operator(
            name=self.operator_name,
            legal_name=self.operator_legal_name,
            tax_id=self.operator_tax_id,
            address=self.operator_address,
            email=self.operator_email,
            bank=self.operator_bank,
            pix=self.operator_pix,
            city=self.operator_city,
            link=self.operator_payment_link,
        )

    def secrets(self) -> list[str]:
        """Return the secrets' plain values: what the log has to blank out."""
        held = (
            self.telegram_bot_token,
            self.webhook_secret,
            self.secret_key,
            self.stripe_secret_key,
        )
        plain = [secret.get_secret_value() for secret in held if secret is not None]
        plain += _passwords(self.database_url)
        return plain + self.stripe_webhook_secrets + self.platform_secrets()

    @property
    def stripe_webhook_secrets(self) -> list[str]:
        """The secrets that Stripe's webhook takes: more than one while one is replaced."""
        given = self.stripe_webhook_secret
        return [] if given is None else [one.strip() for one in given.get_secret_value().split(",")]

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, given: Any) -> Any:
        # Here and not by env_ignore_empty: an empty variable in the environment must hide the
        # one in .env, so that `TELEGRAM_BOT_TOKEN= make run` is the sandbox.
        stripped = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in given.items()
        }
        return {name: value for name, value in stripped.items() if value != ""}


def load(env_file: Path | None = Path(".env")) -> Settings:
    """
    Read the environment, and under it ``env_file`` if there is one.

    :raises SettingsRefused: with every value that is none, or else with all that does not
        fit together.
    """
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as refused:
        problems = [_problem(error) for error in refused.errors()]
        raise SettingsRefused(problems) from None  # the original quotes what was given
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is not UTF-8 text"
        raise SettingsRefused([Problem(str(env_file), "unreadable", {"why": why})]) from None
    problems = [*_stripe_problems(settings), *platform_problems(settings)]
    if not settings.sandbox:
        problems += _live_problems(settings)
    if problems:
        raise SettingsRefused(problems)
    return settings


def _passwords(database_url: str) -> list[str]:
    """Return the password that an address holds, as it is written there and as it is."""
    parts = urlsplit(database_url)
    written = [parts.password or "", *re.findall(r"(?:^|&)password=([^&]+)", parts.query)]
    return [word for one in written if one for word in {one, unquote(one)}]


def _stripe_problems(settings: Settings) -> Iterator[Problem]:
    """Tell what card payments need; without a key they are not offered."""
    if settings.stripe_secret_key is None:
        return
    if settings.stripe_webhook_secret is None:
        what = "the signing secret of the webhook endpoint, whsec_…"
        yield Problem("STRIPE_WEBHOOK_SECRET", "missing_with_stripe", {"what": what})
    if settings.public_url is None:
        what = "the address at which Stripe and its pages reach the web server"
        yield Problem("PUBLIC_URL", "missing_with_stripe", {"what": what})
    elif settings.stripe_live and urlsplit(settings.public_url).scheme != "https":
        yield Problem("PUBLIC_URL", "not_an_address", {"schemes": "https://"})


def _live_problems(settings: Settings) -> Iterator[Problem]:
    """Tell what real life needs and the sandbox does without."""
    if settings.secret_key is None:
        yield Problem("SECRET_KEY", "missing_secret_key", {"make": MAKE_A_KEY})
    if settings.web_port == 0:
        yield Problem("WEB_PORT", "port_zero", {})
    if settings.webhook_url is None:
        return
    if settings.webhook_secret is None:
        yield Problem("WEBHOOK_SECRET", "missing_webhook_secret", {})
    # A Bot API server of one's own calls any address, also without TLS; Telegram does not.
    if settings.telegram_api_url == TELEGRAM:
        address = urlsplit(settings.webhook_url)
        if address.scheme != "https":
            yield Problem("WEBHOOK_URL", "not_an_address", {"schemes": "https://"})
        elif (address.port or 443) not in WEBHOOK_PORTS:
            ports = ", ".join(map(str, WEBHOOK_PORTS))
            yield Problem("WEBHOOK_URL", "not_a_webhook_port", {"ports": ports})


def _problem(error: ErrorDetails) -> Problem:
    variable = str(error["loc"][0]).upper()
    facts = {name: str(fact) for name, fact in error.get("ctx", {}).items()}
    match error["type"]:
        case code if code in SENTENCES:
            return Problem(variable, code, facts)
        case "literal_error":
            return Problem(variable, "not_one_of", {"choices": facts["expected"]})
        case "float_parsing":
            return Problem(variable, "not_a_number", {})
        case "int_parsing" | "int_parsing_size":
            return Problem(variable, "not_a_whole_number", {})
        case "greater_than_equal":
            return Problem(variable, "out_of_range", {"bound": f"at least {facts['ge']}"})
        case "less_than_equal":
            return Problem(variable, "out_of_range", {"bound": f"at most {facts['le']}"})
        case _:
            return Problem(variable, "refused", {"why": error["msg"]})
