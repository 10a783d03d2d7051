"""The queue of updates that wait for the bot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.sandbox import ids
from bot.sandbox.clock import MovableClock
from bot.sandbox.happenings import Happenings
from bot.sandbox.keeper import Keeper
from bot.sandbox.values import Json

MESSAGE_LIFE = timedelta(hours=24)
TAP_LIFE = timedelta(seconds=150)
IDLE = timedelta(days=7)
LONGEST = 100_000
NEVER = float("inf")
# An offset further than this from what is there counts as if it were the oldest.
TOO_FAR_AHEAD, TOO_FAR_BEHIND = 10, 100_000
FIRST_ID, LOW_ID, HIGH_ID = 700_000_001, 100_000_000, 2_000_000_000
# Sent only to a bot that asks for them by name.
ON_DEMAND = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One update; those of a lane are served in order, `expires` counts Unix seconds."""

    update_id: int
    kind: str
    lane: str
    expires: float
    payload: Json

    def json(self) -> Json:
        return {"update_id": self.update_id, self.kind: self.payload}


class UpdateQueue:
    """Updates stay until they are confirmed or expire by the sandbox's clock."""

    def __init__(self, keeper: Keeper, clock: MovableClock, happenings: Happenings) -> None:
        self._keeper, self._clock, self._happenings = keeper, clock, happenings
        kept = [Update(**json.loads(body)) for body in keeper.updates()]
        self._pending = {update.update_id: update for update in kept}
        self._soonest = min((one.expires for one in kept), default=NEVER)
        self._next_id: int = keeper.setting("next_update_id", FIRST_ID)
        self._last_at: float | None = keeper.setting("last_update_at", None)
        self.allowed: list[str] = keeper.setting("allowed_updates", [])
        # The webhook sets this: it has to hear of each new update.
        self.on_added: Callable[[Update], None] = lambda _: None

    def allow(self, kinds: list[str]) -> None:
        """Remember which kinds the bot wants from now on; an empty list is the default."""
        if kinds != self.allowed:
            self._keeper.keep_setting("allowed_updates", kinds)
            self.allowed = kinds

    def add(self, kind: str, payload: Json, lane: str, born: datetime) -> None:
        """Queue an update born at that instant, unless the bot does not want its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in ON_DEMAND
        if not wanted or len(self._pending) >= LONGEST:
            return
        now = self._clock.now().timestamp()
        expires = born + (TAP_LIFE if kind == "callback_query" else MESSAGE_LIFE)
        update_id = self._take_id(now)
        update = Update(update_id, kind, lane, expires.timestamp(), payload)
        with self._keeper.change():
            self._keeper.keep_update(update_id, json.dumps(asdict(update), ensure_ascii=False))
            self._keeper.keep_setting("next_update_id", self._next_id)
            self._keeper.keep_setting("last_update_at", now)
        self._last_at = now
        self._pending[update_id] = update
        self._soonest = min(self._soonest, update.expires)
        self.on_added(update)
        self._happenings.mark()

    def take(self, offset: int, limit: int) -> list[Json]:
        """
        Forget what lies below `offset` and return what comes next, at most `limit`.

        A negative offset keeps only the last so many. One far from what is there
        forgets nothing.
        """
        self.expire()
        ids = list(self._pending)
        if offset < 0:
            self._drop(ids[:offset])
        elif ids and ids[0] - TOO_FAR_BEHIND <= offset <= self._next_id + TOO_FAR_AHEAD:
            self._drop(update_id for update_id in ids if update_id < offset)
        return [update.json() for update in list(self._pending.values())[:limit]]

    def confirm(self, update_id: int) -> None:
        self._drop([update_id])

    def clear(self) -> None:
        self._drop(list(self._pending))

    def head(self, lane: str) -> Update | None:
        """Return the oldest update of that lane."""
        self.expire()
        return next((one for one in self._pending.values() if one.lane == lane), None)

    def lanes(self) -> set[str]:
        """Return the lanes in which something waits."""
        self.expire()
        return {update.lane for update in self._pending.values()}

    def __len__(self) -> int:
        self.expire()
        return len(self._pending)

    def expire(self) -> None:
        """Forget what is older than Telegram would keep it."""
        now = self._clock.now().timestamp()
        if now < self._soonest:
            return
        self._drop([one.update_id for one in self._pending.values() if one.expires <= now])
        self._soonest = min((one.expires for one in self._pending.values()), default=NEVER)

    def _drop(self, update_ids: Iterable[int]) -> None:
        gone = [update_id for update_id in update_ids if update_id in self._pending]
        if not gone:
            return
        self._keeper.drop_updates(gone)
        for update_id in gone:
            del self._pending[update_id]
        self._happenings.mark()

    def _take_id(self, now: float) -> int:
        """
        Return the next id: one more than the last, after seven idle days a random one.

        Telegram's "may be lower" is lower here whenever there is room, so that whoever counts
        on growing ids finds out.
        """
        idle = self._last_at is not None and now - self._last_at > IDLE.total_seconds()
        if idle and not self._pending:
            low = self._next_id > LOW_ID
            span = (LOW_ID // 2, self._next_id - LOW_ID // 4) if low else (LOW_ID * 10, HIGH_ID)
            self._next_id = ids.between(*span)
        self._next_id += 1
        return self._next_id - 1
