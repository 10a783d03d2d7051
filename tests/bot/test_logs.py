import io
import json
import logging
import subprocess
import sys
import textwrap
import threading

import pytest
import structlog

from bot import logs

TOKEN = "123456789:AAF-canary_canary_canary_canary_can"


@pytest.fixture(autouse=True)
def logging_as_it_was():
    """Put back what set_up changes for the whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook
    levels = {name: logging.getLogger(name).level for name in logs.QUIETED}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture(params=["console", "json"])
def style(request):
    return request.param


class Log(io.StringIO):
    """What was logged since the set-up."""

    def lines(self) -> list[str]:
        return self.getvalue().splitlines()


@pytest.fixture
def log(style):
    stream = Log()
    logs.set_up("DEBUG", style, secrets=["webhook-secret", "abc"], stream=stream)
    return stream


class TestRedaction:
    @pytest.mark.parametrize(
        "secret",
        [
            TOKEN,
            TOKEN.replace(":", "%3A"),  # as it stands in an encoded address
            "pd_live_K7Q2MxYz-09",
            "pd_test_K7Q2MxYz-09",
            "sk_live_0123456789abcdef",
            "rk_test_0123456789abcdef",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "webhook-secret",  # one of the settings'
        ],
    )
    def test_reaches_every_place_that_a_secret_can_stand_in(self, log, secret):
        def fail() -> None:
            raise RuntimeError(f"POST /bot{secret}/getMe")

        ours, theirs = structlog.get_logger("bot"), logging.getLogger("library")
        ours.info(f"event {secret}", field=secret, nested={"inner": [secret]})
        theirs.info("address %s", f"https://host/bot{secret}/getMe")
        try:
            fail()
        except RuntimeError:
            ours.exception("ours failed")
            theirs.exception("theirs failed", stack_info=True)
        assert "RuntimeError" in log.getvalue()
        assert secret not in log.getvalue()
        assert log.getvalue().count(logs.REDACTED) >= 6

    @pytest.mark.parametrize(
        "harmless",
        [
            "task_list_of_everything",  # holds "sk_" inside a word
            "2026-01-30T15:00:00.123456+00:00",
            "chat 123456789: hello",
            "abc",  # a secret too short to be blanked out wherever it stands
        ],
    )
    def test_leaves_ordinary_text_alone(self, harmless):
        assert logs.Redaction(["abc"])(harmless) == harmless

    def test_prefers_the_longer_of_two_that_begin_alike(self):
        redact = logs.Redaction(["secret-one", "secret-one-and-more"])
        assert redact("secret-one-and-more") == logs.REDACTED


class TestLine:
    @pytest.mark.parametrize("breaking", ["\n", "\r", "\x1b[2J", "\x85", "\u2028"])
    def test_stays_one_whatever_a_name_holds(self, log, breaking):
        name = f"Ana{breaking}2026-01-01 forged"
        structlog.get_logger("bot").info("renamed", name=name, names=[name])
        logging.getLogger("library").warning("renamed %s", name)
        assert len(log.lines()) == 2
        assert breaking not in log.getvalue().removesuffix("\n").replace("\n", "", 1)

    def test_of_an_exception_cannot_be_forged_by_its_message(self, style):
        stream = Log()
        logs.set_up("INFO", style, stream=stream)
        try:
            raise ValueError("bad\n2026-01-01 forged")
        except ValueError:
            structlog.get_logger("bot").exception("failed")
        assert [line for line in stream.lines() if line.startswith("2026-01-01 forged")] == []

    def test_is_json_with_level_logger_and_instant_where_asked_for(self):
        stream = Log()
        logs.set_up("INFO", "json", stream=stream)
        with structlog.contextvars.bound_contextvars(update_id=7):
            structlog.get_logger("bot.delivery").info("stored %s", "it", lane="чат")
        (line,) = map(json.loads, stream.lines())
        assert line.pop("timestamp").endswith("Z")
        assert line == {
            "event": "stored it",
            "lane": "чат",
            "level": "info",
            "logger": "bot.delivery",
            "update_id": 7,
        }

    def test_shows_numbers_and_nothing_as_they_are(self):
        stream = Log()
        logs.set_up("INFO", "console", stream=stream)
        structlog.get_logger("bot").info("counted", number=3, nothing=None, flag=True)
        assert "flag=True" in stream.getvalue()
        assert "nothing=None" in stream.getvalue()
        assert "number=3" in stream.getvalue()


class TestLevels:
    def test_keep_addresses_and_whole_updates_out_even_at_debug(self, log):
        for name in ("httpx", "httpcore.connection", "aiohttp.access", "telegram.ext", "aiosqlite"):
            logging.getLogger(name).info("POST https://api.telegram.org/...")
        assert log.getvalue() == ""
        logging.getLogger("httpx").warning("slow")
        assert "slow" in log.getvalue()

    def test_follow_the_setting(self):
        stream = Log()
        logs.set_up("ERROR", "console", stream=stream)
        structlog.get_logger("bot").warning("unheard")
        logging.getLogger("httpx").warning("unheard")
        structlog.get_logger("bot").error("heard")
        assert len(stream.lines()) == 1


class TestSetUp:
    def test_repeated_replaces_what_was_there(self, log):
        logger = structlog.get_logger("bot")
        logger.info("first")
        second = Log()
        logs.set_up("INFO", "console", stream=second)
        logger.info("second")
        assert "second" not in log.getvalue()
        assert len(second.lines()) == 1

    def test_reads_warnings_into_the_log(self, log):
        logging.getLogger("py.warnings").warning("deprecated %s", TOKEN)
        assert "deprecated" in log.getvalue()
        assert TOKEN not in log.getvalue()


class TestUncaught:
    @pytest.mark.parametrize("where", ["fail()", "t = Thread(target=fail); t.start(); t.join()"])
    def test_exceptions_are_redacted_too(self, where):
        said = run(f"""
            def fail():
                raise RuntimeError("{TOKEN}")
            {where}
        """)
        assert "RuntimeError" in said
        assert TOKEN not in said
        assert "canary" not in said

    def test_failures_of_a_log_call_itself_are_redacted(self):
        # logging as it comes prints the message and the arguments on stderr.
        said = run(f"import logging; logging.getLogger('library').info('%d', '{TOKEN}')")
        assert "a log line of library failed" in said
        assert "canary" not in said

    def test_interrupt_is_no_error(self):
        assert run("raise KeyboardInterrupt") == ""


def run(program: str) -> str:
    """Return what a process that set its log up says on stderr."""
    begin = "from threading import Thread\nfrom bot import logs\nlogs.set_up('INFO', 'console')\n"
    return subprocess.run(
        [sys.executable, "-c", begin + textwrap.dedent(program)],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    ).stderr
