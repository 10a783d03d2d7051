"""Every command and every button, and the right that each asks for: one table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from billing.partners import Right
from bot.chat.words.understanding import folded


class Here(StrEnum):
    """Where one speaks: a group is bound for the staff, for a partner, or not at all."""

    PRIVATE = "private"
    PARTNER_GROUP = "partner_group"
    STAFF_GROUP = "staff_group"
    FOREIGN_GROUP = "foreign_group"


class Place(StrEnum):
    """Where something can be said: `partner` is in private, or in the partner's own group."""

    PRIVATE = "private"
    PARTNER = "partner"
    STAFF_GROUP = "staff_group"
    GROUP = "group"
    ANYWHERE = "anywhere"


PARTNERS = frozenset({Here.PRIVATE, Here.PARTNER_GROUP})
OF_USE = {
    Place.PRIVATE: frozenset({Here.PRIVATE}),
    Place.PARTNER: PARTNERS,
    Place.STAFF_GROUP: frozenset(Here) - PARTNERS,
    Place.GROUP: frozenset(Here) - PARTNERS,
}


@dataclass(frozen=True, slots=True)
class Command:
    """
    A command by its canonical name; `called` has its other names by language, first in menus.

    Where staff speak it asks for the right `in_groups`, where that is another one. What is
    `secret` is answered in private, also where it is asked for in the partner's group.
    """

    name: str
    right: Right
    place: Place
    called: Mapping[str, tuple[str, ...]]
    in_groups: Right | None = None
    secret: bool = False

    def right_here(self, here: Here) -> Right:
        """Return the right that it asks for in such a place."""
        return self.right if here in PARTNERS or self.in_groups is None else self.in_groups

    def is_of_use(self, here: Here) -> bool:
        """Whether it is offered in such a place."""
        return self.place is Place.ANYWHERE or here in OF_USE[self.place]

    def is_called(self, word: str, language: str) -> bool:
        """Whether a word is its name in English or in that language."""
        said = folded(word)
        if language.casefold().startswith("ru") and IN_CYRILLIC.get(said) == self.name:
            return True
        return said in (self.name, *self._others(language))

    def called_in(self, language: str) -> str:
        """Return its name as it stands in menus of that language."""
        return next(iter(self._others(language)), self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """All the names under which it works, each once."""
        others = (name for names in self.called.values() for name in names)
        return tuple(dict.fromkeys((self.name, *others)))

    def names_in(self, language: str) -> tuple[str, ...]:
        """Return its name in English and those of that language, Cyrillic ones with them."""
        own = (self.name, *self._others(language))
        if not language.casefold().startswith("ru"):
            return own
        return (*own, *(said for said, name in IN_CYRILLIC.items() if name == self.name))

    def _others(self, language: str) -> tuple[str, ...]:
        return self.called.get(language.casefold()[:2], ())


def _called(pt: str = "", es: str = "", ru: str = "") -> Mapping[str, tuple[str, ...]]:
    """Return names by language, given separated by blanks."""
    names = {"pt": tuple(pt.split()), "es": tuple(es.split()), "ru": tuple(ru.split())}
    return {language: some for language, some in names.items() if some}


def _private(name: str, right: Right, **called: str) -> Command:
    return Command(name, right, Place.PRIVATE, _called(**called))


def _partner(name: str, right: Right, **called: str) -> Command:
    return Command(name, right, Place.PARTNER, _called(**called))


def _staff(name: str, right: Right, **called: str) -> Command:
    return Command(name, right, Place.STAFF_GROUP, _called(**called))


def _anywhere(name: str, **called: str) -> Command:
    return Command(name, Right.ANYONE, Place.ANYWHERE, _called(**called))


# What Russians type, with the slash or without; Telegram takes Latin letters alone into a menu.
CYRILLIC = """
    start начало | apply заявка | new создать | list список | show показать | subscribe подписка
    subscribe подписать | cancel отменить | keep оставить | delete удалить
    rename переименовать | customer клиент | pair подключить | days дни | buy купить
    extend продлить | auto авто | invoices счета | invoice счёт | preview прогноз
    statement выписка | margin маржа | company компания | company реквизиты | pay оплатить
    why почему | whatif чтоесли | chart график | token токен | team команда
    notices уведомления | support поддержка | leave уйти | queue очередь | partner партнёр
    paid оплачено | hold отсрочка | unpaid неоплачено | void аннулировать | credit аванс
    refund возврат | grant выдать | price цена | limit лимит | programme программа
    import импорт | freeze заморозить | unfreeze разморозить | say сказать | broadcast рассылка
    report отчёт | debts долги | dryrun расчёт | audit журнал | halt остановить
    resume продолжить | settings настройки | health состояние | undo откат | staff сотрудники
    bind привязать | language язык | timezone пояс | export выгрузка | forget забыть
    help помощь
"""
IN_CYRILLIC = {
    folded(said): name
    for name, said in (pair.split() for pair in re.split(r"[|\n]", CYRILLIC.strip()))
}

# In the order in which menus and the help show them.
TABLE = (
    _anywhere("start", pt="inicio", es="inicio", ru="nachalo"),
    _private("apply", Right.ANYONE, pt="candidatar aplicar", es="solicitar", ru="zayavka"),
    _partner("new", Right.OPERATE, pt="criar", es="crear", ru="sozdat"),
    _partner("list", Right.VIEW, pt="lista", es="lista", ru="spisok"),
    _partner("show", Right.VIEW, pt="ver", es="ver", ru="pokazat"),
    _partner("subscribe", Right.OPERATE, pt="assinar", es="suscribir", ru="podpiska podpisat"),
    _partner("cancel", Right.OPERATE, pt="cancelar", es="cancelar", ru="otmenit"),
    _partner("keep", Right.OPERATE, pt="manter", es="mantener", ru="ostavit"),
    _partner("delete", Right.OPERATE, pt="excluir", es="eliminar", ru="udalit"),
    _partner("rename", Right.OPERATE, pt="renomear", es="renombrar", ru="pereimenovat"),
    _partner("customer", Right.OPERATE, pt="cliente", es="cliente", ru="klient"),
    _private("pair", Right.OPERATE, pt="parear", es="conectar emparejar", ru="podklyuchit"),
    _partner("days", Right.VIEW, pt="dias", es="dias", ru="dni"),
    _partner("buy", Right.PAY, pt="comprar", es="comprar", ru="kupit"),
    _partner("extend", Right.OPERATE, pt="estender", es="extender", ru="prodlit"),
    _partner("auto", Right.OPERATE, pt="automatico", es="automatico", ru="avto"),
    _partner("invoices", Right.VIEW, pt="faturas", es="facturas", ru="scheta"),
    _partner("invoice", Right.VIEW, pt="fatura", es="factura", ru="schet"),
    _partner("preview", Right.VIEW, pt="previa", es="previa", ru="prognoz"),
    _partner("statement", Right.PAY, pt="extrato", es="extracto", ru="vypiska"),
    _partner("margin", Right.PAY, pt="margem", es="margen", ru="marzha"),
    _partner("company", Right.PAY, pt="empresa", es="empresa", ru="kompaniya"),
    _partner("pay", Right.PAY, pt="pagar", es="pagar", ru="oplatit"),
    Command("why", Right.VIEW, Place.ANYWHERE, _called("porque", "porque", "pochemu"), Right.SERVE),
    # Staff say of whom first.
    Command("whatif", Right.VIEW, Place.ANYWHERE, _called("ese", "ysi", "chtoesli"), Right.SERVE),
    _partner("chart", Right.VIEW, pt="grafico", es="grafico", ru="grafik"),
    Command("token", Right.VIEW, Place.PARTNER, _called(ru="token klyuch"), secret=True),
    _private("team", Right.OWN, pt="membros", es="miembros", ru="komanda"),
    _private("notices", Right.VIEW, pt="avisos", es="avisos", ru="uvedomleniya"),
    _partner("support", Right.VIEW, pt="suporte", es="soporte", ru="podderzhka"),
    _partner("leave", Right.OWN, pt="sair", es="salir", ru="uyti"),
    _staff("queue", Right.SERVE, pt="fila", es="cola", ru="ochered"),
    _staff("partner", Right.SERVE, pt="parceiro", es="socio", ru="partner partnyor"),
    _staff("paid", Right.BOOK, pt="pago", es="pagado", ru="oplacheno"),
    _staff("hold", Right.BOOK, pt="prazo", es="plazo", ru="otsrochka"),
    _staff("unpaid", Right.BOOK, pt="naopago", es="nopagado", ru="neoplacheno"),
    _staff("void", Right.BOOK, pt="anular", es="anular", ru="annulirovat"),
    _staff("credit", Right.BOOK, pt="credito", es="credito", ru="avans kredit"),
    _staff("refund", Right.BOOK, pt="reembolso", es="reembolso", ru="vozvrat"),
    _staff("grant", Right.SERVE, pt="conceder", es="conceder", ru="vydat"),
    _staff("price", Right.BOOK, pt="preco", es="precio", ru="tsena"),
    _staff("limit", Right.BOOK, pt="limite", es="limite"),
    _staff("programme", Right.ADMINISTER, pt="programa", es="programa", ru="programma"),
    _staff("import", Right.ADMINISTER, pt="importar", es="importar"),
    _staff("freeze", Right.SERVE, pt="congelar", es="congelar", ru="zamorozit"),
    _staff("unfreeze", Right.SERVE, pt="descongelar", es="descongelar", ru="razmorozit"),
    _staff("say", Right.SERVE, pt="dizer", es="decir", ru="skazat"),
    _staff("as", Right.SERVE, pt="como", es="como", ru="za"),
    _staff("broadcast", Right.ADMINISTER, pt="transmitir", es="difundir", ru="rassylka"),
    _staff("report", Right.BOOK, pt="relatorio", es="informe", ru="otchet"),
    _staff("debts", Right.BOOK, pt="dividas", es="deudas", ru="dolgi"),
    _staff("dryrun", Right.BOOK, pt="simulacao", es="simulacion", ru="raschet"),
    _staff("audit", Right.SERVE, pt="auditoria", es="auditoria", ru="zhurnal"),
    _staff("halt", Right.ADMINISTER, pt="parar", es="pausar parar", ru="ostanovit"),
    _staff("resume", Right.ADMINISTER, pt="retomar", es="reanudar", ru="prodolzhit"),
    _staff("settings", Right.ADMINISTER, pt="configuracoes", es="ajustes", ru="nastroyki"),
    _staff("health", Right.SERVE, pt="saude", es="salud", ru="sostoyanie"),
    _staff("undo", Right.SERVE, pt="desfazer", es="deshacer", ru="otkat"),
    _staff("staff", Right.SERVE, pt="equipe", es="equipo", ru="sotrudniki"),
    # The code is the right: whoever has it may stand in a group that is nobody's yet.
    Command("bind", Right.ANYONE, Place.GROUP, _called("vincular", "vincular", "privyazat")),
    _anywhere("language", pt="idioma", es="idioma", ru="yazyk"),
    _anywhere("timezone", pt="fuso", es="zona", ru="poyas"),
    _private("export", Right.ANYONE, pt="exportar", es="exportar", ru="vygruzka"),
    _private("forget", Right.ANYONE, pt="esquecer", es="olvidar", ru="zabyt"),
    _anywhere("help", pt="ajuda", es="ayuda", ru="pomoshch"),
)
# What is of no use to a partner that pays for its instances otherwise.
OF_DAYS = frozenset({"days", "buy", "extend", "auto"})
OF_MONTHS = frozenset({"subscribe", "cancel", "keep", "whatif"})
COMMANDS = {command.name: command for command in TABLE}
BY_NAME = {name: command for command in TABLE for name in command.names}
# The staff's word in their groups is also how a partner calls its own people.
IN_PRIVATE = {"equipe": "team", "equipo": "team"}

# Questions beside those that a command asks for its own words.
QUESTIONS: dict[str, tuple[Right, Place]] = {
    "decline": (Right.SERVE, Place.STAFF_GROUP),
    "as_answer": (Right.SERVE, Place.STAFF_GROUP),
    "token_decline": (Right.SERVE, Place.STAFF_GROUP),
    "rename_to": (Right.OPERATE, Place.PRIVATE),
    "extend_by": (Right.OPERATE, Place.PRIVATE),
    "auto_switch": (Right.OPERATE, Place.PRIVATE),
    "customer_of": (Right.OPERATE, Place.PARTNER),
    "company_field": (Right.PAY, Place.PARTNER),
    "receipt_decline": (Right.BOOK, Place.STAFF_GROUP),
    "adopt": (Right.ADMINISTER, Place.STAFF_GROUP),
}


def command_named(word: str, *, private: bool = False) -> Command | None:
    """Return the command of that name, in any language; case and accents do not matter."""
    said = folded(word)
    if private and said in IN_PRIVATE:
        return COMMANDS[IN_PRIVATE[said]]
    return BY_NAME.get(IN_CYRILLIC.get(said, said))


def may_say(rights: Iterable[Right], here: Here) -> list[Command]:
    """Return the commands that somebody with these rights can use in such a place."""
    return [
        command
        for command in TABLE
        if command.right_here(here) in rights and command.is_of_use(here)
    ]
