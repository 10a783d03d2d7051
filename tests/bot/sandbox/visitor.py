import asyncio
from typing import Any

from playwright.async_api import Page, expect

from bot.sandbox.exchange import TOKEN


class Visitor:
    """Somebody at the page, and the bot at the other end, played by the test."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    async def sandbox(self, path: str) -> Any:
        return await (await self.page.request.get(f"{self.address}/sandbox/{path}")).json()

    async def bot(self, method: str, **parameters: Any) -> Any:
        answer = await self.page.request.post(
            f"{self.address}/bot{TOKEN}/{method}", data=parameters
        )
        told = await answer.json()
        assert told["ok"], told
        return told["result"]

    async def person(self, name: str) -> int:
        people = await self.sandbox("people")
        found: int = next(one["id"] for one in people if one["name"] == name)
        return found

    async def open_as(self, name: str) -> int:
        """Open the page as that person, in the private chat with the bot."""
        person = await self.person(name)
        await self.page.goto(f"{self.address}/#as={person}&chat={person}")
        await expect(self.page.locator("body")).to_have_attribute("data-live", "1")
        return person

    async def say(self, text: str) -> None:
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.keyboard.press("Enter")

    async def query_received(self) -> Any:
        """Return the tap that comes to the bot next."""
        for _ in range(50):
            for update in await self.bot("getUpdates", timeout=1):
                if "callback_query" in update:
                    return update["callback_query"]
            await asyncio.sleep(0.1)
        raise AssertionError("no callback_query came")
