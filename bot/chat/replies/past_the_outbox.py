"""Words that no message holds: toasts over a chat, and the lines of Telegram's menu."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.chat.formats import Speech, mark, plain
from bot.chat.languages import nearest
from bot.chat.replies.manual import MANUALS

# Telegram shows no more than 200 characters of one.
TOASTS = {
    "button_old": mark("This button is old. The chat shows how things stand now."),
    "already_done": mark("That was already done."),
    "no_right": mark("You may not do that. Nothing was changed."),
}


class Words:
    """Speaks any language, by its name or by Telegram's code for it."""

    def toast(self, code: str, language: str) -> str:
        """Return what appears over the chat for a moment: button_old, already_done, no_right."""
        return _said(TOASTS[code], language)

    def description(self, command: str, language: str) -> str:
        """Return what a command does, in one line."""
        return _said(MANUALS[command].brief, language)


def _said(text: str, language: str) -> str:
    # There is no date in these, so any moment does.
    say = Speech(nearest(language), "UTC", datetime(2000, 1, 1, tzinfo=UTC))
    return plain(say(text))
