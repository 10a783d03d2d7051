"""The parts that run as long as the process, from the first to the last breath."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.clock import Clock
from bot.delivery.backoff import pause_after
from bot.delivery.caller import Caller
from bot.delivery.cashier import Cashier
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.lanes import Lanes
from bot.delivery.sender import Sender
from bot.delivery.sweep import Sweep
from bot.delivery.ticker import Ticker
from bot.delivery.watchdog import PartEnded, guard
from bot.delivery.watcher import Watcher
from bot.reception import Reception
from bot.starting import StartRefused

log = structlog.get_logger(__name__)

# Together with what a webhook's calls may take, less than the ten seconds of a supervisor.
HANDLING_GRACE_SECONDS = 2.0
CALLING_GRACE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs, in the order in which it is stopped: each needs those after it."""

    reception: Reception
    sweep: Sweep
    ticker: Ticker
    lanes: Lanes
    caller: Caller
    watcher: Watcher
    # Where nothing is paid by card there is none.
    cashier: Cashier | None
    sender: Sender
    bot: Bot
    # Returns when the database was closed, raises when it can no longer be written to.
    database: Callable[[], Awaitable[None]]

    @property
    def busy(self) -> bool:
        """Whether something is being done that is due now."""
        parts = (self.ticker, self.caller, self.watcher, self.cashier, self.sender)
        return not self.lanes.idle or any(part.busy for part in parts if part is not None)

    def nudge(self) -> None:
        """Let all that look at their tables look now."""
        self.sender.nudge()
        self.caller.nudge()
        self.watcher.nudge()
        if self.cashier is not None:
            self.cashier.nudge()
        self.ticker.nudge()


async def run(
    parts: Parts,
    stop: asyncio.Event,
    *,
    clock: Clock,
    hearts: Heartbeats,
    menus: Callable[[], Awaitable[None]],
) -> None:
    """
    Run everything until `stop` is set, then finish what was begun.

    :raises StartRefused: Telegram does not accept the token, or nobody could reach the webhook.
    :raises PartEnded, PartHangs: a part died; the supervisor starts the process anew.
    """
    if await _reached_telegram(parts.bot, stop, clock):
        await _run(parts, stop, hearts, menus)


async def _run(
    parts: Parts, stop: asyncio.Event, hearts: Heartbeats, menus: Callable[[], Awaitable[None]]
) -> None:
    tasks = {
        name: asyncio.create_task(_forever(part), name=name)
        for name, part in (
            ("database", parts.database),
            ("lanes", parts.lanes.run),
            ("sender", parts.sender.run),
            ("caller", parts.caller.run),
            ("watcher", parts.watcher.run),
            *(() if parts.cashier is None else (("cashier", parts.cashier.run),)),
            ("ticker", parts.ticker.run),
            ("reception", parts.reception.run),
        )
    }
    showing = asyncio.create_task(_forever(menus))
    watching = asyncio.create_task(guard(tasks, hearts))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            await watching
    except PartEnded as ended:
        if isinstance(ended.__cause__, StartRefused):
            raise ended.__cause__ from None
        raise
    finally:
        for task in (watching, stopping, showing):
            task.cancel()
        await _finish(parts, tasks)


async def _forever(part: Callable[[], Awaitable[None]]) -> None:
    await part()


async def _reached_telegram(bot: Bot, stop: asyncio.Event, clock: Clock) -> bool:
    """Return False if told to stop before Telegram has answered."""
    asking = asyncio.create_task(_ask_who_the_bot_is(bot, clock))
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({asking, told}, return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            await asking
        return not stop.is_set()
    finally:
        asking.cancel()
        told.cancel()
        await asyncio.wait({asking, told})


async def _ask_who_the_bot_is(bot: Bot, clock: Clock) -> None:
    """Ask until Telegram answers: it may be down when the bot starts."""
    failures = 0
    while True:
        try:
            await bot.initialize()
        except InvalidToken:
            # Its text quotes the token.
            raise StartRefused(
                "TELEGRAM_BOT_TOKEN is not accepted by the Bot API at TELEGRAM_API_URL."
            ) from None
        except TelegramError as error:
            failures += 1
            log.warning("Telegram cannot be reached", error=repr(error))
            await clock.sleep_until(clock.now() + pause_after(failures))
        else:
            return


async def _finish(parts: Parts, tasks: dict[str, asyncio.Task[None]]) -> None:
    """Take nothing more in, finish what is being handled, say what can be said."""
    await parts.reception.stop()
    await _over(tasks["reception"])
    parts.sweep.stop()
    parts.ticker.stop()
    await _over(tasks["ticker"])
    await parts.lanes.stop(HANDLING_GRACE_SECONDS)
    await _over(tasks["lanes"])
    await asyncio.gather(
        parts.caller.stop(CALLING_GRACE_SECONDS),
        parts.sender.stop(CALLING_GRACE_SECONDS),
        parts.watcher.stop(),
        *(() if parts.cashier is None else (parts.cashier.stop(CALLING_GRACE_SECONDS),)),
    )
    for name in ("caller", "watcher", "cashier", "sender"):
        if name in tasks:
            await _over(tasks[name])
    tasks["database"].cancel()
    await _over(tasks["database"])


async def _over(task: asyncio.Task[None]) -> None:
    """Return when a part is over; how it ended was told by whoever watched it."""
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
