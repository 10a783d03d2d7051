"""A message in words, made when it is sent: in the language that its reader wants by then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from billing.partners import StaffRole
from billing.services.facts import dump, load
from billing.services.people import Person
from billing.services.ports import Store, Work
from bot.chat import languages
from bot.chat.formats import Html, Speech, escaped, lines, plain, visible_length
from bot.chat.keyboards import keyboard
from bot.chat.replies.templates import TEMPLATES, Facts

# What Telegram takes, in UTF-16 units and after the markup was read.
LONGEST = 4096

Secret = Callable[[str], Awaitable[str | None]]


class MessageRow(Protocol):
    """What is to be said: a kind, its facts, its buttons."""

    @property
    def chat_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def buttons(self) -> Sequence[Sequence[Mapping[str, Any]]]: ...
    @property
    def reader(self) -> int | None: ...
    @property
    def doubts(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: HTML, rows of (label, callback data), a file or a picture beside it."""

    text_html: str
    keyboard: Sequence[Sequence[tuple[str, str]]] = ()
    document: tuple[str, bytes] | None = None
    photo: tuple[str, bytes] | None = None


class Replies:
    """
    Puts messages into words.

    `secret` finds what is kept under a key until it was saved, or None: secrets are never in
    the facts of a message.
    """

    def __init__(self, store: Store, *, secret: Secret) -> None:
        self._store = store
        self._secret = secret

    async def render(self, row: MessageRow) -> Rendered:
        """
        Return a message as its reader sees it.

        :raises KeyError: a kind or a fact that nobody has words for: a fault of ours.
        """
        say = await self._store.read(lambda work: _speech(work, row))
        facts = decoded(row.facts)
        if "keys" in facts:
            found = [await self._secret(key) for key in facts["keys"]]
            facts = {**facts, "secrets": found}
        text = TEMPLATES[row.kind](facts, say)
        if row.doubts and row.kind.startswith("notice_"):
            # It was sent before, and whether that arrived nobody knows.
            text = lines(text, say("(You may have had this message already: it is the same one.)"))
        return Rendered(fitted(text), keyboard(_of_use(row, facts), say))


def _of_use(row: MessageRow, facts: Facts) -> list[list[Mapping[str, Any]]]:
    """Return a message's buttons: where it says that nothing is owed, none that asks to pay."""
    settled = "owed" in facts and not facts["owed"]
    return [
        kept
        for buttons in row.buttons
        if (kept := [one for one in buttons if not (settled and one["label"] == "pay")])
    ]


def decoded(facts: Facts) -> Facts:
    """Return facts with Money and dates as what they are, whether they still are JSON or not."""
    found: Facts = load(dump(facts))
    return found


def fitted(text: Html) -> Html:
    """Return a text that Telegram takes; what is too long loses its end, and its markup."""
    if visible_length(text) <= LONGEST:
        return text
    units = plain(text).encode("utf-16-le")[: 2 * (LONGEST - 1)]
    return Html(escaped(units.decode("utf-16-le", errors="ignore")) + "…")


async def _speech(work: Work, row: MessageRow) -> Speech:
    reader = row.reader if row.reader is not None else row.chat_id
    # A group is spoken to as its first admin is; ids of groups are negative.
    person = await (work.people.person(reader) if reader > 0 else _first_admin(work))
    language = languages.nearest(person.language if person else None)
    return Speech(language, await _zone(work, reader, person), work.now)


async def _first_admin(work: Work) -> Person | None:
    admins = [person for person, role in await work.people.staff() if role is StaffRole.ADMIN]
    known = [person for person in admins if person.name]
    return known[0] if known else None


async def _zone(work: Work, reader: int, person: Person | None) -> str:
    member = await work.people.member(reader)
    partner = await work.partners.get(member.partner_id) if member else None
    if partner is not None:
        return partner.zone
    if person is not None and person.zone is not None:
        return person.zone
    # Staff who chose none live where most of the work is: as the first programme does.
    return next((terms.zone for terms in work.programmes.latest() if terms.postpaid), "UTC")
