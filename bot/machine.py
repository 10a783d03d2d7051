"""What the process and the machine know of the desk's health."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from billing.services.desk.health import Machine


def file_of(database_url: str) -> Path | None:
    """Return the file of a database, None of one in memory."""
    path = database_url.removeprefix("sqlite://").removeprefix("/")
    return Path(path) if path else None


def look(
    database_url: str, silent_seconds: Callable[[], Mapping[str, float]] | None = None
) -> Machine:
    """Return it; without `silent_seconds` nobody knows which parts advance."""
    silent = silent_seconds() if silent_seconds is not None else None
    path = file_of(database_url)
    if path is None or not path.exists():
        return Machine(silent=silent)
    return Machine(
        silent=silent,
        disk_free=shutil.disk_usage(path.parent).free,
        database_bytes=sum(
            Path(f"{path}{ending}").stat().st_size
            for ending in ("", "-wal")
            if Path(f"{path}{ending}").exists()
        ),
    )
