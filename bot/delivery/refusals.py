"""What Telegram's errors mean for the message that met them."""

from dataclasses import dataclass
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.delivery.transport import NeverSent


@dataclass(frozen=True, slots=True)
class AsItShould:
    """An edit that would change nothing: the message looks as it should."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The message to edit is not there, or is of another kind: it has to be sent anew."""


@dataclass(frozen=True, slots=True)
class NoTopic:
    """The topic is not there any more, or closed to the bot."""


@dataclass(frozen=True, slots=True)
class BadMarkup:
    """The text's markup cannot be read; as plain text it can be sent."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nobody can be written to in this chat."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group has become a supergroup."""

    new_chat_id: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Too much for this chat: nothing more for so long."""

    pause: timedelta


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request never reached Telegram."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The request went out, and nobody knows what became of it."""


@dataclass(frozen=True, slots=True)
class Later:
    """Telegram had an error of its own, or takes no requests of this bot now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will not take this message, however often it is sent."""


Meaning = (
    AsItShould
    | Gone
    | NoTopic
    | BadMarkup
    | Unreachable
    | Migrated
    | Wait
    | NotSent
    | Doubtful
    | Later
    | Refused
)

# All lower case: Telegram's own spelling differs between versions.
_AS_IT_SHOULD = ("message is not modified", "topic_not_modified")
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
)
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
_BAD_MARKUP = ("can't parse entities",)
_UNREACHABLE = (
    "chat not found",
    "user is deactivated",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "not enough rights to send",
    "have no rights to send a message",
    "need administrator rights in the channel chat",
    "chat_write_forbidden",
    "bot is not a member",
)


def meaning(error: TelegramError) -> Meaning:
    """
    Tell what an error of a send or an edit means.

    Most of python-telegram-bot's errors are NetworkErrors, a refusal too, so
    the order of the questions matters.
    """
    if isinstance(error, RetryAfter):
        pause = error.retry_after
        return Wait(pause if isinstance(pause, timedelta) else timedelta(seconds=pause))
    if isinstance(error, ChatMigrated):
        return Migrated(error.new_chat_id)
    if isinstance(error, Forbidden):
        return Unreachable()
    if isinstance(error, BadRequest):
        return _meaning_of_refusal(str(error).lower())
    if isinstance(error, NeverSent):
        return NotSent()
    if isinstance(error, TimedOut):
        return Doubtful()
    # Errors 5xx, a revoked token, another bot on the same one: all of them
    # say that nothing was accepted, none that this message is at fault.
    return Later()


def _meaning_of_refusal(text: str) -> Meaning:
    for fragments, found in (
        (_AS_IT_SHOULD, AsItShould()),
        (_GONE, Gone()),
        (_NO_TOPIC, NoTopic()),
        (_BAD_MARKUP, BadMarkup()),
        (_UNREACHABLE, Unreachable()),
    ):
        if any(fragment in text for fragment in fragments):
            return found
    return Refused()
