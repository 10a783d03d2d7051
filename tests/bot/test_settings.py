import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot import settings
from bot.settings import SettingsRefused

TOKEN = "123456789:" + "A" * 35
KEY = Fernet.generate_key().decode()
LIVE = {"TELEGRAM_BOT_TOKEN": TOKEN, "SECRET_KEY": KEY}
EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch):
    for name in settings.Settings.model_fields:
        for spelling in (name, name.upper()):
            monkeypatch.delenv(spelling, raising=False)


@pytest.fixture
def given(monkeypatch, tmp_path):
    """Return a way to load with these variables set and no .env."""

    def load(**variables: str) -> settings.Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return settings.load(tmp_path / ".env")

    return load


def problems(refused) -> dict[str, str]:
    return {problem.variable: problem.code for problem in refused.value.problems}


class TestWithoutAToken:
    def test_it_is_the_sandbox_with_defaults_for_all_else(self, given):
        loaded = given()
        assert loaded.sandbox
        assert (loaded.web_host, loaded.web_port, loaded.sandbox_port) == ("127.0.0.1", 8080, 8090)
        assert loaded.database_url == "sqlite:///data/desk.db"
        assert loaded.telegram_api_url == "https://api.telegram.org"
        assert (loaded.log_level, loaded.log_format) == ("INFO", "console")
        assert loaded.embedded == settings.EmbeddedPlatform(delay_seconds=0, failure_rate=0)
        assert loaded.operator == settings.Operator(name=None, bank=None, pix=None)
        assert loaded.secrets() == []

    def test_port_0_and_a_webhook_without_a_secret_are_allowed(self, given):
        loaded = given(WEB_PORT="0", SANDBOX_PORT="0", WEBHOOK_URL="http://127.0.0.1:8080/telegram")
        assert (loaded.web_port, loaded.sandbox_port) == (0, 0)


class TestAServer:
    def test_keeps_the_data_in_no_file(self, given):
        loaded = given(DATABASE_URL="postgresql:///desk?host=/run/postgresql")
        assert (loaded.on_server, loaded.database_file) == (True, None)
        assert loaded.secrets() == []

    @pytest.mark.parametrize("end", ["desk:hunter2%2Fx@db/desk", "db/desk?password=hunter2%2Fx"])
    def test_is_reached_by_a_password_that_no_log_shows(self, given, end):
        secrets = given(DATABASE_URL=f"postgresql://{end}").secrets()
        assert set(secrets) == {"hunter2%2Fx", "hunter2/x"}


class TestWithAToken:
    def test_the_bot_is_live_and_its_secrets_are_known_to_the_log(self, given):
        loaded = given(**LIVE, WEBHOOK_URL="https://desk.example.com/t/", WEBHOOK_SECRET="s-1_A")
        assert not loaded.sandbox
        assert loaded.webhook_url == "https://desk.example.com/t"
        assert loaded.secrets() == [TOKEN, "s-1_A", KEY]
        assert not any(secret in repr(loaded) + str(loaded) for secret in loaded.secrets())

    def test_all_that_is_missing_is_named_at_once(self, given):
        with pytest.raises(SettingsRefused) as refused:
            given(TELEGRAM_BOT_TOKEN=TOKEN, WEBHOOK_URL="https://desk.example.com", WEB_PORT="0")
        assert problems(refused) == {
            "SECRET_KEY": "missing_secret_key",
            "WEB_PORT": "port_zero",
            "WEBHOOK_SECRET": "missing_webhook_secret",
        }
        assert "Fernet.generate_key()" in str(refused.value)

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("http://desk.example.com/t", "not_an_address"),  # Telegram calls https only
            ("https://desk.example.com:8080/t", "not_a_webhook_port"),  # and four ports only
        ],
    )
    def test_an_address_that_telegram_would_not_call_is_refused(self, given, url, code):
        with pytest.raises(SettingsRefused) as refused:
            given(**LIVE, WEBHOOK_URL=url, WEBHOOK_SECRET="s")
        assert problems(refused) == {"WEBHOOK_URL": code}

    def test_a_bot_api_server_of_ones_own_may_call_any(self, given):
        loaded = given(
            **LIVE,
            TELEGRAM_API_URL="http://127.0.0.1:8081/",
            WEBHOOK_URL="http://10.0.0.1:9000/t",
            WEBHOOK_SECRET="s",
        )
        assert loaded.telegram_api_url == "http://127.0.0.1:8081"


