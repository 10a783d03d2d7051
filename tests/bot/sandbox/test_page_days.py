from playwright.async_api import expect

from tests.bot.sandbox.visitor import Visitor


async def test_a_day_over_what_was_said_is_seen_only_while_one_scrolls(visitor: Visitor) -> None:
    ana = await visitor.open_as("Ana")
    day = visitor.page.locator(".day span")
    await visitor.say("/start")
    await expect(day).to_have_css("opacity", "1")
    await visitor.bot("sendMessage", chat_id=ana, text="\n".join(map(str, range(200))))
    await expect(day).to_have_css("opacity", "0")
    await visitor.page.locator("#scroller").hover()
    await visitor.page.mouse.wheel(0, -500)
    await expect(day).to_have_css("opacity", "1")
    await expect(day).to_have_css("opacity", "0")
    await visitor.page.mouse.wheel(0, -9000)
    await expect(day).to_have_css("opacity", "1")
    await expect(visitor.page.locator(".scrolling")).to_have_count(0)
    await expect(day).to_have_css("opacity", "1")
