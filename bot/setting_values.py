"""What one setting may be; the refusals never repeat what was given: it may be a secret."""

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, LiteralString
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

MAKE_A_KEY = (
    '.venv/bin/python -c "from cryptography.fernet import Fernet;'
    ' print(Fernet.generate_key().decode())"'
)

# One sentence a reason. None of them repeats what was given: it may be a secret.
SENTENCES: Mapping[str, str] = {
    "missing_secret_key": "is needed when TELEGRAM_BOT_TOKEN is set; make one with {make}",
    "not_a_secret_key": "is not a Fernet key; make one with {make}",
    "missing_webhook_secret": "is needed when WEBHOOK_URL is set: 1 to 256 of A-Z a-z 0-9 _ -",
    "not_a_webhook_secret": "must be 1 to 256 of A-Z a-z 0-9 _ -",
    "not_a_bot_token": "does not look like a bot's token: digits, a colon, 30 or more characters",
    "not_a_stripe_key": "does not look like a secret key of Stripe's: sk_live_…, sk_test_…, rk_…",
    "not_a_stripe_secret": "must be signing secrets of Stripe's, whsec_…, separated by commas",
    "missing_with_stripe": "is needed when STRIPE_SECRET_KEY is set: {what}",
    "missing_with_platform": "is needed where the platform {name} is chosen",
    "not_platforms": "must be pairs as days=whapi,integrator=zapi; platforms are {names}",
    "not_an_address": "must be an address that begins with {schemes}",
    "not_a_webhook_port": "must use one of the ports that Telegram calls: {ports}",
    "not_a_database": "must be sqlite:///PATH or postgresql://NAME:PASSWORD@HOST:PORT/DATABASE",
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
        return f"{self.variable} {SENTENCES[self.code].format_map(self.facts)}."


def refuse(code: LiteralString, **facts: str) -> PydanticCustomError:
    # The type is the code; the template stays free of facts, which may hold braces.
    return PydanticCustomError(code, "refused", dict(facts))


def _bot_token(value: SecretStr) -> SecretStr:
    # The very shape that bot/logs.py blanks out, so that no token it misses is ever in use.
    if not re.fullmatch(r"\d{6,}:[A-Za-z0-9_-]{30,}", value.get_secret_value(), re.ASCII):
        raise refuse("not_a_bot_token")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise refuse("not_a_webhook_secret")
    return value


def _secret_key(value: SecretStr) -> SecretStr:
    try:
        key = urlsafe_b64decode(value.get_secret_value())
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise refuse("not_a_secret_key", make=MAKE_A_KEY)
    return value


def _address(value: str, *, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        fits = False
    if not fits or re.search(r"\s", value):
        raise refuse("not_an_address", schemes=" or ".join(f"{scheme}://" for scheme in schemes))
    return value.rstrip("/")


def _database(value: str) -> str:
    if value == "sqlite://" or re.fullmatch(r"sqlite:///[^?#]+", value):
        return value
    try:
        parts = urlsplit(value)
        # Without a database's name it would be the one of the person's name, which nobody meant.
        fits = parts.scheme == "postgresql" and len(parts.path) > 1 and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        fits = False
    if not fits or re.search(r"[\s#]", value):
        raise refuse("not_a_database")
    return value


def _stripe_key(value: SecretStr) -> SecretStr:
    # As bot/logs.py blanks it out.
    if not re.fullmatch(r"[sr]k_(?:live|test)_[A-Za-z0-9]{8,}", value.get_secret_value()):
        raise refuse("not_a_stripe_key")
    return value


def _stripe_secrets(value: SecretStr) -> SecretStr:
    for one in value.get_secret_value().split(","):
        if not re.fullmatch(r"whsec_[A-Za-z0-9+/=_-]{8,}", one.strip()):
            raise refuse("not_a_stripe_secret")
    return value


Port = Annotated[int, Field(ge=0, le=65535)]
HttpAddress = Annotated[str, AfterValidator(partial(_address, schemes=("https", "http")))]
BotToken = Annotated[SecretStr, AfterValidator(_bot_token)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
SecretKey = Annotated[SecretStr, AfterValidator(_secret_key)]
StripeKey = Annotated[SecretStr, AfterValidator(_stripe_key)]
StripeSecrets = Annotated[SecretStr, AfterValidator(_stripe_secrets)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]
