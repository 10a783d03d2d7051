"""The box: Telegram, its people and its clock, on one port."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.sandbox.bot_api import BotApi
from bot.sandbox.boxed_app import BoxedApp
from bot.sandbox.clock import MovableClock, machine_time, real_pause
from bot.sandbox.cutting import CuttableProtocol
from bot.sandbox.events import Events
from bot.sandbox.exchange import BOT_ID, TOKEN, Exchange, build_exchange
from bot.sandbox.keeper import Keeper, path_beside
from bot.sandbox.methods.receiving import Polls
from bot.sandbox.people import People
from bot.sandbox.settling import Settling
from bot.web.server import LoopServer, listen

PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """Who is there at the first start, by id; `support` is the staff's supergroup."""

    ana: int
    bruno: int
    sofia: int
    sam: int
    support: int


class Box:
    """
    Everything that the bot takes for Telegram, and what moves its clock.

    It keeps its state beside the bot's database. Composed when it is made, so that the clock
    can be handed to the bot; reachable from `start` to `stop`.
    """

    token = TOKEN
    bot_id = BOT_ID

    def __init__(
        self, database_url: str, *, fresh: bool = False, at: datetime | None = None
    ) -> None:
        """
        :raises ValueError: if `at` is given for a box that goes on where it was.
        :raises sqlite3.OperationalError: if another box has the same state open.
        """
        self._keeper = Keeper(path_beside(database_url), fresh=fresh)
        kept = self._keeper.setting("clock", None)
        self.is_new = kept is None
        if at is not None and not self.is_new:
            self._keeper.close()
            raise ValueError("only a fresh box can be started at another time")
        start = datetime.fromisoformat(kept) if kept else (at or machine_time())
        self._clock = MovableClock(start.astimezone(UTC), self._keep_clock)
        self._exchange: Exchange = build_exchange(self._clock, self._keeper)
        self.inhabitants = self._settle_in() if self.is_new else self._known()
        self._polls = Polls()
        self._settling = Settling(self._exchange, self._polls.is_listening)
        self._events = Events(self._exchange)
        self._server: LoopServer | None = None
        self._serving: asyncio.Task[None] | None = None
        self._stopped = False
        self.port = 0

    @property
    def clock(self) -> MovableClock:
        return self._clock

    @property
    def url(self) -> str:
        """Return where the page is, and under which the Bot API answers."""
        return f"http://127.0.0.1:{self.port}"

    def expect_app(self) -> None:
        """Settle nothing until a bot is attached, which is about to start."""
        self._settling.app_is_coming = True

    def attach(self, app: BoxedApp) -> None:
        """Let the clock and `settle` heed this bot from now on."""
        self._settling.app = app

    async def start(self, port: int) -> int:
        """
        Serve all three faces on the port (0: a free one), and return it.

        :raises OSError: if the port is taken.
        """
        socket = listen(port)
        self.port = socket.getsockname()[1]
        self._server = LoopServer.of(self._application(), http=CuttableProtocol)
        self._serving = asyncio.create_task(self._server.serve([socket]), name="sandbox server")
        while not self._server.started:
            if self._serving.done():
                await self._serving
            await real_pause(0.001)
        self._exchange.push.begin()
        return self.port

    async def stop(self) -> None:
        """
        End polls, streams and pushes, then the server; the state can be opened again.

        A second stop does nothing.
        """
        if self._stopped:
            return
        self._stopped = True
        self._polls.close()
        self._events.close()
        self._exchange.happenings.mark()
        await self._exchange.push.stop()
        if self._server is not None and self._serving is not None:
            self._server.end()
            await self._serving
        self._clock.stop()
        self._keeper.close()

    def _application(self) -> Starlette:
        people = People(self._exchange, self._settling)
        return Starlette(
            routes=[
                *BotApi(self._exchange, self._polls).routes(),
                *people.routes(),
                Route("/sandbox/events", self._events.stream),
                Route("/", _page),
                Mount("/page", FreshFiles(directory=PAGE, check_dir=False)),
            ]
        )

    def _keep_clock(self, mark: datetime) -> None:
        self._keeper.keep_setting("clock", mark.isoformat())

    def _settle_in(self) -> Inhabitants:
        world = self._exchange.world
        with self._keeper.change():
            self._keep_clock(self._clock.now())
            ana, bruno, sofia, sam = (
                world.add_person(name, language).id
                for name, language in (
                    ("Ana", "pt-br"), ("Bruno", "pt-br"), ("Sofia", "en"), ("Sam", "en"),
                )
            )  # fmt: skip
            support = world.add_group("supergroup", "Support", [sofia, sam], is_forum=False)
            found = Inhabitants(ana, bruno, sofia, sam, support.id)
            self._keeper.keep_setting(
                "inhabitants", [found.ana, found.bruno, found.sofia, found.sam, found.support]
            )
        return found

    def _known(self) -> Inhabitants:
        return Inhabitants(*self._keeper.setting("inhabitants", None))


class FreshFiles(StaticFiles):
    """The page's own files; a browser asks each time whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _page(_: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
