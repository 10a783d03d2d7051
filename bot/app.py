"""The composition root: the only module that knows the storage, and wires everything."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from telegram import Bot
from telegram.error import TelegramError

from billing import programmes
from billing.partners import StaffRole
from billing.services import clockwork, noticing, office
from billing.services.access import by_clock
from billing.services.facts import moment
from billing.services.ports import Work
from bot.chat.cards.invoices import WaysToPay
from bot.chat.chat import Chat
from bot.chat.replies import Replies
from bot.clock import Clock
from bot.delivery.backoff import pause_after
from bot.delivery.caller import Caller
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.lanes import Lanes
from bot.delivery.poller import Poller
from bot.delivery.receiver import Receiver
from bot.delivery.sender import Sender
from bot.delivery.sweep import Sweep
from bot.delivery.ticker import Ticker
from bot.delivery.transport import AiohttpRequest
from bot.delivery.updates import ALLOWED_UPDATES
from bot.delivery.watchdog import guard
from bot.gateways.embedded import EmbeddedPlatform, Faults
from bot.settings import Settings
from bot.web.server import LoopServer, listen
from bot.web.telegram import TelegramWebhook
from storage.database import Database, UnknownDatabase
from storage.delivery_store import StoredInbox, StoredOutbox
from storage.embedded_shelf import EmbeddedShelf
from storage.ids import RandomIds
from storage.migrate import SchemaTooNew
from storage.unit_of_work import DeskStore
from storage.vault import Vault
from storage.waiting import Waiting

log = structlog.get_logger(__name__)

# What waits for its turn to be sent is the sender's to say: it knows the pace.
PACED = "messages"
# Why a database is not opened, in the words of the refusal itself.
REFUSED_DATABASES = (SchemaTooNew, UnknownDatabase)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bot talks: its token, the Bot API's address, and the time there."""

    token: str
    api_url: str
    clock: Clock
    secret_key: str


