"""Values of the box in the Bot API's own JSON."""

from __future__ import annotations

from bot.sandbox.exchange import BOT_ID, Exchange
from bot.sandbox.values import (
    CHANNEL_BOT,
    GROUP_ANONYMOUS_BOT,
    TELEGRAM,
    Attachment,
    Chat,
    Json,
    Message,
    Person,
)

SHARED = {
    GROUP_ANONYMOUS_BOT: ("Group", "GroupAnonymousBot", True),
    CHANNEL_BOT: ("Channel", "Channel_Bot", True),
    TELEGRAM: ("Telegram", None, False),
}
RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_pin_messages",
)  # fmt: skip


def filled(**fields: object) -> Json:
    """Return the fields that are there; Telegram leaves out the others."""
    return {name: value for name, value in fields.items() if value is not None}


def user(exchange: Exchange, user_id: int) -> Json:
    if user_id == BOT_ID:
        return exchange.bot_user()
    if user_id in SHARED:
        name, username, is_bot = SHARED[user_id]
        return filled(id=user_id, is_bot=is_bot, first_name=name, username=username)
    return person_user(exchange.world.people[user_id])


def person_user(person: Person) -> Json:
    return filled(
        id=person.id,
        is_bot=False,
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
        language_code=person.language_code,
    )


def chat(exchange: Exchange, value: Chat) -> Json:
    if value.is_private:
        person = exchange.world.people[value.id]
        return filled(
            id=value.id,
            type="private",
            first_name=person.first_name,
            last_name=person.last_name,
            username=person.username,
        )
    return filled(id=value.id, type=value.type, title=value.title, is_forum=value.is_forum or None)


def attachment(value: Attachment) -> Json:
    common = {
        "file_id": value.file_id,
        "file_unique_id": value.unique_id,
        "file_size": value.size,
    }
    if value.kind == "photo":
        return {"photo": [{**common, "width": value.width, "height": value.height}]}
    return {"document": {**common, "file_name": value.file_name, "mime_type": value.mime_type}}


def message(exchange: Exchange, value: Message, *, with_reply: bool = True) -> Json:
    where = exchange.world.chats[value.chat_id]
    replied = None
    # In a topic what answers nothing else answers the message that opened it.
    answered = value.reply_to or (value.thread_id if value.thread_id != value.message_id else None)
    if answered is not None and with_reply:
        original = exchange.world.message(value.chat_id, answered)
        replied = message(exchange, original, with_reply=False) if original else None
    words = "caption" if value.attachment else "text"
    shape = filled(
        message_id=value.message_id,
        **{"from": user(exchange, value.from_id)},
        sender_chat=value.sender_chat,
        chat=chat(exchange, where),
        date=value.date,
        edit_date=value.edited_at,
        message_thread_id=value.thread_id,
        is_topic_message=True if value.thread_id else None,
        reply_to_message=replied,
        forward_origin=value.forward,
        media_group_id=value.media_group_id,
        reply_markup=value.markup,
    )
    if value.text:
        shape[words] = value.text
        if value.entities:
            name = "caption_entities" if value.attachment else "entities"
            shape[name] = list(value.entities)
    if value.attachment:
        shape.update(attachment(value.attachment))
    return {**shape, **value.service}


def bot_member(exchange: Exchange, value: Chat) -> Json:
    return member(exchange.bot_user(), value.bot_status, manage_topics=value.manage_topics)


def member(who: Json, status: str, *, manage_topics: bool = True) -> Json:
    if status == "creator":
        return {"user": who, "status": status, "is_anonymous": False}
    if status == "administrator":
        rights = dict.fromkeys(RIGHTS, True)
        return {
            "user": who, "status": status, "can_be_edited": False, "is_anonymous": False,
            **rights, "can_manage_topics": manage_topics,
        }  # fmt: skip
    if status == "kicked":
        return {"user": who, "status": status, "until_date": 0}
    return {"user": who, "status": status}
