"""Small stories that share a world, and what each of them says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.chat.commands import COMMANDS
from tests.scenarios.commands.tongues import Tongue
from tests.scenarios.world import Human, Json, Said, World, living_in


@dataclass
class Scene:
    """A world in which one language is spoken, and the commands that were said in it."""

    world: World
    tongue: Tongue
    said: set[str] = field(default_factory=set)
    people: int = 0
    staff_spoken_to: set[str] = field(default_factory=set)
    # For stories after the one that made them: owners, and invoices, by company.
    owners: dict[str, Speaker] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    async def newcomer(self, name: str = "Carla") -> Speaker:
        """Return somebody new; nobody else is called so."""
        self.people += 1
        found = await self.world.newcomer(f"{name}{self.people}", self.tongue.code)
        return Speaker(self, found)

    async def partner(self, company: str, programme: str = "integrator") -> Speaker:
        """Return the owner of a new partner."""
        sofia = await self.staff()
        owner = await self.newcomer()
        await owner.says("apply", company)
        await sofia.presses("Approve")
        await sofia.taps(programme)
        return owner

    async def staff(self, name: str = "Sofia") -> Speaker:
        """Return somebody of the staff, in the staff group."""
        found = Speaker(self, await self.world.staff(name))
        if name not in self.staff_spoken_to:
            self.staff_spoken_to.add(name)
            await found.writes(f"/language {self.tongue.language}")
        return found

    async def billed(self, *companies: str, names: str = "loja-1 loja-2") -> None:
        """Let new partners come to the 1st of the next month, and to their first invoices."""
        for company in companies:
            owner = self.owners[company] = await self.partner(company)
            await owner.says("new", names)
            await owner.confirms("subscribe", "all")
        now = await self.world.now()
        await self.world.until(f"{now.year}-{now.month + 1:02}-01T09:05:00-03:00")
        for company in companies:
            self.numbers[company] = await self.owners[company].number()

    async def stranger(self) -> Speaker:
        return await self.newcomer("Steve")


class Speaker:
    """A person who speaks a story's language in a chat."""

    def __init__(self, scene: Scene, human: Human) -> None:
        self.scene, self.human = scene, human

    @property
    def name(self) -> str:
        return self.human.name

    async def says(self, command: str, words: str = "", **more: Any) -> list[Said]:
        """Say a command by its name in the language, and return what was answered here."""
        self.scene.said.add(command)
        text = f"/{self.scene.tongue.name_of(command)} {words}".strip()
        return await self.human.says(text, **more)

    async def asks(self, command: str, words: str = "", **more: Any) -> Said:
        """Say a command that has one answer, or a card with files below it; return the card."""
        answers = await self.says(command, words, **more)
        assert answers, f"/{command} {words} was not answered"
        return answers[0]

    async def writes(self, text: str, **more: Any) -> list[Said]:
        return await self.human.says(text, **more)

    async def replies(self, text: str) -> list[Said]:
        """Reply to what the bot said last, as a question in a group wants it."""
        return await self.human.says(text, reply_to=(await self.last()).message_id)

    async def presses(self, label: str, *, on: Said | None = None) -> Json:
        """Press the button with that English label."""
        return await self.human.presses(self.scene.tongue.label(label), on=on)

    async def find(self, label: str) -> Said:
        """Return the newest message with the button of that English label."""
        return await self.human.find(self.scene.tongue.label(label))

    async def taps(self, label: str) -> Json:
        """Press a button whose label is the same in every language."""
        return await self.human.presses(label)

    async def confirms(self, command: str, words: str) -> Said:
        """Say a command that asks once, confirm it, and return what was asked."""
        asked = await self.asks(command, words)
        await self.presses("Confirm", on=asked)
        return asked

    async def number(self) -> str:
        """Return the number of the newest invoice that was told."""
        found = [NUMBER.search(one.text) for one in await self.human.heard() if one.by_bot]
        return next(one[0] for one in reversed(found) if one)

    async def last(self) -> Said:
        return await self.human.last()

    async def now(self, card: Said) -> Said:
        """Return a message as it stands now."""
        return next(one for one in await self.human.heard() if one.message_id == card.message_id)

    async def files(self) -> list[str]:
        """Return the names of the files that came, oldest first."""
        heard = [one.raw["document"] for one in await self.human.heard()]
        return [one["file_name"] for one in heard if one]


Story = Callable[[Scene], Awaitable[None]]
# What a story fails with; all the others of its file are told nevertheless.
BROKEN = (AssertionError, LookupError, RuntimeError, ValueError)
NUMBER = re.compile(r"(?:INT|DAY)-\d{4}-\d{5}")


@dataclass(frozen=True, slots=True)
class Told:
    """A story, and the commands that it says in each of its languages."""

    story: Story
    commands: tuple[str, ...]


class Stories:
    """The stories of a file, in the order in which they are told in one world."""

    def __init__(self, *codes: str, at: str | None = None, **settings: Any) -> None:
        self.codes = codes
        self.at, self.settings = at, settings
        self.told: list[Told] = []

    def about(self, *commands: str) -> Callable[[Story], Story]:
        """Let a function be the story of these commands."""
        assert set(commands) <= COMMANDS.keys()

        def register(story: Story) -> Story:
            self.told.append(Told(story, commands))
            return story

        return register

    async def tell(self, code: str) -> None:
        """Tell all of them, also after one has failed."""
        begin = {} if self.at is None else {"at": self.at}
        broken: list[Exception] = []
        async with living_in(**begin, **self.settings) as world:
            scene = Scene(world, Tongue(code))
            for one in self.told:
                try:
                    await _tell(scene, one)
                except BROKEN as failed:
                    failed.add_note(f"in the story {one.story.__name__!r}, in {code}")
                    broken.append(failed)
        if broken:
            raise ExceptionGroup(f"stories in {code}", broken)


async def _tell(scene: Scene, one: Told) -> None:
    """Tell a story; one that is silent about a command of its own has failed."""
    scene.said.clear()
    await one.story(scene)
    silent = set(one.commands) - scene.said
    assert not silent, f"says nothing of {sorted(silent)}"
