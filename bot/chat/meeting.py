"""The bot's own place in chats: blocked or not, let into groups, what it may do there."""

from __future__ import annotations

from dataclasses import replace

from billing.services import access, surroundings
from billing.services.desk import strangers
from billing.services.partners import own_group
from billing.services.ports import Work
from bot.chat.commands import Here
from bot.chat.hearing import Met, Spoken


async def met(work: Work, event: Met, where: Here) -> None:
    """Note who blocked the bot, and what it is in a group; in a strange one say how it is bound."""
    heard = event.heard
    if heard.private:
        person = await work.people.person(heard.user_id)
        if person is not None:
            blocked_at = None if event.present else event.at
            await work.people.save_person(replace(person, blocked_at=blocked_at), at=work.now)
        return
    if where is Here.STAFF_GROUP:
        await surroundings.note(
            work,
            heard.chat_id,
            status=event.status,
            forum=event.forum,
            topics=event.topics,
            title=event.title,
        )
    if not event.present and where is Here.PARTNER_GROUP:
        actor, _ = await access.recognise(work, heard)
        await own_group.put_out(work, actor, heard.chat_id)
    if event.present and not event.was_present and where is Here.FOREIGN_GROUP:
        await strangers.met(work, heard.chat_id, heard.user_id, heard.cause)


async def heard_in(work: Work, said: Spoken, where: Here) -> None:
    """A staff group tells with each message what it is called, and whether it has topics."""
    if where is Here.STAFF_GROUP:
        await surroundings.note_messages(
            work, said.heard.chat_id, forum=said.forum, title=said.title
        )
