"""Every command and every button, and the right that each asks for: one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from billing.partners import Right
from bot.chat.understanding import folded

NEAR = 3
NEAR_ENOUGH = 60


class Place(StrEnum):
    """Where something can be said."""

    PRIVATE = "private"
    STAFF_GROUP = "staff_group"
    GROUP = "group"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Command:
    """
    A command by its canonical name; `portuguese` are its other names, the first in menus.

    In groups it asks for the right `in_groups`, where that is another one.
    """

    name: str
    right: Right
    place: Place
    portuguese: tuple[str, ...]
    in_groups: Right | None = None

    def right_here(self, *, private: bool) -> Right:
        """Return the right that it asks for in such a place."""
        return self.right if private or self.in_groups is None else self.in_groups

    def is_of_use(self, *, private: bool) -> bool:
        """Whether it is offered in such a place."""
        groups = {Place.STAFF_GROUP, Place.GROUP}
        return self.place is Place.ANYWHERE or (self.place not in groups) is private

    def is_called(self, word: str, language: str) -> bool:
        """Whether a word is its name in English or in that language."""
        its = self.names if language.casefold().startswith("pt") else (self.name,)
        return folded(word) in its

    def called_in(self, language: str) -> str:
        """Return its name as it stands in menus of that language."""
        its = self.portuguese if language.casefold().startswith("pt") else ()
        return its[0] if its else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """All the names under which it works."""
        return (self.name, *self.portuguese)


def _private(name: str, right: Right, *portuguese: str) -> Command:
    return Command(name, right, Place.PRIVATE, portuguese)


def _staff(name: str, right: Right, *portuguese: str) -> Command:
    return Command(name, right, Place.STAFF_GROUP, portuguese)


def _anywhere(name: str, *portuguese: str) -> Command:
    return Command(name, Right.ANYONE, Place.ANYWHERE, portuguese)


# In the order in which menus and the help show them.
TABLE = (
    _anywhere("start", "inicio"),
    _private("apply", Right.ANYONE, "candidatar", "aplicar"),
    _private("new", Right.OPERATE, "criar"),
    _private("list", Right.VIEW, "lista"),
    _private("show", Right.VIEW, "ver"),
    _private("subscribe", Right.OPERATE, "assinar"),
    _private("cancel", Right.OPERATE, "cancelar"),
    _private("keep", Right.OPERATE, "manter"),
    _private("delete", Right.OPERATE, "excluir"),
    _private("rename", Right.OPERATE, "renomear"),
    _private("days", Right.VIEW, "dias"),
    _private("buy", Right.PAY, "comprar"),
    _private("extend", Right.OPERATE, "estender"),
    _private("auto", Right.OPERATE, "automatico"),
    _private("invoices", Right.VIEW, "faturas"),
    _private("invoice", Right.VIEW, "fatura"),
    _private("preview", Right.VIEW, "previa"),
    _private("pay", Right.PAY, "pagar"),
    Command("why", Right.VIEW, Place.ANYWHERE, ("porque",), in_groups=Right.SERVE),
    _private("whatif", Right.VIEW, "ese"),
    _private("token", Right.VIEW),
    _private("leave", Right.OWN, "sair"),
    _staff("queue", Right.SERVE, "fila"),
    _staff("partner", Right.SERVE, "parceiro"),
    _staff("paid", Right.BOOK, "pago"),
    _staff("hold", Right.BOOK, "prazo"),
    _staff("unpaid", Right.BOOK, "naopago"),
    _staff("void", Right.BOOK, "anular"),
    _staff("credit", Right.BOOK, "credito"),
    _staff("refund", Right.BOOK, "reembolso"),
    _staff("grant", Right.SERVE, "conceder"),
    _staff("price", Right.BOOK, "preco"),
    _staff("limit", Right.BOOK, "limite"),
    _staff("programme", Right.ADMINISTER, "programa"),
    _staff("import", Right.ADMINISTER, "importar"),
    _staff("freeze", Right.SERVE, "congelar"),
    _staff("unfreeze", Right.SERVE, "descongelar"),
    _staff("report", Right.BOOK, "relatorio"),
    _staff("dryrun", Right.BOOK, "simulacao"),
    _staff("audit", Right.SERVE, "auditoria"),
    _staff("halt", Right.ADMINISTER, "parar"),
    _staff("resume", Right.ADMINISTER, "retomar"),
    _staff("staff", Right.SERVE, "equipe"),
    # The code is the right: whoever has it may stand in a group that is nobody's yet.
    Command("bind", Right.ANYONE, Place.GROUP, ("vincular",)),
    _anywhere("language", "idioma"),
    _anywhere("timezone", "fuso"),
    _anywhere("help", "ajuda"),
)
COMMANDS = {command.name: command for command in TABLE}
BY_NAME = {name: command for command in TABLE for name in command.names}

# What buttons stand for. `say` is as if its words were written: the command's own right holds.
ACTIONS: dict[str, Right] = {
    "say": Right.ANYONE,
    "home": Right.ANYONE,
    "list": Right.VIEW,
    "show": Right.VIEW,
    "new": Right.OPERATE,
    "rename": Right.OPERATE,
    "subscribe": Right.OPERATE,
    "cancel": Right.OPERATE,
    "keep": Right.OPERATE,
    "delete": Right.OPERATE,
    "confirm": Right.OPERATE,
    "days": Right.VIEW,
    "standing": Right.PAY,
    "buy": Right.PAY,
    "buy_confirm": Right.PAY,
    "withdraw": Right.PAY,
    "extend": Right.OPERATE,
    "extend_confirm": Right.OPERATE,
    "auto": Right.OPERATE,
    "leave_confirm": Right.OWN,
    "invoices": Right.VIEW,
    "invoice": Right.VIEW,
    "preview": Right.VIEW,
    "pay": Right.PAY,
    # Of one's own invoices members, of all of them staff: the use cases ask.
    "why": Right.ANYONE,
    "token": Right.VIEW,
    "token_show": Right.OWN,
    "token_rotate": Right.OWN,
    "token_accept": Right.OWN,
    "token_next": Right.OWN,
    "instance_token": Right.OPERATE,
    "saved": Right.OPERATE,
    "apply": Right.ANYONE,
    "apply_edit": Right.ANYONE,
    "migrate": Right.ANYONE,
    "language": Right.ANYONE,
    "timezone": Right.ANYONE,
    "help": Right.ANYONE,
    "queue": Right.SERVE,
    "application": Right.SERVE,
    "approve": Right.SERVE,
    "approve_as": Right.SERVE,
    "decline": Right.SERVE,
    "task": Right.SERVE,
    "task_done": Right.SERVE,
    "partner": Right.SERVE,
    "staff_invoice": Right.SERVE,
    "token_approve": Right.SERVE,
    "token_decline": Right.SERVE,
    "freeze": Right.SERVE,
    "unfreeze": Right.SERVE,
    "audit": Right.SERVE,
    "take_back": Right.ADMINISTER,
    "import_confirm": Right.ADMINISTER,
    "owner_code": Right.ADMINISTER,
    "day_request": Right.SERVE,
    "day_claim": Right.SERVE,
    "day_hand_over": Right.SERVE,
    "day_prepare": Right.BOOK,
    "limit": Right.BOOK,
    "paid": Right.BOOK,
    "hold": Right.BOOK,
    "unpaid": Right.BOOK,
    "unpaid_confirm": Right.BOOK,
    "void": Right.BOOK,
    "reissue": Right.BOOK,
    "credit": Right.BOOK,
    "refund": Right.BOOK,
    "approval": Right.SERVE,
    "approval_confirm": Right.BOOK,
    "approval_drop": Right.BOOK,
    "report": Right.BOOK,
}

# Questions beside those that a command asks for its own words.
QUESTIONS: dict[str, tuple[Right, Place]] = {
    "decline": (Right.SERVE, Place.STAFF_GROUP),
    "rename_to": (Right.OPERATE, Place.PRIVATE),
    "extend_by": (Right.OPERATE, Place.PRIVATE),
    "auto_switch": (Right.OPERATE, Place.PRIVATE),
}


def command_named(word: str) -> Command | None:
    """Return the command of that name, in any language; case and accents do not matter."""
    return BY_NAME.get(folded(word))


def may_say(rights: Iterable[Right], *, private: bool) -> list[Command]:
    """Return the commands that somebody with these rights can use in such a place."""
    return [
        command
        for command in TABLE
        if command.right_here(private=private) in rights and command.is_of_use(private=private)
    ]


def nearest(word: str, among: Iterable[Command]) -> list[str]:
    """Return the names, of commands that somebody can use, that a word is nearest to."""
    names = [name for command in among for name in command.names]
    found = process.extract(
        folded(word)[:32], names, scorer=fuzz.ratio, limit=2 * NEAR, score_cutoff=NEAR_ENOUGH
    )
    canonical = {BY_NAME[name].name: name for name, _, _ in reversed(found)}
    return [name for name, _, _ in found if canonical[BY_NAME[name].name] == name][:NEAR]
