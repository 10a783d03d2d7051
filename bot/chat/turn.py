"""One thing said or pressed, and what is needed to answer it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from billing.partners import Right
from billing.refusals import Refusal
from billing.services.access import Heard
from billing.services.facts import Facts
from billing.services.messages import Intent, Message
from billing.services.partners import preferences
from billing.services.people import Actor, Person
from billing.services.ports import Work
from bot.chat.cards.card import Buttons, Card
from bot.chat.cards.invoices import WaysToPay
from bot.chat.cards.plain import ask

Answer = Card | Message | None
Says = Callable[["Turn", str], Awaitable[Answer]]
Presses = Callable[["Turn", dict[str, Any]], Awaitable[Answer]]


class WrongPlace(Refusal):
    """This is not said here. Facts: `place` (private, staff_group)."""

    code = "wrong_place"


@dataclass(frozen=True, slots=True)
class Turn:
    """
    What a handler is given.

    `key` is the message that the answer will be: a new one, or the pressed one said anew.
    `pressed` is the button, if one was; `replied_to` the person whose message this replies to.
    `in_staff_group`: the chat is bound. `file_trouble`: why the file of the message was not read.
    """

    work: Work
    actor: Actor
    person: Person
    heard: Heard
    key: str
    ways: WaysToPay
    in_staff_group: bool
    pressed: Intent | None = None
    replied_to: tuple[int, str] | None = None
    file_trouble: str | None = None

    @property
    def language(self) -> str:
        """Return the speaker's language as Telegram or the speaker named it."""
        return self.person.language

    @property
    def user_id(self) -> int:
        """Return who speaks."""
        return self.heard.user_id

    @property
    def new_key(self) -> str:
        """Return the key of this turn's own message, whatever card was pressed."""
        return f"answer:{self.heard.cause.removeprefix('update:')}"

    def may(self, right: Right) -> bool:
        """Whether the speaker has a right, here."""
        return right in self.actor.rights

    async def zone(self) -> str:
        """Return the zone in which the speaker is told times."""
        return await preferences.own_zone(self.work, self.actor)

    async def ask(
        self, what: str, args: Facts | None = None, buttons: Buttons = (), **facts: object
    ) -> Card:
        """Ask for words: the speaker's next ones here answer it."""
        asked = {**(args or {}), "asked": [self.new_key]}
        await self.work.conversations.ask(self.heard.chat_id, self.user_id, what, asked)
        return ask(what, buttons, group=not self.heard.private, **facts)
