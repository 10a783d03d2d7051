"""What happens to groups: made, turned into supergroups, the bot's rights in them."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import shapes
from bot.sandbox.errors import Mistake
from bot.sandbox.exchange import Exchange
from bot.sandbox.speaking import Speaking
from bot.sandbox.values import Chat

LONGEST_TITLE = 128


class Groups:
    """What people do to their groups, and what the bot is told of it."""

    def __init__(self, exchange: Exchange, speaking: Speaking) -> None:
        self._exchange, self._speaking, self._world = exchange, speaking, exchange.world

    def make(self, title: str, kind: str, members: list[int], *, is_forum: bool) -> Chat:
        """
        Make a group with the bot in it; the first of the members owns it.

        :raises Mistake: if it has no title or nobody in it, or cannot have topics.
        """
        title = title.strip()
        if not title or len(title) > LONGEST_TITLE:
            raise Mistake(f"title: 1 to {LONGEST_TITLE} characters")
        if kind not in ("group", "supergroup"):
            raise Mistake("type: group or supergroup")
        if is_forum and kind == "group":
            raise Mistake("is_forum: only a supergroup has topics")
        if not members or len(set(members)) != len(members):
            raise Mistake("members: at least one person, each once")
        for person_id in members:
            self._speaking.person(person_id)
        bot = self._exchange.bot_user()
        with self._exchange.keeper.change():
            chat = self._world.add_group(kind, title, members, is_forum=is_forum)
            was, now = shapes.member(bot, "left"), shapes.bot_member(self._exchange, chat)
            self._speaking.tell_status(chat, members[0], was, now)
            self._speaking.tell_service(chat, members[0], {"new_chat_members": [bot]})
        return self._world.chats[chat.id]

    def migrate(self, chat_id: int) -> Chat:
        """
        Turn a basic group into a supergroup with a new id, and return that.

        :raises Mistake: if it is none, or was turned before.
        """
        chat = self._speaking.chat(chat_id)
        if chat.type != "group":
            raise Mistake("only a basic group can become a supergroup")
        if chat.migrated_to is not None:
            raise Mistake(f"it became the supergroup {chat.migrated_to} before")
        people = [person_id for person_id, _ in chat.members]
        with self._exchange.keeper.change():
            heir = self._world.add_group("supergroup", chat.title, people, is_forum=False)
            heir = replace(heir, bot_status=chat.bot_status, manage_topics=chat.manage_topics)
            self._world.save_chat(heir)
            self._speaking.tell_service(chat, people[0], {"migrate_to_chat_id": heir.id})
            self._world.save_chat(replace(self._world.chats[chat.id], migrated_to=heir.id))
            self._speaking.tell_service(heir, people[0], {"migrate_from_chat_id": chat.id})
        return self._world.chats[heir.id]

    def set_rights(self, chat_id: int, *, admin: bool, manage_topics: bool) -> Chat:
        """Make the bot an administrator of the group or a mere member; also brings it back."""
        chat = self._speaking.chat(chat_id)
        if chat.is_private:
            raise Mistake("in a private chat there are no rights")
        if manage_topics and not admin:
            raise Mistake("manage_topics: only an administrator can have that right")
        status = "administrator" if admin else "member"
        after = replace(chat, bot_status=status, manage_topics=manage_topics)
        if after == chat:
            return chat
        owner = chat.members[0][0]
        was, now = (shapes.bot_member(self._exchange, one) for one in (chat, after))
        with self._exchange.keeper.change():
            self._world.save_chat(after)
            self._speaking.tell_status(after, owner, was, now)
        return after

    def delete_topic(self, chat_id: int, thread_id: int) -> None:
        """
        Delete a topic with all that was said in it; the bot is not told.

        :raises Mistake: if there is no such topic.
        """
        chat = self._speaking.chat(chat_id)
        if chat.topic(thread_id) is None:
            raise Mistake(f"there is no topic {thread_id} in this chat")
        self._world.remove_topic(chat, thread_id)
