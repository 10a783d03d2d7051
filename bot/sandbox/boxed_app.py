"""What the box asks of the bot that lives in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class BoxedApp(Protocol):
    """The bot, as far as the box has to know it to move its clock and to fail its platform."""

    async def idle(self) -> bool:
        """Tell whether nothing that is due by now is left to be done or said."""
        ...

    async def said(self) -> bool:
        """Tell whether nothing that is due waits to be said, not even for the pace."""
        ...

    async def next_due(self) -> datetime | None:
        """Return the earliest instant after now at which something is due."""
        ...

    def nudge(self) -> None:
        """Look now: the clock was moved."""
        ...

    async def platform_instances(self) -> list[dict[str, Any]]:
        """Return what the embedded platform holds."""
        ...

    async def connect_number(self, reference: str, *, connected: bool) -> bool:
        """Let a number be connected at the platform, or not; False if there is no such instance."""
        ...

    async def appear(self, name: str) -> str:
        """Let somebody make an instance at the platform, and not through the bot; return its id."""
        ...

    async def vanish(self, reference: str) -> bool:
        """Let an instance be lost at the platform; False if there is no such instance."""
        ...

    async def platform_fault(self, operation: str, kind: str, times: int) -> None:
        """
        Let the next calls of that operation of the platform fail.

        :raises ValueError: if there is no such operation or kind.
        """
        ...
