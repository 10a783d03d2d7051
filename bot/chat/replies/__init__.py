"""
Facts into words: one function for each kind of message, in the reader's language and zone.

Each module has the words of one subject, and registers them when it is imported here.
"""

from bot.chat.replies import (
    account,
    confirming,
    desk,
    enrolment,
    figures,
    greetings,
    helping,
    money,
    notices,
    progress,
    questions,
    queue,
    refused_business,
    refused_instances,
    sayings,
    tokens,
    unclear,
)
from bot.chat.replies.past_the_outbox import Words
from bot.chat.replies.rendering import Rendered, Replies

__all__ = [
    "Rendered",
    "Replies",
    "Words",
    "account",
    "confirming",
    "desk",
    "enrolment",
    "figures",
    "greetings",
    "helping",
    "money",
    "notices",
    "progress",
    "questions",
    "queue",
    "refused_business",
    "refused_instances",
    "sayings",
    "tokens",
    "unclear",
]
