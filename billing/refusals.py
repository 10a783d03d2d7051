"""What every refusal of the core has in common."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from billing.calendar import Month
from billing.money import Money

Fact = str | int | bool | None | Money | datetime | date | Month | list[str]


class Refusal(Exception):
    """
    A request that the rules do not allow: a code and facts, never a sentence.

    Each subclass stands beside the rule that raises it and names its facts; the words for
    people are chosen by who talks to them.
    """

    code: ClassVar[str]

    def __init__(self, **facts: Fact) -> None:
        super().__init__(f"{self.code} {facts}" if facts else self.code)
        self.facts = facts


class AlreadyDone(Refusal):
    """The same thing was done before; nothing was changed. Facts: what shows the first outcome."""

    code = "already_done"


class NoRight(Refusal):
    """Who asks may not do this. Facts: `right`."""

    code = "no_right"


class NotFound(Refusal):
    """
    There is no such thing, or it is somebody else's: the two must not be told apart.

    Facts: `what`, `wanted`.
    """

    code = "not_found"
