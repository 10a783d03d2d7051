"""What the bot writes about itself: one line an event, and no secret in any of them."""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"

# A configured secret this short would blank out ordinary words all over the log.
_SHORTEST_LITERAL = 8

_SHAPES = (
    r"\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}",  # a bot's token, in an address too
    r"pd_(?:live|test)_[A-Za-z0-9_-]+",  # an integrator token
    r"[sr]k_(?:live|test)_[A-Za-z0-9]+",  # Stripe's keys
    r"(?<![A-Za-z0-9])[sr]k_[A-Za-z0-9_]{8,}",  # and others' that begin so
    r"whsec_[A-Za-z0-9+/=_-]+",
)

# These write addresses with tokens in them, whole updates, or a line a request.
QUIETED = (
    "aiohttp.access",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "httpcore",
    "httpx",
    "stripe",
    "telegram",
    "uvicorn.access",
)

# Everything that a terminal or a log reader takes for a new line or for a command.
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class Redaction:
    """Blanks out whatever looks like a secret, and the given secrets wherever they stand."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        literals = sorted(
            (re.escape(secret) for secret in secrets if len(secret) >= _SHORTEST_LITERAL),
            key=len,
            reverse=True,  # the longer of two that begin alike goes first
        )
        self._pattern = re.compile("|".join((*literals, *_SHAPES)))

    def __call__(self, text: str) -> str:
        return self._pattern.sub(REDACTED, text)


def set_up(
    level: str,
    style: Literal["console", "json"],
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """
    Send structlog's and every library's log through one redacting handler on the root.

    Repeated, it replaces what it set up before. Uncaught exceptions, those of threads included,
    are logged too, since their tracebacks would otherwise reach stderr unredacted.
    """
    redact = Redaction(secrets)
    handler = _Handler(redact, stream or sys.stderr)
    handler.setFormatter(_formatter(redact, style))
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in QUIETED:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # so that a second set-up reaches loggers in use
    )
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


class _Handler(logging.StreamHandler[TextIO]):
    def __init__(self, redact: Redaction, stream: TextIO) -> None:
        super().__init__(stream)
        self._redact = redact

    def handleError(self, record: logging.LogRecord) -> None:
        # The standard one prints the message and its arguments as they are.
        self.stream.write(
            self._redact(f"a log line of {record.name} failed:\n{traceback.format_exc()}")
        )


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line, so that no field, argument or traceback goes round it."""

    def __init__(self, redact: Redaction, processors: list[Processor]) -> None:
        super().__init__(processors=processors, foreign_pre_chain=_SHARED)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


def _formatter(redact: Redaction, style: Literal["console", "json"]) -> _Formatter:
    finish: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
    ]
    if style == "json":
        finish.append(structlog.processors.JSONRenderer(ensure_ascii=True, default=str))
    else:
        finish += [_one_line, structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)]
    return _Formatter(redact, finish)


def _one_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """
    Escape control characters in every field, and indent tracebacks.

    A person's name with a line break in it then cannot pass for a line of the log.
    """
    for key, value in event.items():
        text = value if isinstance(value, str) else repr(value)
        if key in ("exception", "stack"):
            event[key] = "\n".join("    " + _escape(line) for line in text.split("\n"))
        elif not isinstance(value, int | float | None):
            event[key] = _escape(text)
    return event


def _escape(text: str) -> str:
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("stopped by an error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
