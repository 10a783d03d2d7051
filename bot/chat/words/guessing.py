"""What words that are no command may have meant, as commands that can do no harm."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from billing.partners import Right
from billing.services.messages import Button
from bot.chat import commands
from bot.chat.cards import plain
from bot.chat.cards.card import Card
from bot.chat.commands import IN_CYRILLIC, Command
from bot.chat.turn import Turn
from bot.chat.words.understanding import folded

NEAR = 3
NEAR_ENOUGH = 66
SHORTEST = 3
# So many words are a sentence, and its first one says nothing of what is meant.
SENTENCE = 3
LONGEST_PASSED_ON = 2000
# A slip must not lead there.
NEVER_GUESSED = frozenset(
    {"delete", "leave", "forget", "void", "unpaid", "refund", "freeze", "halt", "undo"}
)
SYNONYMS = {
    "menu": "start", "home": "start", "painel": "start",
    "nova": "new", "novo": "new", "nuevo": "new", "nueva": "new", "create": "new", "add": "new",
    "instancias": "list", "instances": "list", "listar": "list",
    "view": "show", "open": "show", "abrir": "show",
    "lembretes": "notices", "reminders": "notices", "recordatorios": "notices",
    "notificacoes": "notices", "notifications": "notices",
    "pagamento": "pay", "payment": "pay", "pix": "pay", "pago": "pay",
    "ajude": "help", "socorro": "help", "duvida": "support", "atendente": "support",
    "меню": "start", "инстансы": "list", "напоминания": "notices", "новыи": "new",
}  # fmt: skip


def nearest(word: str, among: Iterable[Command], language: str) -> list[str]:
    """
    Return the names that a word is nearest to, in English or that language, the best first.

    Of a command one name is told: as the speaker would call it, if no other comes nearer.
    """
    said = folded(word)[:32].strip("¡!.,¿?")
    if len(said) < SHORTEST:
        return []
    found = {command.name: command for command in among}
    meant = found.get(SYNONYMS.get(said, ""))
    if meant is not None:
        return [meant.called_in(language)]
    names = {name: command for command in found.values() for name in command.names_in(language)}
    near = process.extract(
        said, list(names), scorer=fuzz.ratio, limit=2 * NEAR, score_cutoff=NEAR_ENOUGH
    )
    # A name in Cyrillic letters stands in no menu, and cannot be pressed.
    told = {
        names[name].name: names[name].called_in(language) if name in IN_CYRILLIC else name
        for name, _, _ in reversed(near)
    }
    order = dict.fromkeys(names[name].name for name, _, _ in near)
    return [told[canonical] for canonical in order][:NEAR]


def suggested(turn: Turn, text: str) -> Card:
    """
    Offer the commands that are nearest to words that are none; a sentence goes to the staff.

    The words go with the guess only after a slash: then they were meant for a command.
    """
    slash = text.lstrip().startswith("/")
    tokens = text.strip().removeprefix("/").split()
    may = commands.may_say(turn.actor.rights, turn.here)
    safe = [command for command in may if command.name not in NEVER_GUESSED]
    rest = " ".join(tokens[1:]) if slash else ""
    words = tokens[:1] if slash else tokens
    near = _meant(words, safe, turn.language) if len(words) < SENTENCE else []
    texts = [(f"/{name}", f"/{name} {rest}".strip()) for name in near]
    to_staff = not slash and turn.may(Right.VIEW) and turn.heard.private
    if to_staff and not near:
        return plain.not_understood(_pass_on(text))
    return plain.did_you_mean(
        " ".join(tokens) or text, texts, beside=[_pass_on(text)] if to_staff else []
    )


def _meant(words: list[str], may: list[Command], language: str) -> list[str]:
    """Return the command that one of the words is, or else those that the first is near to."""
    for word in words:
        said = folded(word).strip("¡!.,¿?")
        for command in may:
            if said in command.names_in(language):
                return [command.called_in(language)]
        if said in SYNONYMS and (found := nearest(word, may, language)):
            return found
    return nearest(words[0], may, language) if len(words) == 1 else []


def _pass_on(text: str) -> Button:
    return Button("to_staff", "say", {"text": f"/support {text[:LONGEST_PASSED_ON]}"}, once=True)
