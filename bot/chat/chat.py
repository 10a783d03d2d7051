"""The chat: a raw update in, one unit of work, a toast out."""

from __future__ import annotations

from typing import Any

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllPrivateChats, Update
from telegram import BotCommandScopeChat as ScopeChat
from telegram.error import TelegramError

from billing.services.ports import Store, Work
from bot.chat import commands, files, languages
from bot.chat.answering import Desk, Outcome
from bot.chat.cards.invoices import WaysToPay
from bot.chat.commands import Command
from bot.chat.hearing import Pressed, Spoken, hear
from bot.chat.replies import Words

log = structlog.get_logger(__name__)

LONGEST_TOAST = 200
LONGEST_DESCRIPTION = 256
# A toast is worth nothing later, and nobody else should wait for it.
TOAST_SECONDS = 5.0


class Chat:
    """Handles updates one by one; of each chat one at a time, which the caller sees to."""

    def __init__(self, store: Store, bot: Bot, ways: WaysToPay) -> None:
        self._store, self._bot, self._ways = store, bot, ways
        self._words = Words()

    async def handle(self, update_id: int, raw: dict[str, Any]) -> None:
        """
        Do what an update asks for, in one transaction, and mark it done in it.

        Whatever it raises, nothing was done.
        """
        update = Update.de_json(raw, self._bot)
        event = hear(update, bot_id=self._bot.id)
        if isinstance(event, Spoken):
            event = await files.with_file(self._bot, event)
        desk = Desk(self._bot.username, self._ways)

        async def unit(work: Work) -> Outcome:
            return await desk.handle(work, update_id, event)

        outcome = await self._store.write(unit)
        if isinstance(event, Pressed):
            await self._toast(event.query_id, outcome)
        if outcome.bound is not None:
            await self._menu(ScopeChat(outcome.bound), private=False)

    async def menus(self) -> None:
        """Tell Telegram which commands there are: in private, in the staff groups, by language."""

        async def bound(work: Work) -> list[int]:
            return await work.people.groups()

        await self._menu(BotCommandScopeAllPrivateChats(), private=True)
        for chat_id in await self._store.read(bound):
            await self._menu(ScopeChat(chat_id), private=False)

    async def _toast(self, query_id: str, outcome: Outcome) -> None:
        text = None
        if outcome.toast is not None:
            text = self._words.toast(outcome.toast, outcome.language)[:LONGEST_TOAST]
        try:
            await self._bot.answer_callback_query(query_id, text=text, read_timeout=TOAST_SECONDS)
        except TelegramError as error:
            # Too late for the toast mostly; what the button did is done and answered.
            log.debug("a press was not answered", error=str(error))

    async def _menu(self, scope: BotCommandScope, *, private: bool) -> None:
        listed = [found for found in commands.TABLE if found.is_of_use(private=private)]
        for language in languages.LANGUAGES:
            shown = [self._entry(command, language) for command in listed]
            # The source language is what all see whose own there is no menu in.
            code = None if language == languages.SOURCE else language.partition("_")[0]
            try:
                await self._bot.set_my_commands(shown, scope=scope, language_code=code)
            except TelegramError as error:
                log.warning("a menu could not be set", scope=scope.type, error=str(error))

    def _entry(self, command: Command, language: str) -> BotCommand:
        name = command.name
        if language.startswith("pt") and command.portuguese:
            name = command.portuguese[0]
        description = self._words.description(command.name, language)
        return BotCommand(name, description[:LONGEST_DESCRIPTION])
