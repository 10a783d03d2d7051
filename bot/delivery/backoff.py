"""Pauses that grow while something keeps failing."""

from datetime import timedelta

LONGEST = timedelta(seconds=60)


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: 1, 2, 4 … 60 seconds."""
    if failures < 1:
        raise ValueError("there is nothing to wait for before the first failure")
    # The exponent is bounded, or a night's failures would make a number of a thousand bits.
    return min(timedelta(seconds=2 ** min(failures - 1, 6)), LONGEST)


def patience_after(failures: int) -> timedelta:
    """Return how long another company's servers are left alone: 5, 10, 20 … 300 seconds."""
    return pause_after(failures) * 5
