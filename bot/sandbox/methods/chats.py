"""Chats, their members, topics and pinned messages."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import shapes
from bot.sandbox.addresses import known_chat, open_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.exchange import BOT_ID, Exchange
from bot.sandbox.methods import Methods
from bot.sandbox.parameters import Parameters
from bot.sandbox.values import Chat, Json, Message, Topic

LONGEST_TOPIC_NAME = 128
TOPIC_COLOUR = 7322096
NO_GIFTS = (
    "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
    "gifts_from_channels",
)  # fmt: skip


async def get_chat(exchange: Exchange, parameters: Parameters) -> Json:
    chat = known_chat(exchange, parameters)
    pinned = exchange.world.message(chat.id, chat.pinned) if chat.pinned else None
    full = {
        **shapes.chat(exchange, chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(NO_GIFTS, False),
    }
    if pinned is not None:
        full["pinned_message"] = shapes.message(exchange, pinned, with_reply=False)
    return full


async def get_chat_member(exchange: Exchange, parameters: Parameters) -> Json:
    chat = open_chat(exchange, parameters)
    user_id = parameters.integer("user_id")
    if user_id == BOT_ID:
        return shapes.bot_member(exchange, chat)
    person = exchange.world.people.get(user_id) if user_id is not None else None
    if person is None:
        raise bad_request("invalid user_id specified")
    status = chat.status_of(person.id) or "left"
    return shapes.member(shapes.person_user(person), status)


async def get_chat_administrators(exchange: Exchange, parameters: Parameters) -> list[Json]:
    chat = open_chat(exchange, parameters)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    people = exchange.world.people
    found = [
        shapes.member(shapes.person_user(people[who]), status)
        for who, status in chat.members
        if status != "member"
    ]
    if chat.bot_status == "administrator":
        found.append(shapes.bot_member(exchange, chat))
    return found


async def get_chat_member_count(exchange: Exchange, parameters: Parameters) -> int:
    return len(open_chat(exchange, parameters).members) + 1


async def leave_chat(exchange: Exchange, parameters: Parameters) -> bool:
    chat = open_chat(exchange, parameters)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    left = {"left_chat_member": exchange.bot_user()}
    with exchange.keeper.change():
        exchange.world.save_chat(replace(chat, bot_status="left", manage_topics=False))
        exchange.world.post(Message(chat.id, BOT_ID, service=left))
    return True


async def pin_chat_message(exchange: Exchange, parameters: Parameters) -> bool:
    chat = _pinnable(exchange, parameters)
    message_id = parameters.integer("message_id")
    if message_id is None or exchange.world.message(chat.id, message_id) is None:
        raise bad_request("message to pin not found")
    exchange.world.save_chat(replace(chat, pinned=message_id))
    return True


async def unpin_chat_message(exchange: Exchange, parameters: Parameters) -> bool:
    chat = _pinnable(exchange, parameters)
    message_id = parameters.integer("message_id")
    if chat.pinned is None or message_id not in (None, chat.pinned):
        raise bad_request("message to unpin not found")
    exchange.world.save_chat(replace(chat, pinned=None))
    return True


def _pinnable(exchange: Exchange, parameters: Parameters) -> Chat:
    chat = open_chat(exchange, parameters)
    if not chat.is_private and chat.bot_status != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


async def create_forum_topic(exchange: Exchange, parameters: Parameters) -> Json:
    chat = _forum(exchange, parameters, "not enough rights to create a topic")
    name = parameters.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if len(name) > LONGEST_TOPIC_NAME:
        raise bad_request("topic name is too long")
    colour = parameters.integer("icon_color") or TOPIC_COLOUR
    created = {"forum_topic_created": {"name": name, "icon_color": colour}}
    with exchange.keeper.change():
        opened = exchange.world.post(Message(chat.id, BOT_ID, service=created))
        thread_id = opened.message_id
        exchange.world.change(replace(opened, thread_id=thread_id))
        now = exchange.world.chats[chat.id]
        exchange.world.save_chat(now.with_topic(Topic(thread_id, name)))
    return {"message_thread_id": thread_id, "name": name, "icon_color": colour}


async def edit_forum_topic(exchange: Exchange, parameters: Parameters) -> bool:
    chat, topic = _topic(exchange, parameters)
    name = parameters.text("name").strip() or topic.name
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    if len(name) > LONGEST_TOPIC_NAME:
        raise bad_request("topic name is too long")
    edited = {"forum_topic_edited": {"name": name}}
    return _change_topic(exchange, chat, replace(topic, name=name), edited)


async def close_forum_topic(exchange: Exchange, parameters: Parameters) -> bool:
    chat, topic = _topic(exchange, parameters)
    if topic.closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    return _change_topic(exchange, chat, replace(topic, closed=True), {"forum_topic_closed": {}})


async def delete_forum_topic(exchange: Exchange, parameters: Parameters) -> bool:
    chat, topic = _topic(exchange, parameters)
    exchange.world.remove_topic(chat, topic.thread_id)
    return True


def _change_topic(exchange: Exchange, chat: Chat, topic: Topic, service: Json) -> bool:
    with exchange.keeper.change():
        exchange.world.save_chat(chat.with_topic(topic))
        told = Message(chat.id, BOT_ID, thread_id=topic.thread_id, service=service)
        exchange.world.post(told)
    return True


def _forum(exchange: Exchange, parameters: Parameters, refusal: str) -> Chat:
    chat = open_chat(exchange, parameters)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if chat.bot_status != "administrator" or not chat.manage_topics:
        raise bad_request(refusal)
    return chat


def _topic(exchange: Exchange, parameters: Parameters) -> tuple[Chat, Topic]:
    chat = _forum(exchange, parameters, "not enough rights to manage topics")
    thread_id = parameters.integer("message_thread_id")
    topic = chat.topic(thread_id) if thread_id is not None else None
    if topic is None:
        raise bad_request("message thread not found")
    return chat, topic


METHODS: Methods = {
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "getchatmembercount": get_chat_member_count,
    "leavechat": leave_chat,
    "pinchatmessage": pin_chat_message,
    "unpinchatmessage": unpin_chat_message,
    "createforumtopic": create_forum_topic,
    "editforumtopic": edit_forum_topic,
    "closeforumtopic": close_forum_topic,
    "deleteforumtopic": delete_forum_topic,
}
