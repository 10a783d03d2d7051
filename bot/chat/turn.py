"""One thing said or pressed, and what is needed to answer it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from billing.partners import Right
from billing.refusals import NoRight, Refusal
from billing.services.access import Heard
from billing.services.desk.health import Machine
from billing.services.facts import Facts
from billing.services.messages import Button, Intent, Message
from billing.services.partners import preferences
from billing.services.people import Actor, Person
from billing.services.ports import Work
from billing.services.support.cards import Original
from bot.chat.cards.card import Buttons, Card
from bot.chat.cards.documents import document
from bot.chat.cards.invoices import WaysToPay
from bot.chat.cards.plain import ask
from bot.chat.commands import Here

Answer = Card | Message | None
Says = Callable[["Turn", str], Awaitable[Answer]]
Presses = Callable[["Turn", dict[str, Any]], Awaitable[Answer]]


class WrongPlace(Refusal):
    """This is not said here. Facts: `place` (private, staff_group)."""

    code = "wrong_place"


class StrangerHere(NoRight):
    """In a partner's own group its members are heard, and nobody else. Facts: `right`."""

    code = "stranger_here"


@dataclass(frozen=True, slots=True)
class Turn:
    """
    What a handler is given.

    `key` is the message that the answer will be: a new one, or the pressed one said anew.
    `pressed` is the button, if one was; `replied_to` the person whose message this replies to.
    `here` is the kind of chat. `username` is the bot's own. `file_trouble`: why the file of the
    message was not read. `original` is what was said, as it stands in its chat.
    """

    work: Work
    actor: Actor
    person: Person
    heard: Heard
    key: str
    ways: WaysToPay
    here: Here
    username: str
    pressed: Intent | None = None
    machine: Callable[[], Machine] = Machine
    replied_to: tuple[int, str] | None = None
    file_trouble: str | None = None
    original: Original | None = None

    @property
    def in_staff_group(self) -> bool:
        """Whether this is a bound staff group."""
        return self.here is Here.STAFF_GROUP

    def in_private(self) -> Turn:
        """Return the turn as if the speaker had said it to the bot alone."""
        heard = replace(self.heard, chat_id=self.user_id, private=True)
        return replace(self, heard=heard, here=Here.PRIVATE, key=f"{self.new_key}:private")

    @property
    def language(self) -> str:
        """Return the speaker's language as Telegram or the speaker named it."""
        return self.person.language

    @property
    def on_a_copy(self) -> bool:
        """Whether no button was pressed, or one of an answer: no use case keeps that up to date."""
        return self.pressed is None or self.pressed.message_key.startswith("answer:")

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

    async def give(self, what: str, **facts: object) -> None:
        """Say a file below the answer; it is made when it is sent (`bot.documents`)."""
        card = document(what, **facts)
        message = Message(
            key=f"{self.new_key}:{what}",
            chat_id=self.heard.chat_id,
            kind=card.kind,
            facts=card.facts,
            reader=self.user_id,
            thread_id=self.heard.thread_id,
        )
        await self.work.messages.say(message, at=self.work.now)

    async def ask(
        self, what: str, args: Facts | None = None, buttons: Buttons = (), **facts: object
    ) -> Card:
        """Ask for words: the speaker's next ones here answer it."""
        asked = {**(args or {}), "asked": [self.new_key]}
        kind = what
        if self.actor.on_behalf:
            before: Facts = {"partner": self.actor.partner_id, "what": what, "args": args or {}}
            kind, asked = "as_answer", {**before, "asked": [self.new_key]}
        await self.work.conversations.ask(self.heard.chat_id, self.user_id, kind, asked)
        if self.heard.private and not any(one.label == "back" for row in buttons for one in row):
            # Who presses it leaves the question, as /cancel does.
            buttons = [*buttons, [Button("home", "home")]]
        return ask(what, buttons, group=not self.heard.private, **facts)
