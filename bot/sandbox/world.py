"""The people and chats of the box, and what is said in them."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.clock import MovableClock
from bot.sandbox.happenings import Happenings
from bot.sandbox.keeper import Keeper
from bot.sandbox.values import Chat, Message, Person

# Wider than 32 bits, as Telegram's are by now: code that narrows them must fail here too.
FIRST_PERSON_ID = 5_000_000_001
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001


class World:
    """State in memory, every change committed by the keeper before the call returns."""

    def __init__(self, keeper: Keeper, clock: MovableClock, happenings: Happenings) -> None:
        self._keeper, self._clock, self._happenings = keeper, clock, happenings
        self.people = {person.id: person for person in keeper.people()}
        self.chats = {chat.id: chat for chat in keeper.chats()}

    def add_person(self, name: str, language_code: str) -> Person:
        """Return a new person, who has a private chat with the bot."""
        first, _, last = name.partition(" ")
        person_id = max(self.people, default=FIRST_PERSON_ID - 1) + 1
        plain = "".join(c for c in name.lower() if c.isascii() and c.isalnum()) or "person"
        username = f"{plain[:20]}_{person_id - FIRST_PERSON_ID + 1}_box"
        person = Person(person_id, first, last.strip() or None, username, language_code)
        chat = Chat(person.id, "private", name, members=((person.id, "member"),))
        with self._keeper.change():
            self.save_person(person)
            self.save_chat(chat)
        return person

    def add_group(self, kind: str, title: str, members: list[int], *, is_forum: bool) -> Chat:
        """Return a new group; the first of the members is its owner."""
        first = FIRST_GROUP_ID if kind == "group" else FIRST_SUPERGROUP_ID
        chat_id = min(
            (one.id for one in self.chats.values() if one.type == kind), default=first + 1
        )
        statuses = ("creator", *["member"] * (len(members) - 1))
        chat = Chat(chat_id - 1, kind, title, is_forum, tuple(zip(members, statuses, strict=True)))
        self.save_chat(chat)
        return chat

    def save_person(self, person: Person) -> None:
        self._keeper.keep_person(person)
        self.people[person.id] = person
        self._happenings.tell("person", person)

    def save_chat(self, chat: Chat) -> None:
        self._keeper.keep_chat(chat)
        self.chats[chat.id] = chat
        self._happenings.tell("chat", chat)

    def message(self, chat_id: int, message_id: int) -> Message | None:
        return self._keeper.message(chat_id, message_id)

    def post(self, draft: Message) -> Message:
        """Put the draft into its chat as the newest message."""
        chat = self.chats[draft.chat_id]
        message = replace(draft, message_id=chat.last_message_id + 1, date=self.seconds())
        chat = replace(chat, last_message_id=message.message_id)
        with self._keeper.change():
            self._keeper.keep_chat(chat)
            self._keeper.keep_message(message)
        self.chats[chat.id] = chat
        self._happenings.tell("message", message)
        return message

    def change(self, message: Message) -> Message:
        self._keeper.keep_message(message)
        self._happenings.tell("message", message)
        return message

    def remove(self, message: Message) -> None:
        self._keeper.drop_message(message.chat_id, message.message_id)
        self._happenings.tell("deleted", message)

    def remove_topic(self, chat: Chat, thread_id: int) -> None:
        """A topic goes with all that was said in it."""
        with self._keeper.change():
            for message in self._keeper.messages_after(chat.id, 0, chat.last_message_id):
                if message.thread_id == thread_id:
                    self.remove(message)
            self.save_chat(self.chats[chat.id].without_topic(thread_id))

    def seconds(self) -> int:
        return int(self._clock.now().timestamp())
