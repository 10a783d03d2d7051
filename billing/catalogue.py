"""
Which programmes there are: every version, read from its file.

Rules: "The three programmes that ship".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from billing.programmes import Contradiction, Programme
from billing.toml_lines import line_of

SHIPPED = Path(__file__).parent / "programmes"


class ProgrammeRefused(ValueError):
    """A programme file has a hole or a contradiction; says which file, line and entry."""


class Programmes:
    """All versions of all programmes; looked up by id and version."""

    def __init__(self, programmes: Iterable[Programme]) -> None:
        self._by_version: dict[tuple[str, int], Programme] = {}
        series: dict[str, str] = {}
        for programme in programmes:
            key = (programme.id, programme.version)
            if key in self._by_version:
                raise ProgrammeRefused(f"{programme.id}: version {programme.version} comes twice")
            self._by_version[key] = programme
            # Invoice numbers run without a gap per programme, so no two share a series.
            prefix = programme.invoice_prefix
            owner = series.setdefault(prefix, programme.id)
            if owner != programme.id:
                raise ProgrammeRefused(f"{programme.id}: invoice_prefix {prefix!r} is of {owner}")

    def get(self, programme_id: str, version: int) -> Programme:
        """Return a version; a KeyError means that a file a partner depends on is gone."""
        return self._by_version[programme_id, version]

    def all(self) -> tuple[Programme, ...]:
        """Return every version of every programme, by id, the oldest first."""
        return tuple(programme for _, programme in sorted(self._by_version.items()))

    def latest(self) -> tuple[Programme, ...]:
        """Return the newest version of each programme, by id: what one can enrol in."""
        newest: dict[str, Programme] = {}
        for _, programme in sorted(self._by_version.items()):
            newest[programme.id] = programme
        return tuple(newest.values())

    def newest(self, programme_id: str) -> Programme | None:
        """Return the newest version of one programme, or None if there is no such."""
        return next((known for known in self.latest() if known.id == programme_id), None)


def load(folder: Path = SHIPPED) -> Programmes:
    """
    Read every `*.toml` of a folder.

    :raises ProgrammeRefused: names the file, the line and the entry that is wrong.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ProgrammeRefused(f"{folder}: there is no programme, no *.toml")
    return Programmes(read(path) for path in paths)


def read(path: Path) -> Programme:
    """Read one programme file; refuses as `load` does."""
    try:
        text = path.read_text(encoding="utf-8")
        return Programme.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProgrammeRefused(f"{path.name}: {error}") from None
    except ValidationError as error:
        wrong = (_wrong(path.name, text, found) for found in error.errors())
        raise ProgrammeRefused("; ".join(wrong)) from None


def _wrong(name: str, text: str, found: ErrorDetails) -> str:
    cause = found.get("ctx", {}).get("error")
    within = cause.entry if isinstance(cause, Contradiction) else ()
    entry = (*found["loc"], *within)
    said = cause if isinstance(cause, Contradiction) else found["msg"]
    return f"{name}, line {line_of(text, entry)}: {'.'.join(map(str, entry))}: {said}"
