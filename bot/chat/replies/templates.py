"""Which function has the words for which kind of message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.chat.formats import Html, Speech

Facts = Mapping[str, Any]
Template = Callable[[Facts, Speech], Html]

TEMPLATES: dict[str, Template] = {}


def says(*kinds: str) -> Callable[[Template], Template]:
    """Let a function say messages of these kinds; of each kind there is one."""

    def register(template: Template) -> Template:
        for kind in kinds:
            assert kind not in TEMPLATES, f"{kind} is said twice"
            TEMPLATES[kind] = template
        return template

    return register
