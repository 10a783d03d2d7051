"""What is asked of the messaging platform."""

from __future__ import annotations

from enum import StrEnum


class Operation(StrEnum):
    """What is asked of the platform."""

    CREATE = "create"
    SUBSCRIBE = "subscribe"
    CANCEL = "cancel"
    KEEP = "keep"
    STOP = "stop"
    RESTART = "restart"
    # Runs until its `active_until`, as that is when the call is made.
    EXTEND = "extend"
    DELETE = "delete"
    # Asks how its number is connected: nothing changes there, and it is never insisted on.
    PAIR = "pair"
