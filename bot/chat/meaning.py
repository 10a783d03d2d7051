"""What words without a slash mean while a question is open: the answer, or a command."""

from __future__ import annotations

from billing.refusals import Refusal
from bot.chat import commands
from bot.chat.handlers.choosing import known_to
from bot.chat.turn import Turn
from bot.chat.words import grammar, naming
from bot.chat.words.grammar import Called
from bot.chat.words.understanding import folded

# What is asked for can be any text, a command's name too.
FREE = frozenset(
    {"support", "say", "apply", "decline", "freeze", "halt", "company_field", "customer_of"}
)
FOR_NAMES = frozenset({"new", "rename_to"})
# How many words a command takes; those that are not here take as many as there are.
MOST_WORDS = {
    **dict.fromkeys(("start", "invoices", "preview", "token", "days"), 0),
    **dict.fromkeys(("list", "invoice", "pay", "help"), 1),
    **dict.fromkeys(("language", "timezone"), 3),
}

GREETINGS = frozenset(
    {"hi", "hello", "hey", "good morning", "good afternoon", "good evening"}
    | {"oi", "ola", "opa", "bom dia", "boa tarde", "boa noite"}
    | {"hola", "buenas", "buenos dias", "buenas tardes", "buenas noches"}
    | {"привет", "здравствуите", "добрыи день", "доброе утро", "добрыи вечер"}
)


def is_greeting(text: str) -> bool:
    """Whether somebody only says hello."""
    return folded(text).strip(" ¡!.,¿?") in GREETINGS


async def is_command(turn: Turn, question: str, called: Called, text: str) -> bool:
    """
    Whether words that begin as a command are one, and not the answer to the open question.

    A command's name is in English or in the speaker's language, its words no more than it takes.
    Then, by what is asked for:

    - any text (a company, a reason): always the answer.
    - instances: the command, unless all of the words name instances.
    - the name of an instance: a command's name alone is the command. With words after it, it is
      the command if they name instances. New names stand between blanks, so there it is the
      command anyway, and a slip makes no instance called "subscribe"; with commas or lines among
      them it is the answer, since such names may hold blanks.
    """
    command = called.command
    if question in FREE or command is None or not _takes(turn, called):
        return False
    if question not in FOR_NAMES:
        return not await _names_instances(turn, question, text)
    if not called.words or (question == "new" and not grammar.LISTED.search(text)):
        return True
    return await _names_instances(turn, command.name, called.words)


def _takes(turn: Turn, called: Called) -> bool:
    command = called.command
    if command not in commands.may_say(turn.actor.rights, turn.here):
        return False
    most = MOST_WORDS.get(command.name)
    few_enough = most is None or len(called.words.split()) <= most
    return few_enough and command.is_called(called.word, turn.language)


async def _names_instances(turn: Turn, command: str, words: str) -> bool:
    try:
        known = await known_to(turn, words)
        if command in {"rename", "customer", "pair"}:
            naming.leading(words, known)
        else:
            naming.instances(words, known)
    except Refusal:
        return False
    return True
