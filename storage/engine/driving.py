"""Runs a unit of work in a thread, without an event loop: its statements never suspend."""

from typing import Protocol

from storage.engine.transaction import Transaction, Unit


class Driven(Transaction, Protocol):
    """A transaction whose statements are done when they return."""

    def end(self) -> None:
        """Let nobody who kept it write into a later one."""


def drive(unit: Unit[object], transaction: Driven) -> object:
    """
    Run a unit of work to its end without an event loop.

    :raises RuntimeError: if it suspends: it awaited more than its transaction.
    """
    steps = unit(transaction).__await__()
    try:
        steps.send(None)
    except StopIteration as finished:
        return finished.value
    finally:
        transaction.end()
    steps.close()
    raise RuntimeError("a unit of work awaits nothing but its transaction")
