"""Values of the box as the people's side shows them."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox import shapes
from bot.sandbox.exchange import BOT_ID, Exchange
from bot.sandbox.formatted import Formatted, render
from bot.sandbox.values import Attachment, Chat, Json, Message, Person


def instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def person(value: Person) -> Json:
    return {
        "id": value.id,
        "name": value.name,
        "username": value.username,
        "language_code": value.language_code,
        "blocked": value.blocked,
    }


def chat(value: Chat) -> Json:
    topics = [
        {"thread_id": topic.thread_id, "name": topic.name, "closed": topic.closed}
        for topic in value.topics
    ]
    return {
        "id": value.id,
        "type": value.type,
        "title": value.title,
        "is_forum": value.is_forum,
        "members": [person_id for person_id, _ in value.members],
        "admins": [who for who, status in value.members if status != "member"],
        "bot": {"status": value.bot_status, "manage_topics": value.manage_topics},
        "topics": topics,
        "migrated_to": value.migrated_to,
        "pinned": value.pinned,
        "last_message_id": value.last_message_id,
    }


def message(exchange: Exchange, value: Message) -> Json:
    text, entities = value.text, value.entities
    if value.service:
        text, entities = service_words(exchange, value), ()
    sender = shapes.user(exchange, value.from_id)
    name = " ".join(filter(None, (sender["first_name"], sender.get("last_name"))))
    if value.sender_chat is not None:
        name = value.sender_chat.get("title", name)
    return {
        "message_id": value.message_id,
        "from": {"id": value.from_id, "name": name, "is_bot": sender["is_bot"]},
        "date": instant(datetime.fromtimestamp(value.date, UTC)),
        "text": text,
        "html": render(Formatted(text, entities)),
        "buttons": [[button(one) for one in row] for row in value.buttons],
        "document": attachment(value.attachment) if value.attachment else None,
        "edited": value.edited_at is not None,
        "thread_id": value.thread_id,
        "reply_to": value.reply_to,
        "forwarded": value.forward is not None,
        "service": bool(value.service),
    }


def button(raw: Json) -> Json:
    return {"text": raw["text"], "data": raw.get("callback_data"), "url": raw.get("url")}


def attachment(value: Attachment) -> Json:
    return {
        "file_name": value.file_name,
        "mime_type": value.mime_type,
        "size": value.size,
        "url": f"/sandbox/files/{value.file_id}",
    }


def service_words(exchange: Exchange, value: Message) -> str:
    """Say what a service message says, as Telegram's apps do."""
    service = value.service
    sender = (
        "The bot" if value.from_id == BOT_ID else shapes.user(exchange, value.from_id)["first_name"]
    )
    if "new_chat_members" in service:
        return (
            f"{sender} added {', '.join(one['first_name'] for one in service['new_chat_members'])}"
        )
    if "left_chat_member" in service:
        return f"{service['left_chat_member']['first_name']} left"
    if "migrate_to_chat_id" in service:
        return "The group became a supergroup"
    if "migrate_from_chat_id" in service:
        return "The supergroup goes on from a group"
    if "forum_topic_created" in service:
        return f"{sender} opened the topic {service['forum_topic_created']['name']}"
    if "forum_topic_edited" in service:
        return f"{sender} changed the topic"
    if "forum_topic_closed" in service:
        return f"{sender} closed the topic"
    return f"{sender} created the group"
