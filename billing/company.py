"""
Company data as they stand on invoices, and what cannot be a tax id.

Rules: "Ways to pay an invoice".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum

from billing.refusals import Refusal

# As long as they still are a line, or a few, on paper.
LONGEST = {"legal_name": 120, "tax_id": 32, "address": 240, "email": 120}
# No grammar of addresses: what certainly is none.
AN_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
# Currencies of countries whose tax ids can be checked by their digits.
BRAZILIAN = "BRL"
CPF = re.compile(r"[0-9]{11}")
# Since July 2026 a CNPJ may have letters before its two check digits.
CNPJ = re.compile(r"[0-9A-Z]{12}[0-9]{2}")


class Field(StrEnum):
    """One of the company data, in the order in which they are asked for."""

    LEGAL_NAME = "legal_name"
    TAX_ID = "tax_id"
    ADDRESS = "address"
    EMAIL = "email"


class CompanyRefused(Refusal):
    """
    A value that cannot be one of the company data. Facts: `field`, `why`, `most`.

    `why` is one of empty, too_long (than `most` signs), control, digits (no CPF or CNPJ), email.
    """

    code = "company_refused"


@dataclass(frozen=True, slots=True)
class Company:
    """What a partner is called on its invoices; None: not told, its name stands there alone."""

    legal_name: str | None = None
    tax_id: str | None = None
    address: str | None = None
    email: str | None = None

    @property
    def missing(self) -> tuple[Field, ...]:
        """The data that were not told."""
        return tuple(Field(one.name) for one in fields(self) if getattr(self, one.name) is None)


def checked(field: Field, text: str, *, currency: str) -> str:
    """
    Return a value tidied; the tax id of who pays in BRL as a CPF or CNPJ is written.

    :raises CompanyRefused:
    """
    tidy = " ".join(text.split())
    most = LONGEST[field]
    if not tidy:
        raise CompanyRefused(field=field, why="empty", most=most)
    if not tidy.isprintable():
        raise CompanyRefused(field=field, why="control", most=most)
    if len(tidy) > most:
        raise CompanyRefused(field=field, why="too_long", most=most)
    if field is Field.EMAIL and not AN_EMAIL.fullmatch(tidy):
        raise CompanyRefused(field=field, why="email", most=most)
    if field is Field.TAX_ID and currency == BRAZILIAN:
        return _brazilian(tidy)
    return tidy


def _brazilian(text: str) -> str:
    signs = re.sub(r"[\s./-]", "", text).upper()
    if CPF.fullmatch(signs) and _ends_right(signs, heaviest=11):
        return f"{signs[:3]}.{signs[3:6]}.{signs[6:9]}-{signs[9:]}"
    if CNPJ.fullmatch(signs) and _ends_right(signs, heaviest=9):
        return f"{signs[:2]}.{signs[2:5]}.{signs[5:8]}/{signs[8:12]}-{signs[12:]}"
    raise CompanyRefused(field=Field.TAX_ID, why="digits", most=LONGEST["tax_id"])


def _ends_right(signs: str, *, heaviest: int) -> bool:
    """Whether both check digits fit; weights rise from the right, from 2 to the heaviest."""
    # All signs alike fit the sum, and are nobody's.
    if len(set(signs)) == 1:
        return False
    for length in (len(signs) - 2, len(signs) - 1):
        weights = [2 + place % (heaviest - 1) for place in range(length)]
        # A letter counts as its place in ASCII after the zero, as the Receita Federal has it.
        total = sum(
            (ord(sign) - ord("0")) * weight
            for sign, weight in zip(reversed(signs[:length]), weights, strict=True)
        )
        rest = total % 11
        if int(signs[length]) != (0 if rest < 2 else 11 - rest):
            return False
    return True
