"""The bot itself: who it is, its commands and texts, its files."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.exchange import Exchange
from bot.sandbox.files import LARGEST_DOWNLOAD
from bot.sandbox.methods import Method, Methods
from bot.sandbox.parameters import Parameters
from bot.sandbox.values import Chat, Json

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
# Texts that the bot can set about itself, and how long they may be.
TEXTS = {"name": 64, "description": 512, "short_description": 120}


async def get_me(exchange: Exchange, _: Parameters) -> Json:
    return {
        **exchange.bot_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def agree(_: Exchange, __: Parameters) -> bool:
    """Close or log out: a box has nothing to hand over to another server."""
    return True


def _place(parameters: Parameters) -> str:
    scope = parameters.object("scope") or {"type": "default"}
    return _key(scope, parameters.text("language_code"))


def _key(scope: Json, language: str) -> str:
    named = {name: str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope}
    return json.dumps([named, language], sort_keys=True)


def _is_command(raw: object) -> bool:
    if not isinstance(raw, dict):
        return False
    command, words = raw.get("command"), raw.get("description")
    if not isinstance(command, str) or not isinstance(words, str):
        return False
    return bool(COMMAND.fullmatch(command.removeprefix("/"))) and 1 <= len(words) <= 256


async def set_my_commands(exchange: Exchange, parameters: Parameters) -> bool:
    commands = parameters.json("commands")
    if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
        raise bad_request("can't parse list of commands: expected an Array of at most 100")
    if not all(_is_command(one) for one in commands):
        raise bad_request("BOT_COMMAND_INVALID")
    _keep_commands(exchange, _place(parameters), commands)
    return True


async def delete_my_commands(exchange: Exchange, parameters: Parameters) -> bool:
    _keep_commands(exchange, _place(parameters), None)
    return True


async def get_my_commands(exchange: Exchange, parameters: Parameters) -> list[Json]:
    found: list[Json] = _all_commands(exchange).get(_place(parameters), [])
    return found


def _all_commands(exchange: Exchange) -> Json:
    kept: Json = exchange.keeper.setting("commands", {})
    return kept


def _keep_commands(exchange: Exchange, place: str, commands: list[Json] | None) -> None:
    kept = _all_commands(exchange)
    kept.pop(place, None)
    if commands:
        kept[place] = [
            {"command": one["command"].removeprefix("/"), "description": one["description"]}
            for one in commands
        ]
    exchange.keeper.keep_setting("commands", kept)


def commands_shown(exchange: Exchange, chat: Chat, language: str) -> list[Json]:
    """Return the commands that Telegram's apps would offer: the narrowest scope that has some."""
    kinds = ["all_private_chats"] if chat.is_private else ["all_group_chats"]
    scopes: list[Json] = [{"type": "chat", "chat_id": chat.id}]
    scopes += [{"type": kind} for kind in (*kinds, "default")]
    kept = _all_commands(exchange)
    for scope in scopes:
        for spoken in (language.partition("-")[0], ""):
            found: list[Json] = kept.get(_key(scope, spoken), [])
            if found:
                return found
    return []


def _setter(name: str, longest: int) -> Method:
    async def set_text(exchange: Exchange, parameters: Parameters) -> bool:
        text = parameters.text(name)
        if len(text) > longest:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        # Only the name of everybody's language is shown; the others are kept for the getters.
        language = parameters.text("language_code")
        exchange.keeper.keep_setting(f"my_{name}{language and f':{language}'}", text)
        return True

    return set_text


def _getter(name: str) -> Method:
    async def get_text(exchange: Exchange, parameters: Parameters) -> Json:
        everybody: Any = exchange.keeper.setting(f"my_{name}", None)
        if everybody is None:
            everybody = exchange.bot_user()["first_name"] if name == "name" else ""
        language = parameters.text("language_code")
        return {name: exchange.keeper.setting(f"my_{name}:{language}", everybody)}

    return get_text


async def get_file(exchange: Exchange, parameters: Parameters) -> Json:
    found = exchange.files.find(parameters.text("file_id"))
    if found is None:
        raise bad_request("invalid file_id")
    attachment, _ = found
    if attachment.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": attachment.file_id,
        "file_unique_id": attachment.unique_id,
        "file_size": attachment.size,
        "file_path": attachment.path,
    }


METHODS: Methods = {
    "getme": get_me,
    "close": agree,
    "logout": agree,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "getfile": get_file,
    **{f"setmy{name.replace('_', '')}": _setter(name, most) for name, most in TEXTS.items()},
    **{f"getmy{name.replace('_', '')}": _getter(name) for name in TEXTS},
}
