"""Company data in one message: one a line or between semicolons, named or told by its looks."""

from __future__ import annotations

import re

from billing.company import Field
from bot.chat.words.understanding import NotUnderstood, folded

NAMES = {
    Field.LEGAL_NAME: "legal name|name|company|razao social|nome|empresa|razon social|nombre"
    "|название|наименование|имя|компания",
    Field.TAX_ID: "tax id|tax|vat|cnpj|cpf|cpf/cnpj|cnpj/cpf|nif|cif|rfc|nit"
    "|cuit|rut|ruc|id fiscal|инн",
    Field.ADDRESS: "address|endereco|direccion|адрес",
    Field.EMAIL: "e-mail|email|mail|correo|почта|эл. почта",
}
NAMED = {folded(name): field for field, names in NAMES.items() for name in names.split("|")}
APART = re.compile(r"[\n;]+")
# Signs beside the digits and letters of a tax id; one has more digits than a house has.
TAX_SIGNS = re.compile(r"[A-Za-z0-9./\s-]+")
FEWEST_DIGITS = 6
# What takes one of them away.
NOTHING = frozenset({"-", "–", "—"})


class CompanyUnclear(NotUnderstood):
    """It is not clear which of the company data is meant. Facts: `wanted`."""

    code = "company_unclear"


def told(text: str) -> dict[Field, str | None]:
    """
    Return what a message tells.

    The first that is neither a tax id nor an address for mail is the legal name; the others, one
    after the other, the address.

    :raises CompanyUnclear: the same is told twice.
    """
    found: dict[Field, str | None] = {}
    for part in filter(None, map(str.strip, APART.split(text))):
        field, value = _named(part) or (_looks(part, found), part)
        if field is Field.ADDRESS and found.get(field):
            value = f"{found[field]}, {value}"
        elif field in found:
            raise CompanyUnclear(wanted=part[:64])
        found[field] = None if value in NOTHING else value
    return found


def _named(part: str) -> tuple[Field, str] | None:
    name, colon, value = part.partition(":")
    field = NAMED.get(folded(name)) if colon else None
    return None if field is None else (field, value.strip())


def _looks(part: str, found: dict[Field, str | None]) -> Field:
    if "@" in part and " " not in part:
        return Field.EMAIL
    digits = sum(sign.isdigit() for sign in part)
    if TAX_SIGNS.fullmatch(part) and digits >= max(FEWEST_DIGITS, len(part) // 2):
        return Field.TAX_ID
    return Field.ADDRESS if Field.LEGAL_NAME in found else Field.LEGAL_NAME
