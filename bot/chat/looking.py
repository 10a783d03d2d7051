"""What the bot is in its staff groups, asked of Telegram: at the start, and when one is bound."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from billing.services import surroundings
from billing.services.ports import Store, Work
from bot.chat.hearing import LONGEST_NAME, clean, opens_topics

log = structlog.get_logger(__name__)


async def look_around(store: Store, bot: Bot) -> None:
    """Keep what the bot hears in groups, and what it may do in each of the staff's."""
    reads_all = bool(bot.can_read_all_group_messages)

    async def noted(work: Work) -> Sequence[int]:
        await surroundings.note_bot(work, reads_all=reads_all)
        return await work.people.groups()

    for chat_id in await store.write(noted):
        await look_at(store, bot, chat_id)


async def look_at(store: Store, bot: Bot, chat_id: int) -> None:
    """Keep what the bot is in one group; where Telegram does not say, it stays as it is known."""
    status, forum, topics, title = "left", False, False, ""
    try:
        chat = await bot.get_chat(chat_id)
        member = await bot.get_chat_member(chat_id, bot.id)
    except (Forbidden, BadRequest) as error:
        # Put out, or the group is gone; what is said there says so again.
        log.warning("the bot is not in a staff group", chat_id=chat_id, error=str(error))
    except TelegramError as error:
        log.warning("a staff group could not be looked at", chat_id=chat_id, error=str(error))
        return
    else:
        status, forum, topics = member.status, bool(chat.is_forum), opens_topics(member)
        title = clean(chat.title or "")[:LONGEST_NAME]
    await store.write(
        lambda work: surroundings.note(
            work, chat_id, status=status, forum=forum, topics=topics, title=title
        )
    )
