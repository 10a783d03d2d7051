"""When the next message may go out without Telegram refusing it."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
# Chats that could send at once are forgotten each so many messages.
_SPENT_BETWEEN_PRUNINGS = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What Telegram bears, with some room: it says about 30 a second in all,
    one a second per chat with short bursts, and 20 a minute per group.
    """

    per_second: int = 28
    chat_burst: int = 3
    group_per_minute: int = 18


@dataclass(slots=True)
class _Chat:
    # When the bucket will be full again; each message puts it off by a second.
    full_at: datetime = _LONG_AGO
    paused_until: datetime = _LONG_AGO
    in_minute: deque[datetime] = field(default_factory=deque)


class Pace:
    """
    Counts what was sent; tells from when on the next message may be.

    Time is an argument. A clock that is set back makes nobody wait longer:
    it is taken to have stood still.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._in_second: deque[datetime] = deque(maxlen=self._limits.per_second)
        self._chats: dict[int, _Chat] = {}
        self._latest = _LONG_AGO
        self._set_back = timedelta(0)
        self._spent = 0

    def ready_at(self, chat_id: int, now: datetime) -> datetime:
        """Return the earliest instant, not before now, for a message to this chat."""
        inner = self._inner(now)
        ready = max(inner, self._all_ready_at())
        chat = self._chats.get(chat_id)
        if chat is not None:
            ready = max(ready, self._chat_ready_at(chat_id, chat))
        return ready - self._set_back

    def any_ready_at(self, now: datetime) -> datetime:
        """Return the earliest instant, not before now, for a message to anybody."""
        return max(self._inner(now), self._all_ready_at()) - self._set_back

    def spend(self, chat_id: int, now: datetime) -> None:
        """Count a message that goes out now."""
        inner = self._inner(now)
        chat = self._chats.setdefault(chat_id, _Chat())
        self._in_second.append(inner)
        chat.full_at = max(chat.full_at, inner) + SECOND
        if chat_id < 0:
            chat.in_minute.append(inner)
            if len(chat.in_minute) > self._limits.group_per_minute:
                chat.in_minute.popleft()
        self._spent += 1
        if self._spent % _SPENT_BETWEEN_PRUNINGS == 0:
            self._prune(inner)

    def pause(self, chat_id: int, until: datetime) -> None:
        """Let a chat rest; the others go on."""
        chat = self._chats.setdefault(chat_id, _Chat())
        chat.paused_until = max(chat.paused_until, until + self._set_back)

    def _all_ready_at(self) -> datetime:
        if len(self._in_second) < self._limits.per_second:
            return _LONG_AGO
        return self._in_second[0] + SECOND

    def _chat_ready_at(self, chat_id: int, chat: _Chat) -> datetime:
        ready = chat.paused_until
        if chat.full_at > _LONG_AGO:
            ready = max(ready, chat.full_at - (self._limits.chat_burst - 1) * SECOND)
        if chat_id < 0 and len(chat.in_minute) == self._limits.group_per_minute:
            ready = max(ready, chat.in_minute[0] + MINUTE)
        return ready

    def _inner(self, now: datetime) -> datetime:
        """Return a time that never runs backwards."""
        inner = now + self._set_back
        if inner < self._latest:
            self._set_back += self._latest - inner
            inner = self._latest
        self._latest = inner
        return inner

    def _prune(self, inner: datetime) -> None:
        rested = [
            chat_id
            for chat_id, chat in self._chats.items()
            if max(chat.full_at, chat.paused_until) <= inner
            and (not chat.in_minute or chat.in_minute[-1] + MINUTE <= inner)
        ]
        for chat_id in rested:
            del self._chats[chat_id]
