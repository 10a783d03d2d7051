"""How the kinds of instances are called that a list can be narrowed to, in every language."""

from __future__ import annotations

import re

from bot.chat.words.understanding import folded

PAGE = re.compile(r"[0-9]{1,4}")
NAMES: dict[str, str] = {
    **{name: name for name in ("all", "trial", "stopped", "active", "cancelled", "overdue")},
    **{name: name for name in ("unpaid", "ended")},
    "canceled": "cancelled",
    "trials": "trial",
    "in trial": "trial",
    "subscribed": "active",
    **dict.fromkeys(("todas", "todos", "tudo", "todo"), "all"),
    **dict.fromkeys(("teste", "testes", "em teste", "experimentacao"), "trial"),
    **dict.fromkeys(("assinada", "assinadas", "assinado", "assinados"), "active"),
    **dict.fromkeys(("vencida", "vencidas", "vencido", "vencidos"), "overdue"),
    "em aberto": "unpaid",
    **dict.fromkeys(("parada", "paradas", "parado", "parados"), "stopped"),
    **dict.fromkeys(("ativa", "ativas", "ativo", "ativos"), "active"),
    **dict.fromkeys(("cancelada", "canceladas", "cancelado", "cancelados"), "cancelled"),
    **dict.fromkeys(("atrasada", "atrasadas", "atrasado", "atrasados"), "overdue"),
    **dict.fromkeys(("pendente", "pendentes", "devendo"), "unpaid"),
    **dict.fromkeys(("encerrada", "encerradas", "encerrado", "encerrados"), "ended"),
    **dict.fromkeys(("prueba", "pruebas", "en prueba"), "trial"),
    **dict.fromkeys(("suscrita", "suscritas", "suscrito", "suscritos"), "active"),
    **dict.fromkeys(("activa", "activas", "activo", "activos"), "active"),
    **dict.fromkeys(("detenida", "detenidas", "detenido", "detenidos"), "stopped"),
    **dict.fromkeys(("impaga", "impagas", "pendiente", "pendientes", "sin pagar"), "unpaid"),
    **dict.fromkeys(("finalizada", "finalizadas", "terminada", "terminadas"), "ended"),
    **dict.fromkeys(("все", "всё"), "all"),
    **dict.fromkeys(("пробный", "пробные", "на пробном"), "trial"),
    **dict.fromkeys(("остановленный", "остановленные", "остановлен"), "stopped"),
    **dict.fromkeys(("активный", "активные", "с подпиской"), "active"),
    **dict.fromkeys(("отменённый", "отменённые", "отменён"), "cancelled"),
    **dict.fromkeys(("просроченный", "просроченные", "просрочен"), "overdue"),
    **dict.fromkeys(("неоплаченный", "неоплаченные", "не оплачен"), "unpaid"),
    **dict.fromkeys(("завершённый", "завершённые", "завершён"), "ended"),
}
FILTERS = {folded(name): chosen for name, chosen in NAMES.items()}

# What is asked for when one looks for those that are gone; the list of the ended ones tells how.
DELETED = frozenset(
    {"deleted", "excluida", "excluidas", "excluido", "excluidos", "apagada", "apagadas"}
    | {"eliminada", "eliminadas", "borrada", "borradas"}
    | {"удалённый", "удалённые", "удалён"}
)
GONE = frozenset(map(folded, DELETED))


def filter_named(word: str) -> str | None:
    """Return the filter of that name, in any language."""
    return FILTERS.get(folded(word))


def with_page(words: str) -> tuple[str, int]:
    """Return a filter's name and the page of its list: `trial 2`, `2`; the first if none is."""
    name, _, last = " ".join(words.split()).rpartition(" ")
    return (name, int(last)) if PAGE.fullmatch(last) else (words.strip(), 1)


def list_filter_named(word: str) -> str | None:
    """Return what a list is narrowed to; deleted ones are looked for among the ended."""
    return "ended" if folded(word) in GONE else filter_named(word)
