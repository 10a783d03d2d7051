"""Faults that were ordered: the next calls of a method fail so."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from bot.sandbox.errors import Mistake
from bot.sandbox.keeper import Keeper

KINDS = ("429", "timeout_before", "timeout_after", "403", "500")
PLATFORM_KINDS = ("timeout_before", "timeout_after", "refused", "500")


@dataclass(frozen=True, slots=True)
class Fault:
    """The next `times` calls of `method` (to that chat, if one is named) fail in this way."""

    method: str
    kind: str
    times: int
    chat_id: int | None = None


class Faults:
    """Ordered faults, kept until each was used up."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._ordered = [Fault(**raw) for raw in keeper.setting("faults", [])]

    def order(self, fault: Fault) -> None:
        """
        :raises Mistake: if there is no such kind of fault.
        """
        if fault.kind not in KINDS:
            raise Mistake(f"kind: one of {', '.join(KINDS)}")
        self._keep([*self._ordered, replace(fault, method=fault.method.lower())])

    def take(self, method: str, chat_id: str) -> Fault | None:
        """Return the fault that this call has to suffer, and use it up."""
        for place, fault in enumerate(self._ordered):
            if fault.method == method and fault.chat_id in (None, _number(chat_id)):
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self._keep([*self._ordered[:place], *left, *self._ordered[place + 1 :]])
                return fault
        return None

    def _keep(self, faults: list[Fault]) -> None:
        self._keeper.keep_setting("faults", [asdict(fault) for fault in faults])
        self._ordered = faults


def _number(chat_id: str) -> int | None:
    try:
        return int(chat_id)
    except ValueError:
        return None
