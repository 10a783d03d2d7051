#!/usr/bin/env python3
"""
Take the pictures of the README and the guides anew: `make setup chromium`, then
`.venv/bin/python docs/images/take.py`; names beside it (`chart topic`) write those alone.

A sandbox of its own is started in a temporary folder and led through a few partners' first months;
a Chromium looks at its page as each of them. With pngquant the files are a quarter of the size.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, ViewportSize, async_playwright

IMAGES = Path(__file__).parent
DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
OPERATOR = {
    "OPERATOR_NAME": "Mensagens Já",
    "OPERATOR_LEGAL_NAME": "Mensagens Já Tecnologia Ltda.",
    "OPERATOR_BANK": "Banco 001 · Ag. 1234-5 · Conta 67890-1",
    "OPERATOR_PIX": "faturas@mensagensja.example",
    "OPERATOR_CITY": "São Paulo",
    "OPERATOR_PAYMENT_LINK": "https://pay.mensagensja.example/{number}",
}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The people's side of a running sandbox."""

    address: str
    http: aiohttp.ClientSession

    async def get(self, path: str, **asked: str | int) -> Any:
        async with self.http.get(f"{self.address}/sandbox/{path}", params=asked) as answer:
            return await answer.json()

    async def post(self, path: str, **body: object) -> Any:
        address = f"{self.address}/sandbox/{path}"
        async with self.http.post(address, params={"settle": 1}, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def until(self, instant: str) -> None:
        await self.post("clock", set=f"2026-{instant}:00-03:00")

    async def newcomer(self, name: str) -> Talker:
        person = await self.post("people", name=name, language_code="en")
        return Talker(self, person["id"], person["id"])


@dataclass(frozen=True, slots=True)
class Talker:
    """Somebody in one of their chats."""

    sandbox: Sandbox
    person: int
    chat: int

    async def says(self, text: str, **more: object) -> None:
        body = {"chat_id": self.chat, "from_id": self.person, "text": text, **more}
        await self.sandbox.post("messages", **body)

    async def said(self) -> list[dict[str, Any]]:
        """Return all messages of the chat, oldest first."""
        return list(await self.sandbox.get("messages", chat_id=self.chat, limit=1000))

    async def presses(self, label: str) -> None:
        """Press the newest button with that label."""
        newest = next(
            message["message_id"]
            for message in reversed(await self.said())
            if any(button["text"] == label for row in message["buttons"] for button in row)
        )
        await self.sandbox.post(
            "presses", chat_id=self.chat, from_id=self.person, message_id=newest, button=label
        )


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks: an English partner, a Brazilian one, one in days, and staff in their group."""

    sandbox: Sandbox
    carla: Talker
    bruno: Talker
    dana: Talker
    sofia: Talker

    @classmethod
    async def of(cls, sandbox: Sandbox) -> Cast:
        carla, dana = await sandbox.newcomer("Carla"), await sandbox.newcomer("Dana")
        people = {person["name"]: person["id"] for person in await sandbox.get("people")}
        chats = {chat["title"]: chat["id"] for chat in await sandbox.get("chats")}
        bruno = Talker(sandbox, people["Bruno"], people["Bruno"])
        sofia = Talker(sandbox, people["Sofia"], chats["Support"])
        return cls(sandbox, carla, bruno, dana, sofia)

    async def enrol(self, partner: Talker, apply: str, programme: str) -> None:
        await partner.says(apply)
        await self.sofia.presses("Approve")
        await self.sofia.presses(programme)


@dataclass(frozen=True, slots=True)
class Camera:
    """A browser that looks at conversations; it takes only the pictures asked for, if any were."""

    browser: Browser
    asked: frozenset[str]

    async def take(
        self, talker: Talker, name: str, size: ViewportSize, topic: str | None = None
    ) -> None:
        """Take the end of a conversation, light and dark, when a day no longer floats over it."""
        if self.asked and name not in self.asked:
            return
        for scheme in ("light", "dark"):
            page = await self.browser.new_page(
                viewport=size, color_scheme=scheme, device_scale_factor=1.5 if size is PHONE else 1
            )
            await page.goto(f"{talker.sandbox.address}/#as={talker.person}&chat={talker.chat}")
            await page.wait_for_selector("body[data-live] .message")
            if topic is not None:
                await page.get_by_role("tab", name=topic).click()
            await page.evaluate("document.activeElement.blur()")
            await page.wait_for_timeout(1500)
            await page.screenshot(path=IMAGES / f"{name}-{scheme}.png")
            await page.close()
            await make_small(IMAGES / f"{name}-{scheme}.png")


async def tell(sandbox: Sandbox, camera: Camera) -> None:
    """Lead the partners through their first months, and take a picture where it is worth one."""
    cast = await Cast.of(sandbox)
    await begin(cast, camera)
    await bill(cast, camera)
    await run_the_desk(cast, camera)
    await fall_behind(cast, camera)
    await speak(cast, camera)
    await grow(cast, camera)


async def begin(cast: Cast, camera: Camera) -> None:
    """Trials, and what is asked before one subscribes."""
    await cast.enrol(cast.carla, "/apply Acme", "integrator")
    await cast.carla.says("/new shop-1 shop-2 shop-3")
    await cast.enrol(cast.bruno, "/candidatar Zap Norte", "integrator-classic")
    await cast.bruno.says("/criar loja-1 loja-2")
    await cast.sandbox.post("clock", advance="1d")
    await cast.carla.says("/subscribe shop-1 shop-2")
    await cast.carla.presses("Confirm")
    await cast.carla.says("/subscribe shop-3")
    await camera.take(cast.carla, "subscribe", PHONE)
    await cast.carla.presses("Confirm")
    await cast.bruno.presses("Assinar")
    await camera.take(cast.bruno, "subscribe-pt-br", PHONE)
    await cast.bruno.presses("Confirmar")


async def bill(cast: Cast, camera: Camera) -> None:
    """The first invoice, and how it is paid."""
    await cast.sandbox.until("02-01T09:05")
    await cast.carla.says("/start")
    await camera.take(cast.carla, "home", PHONE)
    await cast.bruno.says("/inicio")
    await camera.take(cast.bruno, "home-pt-br", PHONE)
    await cast.carla.says("/invoice INT-2026-00001")
    await camera.take(cast.carla, "desk", DESK)
    await cast.carla.says("/pay")
    await camera.take(cast.carla, "pay", PHONE)
    await cast.bruno.says("/pagar")
    await camera.take(cast.bruno, "pay-pt-br", PHONE)


async def run_the_desk(cast: Cast, camera: Camera) -> None:
    """What waits for the staff: an application, and days that somebody wants to buy."""
    await cast.enrol(cast.dana, "/apply Delta Chat", "days")
    await cast.sandbox.until("02-02T10:00")
    eva = await cast.sandbox.newcomer("Eva")
    await eva.says("/apply Bela Vista")
    await cast.dana.says("/buy 75 channels")
    await cast.dana.presses("Confirm")
    await cast.sofia.says("/queue")
    await camera.take(cast.sofia, "queue", DESK)


async def fall_behind(cast: Cast, camera: Camera) -> None:
    """Nothing is paid in time."""
    await cast.sandbox.until("02-08T09:05")
    await cast.sofia.says("/partner Acme")
    await camera.take(cast.sofia, "partner", PHONE)
    await cast.sandbox.until("02-11T08:05")
    await cast.sofia.says("/paid INT-2026-00001 179.70 PIX-20260211")
    await camera.take(cast.carla, "paid", PHONE)


async def speak(cast: Cast, camera: Camera) -> None:
    """A partner and the staff speak, in a group where each partner has a topic."""
    sandbox, sofia = cast.sandbox, cast.sofia.person
    group = await sandbox.post(
        "chats", title="Desk", type="supergroup", members=[sofia], is_forum=True
    )
    await sandbox.post(f"chats/{group['id']}/rights", admin=True, manage_topics=True)
    desk = replace(cast.sofia, chat=group["id"])
    await desk.says("/bind")
    await cast.carla.says("/support Next month our bank transfers on the 9th. Is that in time?")
    asked = (await desk.said())[-1]
    answer = "Yes: your instances run until the 10th is over."
    await desk.says(answer, thread_id=asked["thread_id"], reply_to=asked["message_id"])
    heard = (await cast.carla.said())[-1]
    await cast.carla.says("Good to know, thank you!", reply_to=heard["message_id"])
    await camera.take(desk, "topic", DESK, topic="Acme")


async def grow(cast: Cast, camera: Camera) -> None:
    """More shops each month, all paid, and the picture of it."""
    for month, shops in enumerate(("4", "5 6", "7", "8"), start=3):
        names = " ".join(f"shop-{number}" for number in shops.split())
        await cast.carla.says(f"/new {names}")
        await cast.carla.says(f"/subscribe {names}")
        await cast.carla.presses("Confirm")
        await cast.sandbox.until(f"{month:02d}-02T10:00")
        await settle_up(cast)
    await cast.carla.says("/chart")
    await camera.take(cast.carla, "chart", PHONE)
    await cast.carla.says("/new shop-9")
    await cast.carla.says("/cancel shop-4")
    await cast.carla.presses("Confirm")
    await cast.carla.says("/list")
    await camera.take(cast.carla, "list", PHONE)


async def settle_up(cast: Cast) -> None:
    """Book what the newest invoice of hers asks for."""
    texts = [one["text"] for one in await cast.carla.said()]
    told = [text for text in texts if "Your invoice" in text][-1]
    number, amount = re.findall(r"INT-[\d-]+|R\$[\d.,]+\d", told)[:2]
    await cast.sofia.says(f"/paid {number} {amount.removeprefix('R$')} PIX-{number[-5:]}")


async def started(folder: str) -> tuple[Process, str]:
    """Start a sandbox on a free port, and return it with its address."""
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--fresh", "--at", "2026-01-30T15:00:00-03:00"),
        cwd=IMAGES.parents[1],
        stdout=PIPE,
        env={
            **os.environ,
            **OPERATOR,
            "TELEGRAM_BOT_TOKEN": "",
            "DATABASE_URL": f"sqlite:///{folder}/desk.db",
            "SANDBOX_PORT": "0",
        },
    )
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(b"Sandbox: open "):
            return process, line.decode().split()[2].rstrip("/")
    raise SystemExit("The sandbox did not start.")


async def make_small(picture: Path) -> None:
    """Give a picture a palette, where pngquant is installed."""
    if pngquant := shutil.which("pngquant"):
        options = ("--force", "--ext", ".png", "--speed", "1", "--strip", "128")
        process = await create_subprocess_exec(pngquant, *options, picture)
        await process.wait()


async def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        process, address = await started(folder)
        try:
            async with aiohttp.ClientSession() as http, async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox"]
                )
                await tell(Sandbox(address, http), Camera(browser, frozenset(sys.argv[1:])))
        finally:
            process.terminate()
            await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
