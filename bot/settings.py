"""What an operator can set, in the environment and in .env; nonsense stops the start."""

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, LiteralString
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

TELEGRAM = "https://api.telegram.org"

# Telegram calls no others.
WEBHOOK_PORTS = (443, 80, 88, 8443)

_MAKE_A_KEY = (
    '.venv/bin/python -c "from cryptography.fernet import Fernet;'
    ' print(Fernet.generate_key().decode())"'
)

# One sentence a reason. None of them repeats what was given: it may be a secret.
_SENTENCES: Mapping[str, str] = {
    "missing_secret_key": "is needed when TELEGRAM_BOT_TOKEN is set; make one with {make}",
    "not_a_secret_key": "is not a Fernet key; make one with {make}",
    "missing_webhook_secret": "is needed when WEBHOOK_URL is set: 1 to 256 of A-Z a-z 0-9 _ -",
    "not_a_webhook_secret": "must be 1 to 256 of A-Z a-z 0-9 _ -",
    "not_a_bot_token": "does not look like a bot's token: digits, a colon, 30 or more characters",
    "not_an_address": "must be an address that begins with {schemes}",
    "not_a_webhook_port": "must use one of the ports that Telegram calls: {ports}",
    "not_a_database": "must be sqlite:///PATH: this version keeps its data in SQLite",
    "port_zero": "may be 0 in the sandbox only",
    "not_one_of": "must be one of {choices}",
    "not_a_number": "must be a number",
    "not_a_whole_number": "must be a whole number",
    "out_of_range": "must be {bound}",
    "unreadable": "cannot be read: {why}",
    "refused": "is not valid: {why}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one variable stops the start; ``facts`` never hold its value."""

    variable: str
    code: str
    facts: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.variable} {_SENTENCES[self.code].format_map(self.facts)}."


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


def _refuse(code: LiteralString, **facts: str) -> PydanticCustomError:
    # The type is the code; the template stays free of facts, which may hold braces.
    return PydanticCustomError(code, "refused", dict(facts))


def _bot_token(value: SecretStr) -> SecretStr:
    # The very shape that bot/logs.py blanks out, so that no token it misses is ever in use.
    if not re.fullmatch(r"\d{6,}:[A-Za-z0-9_-]{30,}", value.get_secret_value(), re.ASCII):
        raise _refuse("not_a_bot_token")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise _refuse("not_a_webhook_secret")
    return value


def _secret_key(value: SecretStr) -> SecretStr:
    try:
        key = urlsafe_b64decode(value.get_secret_value())
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise _refuse("not_a_secret_key", make=_MAKE_A_KEY)
    return value


def _address(value: str, *, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        fits = False
    if not fits or re.search(r"\s", value):
        raise _refuse("not_an_address", schemes=" or ".join(f"{scheme}://" for scheme in schemes))
    return value.rstrip("/")


def _database(value: str) -> str:
    if value != "sqlite://" and not re.fullmatch(r"sqlite:///[^?#]+", value):
        raise _refuse("not_a_database")
    return value


Port = Annotated[int, Field(ge=0, le=65535)]
HttpAddress = Annotated[str, AfterValidator(partial(_address, schemes=("https", "http")))]


class Settings(BaseSettings):
    """All settings; made by :func:`load`, which turns refusals into :class:`SettingsRefused`."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] | None = None
    telegram_api_url: HttpAddress = TELEGRAM
    webhook_url: HttpAddress | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = None
    web_host: str = "127.0.0.1"
    web_port: Port = 8080
    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///data/desk.db"
    secret_key: Annotated[SecretStr, AfterValidator(_secret_key)] | None = None
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
        held = (self.telegram_bot_token, self.webhook_secret, self.secret_key)
        return [secret.get_secret_value() for secret in held if secret is not None]

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
    if not settings.sandbox and (problems := list(_live_problems(settings))):
        raise SettingsRefused(problems)
    return settings


def _live_problems(settings: Settings) -> Iterator[Problem]:
    """Tell what real life needs and the sandbox does without."""
    if settings.secret_key is None:
        yield Problem("SECRET_KEY", "missing_secret_key", {"make": _MAKE_A_KEY})
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
        case code if code in _SENTENCES:
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
