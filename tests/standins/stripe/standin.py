"""The stand-in as a server: `Stripe`."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.cutting import HangUp
from tests.standins.base import Now
from tests.standins.stripe import checkout, money, pages
from tests.standins.stripe.api import Api
from tests.standins.stripe.books import API_VERSION, Books
from tests.standins.stripe.forms import Json, Wrong, read
from tests.standins.stripe.hooks import Hooks, public
from tests.standins.stripe.keys import Keys
from tests.standins.stripe.living import live

KEY = "sk_test_standin0000000000000000"
SECRET = "whsec_standin0000000000000000000000"
FAULTS = ("cut_before", "cut_after", "500", "slow", "refused")
OPERATIONS = ("customer", "session", "expire", "portal", "change", "end", "read")
SLOW_SECONDS = 0.3
PUMP_SECONDS = 0.2


class Stripe:
    """One account at Stripe, whose time is what `now` says."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.books = Books()
        self.hooks = Hooks(self.books, SECRET)
        self.api = Api(self.books)
        self.keys = Keys()
        # What was asked, in order: operation and idempotency key.
        self.asked: list[tuple[str, str | None]] = []
        self._faults: dict[str, deque[str]] = {}
        self._bringing = asyncio.Lock()
        both = ["GET", "POST"]
        self.app = Starlette(
            routes=[
                Route("/pay/{id}", self._pay_page, methods=both),
                Route("/portal/{id}", self._portal_page, methods=both),
                Route("/faults", self._order_fault, methods=["POST"]),
                Route("/state", self._state),
                Route("/standin/{what}", self._stand_in, methods=["POST"]),
                Route("/{path:path}", self._ask, methods=[*both, "DELETE"]),
            ]
        )

    def fault(self, operation: str, kind: str, times: int = 1) -> None:
        """
        Let the next calls of an operation fail so.

        :raises ValueError: if there is no such operation or kind.
        """
        if operation not in OPERATIONS or kind not in FAULTS or times < 1:
            raise ValueError(f"no such fault: {operation} {kind} × {times}")
        self._faults.setdefault(operation, deque()).extend([kind] * times)

    async def catch_up(self) -> None:
        """Let everything happen whose instant has come."""
        live(self.books, int((await self._now()).timestamp()))

    def environment(self, url: str, web_port: int) -> Mapping[str, str]:
        """Return the settings of a bot beside it, which hears at that port."""
        self.api.base = url
        address = f"http://127.0.0.1:{web_port}"
        self.hooks.url = f"{address}/stripe"
        return {
            "STRIPE_API_URL": url,
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "WEB_PORT": str(web_port),
            "PUBLIC_URL": address,
        }

    async def settle(self) -> None:
        """Let happen what is due, and bring the events of it."""
        await self.catch_up()
        async with self._bringing, aiohttp.ClientSession() as http:
            await self.hooks.bring_all(http)

    async def live(self) -> None:
        """Settle again and again, for a bot that runs beside it."""
        while True:
            await asyncio.sleep(PUMP_SECONDS)
            # Whose time it is nobody knows before the bot has said a word.
            if self.asked:
                await self.settle()

    async def pay(self, session_id: str, *, how: str = "pay") -> None:
        """
        Do as somebody who presses a button of Checkout's page.

        :raises Declined: if the card is.
        :raises Wrong: if the session is not open.
        """
        await self.catch_up()
        session = self.books.get("checkout.session", session_id)
        if how == "declined":
            raise money.Declined
        checkout.pay(self.books, session)
        if how == "last":
            self.books.declined.add(session["customer"])

    async def _ask(self, request: Request) -> Response:
        await self.catch_up()
        key = request.headers.get("idempotency-key")
        try:
            return await self._answer(request, key)
        except Wrong as wrong:
            return _said(wrong.status, wrong.body)

    async def _answer(self, request: Request, key: str | None) -> Response:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            raise Wrong(401, "Invalid API Key provided: sk_test_********")
        version = request.headers.get("stripe-version")
        if version != API_VERSION:
            raise Wrong(400, f"Invalid Stripe API version: {version}")
        path = request.url.path
        operation, answer = self.api.find(request.method, path)
        self.asked.append((operation, key))
        fault = self._take(operation)
        if fault == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if fault == "cut_before":
            return HangUp()
        if fault == "500":
            return _said(500, {"error": {"message": "Something is wrong.", "type": "api_error"}})
        if fault == "refused":
            raise Wrong(400, "It was ordered to be refused.", code="ordered")
        text = (
            (await request.body()).decode() if request.method == "POST" else request.url.query or ""
        )
        said = self._once(f"{request.method} {path}", read(text), key, answer)
        return HangUp() if fault == "cut_after" else said

    def _once(
        self, what: str, given: Json, key: str | None, answer: Callable[[Json], Json]
    ) -> Response:
        asked = (what, given)
        if key is not None:
            kept = self.keys.answer(key, asked, self.books.at)
            if kept is not None:
                again = _said(kept.status, kept.answer)
                again.headers["Idempotent-Replayed"] = "true"
                return again
        try:
            status, body = 200, public(answer(given))
        except Wrong as wrong:
            if not wrong.stored:
                raise
            status, body = wrong.status, wrong.body
        if key is not None:
            self.keys.keep(key, asked, status, body, self.books.at)
        return _said(status, body)

    def _take(self, operation: str) -> str | None:
        ordered = self._faults.get(operation)
        return ordered.popleft() if ordered else None

    async def _pay_page(self, request: Request) -> Response:
        await self.catch_up()
        session: Json = {}
        try:
            session = self.books.get("checkout.session", request.path_params["id"])
            if request.method == "GET":
                return HTMLResponse(pages.session(session))
            await self.pay(session["id"], how=str((await request.form()).get("do", "pay")))
        except money.Declined:
            said = "Your card was declined."
            return HTMLResponse(pages.session(session, said), status_code=402)
        except Wrong as wrong:
            return HTMLResponse(str(wrong), status_code=wrong.status)
        url = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        return RedirectResponse(url, status_code=303)

    async def _portal_page(self, request: Request) -> Response:
        portal = self.books.get("billing_portal.session", request.path_params["id"])
        if request.method == "POST":
            good = (await request.form()).get("do") == "good"
            (self.books.declined.discard if good else self.books.declined.add)(portal["customer"])
        return HTMLResponse(pages.portal(self.books, portal))

    async def _state(self, request: Request) -> Response:
        return _said(200, public(self.books.dump()))

    async def _order_fault(self, request: Request) -> Response:
        given = await request.json()
        try:
            self.fault(given["operation"], given["kind"], given.get("times", 1))
        except ValueError as error:
            return _said(400, {"error": str(error)})
        return _said(200, {})

    async def _stand_in(self, request: Request) -> Response:
        """Do what somebody at Stripe, or its dashboard, does: refund, dispute, webhook, settle."""
        given = await request.json()
        await self.catch_up()
        done: Any = {}
        match request.path_params["what"]:
            case "webhook":
                self.hooks.url = given["url"]
            case "refund":
                done = money.refund(self.books, given["payment_intent"], given.get("amount"))
            case "dispute":
                done = money.dispute(self.books, given["payment_intent"])
            case "settle":
                await self.settle()
            case unknown:
                return _said(404, {"error": f"no such thing: {unknown}"})
        return _said(200, public(done))


def _said(status: int, body: Any) -> JSONResponse:
    return JSONResponse(body, status_code=status, headers={"Request-Id": "req_standin"})
