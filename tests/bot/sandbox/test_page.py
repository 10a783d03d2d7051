import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, ViewportSize, expect

from bot.sandbox.box import Box
from tests.bot.sandbox.visitor import Visitor

DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
BUTTONS = {"inline_keyboard": [[{"text": "Subscribe", "callback_data": "do:1"}]]}


class TestConversation:
    async def test_shows_what_ana_types_as_her_own_bubble(self, visitor: Visitor) -> None:
        ana = await visitor.open_as("Ana")
        await visitor.say("/start")
        await expect(visitor.page.locator(".message.mine .bubble")).to_contain_text("/start")
        await expect(visitor.page.get_by_role("textbox", name="Message")).to_have_value("")
        said = await visitor.sandbox(f"messages?chat_id={ana}&limit=10")
        assert [(one["from"]["id"], one["text"]) for one in said] == [(ana, "/start")]

    async def test_keeps_a_new_line_that_shift_enter_makes(self, visitor: Visitor) -> None:
        ana = await visitor.open_as("Ana")
        await visitor.page.get_by_role("textbox", name="Message").fill("one")
        await visitor.page.keyboard.press("Shift+Enter")
        await visitor.page.keyboard.type("two")
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.page.locator(".message.mine")).to_have_count(1)
        said = await visitor.sandbox(f"messages?chat_id={ana}&limit=10")
        assert [one["text"] for one in said] == ["one\ntwo"]

    async def test_shows_markup_that_people_type_as_they_typed_it(self, visitor: Visitor) -> None:
        await visitor.open_as("Ana")
        await visitor.say("<b>loja</b> <img src=x onerror=alert(1)>")
        text = visitor.page.locator(".message.mine .text")
        await expect(text).to_have_text("<b>loja</b> <img src=x onerror=alert(1)>")
        await expect(text.locator("b, img")).to_have_count(0)

    async def test_shows_what_the_bot_says_at_once_with_its_buttons(self, visitor: Visitor) -> None:
        ana = await visitor.open_as("Ana")
        await visitor.say("/start")
        sent = await visitor.bot(
            "sendMessage",
            chat_id=ana,
            text="Trial of <b>loja-7</b>",
            parse_mode="HTML",
            reply_markup=BUTTONS,
        )
        bubble = visitor.page.locator(f'[data-message-id="{sent["message_id"]}"]')
        await expect(bubble.locator(".text b")).to_have_text("loja-7")
        await expect(bubble.get_by_role("button", name="Subscribe")).to_be_visible()

    async def test_changes_an_edited_message_in_its_place(self, visitor: Visitor) -> None:
        ana = await visitor.open_as("Ana")
        await visitor.say("/start")
        sent = await visitor.bot("sendMessage", chat_id=ana, text="Trial", reply_markup=BUTTONS)
        bubble = visitor.page.locator(f'[data-message-id="{sent["message_id"]}"]')
        await expect(bubble).to_contain_text("Trial")
        await visitor.bot(
            "editMessageText", chat_id=ana, message_id=sent["message_id"], text="Subscribed"
        )
        await expect(bubble.locator(".text")).to_have_text("Subscribed")
        await expect(bubble.locator(".meta")).to_contain_text("edited")
        await expect(bubble.get_by_role("button", name="Subscribe")).to_have_count(0)
        await expect(visitor.page.locator(".message.other")).to_have_count(1)

    @pytest.mark.parametrize(
        ("show_alert", "where"),
        [
            (False, ".toast"),  # gone by itself
            (True, "dialog[open]"),  # stays until it is answered
        ],
    )
    async def test_brings_a_press_to_the_bot_and_its_answer_back(
        self, visitor: Visitor, *, show_alert: bool, where: str
    ) -> None:
        ana = await visitor.open_as("Ana")
        await visitor.say("/start")
        await expect(visitor.page.locator(".message.mine")).to_have_count(1)
        await visitor.bot("sendMessage", chat_id=ana, text="Trial", reply_markup=BUTTONS)
        await visitor.bot("getUpdates", allowed_updates=["message", "callback_query"])
        await visitor.page.get_by_role("button", name="Subscribe").click()
        query = await visitor.query_received()
        assert (query["from"]["id"], query["data"]) == (ana, "do:1")
        await visitor.bot(
            "answerCallbackQuery",
            callback_query_id=query["id"],
            text="One moment",
            show_alert=show_alert,
        )
        await expect(visitor.page.locator(where)).to_contain_text("One moment")

    async def test_answers_a_message_with_the_message_above(self, visitor: Visitor) -> None:
        ana = await visitor.open_as("Ana")
        await visitor.say("/start")
        sent = await visitor.bot("sendMessage", chat_id=ana, text="Which name?")
        bubble = visitor.page.locator(f'[data-message-id="{sent["message_id"]}"]')
        await bubble.hover()
        await bubble.get_by_role("button", name="Reply").click()
        await visitor.say("loja-7")
        await expect(visitor.page.locator(".mine .quote")).to_contain_text("Which name?")

    async def test_sends_a_file_with_its_words_and_offers_it_back(
        self, visitor: Visitor, tmp_path: Path
    ) -> None:
        await visitor.open_as("Ana")
        proof = tmp_path / "transfer.csv"
        proof.write_text("date;amount\n")
        await visitor.page.set_input_files("#file", proof)
        await visitor.say("the proof")
        card = visitor.page.locator(".message.mine .file")
        await expect(card).to_contain_text("transfer.csv")
        await expect(visitor.page.locator(".message.mine .text")).to_have_text("the proof")
        async with visitor.page.expect_download() as coming:
            await card.click()
        assert (await (await coming.value).path()).read_text() == "date;amount\n"

    async def test_offers_the_commands_that_the_bot_has_set(self, visitor: Visitor) -> None:
        await visitor.bot(
            "setMyCommands",
            commands=[
                {"command": "list", "description": "Your instances"},
                {"command": "language", "description": "The language"},
            ],
        )
        await visitor.open_as("Ana")
        field = visitor.page.get_by_role("textbox", name="Message")
        await field.press_sequentially("/li")
        await expect(visitor.page.get_by_role("option")).to_have_count(1)
        await expect(visitor.page.get_by_role("option")).to_contain_text("Your instances")
        await field.press("Tab")
        await expect(field).to_have_value("/list ")

    async def test_offers_what_was_typed_last_whichever_answer_comes_last(
        self, visitor: Visitor
    ) -> None:
        commands = [{"command": name, "description": name} for name in ("list", "language")]
        await visitor.bot("setMyCommands", commands=commands)
        asked: asyncio.Queue[Route] = asyncio.Queue()

        async def hold(route: Route) -> None:
            await asked.put(route)

        await visitor.page.route("**/sandbox/commands*", hold)
        await visitor.open_as("Ana")
        await visitor.page.get_by_role("textbox", name="Message").press_sequentially("/li")
        # Each sign asks anew while nothing has come.
        on_their_way = [await asked.get() for _ in "/li"]
        for route in reversed(on_their_way):
            async with visitor.page.expect_response("**/sandbox/commands*"):
                await route.continue_()
        await expect(visitor.page.get_by_role("option")).to_have_count(1)

    async def test_stays_where_the_reader_scrolled_up_to(self, visitor: Visitor) -> None:
        ana = await visitor.open_as("Ana")
        await visitor.say("/start")
        await visitor.bot("sendMessage", chat_id=ana, text="\n".join(map(str, range(200))))
        await expect(visitor.page.locator(".message.other")).to_have_count(1)
        await visitor.page.locator("#scroller").hover()
        await visitor.page.mouse.wheel(0, -1500)
        newest = visitor.page.get_by_role("button", name="To the newest message")
        await expect(newest).to_be_visible()
        before = await visitor.page.evaluate("document.querySelector('#scroller').scrollTop")
        await visitor.bot("sendMessage", chat_id=ana, text="the newest")
        await expect(newest).to_contain_text("1")
        after = await visitor.page.evaluate("document.querySelector('#scroller').scrollTop")
        assert after == before
        await newest.click()
        await expect(visitor.page.locator(".message.other").last).to_be_in_viewport()

    async def test_comes_back_by_itself_with_what_was_said_meanwhile(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        database = f"sqlite:///{tmp_path}/desk.db"
        box = Box(database)
        port = await box.start(port=0)
        page = await browser.new_page(viewport=DESK)
        visitor = Visitor(page, box.url)
        ana = await visitor.open_as("Ana")
        await visitor.say("/start")
        await expect(page.locator(".message.mine")).to_have_count(1)
        await box.stop()
        await expect(page.locator("#chat-about")).to_have_text("connecting…")
        box = Box(database)
        await box.start(port)
        await visitor.bot("sendMessage", chat_id=ana, text="Back again")
        await expect(page.locator(".message.other")).to_contain_text("Back again")
        await expect(page.locator("#chat-about")).to_have_text("bot")
        await page.close()
        await box.stop()


class TestClock:
    async def test_moves_on_by_its_buttons_in_the_programmes_zone(self, visitor: Visitor) -> None:
        await visitor.open_as("Ana")
        clock = visitor.page.locator("#clock")
        before = await self.shown(visitor)
        await visitor.page.get_by_role("button", name="+1 h").click()
        await expect(visitor.page.locator(".clock")).to_have_attribute("aria-busy", "false")
        after = await self.shown(visitor)
        assert 3600 <= (after - before) / 1000 < 3660
        await visitor.page.get_by_role("button", name="to the 5th").click()
        await expect(clock).to_contain_text(re.compile(r"\b5 \w+ \d{4}\s*09:05"))
        await visitor.page.get_by_role("button", name="to the 1st").click()
        await expect(clock).to_contain_text(re.compile(r"\b1 \w+ \d{4}\s*09:05"))

    async def test_goes_to_any_instant_that_is_set(self, visitor: Visitor) -> None:
        await visitor.open_as("Ana")
        await visitor.page.get_by_role("button", name="Set the clock").click()
        await visitor.page.get_by_label("Set the clock").last.fill("2099-03-15T10:30")
        await visitor.page.get_by_role("button", name="Go there").click()
        await expect(visitor.page.locator("#clock")).to_contain_text(
            re.compile(r"15 Mar 2099\s*10:30")
        )
        assert (await visitor.sandbox("clock"))["now"].startswith("2099-03-15T13:30")

    async def test_says_why_it_will_not_go_back(self, visitor: Visitor) -> None:
        await visitor.open_as("Ana")
        await visitor.page.get_by_role("button", name="Set the clock").click()
        await visitor.page.get_by_label("Set the clock").last.fill("2001-01-01T10:30")
        await visitor.page.get_by_role("button", name="Go there").click()
        await expect(visitor.page.locator(".toast.wrong")).to_be_visible()

    async def shown(self, visitor: Visitor) -> float:
        script = "Date.parse(document.querySelector('#clock').dateTime)"
        return float(await visitor.page.evaluate(script))


class TestWhoIAm:
    async def test_shows_each_person_only_their_own_chats(self, visitor: Visitor) -> None:
        await visitor.open_as("Ana")
        await visitor.say("only mine")
        chats = visitor.page.locator("#chats .chat")
        await expect(chats).to_have_count(1)
        await visitor.page.get_by_role("button", name="I am Ana, change").click()
        await visitor.page.get_by_role("menuitemradio", name="Sofia").click()
        await expect(chats).to_have_count(2)
        await expect(chats.filter(has_text="Support")).to_be_visible()
        await expect(visitor.page.get_by_text("only mine")).to_have_count(0)

    async def test_counts_what_others_said_unread(self, visitor: Visitor) -> None:
        await visitor.open_as("Sofia")
        groups = [one for one in await visitor.sandbox("chats") if one["title"] == "Support"]
        await visitor.bot("sendMessage", chat_id=groups[0]["id"], text="An application")
        group = visitor.page.locator("#chats .chat", has_text="Support")
        await expect(group.locator(".unread")).to_be_visible()
        await group.click()
        await expect(visitor.page.locator(".message.other").last).to_contain_text("An application")
        await expect(group.locator(".unread")).to_have_count(0)

    async def test_adds_a_person_and_a_group_with_them(self, visitor: Visitor) -> None:
        await visitor.open_as("Ana")
        await visitor.page.get_by_role("button", name="I am Ana, change").click()
        await visitor.page.get_by_role("menuitem", name="New person").click()
        await visitor.page.get_by_label("Name").fill("Carla")
        await visitor.page.get_by_role("button", name="Add").click()
        await expect(visitor.page.get_by_role("button", name="I am Carla, change")).to_be_visible()
        await visitor.page.get_by_role("button", name="New group").click()
        await visitor.page.get_by_label("Name").fill("Castro Telecom")
        await visitor.page.get_by_role("button", name="Create").click()
        await expect(visitor.page.locator("#chat-name")).to_have_text("Castro Telecom")


class TestPhone:
    async def test_shows_one_pane_at_a_time_with_a_way_back(self, visitor: Visitor) -> None:
        await visitor.page.set_viewport_size(PHONE)
        await visitor.open_as("Ana")
        chats = visitor.page.get_by_role("navigation", name="Chats")
        conversation = visitor.page.get_by_role("region", name="Conversation")
        await expect(conversation).to_be_visible()
        await expect(chats).to_be_hidden()
        await visitor.page.get_by_role("button", name="Back to the chats").click()
        await expect(chats).to_be_visible()
        await expect(conversation).to_be_hidden()
        await visitor.page.locator("#chats .chat").click()
        await expect(conversation).to_be_visible()

    async def test_has_nothing_that_sticks_out(self, visitor: Visitor) -> None:
        await visitor.page.set_viewport_size(PHONE)
        await visitor.open_as("Ana")
        await visitor.say("x" * 300)
        await expect(visitor.page.locator(".message.mine")).to_have_count(1)
        for name in ("Set the clock", "Chat menu", "Send"):
            box = await visitor.page.get_by_role("button", name=name, exact=True).bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= PHONE["width"] - box["width"]
        assert await visitor.page.evaluate("document.documentElement.scrollWidth") == 390

    async def test_opens_what_can_be_done_with_a_message_at_a_tap(
        self, browser: Browser, box: Box
    ) -> None:
        page = await browser.new_page(viewport=PHONE, has_touch=True, is_mobile=True)
        visitor = Visitor(page, box.url)
        await visitor.open_as("Ana")
        await visitor.say("a name")
        await page.locator(".message.mine .bubble").tap()
        await page.get_by_role("menuitem", name="Reply").tap()
        await expect(page.locator("#context")).to_contain_text("a name")
        await page.close()
