"""The composition root: the only module that knows the storage, and wires everything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.routing import BaseRoute
from telegram import Bot

from billing import catalogue
from billing.catalogue import ProgrammeRefused
from billing.services import clockwork, reaching
from billing.services.desk import office
from billing.services.desk.health import Machine
from billing.services.ports import StripeSetup, Work
from bot import belonging, machine, platforms, running
from bot.boxed import Boxed
from bot.chat.cards.invoices import WaysToPay
from bot.chat.chat import Chat
from bot.chat.replies import Replies
from bot.clock import Clock
from bot.delivery.caller import Caller
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.lanes import Lanes
from bot.delivery.poller import Poller
from bot.delivery.receiver import Receiver
from bot.delivery.sender import Sender
from bot.delivery.sweep import Sweep
from bot.delivery.ticker import Ticker
from bot.delivery.transport import AiohttpRequest
from bot.delivery.watcher import Watcher
from bot.documents import Documents
from bot.documents.invoice_page import brcode
from bot.documents.kinds import KINDS
from bot.gateways.embedded import EmbeddedPlatform, Faults
from bot.ids import RandomIds
from bot.opening import opened
from bot.platforms import WiredPlatforms
from bot.reception import Announcing, Listening, Polling, Reception, Source
from bot.running import Parts
from bot.settings import Settings
from bot.starting import StartRefused
from bot.vault import Vault
from bot.web.platforms import CALLS_BACK, LinkHooks
from bot.web.telegram import TelegramWebhook
from storage.delivery.delivery_store import StoredInbox, StoredOutbox
from storage.engine.database import Database
from storage.instances.embedded_shelf import EmbeddedShelf
from storage.unit_of_work import DeskStore

if TYPE_CHECKING:
    from bot.till import Till


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bot talks: its token, the Bot API's address, and the time there."""

    token: str
    api_url: str
    clock: Clock
    secret_key: str
    boxed: bool = False


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
        self._ids = RandomIds()
        self._vault = Vault(place.secret_key)
        self._hearts = Heartbeats()
        programmes = catalogue.load()
        platforms.check_programmes(settings, [one.id for one in programmes.all()])
        self.store = DeskStore(
            database,
            clock=place.clock,
            programmes=programmes,
            platform_for=settings.platform_for,
            ids=self._ids,
            vault=self._vault,
            on_commit=self.nudge,
            stripe=StripeSetup(settings.stripe_live) if settings.stripe_secret_key else None,
        )
        self._lines = AiohttpRequest(), AiohttpRequest(connections=2)
        self._bot = Bot(
            place.token,
            base_url=f"{place.api_url}/bot",
            base_file_url=f"{place.api_url}/file/bot",
            request=self._lines[0],
            get_updates_request=self._lines[1],
        )
        self._documents = Documents(self.store, KINDS, settings.operator)
        self._chat = Chat(self.store, self._bot, self._ways_to_pay(), machine=self._machine)
        self._platform = self._embedded()
        self._link_hooks = LinkHooks(place.secret_key, self._hint)
        self._wired_platforms = WiredPlatforms(settings, place.clock, self._platform, self._hook)
        self._platforms = self._wired_platforms.all
        self._till = self._stripe()
        self._parts = self._wired()
        self.boxed = Boxed(self._parts, self.store, database, self._platform, place.clock)

    @classmethod
    async def open(cls, settings: Settings, place: Place) -> App:
        """
        Open the database, migrated, and put everything together.

        :raises StartRefused: a programme or the database cannot be used, or it is another's.
        """
        database = await opened(settings.database_url)
        try:
            app = cls(settings, place, database)
            await app.store.write(lambda work: belonging.claim(work, app._vault, boxed=place.boxed))
        except BaseException as error:
            await database.close()
            if isinstance(error, ProgrammeRefused):
                raise StartRefused(str(error)) from None
            raise
        return app

    def _ways_to_pay(self) -> WaysToPay:
        issuer = self._settings.operator
        return WaysToPay(
            name=issuer.name,
            bank=issuer.bank,
            pix=issuer.pix,
            brcode=lambda invoice: brcode(invoice, issuer),
            link=lambda invoice: issuer.link_of(invoice.number),
        )

    def _embedded(self) -> EmbeddedPlatform:
        embedded = self._settings.embedded
        return EmbeddedPlatform(
            EmbeddedShelf(self._database, self._clock, self._ids),
            self._clock,
            faults=Faults(),
            chance=self._ids.chance,
            delay=timedelta(seconds=embedded.delay_seconds),
            failure_rate=embedded.failure_rate,
        )

    def _wired(self) -> Parts:
        inbox = StoredInbox(self._database)
        lanes = Lanes(self._chat.handle, inbox, self._clock, self._on_unreadable)
        sweep = Sweep(self.store, self._clock)
        return Parts(
            reception=self._reception(inbox, lanes),
            sweep=sweep,
            ticker=Ticker(sweep.tick, self._hearts),
            lanes=lanes,
            caller=Caller(self.store, self._platforms, self._clock, self._hearts),
            watcher=Watcher(
                self.store,
                self._platforms,
                self._clock,
                self._hearts,
                chosen=self._platforms.chosen,
            ),
            cashier=None if self._till is None else self._till.cashier,
            sender=Sender(
                self._bot,
                StoredOutbox(self._database),
                Replies(self.store, secret=self._secret, documents=self._documents).render,
                self._clock,
                self._hearts,
                on_unreachable=self._on_unreachable,
                on_refused=self._on_refused,
                on_migrated=self._on_migrated,
            ),
            bot=self._bot,
            database=self._database.watch,
        )

    def _machine(self) -> Machine:
        seen = machine.look(self._settings, self._hearts.silent_seconds)
        return replace(seen, platforms=self._platforms.troubles())

    def nudge(self) -> None:
        """Look now: something was committed."""
        self._parts.nudge()

    async def bind_code(self) -> str | None:
        """Return a new code that binds the first staff group, or None if one is bound."""
        return await self.store.write(office.new_bind_code)

    async def run(self, stop: asyncio.Event) -> None:
        """
        Serve until `stop` is set, then finish what was begun and close everything.

        :raises StartRefused: what only Telegram or the machine could tell to be wrong.
        :raises PartEnded, PartHangs: a part died; the supervisor starts the process anew.
        """
        await self.store.write(clockwork.plan_nights)
        try:
            await running.run(
                self._parts,
                stop,
                clock=self._clock,
                hearts=self._hearts,
                menus=self._chat.begin,
            )
        finally:
            # Not by the Bot: one that was cut short while it began would leave them open.
            await asyncio.gather(*(line.shutdown() for line in self._lines))
            await self._wired_platforms.close()
            if self._till is not None:
                await self._till.close()
            await self._database.close()

    def _stripe(self) -> Till | None:
        if self._settings.stripe_secret_key is None:
            return None
        from bot.till import Till

        return Till(self._settings, self.store, self._clock, self._hearts)

    def _hook(self, platform: str) -> str | None:
        """Return where a platform calls that takes an address, and takes none without TLS."""
        url = self._settings.public_url
        takes = platform in CALLS_BACK and url is not None and url.startswith("https://")
        return self._link_hooks.address(url, platform) if takes and url else None

    def _hint(self, instance_id: str) -> None:
        self._parts.watcher.hint(instance_id)

    def _reception(self, inbox: StoredInbox, lanes: Lanes) -> Reception:
        settings = self._settings
        routes: list[BaseRoute] = [] if self._till is None else [*self._till.routes]
        source: Source = Polling(Poller(self._bot, inbox, lanes.wake, self._clock, self._hearts))
        if settings.webhook_url is not None:
            given = settings.webhook_secret
            # In the sandbox it may be left to chance: both ends are told by us.
            secret = given.get_secret_value() if given else self._ids.opaque()
            webhook = TelegramWebhook(secret, Receiver(inbox, lanes.wake, self._clock).keep)
            routes.append(webhook.route(urlsplit(settings.webhook_url).path or "/"))
            source = Announcing(self._bot, self._clock, url=settings.webhook_url, secret=secret)
        if any(map(self._hook, self._platforms.chosen)):
            routes.append(self._link_hooks.route())
        if not routes:
            return Reception(source, None)
        listening = Listening(routes, host=settings.web_host, port=settings.web_port)
        return Reception(source, listening)

    async def _secret(self, key: str) -> str | None:
        async def look(work: Work) -> str | None:
            return await work.tokens.secret(key)

        ciphertext = await self.store.read(look)
        return None if ciphertext is None else self._vault.open(ciphertext)

    async def _on_unreadable(self, update_id: int, error: str) -> None:
        await self.store.write(lambda work: office.update_unreadable(work, update_id, error))

    async def _on_unreachable(self, chat_id: int, key: str) -> None:
        await self.store.write(
            lambda work: reaching.unreachable(work, chat_id, key, "blocked or gone")
        )

    async def _on_refused(self, chat_id: int, key: str, why: str) -> None:
        await self.store.write(lambda work: reaching.refused(work, chat_id, key, why))

    async def _on_migrated(self, old: int, new: int) -> None:
        await self.store.write(lambda work: work.people.rename_chat(old, new))
