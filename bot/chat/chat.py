"""The chat: a raw update in, one unit of work, a toast out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllPrivateChats, Update
from telegram import BotCommandScopeChat as ScopeChat
from telegram.error import TelegramError

from billing.services.desk.health import Machine
from billing.services.ports import Store, Work
from bot.chat import commands, files, languages
from bot.chat.answering import Desk, Outcome
from bot.chat.cards.invoices import WaysToPay
from bot.chat.commands import Command, Here
from bot.chat.hearing import Pressed, Spoken, hear
from bot.chat.looking import look_around, look_at
from bot.chat.replies import Words

log = structlog.get_logger(__name__)

LONGEST_TOAST = 200
LONGEST_DESCRIPTION = 256
# A toast is worth nothing later, and nobody else should wait for it.
TOAST_SECONDS = 5.0


class Chat:
    """Handles updates one by one; of each chat one at a time, which the caller sees to."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        ways: WaysToPay,
        *,
        machine: Callable[[], Machine] = Machine,
    ) -> None:
        self._store, self._bot, self._ways = store, bot, ways
        self._machine = machine
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
        desk = Desk(self._bot.username, self._ways, self._machine)

        async def unit(work: Work) -> Outcome:
            return await desk.handle(work, update_id, event)

        outcome = await self._store.write(unit)
        if isinstance(event, Pressed):
            await self._toast(event.query_id, outcome)
        if outcome.bound is not None:
            chat_id, here = outcome.bound
            await self._menu(ScopeChat(chat_id), here)
            if here is Here.STAFF_GROUP:
                await look_at(self._store, self._bot, chat_id)

    async def begin(self) -> None:
        """Tell Telegram what there is to be said, and ask it what the bot may do in its groups."""
        await look_around(self._store, self._bot)
        await self.menus()

    async def menus(self) -> None:
        """Tell Telegram which commands there are: in private, in the bound groups, by language."""

        async def bound(work: Work) -> list[tuple[int, Here]]:
            staff = [(chat_id, Here.STAFF_GROUP) for chat_id in await work.people.groups()]
            return staff + [(chat_id, Here.PARTNER_GROUP) for chat_id in await work.groups.all()]

        await self._menu(BotCommandScopeAllPrivateChats(), Here.PRIVATE)
        for chat_id, here in await self._store.read(bound):
            await self._menu(ScopeChat(chat_id), here)

    async def _toast(self, query_id: str, outcome: Outcome) -> None:
        text = None
        if outcome.toast is not None:
            text = self._words.toast(outcome.toast, outcome.language)[:LONGEST_TOAST]
        try:
            await self._bot.answer_callback_query(query_id, text=text, read_timeout=TOAST_SECONDS)
        except TelegramError as error:
            # Too late for the toast mostly; what the button did is done and answered.
            log.debug("a press was not answered", error=str(error))

    async def _menu(self, scope: BotCommandScope, here: Here) -> None:
        listed = [found for found in commands.TABLE if found.is_of_use(here)]
        for language in languages.LANGUAGES:
            shown = [self._entry(command, language) for command in listed]
            # The source language is what all see whose own there is no menu in.
            code = None if language == languages.SOURCE else language.partition("_")[0]
            try:
                await self._bot.set_my_commands(shown, scope=scope, language_code=code)
            except TelegramError as error:
                log.warning("a menu could not be set", scope=scope.type, error=str(error))

    def _entry(self, command: Command, language: str) -> BotCommand:
        description = self._words.description(command.name, language)
        return BotCommand(command.called_in(language), description[:LONGEST_DESCRIPTION])
