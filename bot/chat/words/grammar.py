"""Words to values: which command, which names, which payment. Pure; nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from billing.partners import StaffRole
from bot.chat.commands import Command, command_named
from bot.chat.words import amounts, dates
from bot.chat.words.amounts import Amount
from bot.chat.words.naming import BULLET, tokens_of
from bot.chat.words.understanding import NotUnderstood, WordsMissing, folded, foreign_digits

SLASHED = re.compile(r"/([^\s@/]*)(?:@(\S*))?\s*(.*)", re.DOTALL)
LISTED = re.compile(r"[,;\r\n]+")
USER_ID = re.compile(r"[0-9]{1,15}")
LONGEST_REASON = 500
LONGEST_REFERENCE = 128
TAKEN_AWAY = frozenset({"remove", "remover", "quitar", "убрать"})
ROLES: dict[str, StaffRole] = {
    "admin": StaffRole.ADMIN,
    "administrador": StaffRole.ADMIN,
    "finance": StaffRole.FINANCE,
    "financeiro": StaffRole.FINANCE,
    "finanzas": StaffRole.FINANCE,
    "support": StaffRole.SUPPORT,
    "suporte": StaffRole.SUPPORT,
    "soporte": StaffRole.SUPPORT,
    "админ": StaffRole.ADMIN,
    "администратор": StaffRole.ADMIN,
    "финансы": StaffRole.FINANCE,
    "поддержка": StaffRole.SUPPORT,
}


class RoleUnclear(NotUnderstood):
    """There is no such role. Facts: `wanted`."""

    code = "role_unclear"


@dataclass(frozen=True, slots=True)
class Called:
    """
    A command as it was called: `word` as written, `words` after it.

    `command` None: there is none of that name. `slash` and `addressed` tell how surely it was
    meant as a command, and for this bot.
    """

    word: str
    command: Command | None
    words: str
    slash: bool
    addressed: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """`/paid NUMBER AMOUNT REFERENCE [DATE]`."""

    number: str
    amount: Amount
    reference: str
    received_on: date | None


@dataclass(frozen=True, slots=True)
class Hold:
    """`/hold NUMBER DATE REASON`."""

    number: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """
    `/staff ID ROLE` or `/staff NAME ROLE`; with neither it is whoever is replied to.

    `role` None: taken away.
    """

    user_id: int | None
    role: StaffRole | None
    name: str = ""


def called(text: str, *, username: str, private: bool) -> Called | None:
    """Return the command that a text is; None if it is none, or another bot's."""
    text = text.strip()
    if slashed := SLASHED.fullmatch(text):
        word, bot, words = slashed[1], slashed[2], slashed[3].strip()
        if bot is not None and bot.casefold() != username.casefold():
            return None
        return Called(word, command_named(word, private=private), words, True, bot is not None)
    if not private or not text:
        return None
    word, *rest = text.split(maxsplit=1)
    command = command_named(word, private=True)
    return None if command is None else Called(word, command, "".join(rest), False, False)


def names(words: str) -> list[str]:
    """
    Return the names for new instances.

    Separated by commas or lines they may hold blanks; otherwise blanks separate them.

    :raises QuoteOpen:
    """
    if LISTED.search(words) or BULLET.match(words):
        pieces = [
            BULLET.sub("", piece).strip().strip('"“”').strip() for piece in LISTED.split(words)
        ]
        return [piece for piece in pieces if piece]
    return tokens_of(words)


def payment(words: str, *, language: str) -> Payment:
    """
    Read a payment; the amount may be several words (`R$ 59,90`), the last word may be its day.

    :raises WordsMissing, AmountUnclear, DateUnclear:
    """
    tokens = words.split()
    number = _number(tokens, "paid")
    if len(tokens) < 2:
        raise WordsMissing(command="paid", missing="amount")
    amount, taken = amounts.leading(tokens[1:])
    rest = tokens[1 + taken :]
    received_on = None
    if rest and dates.like_a_date(rest[-1]):
        received_on = dates.day(rest.pop(), language=language)
    reference = " ".join(rest)[:LONGEST_REFERENCE]
    if not reference:
        raise WordsMissing(command="paid", missing="reference")
    return Payment(number, amount, reference, received_on)


def hold(words: str, *, language: str) -> Hold:
    """
    Read a hold.

    :raises WordsMissing, DateUnclear:
    """
    tokens = words.split(maxsplit=2)
    number = _number(tokens, "hold")
    if len(tokens) < 2:
        raise WordsMissing(command="hold", missing="date")
    until = dates.day(tokens[1], language=language)
    if len(tokens) < 3:
        raise WordsMissing(command="hold", missing="reason")
    return Hold(number, until, reason(tokens[2]))


def reason(words: str) -> str:
    """Return a reason in one line, as much of it as is kept."""
    return " ".join(words.split())[:LONGEST_REASON]


def appointment(words: str) -> Appointment:
    """
    Read whom to give which role.

    :raises WordsMissing, RoleUnclear:
    """
    tokens = words.split()
    if not tokens or (len(tokens) == 1 and USER_ID.fullmatch(tokens[0])):
        raise WordsMissing(command="staff", missing="role")
    *who, role = tokens
    wanted, name = folded(role), " ".join(who)
    if (wanted not in ROLES and wanted not in TAKEN_AWAY) or foreign_digits(name):
        raise RoleUnclear(wanted=(role if who else words.strip())[:64])
    if USER_ID.fullmatch(name):
        return Appointment(int(name), ROLES.get(wanted))
    return Appointment(None, ROLES.get(wanted), name)


def quoted(words: str) -> tuple[str, str] | None:
    """Return what stands in quotation marks at the beginning, and the rest."""
    found = re.match(r'\s*(?:"([^"]+)"|“([^”]+)”)\s*(.*)', words, re.DOTALL)
    return (found[1] or found[2], found[3].strip()) if found else None


def _number(tokens: list[str], command: str) -> str:
    if not tokens:
        raise WordsMissing(command=command, missing="number")
    return tokens[0].upper()
