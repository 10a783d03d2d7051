import pytest
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest

from tests.bot.sandbox.neighbour import ANA, SUPPORT, Neighbour


class TestProfile:
    async def test_tells_who_the_bot_is(self, bot: Bot):
        me = await bot.get_me()
        assert (me.username, me.is_bot, me.can_read_all_group_messages) == (
            "partnerdesk_bot", True, False,
        )  # fmt: skip

    async def test_keeps_texts_by_language(self, bot: Bot):
        await bot.set_my_description("Hello")
        await bot.set_my_description("Olá", language_code="pt")
        assert (await bot.get_my_description()).description == "Hello"
        assert (await bot.get_my_description("pt")).description == "Olá"
        await bot.set_my_short_description("Short")
        assert (await bot.get_my_short_description()).short_description == "Short"
        await bot.set_my_name("Desk")
        assert (await bot.get_my_name()).name == "Desk"
        assert (await bot.get_me()).first_name == "Desk"
        with pytest.raises(BadRequest, match="too long"):
            await bot.set_my_description("x" * 513)

    async def test_agrees_to_close_and_log_out(self, bot: Bot):
        assert await bot.close()
        assert await bot.log_out()


class TestCommands:
    async def test_are_offered_by_the_narrowest_scope(self, bot: Bot, people: Neighbour):
        new, novo = BotCommand("new", "Create"), BotCommand("new", "Criar")
        queue = BotCommand("queue", "Waiting")
        private = BotCommandScopeAllPrivateChats()
        await bot.set_my_commands([new], scope=private)
        await bot.set_my_commands([novo], scope=private, language_code="pt")
        await bot.set_my_commands([queue], scope=BotCommandScopeChat(SUPPORT))
        assert await bot.get_my_commands(private, "pt") == (novo,)
        shown = await people.get(f"commands?chat_id={ANA}&language=pt-br")
        assert shown == [{"command": "new", "description": "Criar"}]
        shown = await people.get(f"commands?chat_id={SUPPORT}&language=en")
        assert shown == [{"command": "queue", "description": "Waiting"}]
        await bot.delete_my_commands(BotCommandScopeChat(SUPPORT))
        assert await people.get(f"commands?chat_id={SUPPORT}") == []

    async def test_with_other_letters_are_refused(self, bot: Bot):
        with pytest.raises(BadRequest, match="Bot_command_invalid"):
            await bot.set_my_commands([("New", "x")])


async def test_a_file_that_nobody_sent_is_not_found(bot: Bot):
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("none")
