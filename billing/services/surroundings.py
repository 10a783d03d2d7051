"""
Where the bot stands in Telegram: what it may do in its groups, and what it hears.

Kept in desk_state as it was last told or asked: `bot` for the bot itself, `group:<chat id>` for a
group. Rules: docs/guide-operator.md, "The staff group".
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from billing.services.facts import micros
from billing.services.ports import Work

BOT = "bot"
PRESENT = frozenset({"member", "administrator"})


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What the bot is in a group.

    `status` is Telegram's word (member, administrator, left, kicked), `topics` whether it may
    open topics, `since` the instant of its present rights in microseconds, `trouble` what
    Telegram said when it would not open one, `title` what the group is called.
    """

    status: str
    forum: bool = False
    topics: bool = False
    since: int = 0
    trouble: str | None = None
    title: str = ""

    @property
    def opens_topics(self) -> bool:
        """Whether a topic can be opened there, as far as is known."""
        return self.forum and self.topics and self.status in PRESENT and self.trouble is None


async def standing(work: Work, chat_id: int) -> Standing | None:
    """Return what the bot is in a group, or None if that is not known."""
    kept = await work.state.get(_key(chat_id))
    return None if kept is None else Standing(**json.loads(kept))


async def note(
    work: Work, chat_id: int, *, status: str, forum: bool, topics: bool, title: str = ""
) -> None:
    """Keep what the bot is in a group; with other rights what failed is worth another try."""
    before = await standing(work, chat_id)
    now = Standing(status, forum, topics, micros(work.now), title=title)
    if before is not None:
        now = replace(now, title=title or before.title)
        if _rights(before) == _rights(now):
            now = replace(before, title=now.title)
    if now != before:
        await _keep(work, chat_id, now)


async def note_messages(work: Work, chat_id: int, *, forum: bool, title: str = "") -> None:
    """Keep what a group is called, and whether it has topics, as its messages tell."""
    before = await standing(work, chat_id)
    if before is None:
        return
    after = replace(before, title=title or before.title)
    if before.forum is not forum:
        after = replace(after, forum=forum, since=micros(work.now), trouble=None)
    if after != before:
        await _keep(work, chat_id, after)


def _rights(standing: Standing) -> tuple[str, bool, bool]:
    return standing.status, standing.forum, standing.topics


async def note_trouble(work: Work, chat_id: int, why: str) -> None:
    """Keep that Telegram would not open a topic: none is asked for until the rights change."""
    before = await standing(work, chat_id)
    if before is not None:
        await _keep(work, chat_id, replace(before, trouble=why[:200]))


async def reads_all(work: Work) -> bool | None:
    """Whether the bot hears every message of its groups (privacy mode off); None: not known."""
    kept = await work.state.get(BOT)
    return None if kept is None else bool(json.loads(kept)["reads_all"])


async def note_bot(work: Work, *, reads_all: bool) -> None:
    """Keep what the bot hears in groups."""
    kept = json.dumps({"reads_all": reads_all})
    if await work.state.get(BOT) != kept:
        await work.state.set(BOT, kept)


async def _keep(work: Work, chat_id: int, now: Standing) -> None:
    await work.state.set(_key(chat_id), json.dumps(asdict(now)))


def _key(chat_id: int) -> str:
    return f"group:{chat_id}"
