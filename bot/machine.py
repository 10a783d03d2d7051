"""What the process and the machine know of the desk's health."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from billing.services.desk.health import Machine
from bot.settings import Settings


def look(
    settings: Settings, silent_seconds: Callable[[], Mapping[str, float]] | None = None
) -> Machine:
    """Return it; without `silent_seconds` nobody knows which parts advance."""
    silent = silent_seconds() if silent_seconds is not None else None
    unset = frozenset(name for name, told in asdict(settings.operator).items() if not told)
    path = settings.database_file
    if path is None or not path.exists():
        return Machine(silent=silent, unset=unset)
    return Machine(
        silent=silent,
        unset=unset,
        disk_free=shutil.disk_usage(path.parent).free,
        database_bytes=sum(
            Path(f"{path}{ending}").stat().st_size
            for ending in ("", "-wal")
            if Path(f"{path}{ending}").exists()
        ),
    )
