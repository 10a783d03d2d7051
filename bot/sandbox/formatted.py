"""Text with entities: how a person sees what was said."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from bot.sandbox.values import Json

TAG_OF = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code",
    "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
LINK = re.compile(r"(?:https?|tg)://[^\s<>\"']+", re.IGNORECASE)
COMMAND = re.compile(r"(?<![\w/<>])/([a-zA-Z0-9_]{1,64})(?:@([a-zA-Z0-9_]{1,32}))?(?![\w/<>])")


@dataclass(frozen=True, slots=True)
class Formatted:
    """Text as people read it, with entities whose offsets count UTF-16 units."""

    text: str
    entities: tuple[Json, ...] = ()


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units the text has, which is how Telegram counts offsets."""
    return len(text) + sum(character > "\uffff" for character in text)


def trimmed(formatted: Formatted) -> Formatted:
    """Return it without white space around it, entities moved along."""
    text = formatted.text.strip()
    cut = len(formatted.text) - len(formatted.text.lstrip())
    length = utf16_length(text)
    entities = []
    for entity in formatted.entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, length)
        if end > start:
            entities.append({**entity, "offset": start, "length": end - start})
    return Formatted(text, tuple(entities))


def commands_in(text: str) -> tuple[Json, ...]:
    """Return the bot_command entities that Telegram would set in what a person wrote."""
    return tuple(
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": len(found.group()),
        }
        for found in COMMAND.finditer(text)
    )


def render(formatted: Formatted) -> str:
    """Return HTML that is safe to show: everything escaped, nothing but harmless tags."""
    ordered = sorted(formatted.entities, key=lambda one: (one["offset"], -one["length"]))
    pieces: list[str] = []
    opened: list[Json] = []
    position = 0
    for character in formatted.text:
        _close(opened, pieces, position)
        while ordered and ordered[0]["offset"] <= position:
            entity = ordered.pop(0)
            pieces.append(_tags(entity)[0])
            opened.append(entity)
        pieces.append(html.escape(character))
        position += utf16_length(character)
    while opened:
        pieces.append(_tags(opened.pop())[1])
    return "".join(pieces)


def _close(opened: list[Json], pieces: list[str], position: int) -> None:
    """Close what ends here; what overlaps it is closed and opened again."""
    again: list[Json] = []
    while any(one["offset"] + one["length"] <= position for one in opened):
        entity = opened.pop()
        pieces.append(_tags(entity)[1])
        if entity["offset"] + entity["length"] > position:
            again.append(entity)
    for entity in reversed(again):
        pieces.append(_tags(entity)[0])
        opened.append(entity)


def _tags(entity: Json) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link" and LINK.fullmatch(entity["url"]):
        url = html.escape(entity["url"])
        return f'<a href="{url}" target="_blank" rel="noopener noreferrer">', "</a>"
    if kind == "spoiler":
        return '<span class="tg-spoiler">', "</span>"
    if kind == "expandable_blockquote":
        return '<blockquote class="expandable">', "</blockquote>"
    tag = TAG_OF.get(kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")
