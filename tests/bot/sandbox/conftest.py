from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, ViewportSize, async_playwright
from telegram import Bot

from bot.sandbox.box import Box
from tests.bot.sandbox.neighbour import Neighbour, bot_of
from tests.bot.sandbox.visitor import Visitor

DESK = ViewportSize(width=1280, height=800)


@pytest.fixture(autouse=True)
def _spans_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # Else python-telegram-bot warns about its own future at every 429.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    box = Box("sqlite://")
    await box.start(0)
    yield box
    await box.stop()


@pytest.fixture
async def bot(box: Box) -> AsyncIterator[Bot]:
    async with bot_of(box.url) as bot:
        yield bot


@pytest.fixture
async def people(box: Box) -> AsyncIterator[Neighbour]:
    async with Neighbour(box.url) as neighbour:
        yield neighbour


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def visitor(browser: Browser, box: Box) -> AsyncIterator[Visitor]:
    page = await browser.new_page(viewport=DESK, locale="en-GB")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield Visitor(page, box.url)
    await page.close()
    assert wrong == []