STRIPE = {
    "STRIPE_SECRET_KEY": "sk_test_" + "4" * 24,
    "STRIPE_WEBHOOK_SECRET": "whsec_" + "5" * 24,
    "PUBLIC_URL": "http://127.0.0.1:8080",
}


class TestStripe:
    def test_takes_two_secrets_while_one_is_replaced_and_hides_all(self, given):
        both = ["whsec_" + "5" * 24, "whsec_" + "6" * 24]
        loaded = given(**STRIPE | {"STRIPE_WEBHOOK_SECRET": ", ".join(both)})
        assert loaded.stripe_webhook_secrets == both
        assert loaded.secrets() == [STRIPE["STRIPE_SECRET_KEY"], *both]
        assert not any(secret in repr(loaded) for secret in loaded.secrets())
        assert not loaded.stripe_live

    @pytest.mark.parametrize("missing", ["STRIPE_WEBHOOK_SECRET", "PUBLIC_URL"])
    def test_names_what_a_key_needs(self, given, missing):
        with pytest.raises(SettingsRefused) as refused:
            given(**{name: value for name, value in STRIPE.items() if name != missing})
        assert problems(refused) == {missing: "missing_with_stripe"}

    def test_for_real_money_is_reached_by_https(self, given):
        real = STRIPE | {"STRIPE_SECRET_KEY": "rk_live_" + "4" * 24}
        with pytest.raises(SettingsRefused) as refused:
            given(**real)
        assert problems(refused) == {"PUBLIC_URL": "not_an_address"}
        assert given(**real | {"PUBLIC_URL": "https://desk.example.com/"}).stripe_live

    def test_needs_nothing_without_a_key(self, given):
        assert given(STRIPE_WEBHOOK_SECRET=STRIPE["STRIPE_WEBHOOK_SECRET"]).public_url is None


class TestRefusal:
    @pytest.mark.parametrize(
        ("variable", "value", "code"),
        [
            ("TELEGRAM_BOT_TOKEN", "123456789", "not_a_bot_token"),  # the half that is no secret
            ("TELEGRAM_BOT_TOKEN", "123456789:short", "not_a_bot_token"),
            ("TELEGRAM_BOT_TOKEN", "١٢٣٤٥٦:" + "A" * 35, "not_a_bot_token"),  # other digits
            ("SECRET_KEY", "secret-password", "not_a_secret_key"),
            ("SECRET_KEY", "ключ-ключ-ключ", "not_a_secret_key"),
            ("WEBHOOK_SECRET", "with space", "not_a_webhook_secret"),
            ("WEBHOOK_SECRET", "x" * 257, "not_a_webhook_secret"),
            ("WEBHOOK_URL", "desk.example.com", "not_an_address"),  # no scheme
            ("WEBHOOK_URL", "https://desk.example.com:port", "not_an_address"),
            ("WEBHOOK_URL", "https://[::1", "not_an_address"),
            ("WEBHOOK_URL", "https:///telegram", "not_an_address"),  # no host
            ("TELEGRAM_API_URL", "ftp://api.telegram.org", "not_an_address"),
            ("TELEGRAM_API_URL", "https://api telegram.org", "not_an_address"),
            ("DATABASE_URL", "mysql://desk:password@host/desk", "not_a_database"),
            ("DATABASE_URL", "postgresql://desk:password@host", "not_a_database"),  # no name
            ("DATABASE_URL", "postgresql://desk:password@[host/desk", "not_a_database"),
            ("DATABASE_URL", "postgresql://desk:pass word@host/desk", "not_a_database"),
            ("DATABASE_URL", "sqlite:desk.db", "not_a_database"),  # one slash forgotten, or three
            ("WEB_PORT", "eighty", "not_a_whole_number"),
            ("WEB_PORT", "9" * 5000, "not_a_whole_number"),
            ("WEB_PORT", "65536", "out_of_range"),
            ("SANDBOX_PORT", "-1", "out_of_range"),
            ("STRIPE_SECRET_KEY", "pk_test_" + "4" * 24, "not_a_stripe_key"),  # the public one
            ("STRIPE_WEBHOOK_SECRET", "whsec_55555555,", "not_a_stripe_secret"),
            ("LOG_LEVEL", "LOUD", "not_one_of"),
            ("LOG_FORMAT", "xml", "not_one_of"),
            ("EMBEDDED_DELAY_SECONDS", "soon", "not_a_number"),
            ("EMBEDDED_DELAY_SECONDS", "nan", "out_of_range"),
            ("EMBEDDED_FAILURE_RATE", "1.5", "out_of_range"),
        ],
    )
    def test_names_the_variable_in_one_sentence_without_its_value(
        self, given, variable, value, code
    ):
        with pytest.raises(SettingsRefused) as refused:
            given(**{variable: value})
        assert problems(refused) == {variable: code}
        said = str(refused.value)
        assert re.fullmatch(rf"{variable} [^\n]+\.", said)
        # Neither the text nor the facts nor a traceback's chain may show what may be a secret.
        assert value not in said + repr(refused.value.problems)
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__

    def test_tells_every_variable_that_is_wrong(self, given):
        with pytest.raises(SettingsRefused) as refused:
            given(WEB_PORT="x", LOG_LEVEL="x", SECRET_KEY="x")
        assert set(problems(refused)) == {"WEB_PORT", "LOG_LEVEL", "SECRET_KEY"}
        assert len(str(refused.value).splitlines()) == 3


