"""What people do: they write, press, block, and change their groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.sandbox import ids, shapes
from bot.sandbox.addresses import LONGEST_CAPTION, LONGEST_TEXT
from bot.sandbox.errors import Mistake
from bot.sandbox.exchange import BOT_ID, BOT_USERNAME, Exchange
from bot.sandbox.formatted import commands_in
from bot.sandbox.parameters import Upload
from bot.sandbox.values import (
    CHANNEL_BOT,
    GROUP_ANONYMOUS_BOT,
    TELEGRAM,
    Chat,
    Json,
    Message,
    Person,
)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that a person says in a chat."""

    chat_id: int
    from_id: int
    text: str = ""
    reply_to: int | None = None
    thread_id: int | None = None
    document: Upload | None = None
    photo: Upload | None = None
    forward_from: int | str | None = None
    edit_of: int | None = None
    sender_chat: int | None = None


class Speaking:
    """Turns what people do into messages and into updates for the bot."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange, self._world = exchange, exchange.world

    def say(self, said: Said) -> Message:
        """
        Put a message into its chat, or change one, and queue the update.

        :raises Mistake: if the person could not do that in Telegram.
        """
        chat = self.chat(said.chat_id)
        if chat.migrated_to is not None:
            raise Mistake(f"the group became a supergroup: chat_id is {chat.migrated_to} now")
        sender, sender_chat = self._sender(chat, said)
        text = _cleaned(said.text)
        upload = said.document or said.photo
        longest = LONGEST_CAPTION if upload else LONGEST_TEXT
        if len(text) > longest:
            raise Mistake(f"text: at most {longest} characters, not {len(text)}")
        if not text and upload is None:
            raise Mistake("text: nothing is said")
        if said.edit_of is not None:
            return self._edit(chat, said, sender, text)
        self._check_place(chat, said)
        with self._exchange.keeper.change():
            attachment = None
            if upload is not None:
                kind = "document" if said.document else "photo"
                name, mime, content = upload.file_name, upload.mime_type, upload.content
                attachment = self._exchange.files.add(kind, name, content, mime)
            message = self._world.post(
                Message(
                    chat.id, sender, text=text, entities=commands_in(text),
                    attachment=attachment, reply_to=said.reply_to, thread_id=said.thread_id,
                    sender_chat=sender_chat, forward=self._forward(said),
                )
            )  # fmt: skip
            self._tell_bot("message", chat, message)
        return message

    def press(self, chat_id: int, person_id: int, message_id: int, button: str) -> str:
        """
        Press the button with that label or that callback data; return the tap's id.

        :raises Mistake: if the person does not see such a button.
        """
        chat = self.chat(chat_id)
        person = self._member(chat, person_id)
        message = self._world.message(chat.id, message_id)
        if message is None:
            raise Mistake(f"message_id: there is no message {message_id} in this chat")
        buttons = [one for row in message.buttons for one in row]
        # The data first: a label may look like another button's data, but not the reverse.
        found = next((one for one in buttons if one.get("callback_data") == button), None)
        found = found or next((one for one in buttons if one["text"] == button), None)
        if found is None:
            labels = ", ".join(one["text"] for one in buttons) or "none"
            raise Mistake(f"button: the message has no {button!r}; its buttons: {labels}")
        if "callback_data" not in found:
            where = found.get("url", "elsewhere")
            raise Mistake(f"button: {found['text']!r} opens {where} and tells the bot nothing")
        tap_id, now = ids.digits(), self._exchange.clock.now()
        query = {
            "id": tap_id,
            "from": shapes.person_user(person),
            "message": shapes.message(self._exchange, message),
            "chat_instance": str(abs(chat.id) * 7919),
            "data": found["callback_data"],
        }
        with self._exchange.keeper.change():
            self._exchange.keeper.keep_tap(tap_id, {"at": now.timestamp(), "answer": None})
            self._exchange.queue.add("callback_query", query, f"person:{person.id}", now)
        return tap_id

    def set_blocked(self, person_id: int, blocked: bool) -> Person:
        """Let the person block or unblock the bot; what is so already changes nothing."""
        person = self.person(person_id)
        if person.blocked == blocked:
            return person
        after = replace(person, blocked=blocked)
        chat = self._world.chats[person.id]
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        with self._exchange.keeper.change():
            self._world.save_person(after)
            bot = self._exchange.bot_user()
            self.tell_status(chat, person.id, shapes.member(bot, was), shapes.member(bot, now))
        return after

    def tell_status(self, chat: Chat, by: int, old: Json, new: Json) -> None:
        """Tell the bot that its own place in a chat changed."""
        now = self._exchange.clock.now()
        changed = {
            "chat": shapes.chat(self._exchange, chat),
            "from": shapes.user(self._exchange, by),
            "date": int(now.timestamp()),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        self._exchange.queue.add("my_chat_member", changed, f"chat:{chat.id}", now)

    def tell_service(self, chat: Chat, by: int, service: Json) -> Message:
        """Post a service message, of which the bot always hears."""
        message = self._world.post(Message(chat.id, by, service=service))
        self._tell_bot("message", chat, message)
        return message

    def chat(self, chat_id: int) -> Chat:
        chat = self._world.chats.get(chat_id)
        if chat is None:
            raise Mistake(f"chat_id: there is no chat {chat_id}")
        return chat

    def person(self, person_id: int) -> Person:
        person = self._world.people.get(person_id)
        if person is None:
            raise Mistake(f"there is no person {person_id}")
        return person

    def _member(self, chat: Chat, person_id: int) -> Person:
        person = self._world.people.get(person_id)
        if person is None:
            raise Mistake(f"from_id: there is no person {person_id}")
        if chat.status_of(person_id) is None:
            raise Mistake(f"from_id: {person.name} is not in this chat")
        return person

    def _sender(self, chat: Chat, said: Said) -> tuple[int, Json | None]:
        """Return whose id the message bears, and the chat in whose name it is sent."""
        shared = said.from_id in (GROUP_ANONYMOUS_BOT, CHANNEL_BOT, TELEGRAM)
        if not shared:
            person = self._member(chat, said.from_id)
            if chat.is_private and person.blocked:
                raise Mistake(f"{person.name} has blocked the bot: unblock it first")
            if said.sender_chat is None:
                return person.id, None
        if chat.is_private:
            raise Mistake("sender_chat: in a private chat people speak for themselves")
        group = {"id": chat.id, "type": chat.type, "title": chat.title}
        if said.from_id == GROUP_ANONYMOUS_BOT or said.sender_chat == chat.id:
            return GROUP_ANONYMOUS_BOT, group
        channel = said.sender_chat or -1003000000001
        if channel > 0:
            raise Mistake("sender_chat: the id of this group, or of a channel, which is negative")
        named = {"id": channel, "type": "channel", "title": "Channel"}
        return (TELEGRAM if said.from_id == TELEGRAM else CHANNEL_BOT), named

    def _check_place(self, chat: Chat, said: Said) -> None:
        if said.reply_to is not None and self._world.message(chat.id, said.reply_to) is None:
            raise Mistake(f"reply_to: there is no message {said.reply_to} in this chat")
        topic = chat.topic(said.thread_id) if said.thread_id is not None else None
        if said.thread_id is not None and topic is None:
            raise Mistake(f"thread_id: there is no topic {said.thread_id} in this chat")
        if topic is not None and topic.closed and chat.status_of(said.from_id) == "member":
            raise Mistake("thread_id: the topic is closed")

    def _forward(self, said: Said) -> Json | None:
        if said.forward_from is None:
            return None
        date = self._world.seconds()
        if isinstance(said.forward_from, str):
            name = said.forward_from
            return {"type": "hidden_user", "sender_user_name": name, "date": date}
        if said.forward_from == BOT_ID:
            return {"type": "user", "sender_user": self._exchange.bot_user(), "date": date}
        author = shapes.person_user(self.person(said.forward_from))
        return {"type": "user", "sender_user": author, "date": date}

    def _edit(self, chat: Chat, said: Said, sender: int, text: str) -> Message:
        before = self._world.message(chat.id, said.edit_of or 0)
        if before is None or before.service:
            raise Mistake(f"edit_of: there is no message {said.edit_of} in this chat")
        if before.from_id != sender:
            raise Mistake("edit_of: people edit only what they said themselves")
        if text == before.text:
            raise Mistake("edit_of: nothing is changed")
        after = replace(
            before, text=text, entities=commands_in(text), edited_at=self._world.seconds()
        )
        with self._exchange.keeper.change():
            self._world.change(after)
            self._tell_bot("edited_message", chat, after)
        return after

    def _tell_bot(self, kind: str, chat: Chat, message: Message) -> None:
        if not self._bot_hears(chat, message):
            return
        shape = shapes.message(self._exchange, message)
        born = datetime.fromtimestamp(message.date, UTC)
        self._exchange.queue.add(kind, shape, f"chat:{chat.id}", born)

    def _bot_hears(self, chat: Chat, message: Message) -> bool:
        """Keep Telegram's privacy mode: in a group only what is meant for the bot."""
        if chat.is_private or message.service or chat.bot_status == "administrator":
            return chat.bot_status not in ("left", "kicked")
        if chat.bot_status != "member":
            return False
        if message.entities and message.entities[0]["offset"] == 0:
            command = message.text[: message.entities[0]["length"]]
            _, at, username = command.partition("@")
            if not at or username.lower() == BOT_USERNAME:
                return True
        if message.reply_to is None:
            return False
        replied = self._world.message(chat.id, message.reply_to)
        return replied is not None and replied.from_id == BOT_ID


def _cleaned(text: str) -> str:
    """Return the text as Telegram's server keeps it: no control characters, nothing around."""
    plain = text.replace("\r", "")
    return "".join(c if c >= " " or c in "\n\t" else " " for c in plain).strip()
