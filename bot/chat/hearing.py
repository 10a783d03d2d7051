"""From Telegram's update to what was heard: words, a press, a move, a coming or going."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    Update,
    User,
)

from billing.services.access import SHARED_IDS, Heard

LONGEST_NAME = 128
PRESENT = frozenset({ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER})
FILES = ("photo", "document", "video", "voice", "audio", "sticker")
# Telegram's ids of buttons hold 64 bytes at most; what is longer was not made by this bot.
LONGEST_DATA = 64


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that hangs on a message; `name` and `mime` are what its sender calls it."""

    file_id: str
    size: int
    name: str = ""
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """
    Words in a chat.

    `shared`: sent as a group or a channel, so nobody knows by whom. `second_hand`: forwarded, or
    made through another bot. `to_bot`: in reply to a message of this bot, `reply_to`. `document`
    is the file that hangs on it; `file_trouble`: why it was not read, where its command wants it.
    `message_id` is its own id in the chat, `file_kind` what hangs on it, `album` what was sent
    together, `forum` whether the chat has topics, `title` what the chat is called.
    """

    heard: Heard
    text: str
    shared: bool
    edited: bool
    second_hand: bool
    to_bot: bool
    file: bool
    replied_to: tuple[int, str] | None
    reply_to: int | None
    document: Attached | None = None
    file_trouble: str | None = None
    message_id: int = 0
    file_kind: str | None = None
    album: str | None = None
    forum: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was pressed, always by a person; `data` is the id that it carries."""

    heard: Heard
    query_id: str
    data: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup and has another id from now on."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Met:
    """
    The bot was let into a chat, or shut out of it; in private: unblocked, or blocked.

    `status` is Telegram's word for what it is there now, `topics` whether it may open some,
    `title` what the chat is called.
    """

    heard: Heard
    present: bool
    was_present: bool
    at: datetime
    status: str
    forum: bool
    topics: bool
    title: str = ""


Event = Spoken | Pressed | Moved | Met


def hear(update: Update, *, bot_id: int) -> Event | None:
    """Return what an update tells; None for what the bot has nothing to do with."""
    cause = f"update:{update.update_id}"
    if update.callback_query is not None:
        return _pressed(update.callback_query, cause)
    if update.my_chat_member is not None:
        return _met(update.my_chat_member, cause)
    if update.message is not None:
        return _moved(update.message) or _spoken(update.message, cause, bot_id, edited=False)
    if update.edited_message is not None:
        return _spoken(update.edited_message, cause, bot_id, edited=True)
    return None


def _pressed(query: CallbackQuery, cause: str) -> Pressed:
    # Without its message (one sent through the inline mode) a button belongs to no chat of ours.
    chat = query.message.chat if query.message is not None else None
    private = chat is not None and chat.type == Chat.PRIVATE
    heard = _heard(query.from_user, chat.id if chat is not None else 0, private, cause)
    heard = replace(heard, thread_id=_thread(query.message))
    return Pressed(heard, query.id, clean(query.data or "")[:LONGEST_DATA])


def _met(change: ChatMemberUpdated, cause: str) -> Met:
    private = change.chat.type == Chat.PRIVATE
    return Met(
        heard=_heard(change.from_user, change.chat.id, private, cause),
        present=change.new_chat_member.status in PRESENT,
        was_present=change.old_chat_member.status in PRESENT,
        at=change.date.astimezone(UTC),
        status=change.new_chat_member.status,
        forum=bool(change.chat.is_forum),
        topics=opens_topics(change.new_chat_member),
        title=clean(change.chat.title or "")[:LONGEST_NAME],
    )


def opens_topics(member: ChatMember) -> bool:
    """Whether a member of a group may open topics; nobody may who is no administrator."""
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_manage_topics)


def _moved(message: Message) -> Moved | None:
    if message.migrate_to_chat_id is not None:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Moved(message.migrate_from_chat_id, message.chat.id)
    return None


def _spoken(message: Message, cause: str, bot_id: int, *, edited: bool) -> Spoken | None:
    user = message.from_user
    if message.chat.type == Chat.CHANNEL or user is None or user.id == bot_id:
        return None
    text = clean(message.text or message.caption or "")
    file = message.effective_attachment is not None and message.text is None
    if not text and not file:
        return None
    shared = user.id in SHARED_IDS or message.sender_chat is not None or user.is_bot
    answered = message.reply_to_message
    if answered is not None and answered.forum_topic_created is not None:
        # In a topic what answers nothing else answers the message that opened it.
        answered = None
    author = answered.from_user if answered is not None else None
    to_bot = author is not None and author.id == bot_id
    replied_to = None
    if author is not None and not author.is_bot and author.id not in SHARED_IDS:
        replied_to = (author.id, _name(author))
    return Spoken(
        heard=replace(
            _heard(user, message.chat.id, message.chat.type == Chat.PRIVATE, cause),
            thread_id=_thread(message),
        ),
        text=text,
        shared=shared,
        edited=edited,
        second_hand=message.forward_origin is not None or message.via_bot is not None,
        to_bot=to_bot,
        file=file,
        replied_to=replied_to,
        reply_to=answered.message_id if answered is not None and to_bot else None,
        document=_attached(message),
        message_id=message.message_id,
        file_kind=_kind(message) if file else None,
        album=message.media_group_id,
        forum=bool(message.chat.is_forum),
        title=clean(message.chat.title or "")[:LONGEST_NAME],
    )


def _thread(message: MaybeInaccessibleMessage | None) -> int | None:
    """Return the topic of a message; where there are none, replies have threads as well."""
    if not isinstance(message, Message) or not message.is_topic_message:
        return None
    return message.message_thread_id


def _kind(message: Message) -> str:
    return next((kind for kind in FILES if getattr(message, kind)), "other")


def _attached(message: Message) -> Attached | None:
    document = message.document
    if document is None:
        return None
    return Attached(
        document.file_id,
        document.file_size or 0,
        clean(document.file_name or ""),
        document.mime_type or "",
    )


def _heard(user: User, chat_id: int, private: bool, cause: str) -> Heard:
    return Heard(
        user_id=user.id,
        name=_name(user),
        language=clean(user.language_code or "en")[:16],
        chat_id=chat_id,
        private=private,
        cause=cause,
    )


def _name(user: User) -> str:
    return " ".join(clean(user.full_name).split())[:LONGEST_NAME]


def clean(text: str) -> str:
    """Return a text as every database takes it: no zero bytes, no halves of characters."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
