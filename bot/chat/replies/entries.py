"""What the manual says of one command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manual:
    """
    One command, in the source language.

    `usage` is how it is said, `brief` stands in Telegram's menu, `more` answers what people ask.
    """

    usage: str
    brief: str
    more: tuple[str, ...] = ()
