"""Signs of life of the long-running parts, in the machine's own time."""

import time
from collections.abc import Callable


class Heartbeats:
    """
    When each part was last seen to advance.

    Counted in real time, never by the bot's clock: a part that hangs must be
    found out even where that clock stands still.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: dict[str, float] = {}

    def beat(self, part: str) -> None:
        """Say that a part advanced."""
        self._seen[part] = self._monotonic()

    def stop(self, part: str) -> None:
        """Expect nothing more of a part."""
        self._seen.pop(part, None)

    def silent_seconds(self) -> dict[str, float]:
        """Return for how long each part has been silent."""
        now = self._monotonic()
        return {part: now - seen for part, seen in self._seen.items()}
