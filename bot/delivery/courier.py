"""Carries one message to Telegram and writes down what became of it."""

from collections import Counter
from collections.abc import Awaitable, Callable

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.clock import Clock
from bot.delivery import refusals
from bot.delivery.backoff import pause_after
from bot.delivery.pace import Pace
from bot.delivery.ports import (
    MessageRow,
    OnMigrated,
    OnRefused,
    OnUnreachable,
    OutboxStore,
    Render,
    Rendered,
)
from bot.delivery.posting import post

log = structlog.get_logger(__name__)


class Courier:
    """
    The way of one message: taken, rendered, sent, marked.

    The attempt is committed before the call, its outcome after it; what
    happens to be between the two at a crash is doubted at the next start.
    """

    def __init__(
        self,
        bot: Bot,
        outbox: OutboxStore,
        render: Render,
        clock: Clock,
        pace: Pace,
        *,
        on_unreachable: OnUnreachable,
        on_refused: OnRefused,
        on_migrated: OnMigrated,
        on_trouble: Callable[[], None],
    ) -> None:
        self._bot = bot
        self._outbox = outbox
        self._render = render
        self._clock = clock
        self._pace = pace
        self._on_unreachable = on_unreachable
        self._on_refused = on_refused
        self._on_migrated = on_migrated
        self._on_trouble = on_trouble
        # Failures in a row, by chat: what holds a chat back longer each time.
        self._stumbles: Counter[int] = Counter()

    async def carry(self, key: str, chat_id: int) -> None:
        """Bring one message to its chat, if it still has to go there."""
        try:
            row = await self._outbox.begin(key, self._clock.now())
        except Exception:
            log.exception("a message could not be taken", key=key)
            self._hold_back(chat_id)
            return
        if row is None:
            return
        try:
            rendered = await self._render(row)
        except Exception as error:
            # As it would be at every other try, and the chat has more to hear.
            log.exception("a message could not be put into words", key=key, kind=row.kind)
            told = f"not rendered: {error!r}"
            await self._mark(lambda: self._outbox.failed(key, row.version, told))
            return
        await self._send(row, rendered)

    async def _send(self, row: MessageRow, rendered: Rendered, *, plain: bool = False) -> None:
        try:
            message_id = await post(self._bot, row, rendered, plain=plain)
        except TelegramError as error:
            await self._met(error, row, rendered, plain=plain)
        except Exception as error:
            # Refused before it became a request: too many buttons' worth of nonsense, say.
            log.exception("a message could not be made into a request", key=row.key)
            told = f"not a request: {error!r}"
            await self._mark(lambda: self._outbox.failed(row.key, row.version, told))
        else:
            await self._sent(row, message_id)

    async def _sent(self, row: MessageRow, message_id: int) -> None:
        self._stumbles.pop(row.chat_id, None)
        now = self._clock.now()
        await self._mark(lambda: self._outbox.sent(row.key, message_id, row.version, now))

    async def _met(
        self, error: TelegramError, row: MessageRow, rendered: Rendered, *, plain: bool
    ) -> None:
        key, told = row.key, str(error)
        match refusals.meaning(error):
            case refusals.AsItShould() if row.message_id is not None:
                await self._sent(row, row.message_id)
            # What has no topic any more, and stood, is the topic itself.
            case refusals.Gone() | refusals.NoTopic() if row.message_id is not None:
                await self._mark(lambda: self._outbox.gone(key, told))
            case refusals.NoTopic() if row.thread_id is not None:
                await self._mark(lambda: self._outbox.topic_gone(key, told))
            case refusals.BadMarkup() if not plain:
                log.error("Telegram cannot read a text's markup", key=key, error=told)
                self._pace.spend(row.chat_id, self._clock.now())
                await self._send(row, rendered, plain=True)
            case refusals.Wait(pause):
                log.warning("too much for a chat", chat_id=row.chat_id, pause=str(pause))
                self._pace.pause(row.chat_id, self._clock.now() + pause)
                await self._mark(lambda: self._outbox.again(key, told))
            case refusals.Migrated(new_chat_id):
                await self._follow(row, new_chat_id)
            case refusals.NotSent():
                self._hold_back(row.chat_id)
                self._on_trouble()
                await self._mark(lambda: self._outbox.again(key, told))
            case refusals.Doubtful():
                await self._doubt(row, rendered)
            case refusals.Later():
                log.warning("Telegram takes no message now", chat_id=row.chat_id, error=told)
                self._hold_back(row.chat_id)
                await self._mark(lambda: self._outbox.again(key, told))
            case refusals.Unreachable():
                await self._mark(lambda: self._outbox.failed(key, row.version, told))
                await self._tell(lambda: self._on_unreachable(row.chat_id, key))
            case _:
                log.error("Telegram refuses a message", key=key, error=told)
                await self._mark(lambda: self._outbox.failed(key, row.version, told))
                await self._tell(lambda: self._on_refused(row.chat_id, key, told))

    async def _follow(self, row: MessageRow, new_chat_id: int) -> None:
        await self._mark(lambda: self._outbox.migrate(row.chat_id, new_chat_id))
        await self._tell(lambda: self._on_migrated(row.chat_id, new_chat_id))
        await self._mark(lambda: self._outbox.again(row.key, "the group became a supergroup"))

    async def _doubt(self, row: MessageRow, rendered: Rendered) -> None:
        self._hold_back(row.chat_id)
        # Before the mark: otherwise the repetition could go into the same silence.
        self._on_trouble()

        async def mark() -> None:
            repeated = await self._outbox.doubted(row.key)
            log.warning("nobody knows whether a message arrived", key=row.key, repeated=repeated)

        await self._mark(mark)
        if rendered.topic is not None and row.message_id is None:
            await self.give_up(row.chat_id, row.key)

    async def give_up(self, chat_id: int, key: str) -> None:
        """Tell that nobody knows whether a topic was opened: it is not opened again."""
        await self._tell(lambda: self._on_refused(chat_id, key, "no answer"))

    def _hold_back(self, chat_id: int) -> None:
        self._stumbles[chat_id] += 1
        self._pace.pause(chat_id, self._clock.now() + pause_after(self._stumbles[chat_id]))

    async def _mark(self, call: Callable[[], Awaitable[None]]) -> None:
        """Write an outcome down; a locked database is waited for, the outcome is not lost."""
        failures = 0
        while True:
            try:
                await call()
            except Exception:
                failures += 1
                log.exception("what became of a message could not be written down")
                await self._clock.sleep_until(self._clock.now() + pause_after(failures))
            else:
                return

    async def _tell(self, call: Callable[[], Awaitable[None]]) -> None:
        try:
            await call()
        except Exception:
            log.exception("what a message met could not be passed on")