class App:
    """
    The bot, from its database to its doors.

    `open` makes it, `run` keeps it going until told to stop, and everything that was taken in
    by then is finished or kept for the next start.
    """

    def __init__(self, settings: Settings, place: Place, database: Database) -> None:
        self._settings = settings
        self._clock = place.clock
        self._database = database
        self.faults = Faults()
        self._ids = RandomIds()
        self._vault = Vault(place.secret_key)
        self._hearts = Heartbeats()
        self.store = DeskStore(
            database,
            clock=place.clock,
            programmes=programmes.load(),
            ids=self._ids,
            vault=self._vault,
            on_commit=self.nudge,
        )
        self._bot = Bot(
            place.token,
            base_url=f"{place.api_url}/bot",
            base_file_url=f"{place.api_url}/file/bot",
            request=AiohttpRequest(),
            get_updates_request=AiohttpRequest(connections=2),
        )
        self._wire_platform()
        self._wire_telegram()

    @classmethod
    async def open(cls, settings: Settings, place: Place) -> App:
        """
        Open the database, migrated, and put everything together.

        :raises storage.migrate.SchemaTooNew, billing.programmes.ProgrammeRefused:
        """
        return cls(settings, place, await Database.open(settings.database_url))

    def _wire_platform(self) -> None:
        embedded = self._settings.embedded
        self._platform = EmbeddedPlatform(
            EmbeddedShelf(self._database, self._clock, self._ids),
            self._clock,
            faults=self.faults,
            chance=self._ids.chance,
            delay=timedelta(seconds=embedded.delay_seconds),
            failure_rate=embedded.failure_rate,
        )
        self._caller = Caller(self.store, self._platform, self._clock, self._hearts)
        self._ticker = Ticker(Sweep(self.store, self._clock).tick, self._hearts)

    def _wire_telegram(self) -> None:
        inbox = StoredInbox(self._database)
        operator = self._settings.operator
        ways = WaysToPay(name=operator.name, bank=operator.bank, pix=operator.pix)
        self._chat = Chat(self.store, self._bot, ways)
        replies = Replies(self.store, secret=self._secret)
        self._lanes = Lanes(self._chat.handle, inbox, self._clock, self._on_unreadable)
        self._poller = Poller(self._bot, inbox, self._lanes.wake, self._clock, self._hearts)
        self._inbox = inbox
        self._server: LoopServer | None = None
        self._sender = Sender(
            self._bot,
            StoredOutbox(self._database),
            replies.render,
            self._clock,
            self._hearts,
            on_unreachable=self._on_unreachable,
            on_migrated=self._on_migrated,
        )

    def nudge(self) -> None:
        """Look now: something was committed, or the clock was moved."""
        self._sender.nudge()
        self._caller.nudge()
        self._ticker.nudge()

    async def idle(self) -> bool:
        """
        Tell whether all that is due was done, and said as far as the pace allows by now.

        What waits for the pace has its instant in `next_due`.
        """
        return not self._busy() and not await self._open(but=PACED) and not self._busy()

    async def said(self) -> bool:
        """Tell whether nothing that is due waits to be said, not even for the pace."""
        return not await self._open()

    async def next_due(self) -> datetime | None:
        """Return the earliest instant at which something will be due or tried."""
        now = self._clock.now()
        held = await self.store.read(clockwork.held_kinds)
        row = await self._database.read(lambda tx: Waiting(tx).next_at(now, held))
        instants = [at for at in (row, self._sender.next_due()) if at is not None]
        return min(instants, default=None)

    async def platform_instances(self) -> list[dict[str, Any]]:
        """Return what the embedded platform holds."""
        return [
            {
                "id": held.reference,
                "name": held.name,
                "state": held.state,
                "connected": held.connected,
                "paid_until": held.paid_until and moment(held.paid_until).isoformat(),
            }
            for held in await self._platform.held()
        ]

    async def platform_fault(self, operation: str, kind: str, times: int) -> None:
        """
        Let the next calls of that operation of the platform fail.

        :raises ValueError: if there is no such operation or kind.
        """
        self.faults.order(operation, kind, times)

    async def settle_in(self, group: int, admin: int, support: int) -> None:
        """Bind the sandbox's staff group and give its people their roles, the first time."""

        async def unit(work: Work) -> None:
            if await work.people.groups():
                return
            await office.bind_group(work, by_clock("sandbox"), group)
            for user_id, role in ((admin, StaffRole.ADMIN), (support, StaffRole.SUPPORT)):
                await work.people.save_staff(user_id, role, by=None, at=work.now)

        await self.store.write(unit)

    async def bind_code(self) -> str | None:
        """Return a new code that binds the first staff group, or None if one is bound."""
        return await self.store.write(office.new_bind_code)

    async def run(self, stop: asyncio.Event) -> None:
        """
        Serve until `stop` is set, then finish what was begun and close everything.

        :raises PartEnded, PartHangs: a part died; the supervisor starts the process anew.
        """
        await self._reach_telegram(stop)
        parts: dict[str, asyncio.Task[None]] = {}
        try:
            for name, part in self._parts().items():
                parts[name] = asyncio.create_task(part, name=name)
            menus = asyncio.create_task(self._chat.menus())
            watching = asyncio.create_task(guard(parts, self._hearts))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
            for task in (menus, stopping):
                task.cancel()
            if watching.done():
                await watching
            watching.cancel()
        finally:
            await self._close(parts)

    def _busy(self) -> bool:
        return not self._lanes.idle or self._ticker.busy or self._caller.busy or self._sender.busy

    async def _open(self, *, but: str = "") -> bool:
        held = await self.store.read(clockwork.held_kinds)
        now = self._clock.now()
        counts = await self._database.read(lambda tx: Waiting(tx).open_counts(now, held))
        return any(place != but for place in counts)

    def _parts(self) -> dict[str, Coroutine[Any, Any, None]]:
        receiving = self._poller.run() if self._settings.webhook_url is None else self._listen()
        return {
            "database": self._database.watch(),
            "lanes": self._lanes.run(),
            "sender": self._sender.run(),
            "caller": self._caller.run(),
            "ticker": self._ticker.run(),
            "receiving": receiving,
        }

    async def _reach_telegram(self, stop: asyncio.Event) -> None:
        """Ask who the bot is, until Telegram answers: it may be down when the bot starts."""
        failures = 0
        while not stop.is_set():
            try:
                await self._bot.initialize()
            except TelegramError as error:
                failures += 1
                log.warning("Telegram cannot be reached", error=repr(error))
                await self._clock.sleep_until(self._clock.now() + pause_after(failures))
            else:
                return

    async def _listen(self) -> None:
        """Take updates by webhook: listen first, then say where."""
        settings = self._settings
        secret = self._webhook_secret()
        webhook = TelegramWebhook(secret, Receiver(self._inbox, self._lanes.wake, self._clock).keep)
        path = urlsplit(settings.webhook_url or "").path or "/"
        self._server = LoopServer.of(Starlette(routes=[webhook.route(path)]))
        listening = listen(settings.web_port, settings.web_host)
        serving = asyncio.create_task(self._server.serve([listening]))
        await self._bot.set_webhook(
            settings.webhook_url or "",
            secret_token=secret,
            allowed_updates=list(ALLOWED_UPDATES),
            drop_pending_updates=False,
        )
        await serving

    def _webhook_secret(self) -> str:
        given = self._settings.webhook_secret
        return given.get_secret_value() if given else self._ids.opaque()

    async def _close(self, parts: dict[str, asyncio.Task[None]]) -> None:
        """Stop taking in, then finish, then say, then close: each needs those after it."""
        receiving = parts["receiving"]
        if self._server is not None:
            self._server.end()
        else:
            receiving.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await receiving
        self._ticker.stop()
        with suppress(Exception):
            await parts["ticker"]
        await self._lanes.stop()
        await self._caller.stop()
        await self._sender.stop()
        for name in ("lanes", "caller", "sender"):
            with suppress(Exception):
                await parts[name]
        parts["database"].cancel()
        with suppress(TelegramError):
            await self._bot.shutdown()
        await self._database.close()

    async def _secret(self, key: str) -> str | None:
        async def look(work: Work) -> str | None:
            return await work.tokens.secret(key)

        ciphertext = await self.store.read(look)
        return None if ciphertext is None else self._vault.open(ciphertext)

    async def _on_unreadable(self, update_id: int, error: str) -> None:
        await self.store.write(lambda work: office.update_unreadable(work, update_id, error))

    async def _on_unreachable(self, chat_id: int, key: str) -> None:
        await self.store.write(
            lambda work: noticing.unreachable(work, chat_id, key, "blocked or gone")
        )

    async def _on_migrated(self, old: int, new: int) -> None:
        await self.store.write(lambda work: work.people.rename_chat(old, new))
