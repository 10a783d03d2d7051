"""No command is without a story, in each language."""

from __future__ import annotations

import importlib
import pkgutil

from bot.chat.commands import TABLE
from bot.chat.languages import LANGUAGES
from tests.scenarios import commands
from tests.scenarios.commands.telling import Stories
from tests.scenarios.commands.tongues import CODES


def stories() -> list[Stories]:
    """Return those of every file here."""
    found = []
    for module in pkgutil.iter_modules(commands.__path__):
        loaded = importlib.import_module(f"{commands.__name__}.{module.name}")
        found += [one for one in vars(loaded).values() if isinstance(one, Stories)]
    return found


def test_languages_are_those_that_are_spoken():
    assert {code[:2] for code in CODES} == {language[:2] for language in LANGUAGES}


def test_every_command_is_said_in_every_language():
    """What a story declares it says in each language, or it fails by itself."""
    said: dict[str, set[str]] = {command.name: set() for command in TABLE}
    for some in stories():
        for one in some.told:
            for name in one.commands:
                said[name].update(some.codes)
    assert {name for name, codes in said.items() if codes != set(CODES)} == set()
