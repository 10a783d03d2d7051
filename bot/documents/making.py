"""One file: looked up in a transaction that only reads, drawn in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from billing.services.facts import Facts
from billing.services.ports import Store, Work
from bot.documents.press import Press
from bot.documents.voice import Reader, Voice
from bot.settings import Operator

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a file is drawn with: the press that sets it, and who issues it."""

    press: Press
    issuer: Operator


@dataclass(frozen=True, slots=True)
class Kind:
    """
    How a file of one kind is made.

    `look` reads what is on it; whether the reader may see that was asked when it was promised.
    `draw` makes it of what was found, and may take its time: it is called in a thread.
    """

    look: Callable[[Work, Facts], Awaitable[Any]]
    draw: Callable[[Any, Voice, Tools], File]


class Documents:
    """Makes files of the kinds that it is given, by the name that `what` holds."""

    def __init__(self, store: Store, kinds: Mapping[str, Kind], issuer: Operator) -> None:
        self._store = store
        self._kinds = kinds
        self._tools = Tools(Press(), issuer)

    async def made(self, what: Facts, reader: Reader) -> File:
        """
        Return name and content of a file.

        :raises KeyError: there is no such kind.
        :raises Exception: whatever keeps it from being made.
        """
        kind = self._kinds[what["what"]]
        found = await self._store.read(lambda work: kind.look(work, what))
        return await asyncio.to_thread(kind.draw, found, Voice(reader), self._tools)
