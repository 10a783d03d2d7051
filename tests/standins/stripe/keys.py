"""Idempotency keys, as Stripe keeps them: for a day, with the answer that was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.standins.stripe.forms import Json, Wrong

KEPT_SECONDS = 24 * 3600
LONGEST = 255


@dataclass(frozen=True, slots=True)
class Kept:
    asked: tuple[str, Json]
    status: int
    answer: Any
    at: int


class Keys:
    """Answers by key."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def answer(self, key: str, asked: tuple[str, Json], at: int) -> Kept | None:
        """
        Return the answer that was given under that key, or None if it is new.

        :raises Wrong: if it was used for something else.
        """
        if len(key) > LONGEST:
            raise Wrong(400, f"Idempotency keys have at most {LONGEST} characters.")
        kept = self._kept.get(key)
        if kept is None or at - kept.at > KEPT_SECONDS:
            return None
        if kept.asked != asked:
            raise Wrong(
                400,
                "Keys for idempotent requests can only be used with the same parameters they were"
                f" first used with. Try using a key other than '{key}' if you meant to execute a"
                " different request.",
                kind="idempotency_error",
            )
        return kept

    def keep(self, key: str, asked: tuple[str, Json], status: int, answer: Any, at: int) -> None:
        self._kept[key] = Kept(asked, status, answer, at)
