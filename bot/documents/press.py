"""Typst, its compiler kept: the first page costs its start, the next ones next to nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import typst

PICTURE_PPI = 192.0


class Press:
    """
    Sets templates of this package with data.

    Data reaches a template as JSON and is text there, never markup, whatever it holds.
    """

    def __init__(self) -> None:
        self._compiler: typst.Compiler | None = None
        # Pages are set one after the other, for the compiler is one.
        self._lock = Lock()

    def pdf(self, template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
        """Return a PDF that says it was made at that instant: of the same data the same file."""
        return self._set(template, data, "pdf", at=at)

    def png(self, template: str, data: Mapping[str, Any], *, ppi: float = PICTURE_PPI) -> bytes:
        """Return the first page as a picture."""
        return self._set(template, data, "png", ppi=ppi)

    def _set(
        self,
        template: str,
        data: Mapping[str, Any],
        kind: Literal["pdf", "png"],
        *,
        ppi: float | None = None,
        at: datetime | None = None,
    ) -> bytes:
        with self._lock:
            made = self._kept().compile(
                _source(template),
                format=kind,
                ppi=ppi,
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                timestamp=None if at is None else int(at.timestamp()),
            )
        page = made[0] if isinstance(made, list) else made
        assert page is not None, "without an output file it is returned"
        return page

    def _kept(self) -> typst.Compiler:
        if self._compiler is None:
            # A large library: whoever never draws does not wait for it at the start.
            import typst

            # Only what ships with Typst: the same page everywhere.
            self._compiler = typst.Compiler(ignore_system_fonts=True)
        return self._compiler


@cache
def _source(template: str) -> bytes:
    return files("bot.documents").joinpath(template).read_bytes()
