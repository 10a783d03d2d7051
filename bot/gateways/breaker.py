"""A platform that is down is left alone for a while, by the bot's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pybreaker

from billing.services.ports.platforms import PlatformSilent
from bot.clock import Clock
from bot.gateways.answers import Throttled

FAILURES = 5
OPEN_FOR = timedelta(seconds=30)
# The library's own clock is the machine's, and ours may be moved: it is never the one to decide.
NEVER_BY_ITSELF_SECONDS = 10 * 365 * 86_400


class Breaker:
    """Opens after five calls in a row that were not answered; lets one through 30 s later."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = clock.now()
        self._circuit = pybreaker.CircuitBreaker(
            fail_max=FAILURES,
            reset_timeout=NEVER_BY_ITSELF_SECONDS,
            # A no is an answer, and so is "too many calls".
            exclude=[_is_answer],
            throw_new_error_on_trip=False,
        )

    def check(self) -> None:
        """
        Let a call go out, or not.

        :raises PlatformSilent: it is open.
        """
        if self._circuit.current_state != pybreaker.STATE_OPEN:
            return
        if self._clock.now() < self._until:
            raise PlatformSilent(f"no answer several times; left alone until {_told(self._until)}")
        self._circuit.half_open()

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count what comes of a call."""
        was_open = self.is_open
        try:
            with self._circuit.calling():
                yield
        finally:
            if self.is_open and not was_open:
                self._until = self._clock.now() + OPEN_FOR

    @property
    def is_open(self) -> bool:
        return self._circuit.current_state == pybreaker.STATE_OPEN


def _is_answer(error: BaseException) -> bool:
    return isinstance(error, Throttled) or not isinstance(error, PlatformSilent)


def _told(instant: datetime) -> str:
    return f"{instant:%H:%M:%S} UTC"
