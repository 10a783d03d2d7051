"""Telegram's HTML: what it takes, and what it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.formatted import LINK, Formatted, trimmed, utf16_length
from bot.sandbox.values import Json

ENTITY_OF = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre", "a": "text_link", "span": "spoiler", "tg-spoiler": "spoiler",
    "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
# The one attribute of a tag that means something.
ARGUMENT_OF = {
    "a": "href", "code": "class", "span": "class", "tg-emoji": "emoji-id",
    "blockquote": "expandable",
}  # fmt: skip
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER = re.compile(r"&(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|lt|gt|amp|quot);?")
PLAIN = re.compile(r"[^<&]+")
BARE_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#:][^\s<>\"']*)?")


@dataclass(frozen=True, slots=True)
class OpenTag:
    name: str
    argument: str | None
    offset: int
    start: int


def parse(markup: str) -> Formatted:
    """
    Return the text and its entities, trimmed as Telegram trims.

    :raises ApiError: 400 "can't parse entities", naming the place, as Telegram does.
    """
    return trimmed(_Reader(markup).read())


class _Reader:
    """Reads markup in one pass, as td's parse_html does, with its errors."""

    def __init__(self, markup: str) -> None:
        self._source = markup
        self._at = 0
        self._pieces: list[str] = []
        self._offset = 0
        self._open: list[OpenTag] = []
        self._entities: list[Json] = []

    def read(self) -> Formatted:
        while self._at < len(self._source):
            if plain := PLAIN.match(self._source, self._at):
                self._at = plain.end()
                self._put(plain.group())
            elif self._peek() == "<":
                self._tag()
            else:
                self._put(self._character())
        if self._open:
            name = self._open[-1].name
            raise bad_markup(f'Can\'t find end tag corresponding to start tag "{name}"')
        ordered = sorted(self._entities, key=lambda one: (one["offset"], -one["length"]))
        return Formatted("".join(self._pieces), tuple(ordered))

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._offset += utf16_length(text)

    def _character(self) -> str:
        """Return what an & begins: a named or numbered character, or just an ampersand."""
        found = CHARACTER.match(self._source, self._at)
        if found is None:
            self._at += 1
            return "&"
        name = found.group(1)
        if name.startswith("#"):
            number = int(f"0{name[1:]}", 16) if name[1] in "xX" else int(name[1:])
            if not 0 < number < 0x10FFFF or 0xD800 <= number <= 0xDFFF:
                self._at += 1
                return "&"
            text = chr(number)
        else:
            text = CHARACTERS[name]
        self._at = found.end()
        return text

    def _tag(self) -> None:
        begin = self._at
        self._at += 1
        if self._peek() == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        name = self._until(" \t\r\n>").lower()
        if self._peek() == "":
            raise bad_markup(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if name not in ENTITY_OF:
            where = self._bytes(begin)
            raise bad_markup(f'Unsupported start tag "{name}" at byte offset {where}')
        argument: str | None = None
        while True:
            self._skip_space()
            if self._peek() == ">":
                break
            argument = self._attribute(name, begin, argument)
        if name == "span" and argument != "tg-spoiler":
            where = self._bytes(begin)
            raise bad_markup(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self._at += 1
        self._open.append(OpenTag(name, argument, self._offset, len(self._pieces)))

    def _attribute(self, tag: str, begin: int, argument: str | None) -> str | None:
        """Read one attribute; return the tag's argument, if this was the one that counts."""
        where = self._bytes(begin)
        attribute = self._until(" \t\r\n=>").lower()
        if attribute == "":
            raise bad_markup(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        self._skip_space()
        if self._peek() != "=":
            if tag == "blockquote" and attribute == "expandable":
                return attribute
            raise bad_markup(
                "Expected equal sign in declaration of an attribute of the tag"
                f' "{tag}" at byte offset {where}'
            )
        self._at += 1
        self._skip_space()
        value = self._value()
        if self._peek() == "":
            raise bad_markup(f"Unclosed start tag at byte offset {where}")
        return value if ARGUMENT_OF.get(tag) == attribute else argument

    def _value(self) -> str:
        quote = self._peek()
        if quote not in ("'", '"'):
            begin = self._at
            value = self._until(" \t\r\n>").lower()
            if re.fullmatch(r"[a-z0-9.-]+", value) is None:
                where = self._bytes(begin)
                raise bad_markup(f"Unexpected end of name token at byte offset {where}")
            return value
        self._at += 1
        pieces: list[str] = []
        while self._peek() not in ("", quote):
            if self._peek() == "&":
                pieces.append(self._character())
            else:
                pieces.append(self._peek())
                self._at += 1
        self._at += 1
        return "".join(pieces)

    def _end_tag(self, begin: int) -> None:
        where = self._bytes(begin)
        if not self._open:
            raise bad_markup(f"Unexpected end tag at byte offset {where}")
        self._at += 1
        name = self._until(" \t\r\n>").lower()
        self._skip_space()
        if self._peek() != ">":
            raise bad_markup(f"Unclosed end tag at byte offset {where}")
        self._at += 1
        tag = self._open.pop()
        if name not in ("", tag.name):
            raise bad_markup(
                f"Unmatched end tag at byte offset {where},"
                f' expected "</{tag.name}>", found "</{name}>"'
            )
        if self._offset > tag.offset:
            self._keep(tag)

    def _keep(self, tag: OpenTag) -> None:
        entity: Json = {
            "type": ENTITY_OF[tag.name],
            "offset": tag.offset,
            "length": self._offset - tag.offset,
        }
        if tag.name == "a":
            url = _link(tag.argument or "".join(self._pieces[tag.start :]))
            if url is None:
                return
            entity["url"] = url
        elif tag.name == "tg-emoji":
            entity["custom_emoji_id"] = tag.argument
        elif tag.name == "blockquote" and tag.argument is not None:
            entity["type"] = "expandable_blockquote"
        self._entities.append(entity)

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _until(self, stops: str) -> str:
        begin = self._at
        while self._peek() != "" and self._peek() not in stops:
            self._at += 1
        return self._source[begin : self._at]

    def _skip_space(self) -> None:
        while self._peek() != "" and self._peek() in " \t\r\n":
            self._at += 1

    def _bytes(self, position: int) -> int:
        return len(self._source[:position].encode())


def bad_markup(words: str) -> ApiError:
    return bad_request(f"can't parse entities: {words}")


def _link(url: str) -> str | None:
    """Return the address as Telegram would keep it; what is none loses its link, silently."""
    url = url.strip()
    if LINK.fullmatch(url):
        return url
    return f"http://{url}" if BARE_DOMAIN.fullmatch(url) else None
