"""A message in words, made when it is sent: in the language that its reader wants by then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from billing.partners import Role, StaffRole
from billing.services import finding
from billing.services.facts import dump, load
from billing.services.people import Person
from billing.services.ports import Store, Work
from bot.chat import languages
from bot.chat.formats import Html, Speech, bold, escaped, lines, plain, visible_length
from bot.chat.keyboards import keyboard
from bot.chat.replies.templates import TEMPLATES, Facts

log = structlog.get_logger(__name__)

# What Telegram takes, in UTF-16 units and after the markup was read; the second beside a file.
LONGEST = 4096
LONGEST_CAPTION = 1024
LONGEST_TOPIC = 128
# What is looked at in the chat; every other file is kept.
PICTURES = (".png", ".jpg")

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
    """
    A message in words: HTML, rows of (label, callback data), a file or a picture beside it.

    `copies` is the message (chat, id) that it copies; a `topic` is opened and a chat left
    instead of anything that is said.
    """

    text_html: str
    keyboard: Sequence[Sequence[tuple[str, str]]] = ()
    document: tuple[str, bytes] | None = None
    photo: tuple[str, bytes] | None = None
    copies: tuple[int, int] | None = None
    topic: str | None = None
    leaves: bool = False


class Documents(Protocol):
    """Makes files; what they are of is in the facts of the message that brings them."""

    async def made(self, what: Facts, reader: Speech) -> tuple[str, bytes]:
        """Return name and content, for that reader; of pictures a name that ends in `.png`."""
        ...


class Replies:
    """
    Puts messages into words.

    `secret` finds what is kept under a key until it was saved, or None: secrets are never in
    the facts of a message, nor are files, which `documents` makes when they are sent.
    """

    def __init__(self, store: Store, *, secret: Secret, documents: Documents) -> None:
        self._store = store
        self._secret = secret
        self._documents = documents

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
        if facts.get("halt"):
            text = lines(text, say("⏸ At the moment nothing is stopped or deleted by itself."))
        if "on_behalf" in facts:
            text = lines(say("👤 For {partner}:", partner=bold(facts["on_behalf"])), text)
        if row.doubts and row.kind.startswith("notice_"):
            # It was sent before, and whether that arrived nobody knows.
            text = lines(text, say("(You may have had this message already: it is the same one.)"))
        buttons = keyboard(_of_use(row, facts), say)
        if row.kind == "leave_chat":
            return Rendered(text, leaves=True)
        if row.kind == "staff_topic":
            return Rendered(text, topic=plain(text)[:LONGEST_TOPIC])
        if "copies" in facts:
            return Rendered(fitted(text, LONGEST_CAPTION), buttons, copies=tuple(facts["copies"]))
        if "document" in facts:
            # What is secret reaches a file as it reaches a text: when it is made.
            beside = {"secrets": facts["secrets"]} if "keys" in facts else {}
            return await self._with_file(text, buttons, {**facts["document"], **beside}, say)
        return Rendered(fitted(text), buttons)

    async def _with_file(
        self, text: Html, buttons: Sequence[Sequence[tuple[str, str]]], what: Facts, say: Speech
    ) -> Rendered:
        """Put a file beside a text; one that cannot be made holds the text up no longer."""
        try:
            file = await self._documents.made(what, say)
        except Exception:
            log.exception("a file could not be made", what=what["what"])
            sorry = say("⚠️ The file could not be made. Please ask for it again later.")
            return Rendered(fitted(lines(text, sorry)), buttons)
        caption = fitted(text, LONGEST_CAPTION)
        if file[0].endswith(PICTURES):
            return Rendered(caption, buttons, photo=file)
        return Rendered(caption, buttons, document=file)


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


def fitted(text: Html, longest: int = LONGEST) -> Html:
    """Return a text that Telegram takes; what is too long loses its end, and its markup."""
    if visible_length(text) <= longest:
        return text
    units = plain(text).encode("utf-16-le")[: 2 * (longest - 1)]
    return Html(escaped(units.decode("utf-16-le", errors="ignore")) + "…")


async def _speech(work: Work, row: MessageRow) -> Speech:
    reader = row.reader if row.reader is not None else row.chat_id
    # A group is spoken to as its first admin or owner is; ids of groups are negative.
    person = await (work.people.person(reader) if reader > 0 else _first_of(work, reader))
    # Who was forgotten is told so in the language of before.
    spoken = person.language if person else row.facts.get("spoken_in")
    language = languages.nearest(spoken)
    return Speech(language, await _zone(work, reader, person), work.now)


async def _first_of(work: Work, chat_id: int) -> Person | None:
    partner_id = await work.groups.owner(chat_id)
    if partner_id is not None:
        members = await work.people.members(partner_id)
        owner = next((one for one in members if one.role is Role.OWNER), None)
        return await work.people.person(owner.user_id) if owner else None
    admins = [person for person, role in await work.people.staff() if role is StaffRole.ADMIN]
    known = [person for person in admins if person.name]
    return known[0] if known else None


async def _zone(work: Work, reader: int, person: Person | None) -> str:
    member = await work.people.member(reader) if reader > 0 else None
    partner_id = member.partner_id if member else await work.groups.owner(reader)
    partner = await work.partners.get(partner_id) if partner_id else None
    if partner is not None:
        return partner.zone
    if person is not None and person.zone is not None:
        return person.zone
    return finding.desk_zone(work)