class TestOperator:
    def test_says_who_sends_the_invoices_and_how_they_are_paid(self, given):
        operator = given(
            OPERATOR_LEGAL_NAME="Zap Ltda", OPERATOR_PIX="+5511999998888",
            OPERATOR_PAYMENT_LINK="https://pay.example/{number}",
        ).operator  # fmt: skip
        assert (operator.legal_name, operator.pix) == ("Zap Ltda", "+5511999998888")
        assert operator.link == "https://pay.example/{number}"

    @pytest.mark.parametrize(
        ("variable", "value"),
        [("OPERATOR_PIX", "x" * 78), ("OPERATOR_PAYMENT_LINK", "pay.example")],
    )
    def test_has_no_way_to_pay_that_nobody_could_go(self, given, variable, value):
        with pytest.raises(SettingsRefused) as refused:
            given(**{variable: value})
        assert set(problems(refused)) == {variable}


class TestEnvFile:
    def test_gives_what_the_environment_does_not(self, monkeypatch, tmp_path):
        (tmp_path / ".env").write_text("WEB_PORT=1\nSANDBOX_PORT=2\nOPERATOR_NAME=Zap Ltda №1\n")
        monkeypatch.setenv("WEB_PORT", "3")
        loaded = settings.load(tmp_path / ".env")
        assert (loaded.web_port, loaded.sandbox_port) == (3, 2)
        assert loaded.operator.name == "Zap Ltda №1"

    def test_is_hidden_by_an_empty_variable(self, monkeypatch, tmp_path):
        (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nSECRET_KEY={KEY}\n")
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
        assert settings.load(tmp_path / ".env").sandbox

    def test_may_hold_blanks_empty_values_and_other_programs_variables(self, tmp_path):
        (tmp_path / ".env").write_text(f"SECRET_KEY= {KEY} \r\nWEB_PORT=\r\nOTHER=1\r\n")
        loaded = settings.load(tmp_path / ".env")
        assert loaded.secret_key is not None
        assert loaded.secret_key.get_secret_value() == KEY
        assert loaded.web_port == 8080

    def test_need_not_be_there(self, tmp_path):
        assert settings.load(tmp_path / "none").sandbox
        assert settings.load(None).sandbox

    def test_that_is_no_text_is_refused_by_its_name(self, tmp_path):
        (tmp_path / ".env").write_bytes(b"OPERATOR_NAME=\xff\xfe\n")
        with pytest.raises(SettingsRefused, match=r"\.env cannot be read: it is not UTF-8 text\."):
            settings.load(tmp_path / ".env")

    def test_that_may_not_be_read_is_refused_by_its_name(self, monkeypatch, tmp_path):
        def denied(**_: object):
            raise PermissionError(13, "Permission denied")  # root, in CI, would read any file

        monkeypatch.setattr(settings, "Settings", denied)
        with pytest.raises(SettingsRefused, match=r"\.env cannot be read: Permission denied\."):
            settings.load(tmp_path / ".env")


class TestExample:
    def test_copied_as_it_is_starts_the_sandbox(self):
        assert settings.load(EXAMPLE).sandbox

    def test_names_every_setting_and_no_other(self):
        names = re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)
        assert sorted(names) == sorted(map(str.upper, settings.Settings.model_fields))

    def test_shows_the_defaults(self):
        shown = dict(re.findall(r"^#([A-Z_]+)=(.+)$", EXAMPLE.read_text(), re.MULTILINE))
        for example in ("WEBHOOK_URL", "PUBLIC_URL", "EVOLUTION_URL"):
            del shown[example]  # they have no default
        assert shown
        fields = settings.Settings.model_fields
        for name, value in shown.items():
            default = fields[name.lower()].default
            assert type(default)(value) == default, name
