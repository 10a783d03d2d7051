"""One process to a database file: whoever writes to it keeps every other one out."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

# One that is just being ended lets go within that.
PATIENCE_SECONDS = 5.0
RETRY_SECONDS = 0.05
TAKEN = (
    "another partnerdesk runs with this database, and two would say everything twice; stop that"
    " one, or give this one a database of its own"
)


class HeldElsewhere(Exception):
    """Another process has the database."""


class Hold:
    """
    A lock on the file `….lock` beside a database, which ends with the process however that ends.

    Not on the database's own file: whoever only looks into it, or copies it, is not kept out.
    The lock's file stays, for a process could be waiting for the one that was removed.
    """

    def __init__(self, lock: int) -> None:
        self._lock = lock

    @classmethod
    def take(cls, database: str) -> Self:
        """
        Take hold of a database by its path, whether it exists or not.

        :raises HeldElsewhere: if it is not let go in time.
        """
        # By whatever link it is reached, the file is one.
        beside = f"{Path(database).resolve()}.lock"
        lock = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _wait_for(lock)
        except BaseException:
            os.close(lock)
            raise
        return cls(lock)

    def release(self) -> None:
        """Let the next one in."""
        os.close(self._lock)


def _wait_for(lock: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise HeldElsewhere(TAKEN) from None
            time.sleep(RETRY_SECONDS)
        else:
            return
