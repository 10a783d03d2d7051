#!/usr/bin/env python3
"""
Take the pictures of the README anew: `make setup chromium`, `.venv/bin/python docs/images/take.py`.

A sandbox of its own is started in a temporary folder and led through two partners' first weeks; a
Chromium looks at its page as each of them. With pngquant the files are a quarter of the size.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, ViewportSize, async_playwright

IMAGES = Path(__file__).parent
DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)


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


@dataclass(frozen=True, slots=True)
class Talker:
    """Somebody in one of their chats."""

    sandbox: Sandbox
    person: int
    chat: int

    async def says(self, text: str) -> None:
        await self.sandbox.post("messages", chat_id=self.chat, from_id=self.person, text=text)

    async def presses(self, label: str) -> None:
        """Press the newest button with that label."""
        said = await self.sandbox.get("messages", chat_id=self.chat, limit=1000)
        newest = next(
            message["message_id"]
            for message in reversed(said)
            if any(button["text"] == label for row in message["buttons"] for button in row)
        )
        await self.sandbox.post(
            "presses", chat_id=self.chat, from_id=self.person, message_id=newest, button=label
        )


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks: an English partner, a Brazilian one, and staff in their group."""

    carla: Talker
    bruno: Talker
    sofia: Talker

    @classmethod
    async def of(cls, sandbox: Sandbox) -> Cast:
        await sandbox.post("people", name="Carla", language_code="en")
        people = {person["name"]: person["id"] for person in await sandbox.get("people")}
        chats = {chat["title"]: chat["id"] for chat in await sandbox.get("chats")}
        return cls(
            Talker(sandbox, people["Carla"], people["Carla"]),
            Talker(sandbox, people["Bruno"], people["Bruno"]),
            Talker(sandbox, people["Sofia"], chats["Support"]),
        )

    async def enrol(self, partner: Talker, apply: str, programme: str) -> None:
        await partner.says(apply)
        await self.sofia.presses("Approve")
        await self.sofia.presses(programme)


async def take(browser: Browser, talker: Talker, name: str, size: ViewportSize) -> None:
    """Take the end of a conversation, light and dark; a phone's screen has two dots to a point."""
    for scheme in ("light", "dark"):
        page = await browser.new_page(
            viewport=size, color_scheme=scheme, device_scale_factor=2 if size is PHONE else 1
        )
        await page.goto(f"{talker.sandbox.address}/#as={talker.person}&chat={talker.chat}")
        await page.wait_for_selector("body[data-live] .message")
        await page.evaluate("document.activeElement.blur()")
        await page.wait_for_timeout(500)
        await page.screenshot(path=IMAGES / f"{name}-{scheme}.png")
        await page.close()


async def tell(sandbox: Sandbox, browser: Browser) -> None:
    """Lead both partners through their first weeks, and take a picture where it is worth one."""
    cast = await Cast.of(sandbox)
    await cast.enrol(cast.carla, "/apply Acme", "integrator")
    await cast.carla.says("/new shop-1 shop-2 shop-3")
    await cast.enrol(cast.bruno, "/candidatar Zap Norte", "integrator-classic")
    await cast.bruno.says("/criar loja-1 loja-2")
    await sandbox.post("clock", advance="1d")
    await cast.carla.presses("Subscribe")
    await cast.carla.presses("Confirm")
    await cast.bruno.presses("Assinar")
    await take(browser, cast.bruno, "phone-pt-br", PHONE)
    await cast.bruno.presses("Confirmar")
    await sandbox.until("02-03T09:05")
    await take(browser, cast.carla, "desk", DESK)
    await sandbox.until("02-11T08:05")
    await cast.sofia.says("/paid INT-2026-00001 179.70 PIX-20260211")
    await take(browser, cast.carla, "phone", PHONE)
    await sandbox.until("02-14T09:05")
    await take(browser, cast.sofia, "staff", DESK)


async def started(folder: str) -> tuple[Process, str]:
    """Start a sandbox on a free port, and return it with its address."""
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--fresh", "--at", "2026-01-30T15:00:00-03:00"),
        cwd=IMAGES.parents[1],
        stdout=PIPE,
        env={
            **os.environ,
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


async def make_small() -> None:
    """Give each picture a palette, where pngquant is installed."""
    if pngquant := shutil.which("pngquant"):
        options = ("--force", "--ext", ".png", "--speed", "1", "--quality", "70-95")
        process = await create_subprocess_exec(pngquant, *options, *IMAGES.glob("*.png"))
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
                await tell(Sandbox(address, http), browser)
        finally:
            process.terminate()
            await process.wait()
    await make_small()


if __name__ == "__main__":
    asyncio.run(main())
