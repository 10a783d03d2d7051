"""
A static BR Code: the text that a Brazilian bank's app pays by, from a QR code or pasted.

As the Banco Central's "Manual de Padrões para Iniciação do Pix" has it: fields of an id, a
length and a value (EMV), and a checksum over all of it.
"""

from __future__ import annotations

import re
import unicodedata

from billing.money import Money

PIX = "br.gov.bcb.pix"
CURRENCY = "BRL"
# As numbers in ISO 4217 and as letters in ISO 3166.
BRL_NUMBER, BRAZIL = "986", "BR"
ANY_MERCHANT = "0000"
LONGEST_NAME, LONGEST_CITY, LONGEST_TXID = 25, 15, 25
# Where the operator told none.
SOMEWHERE = "BRASIL"


def code(amount: Money, number: str, *, key: str, name: str, city: str | None = None) -> str | None:
    """
    Return the code that pays an amount to a key, with the invoice's number as its reference.

    None if nothing can be paid so: an amount of another currency, or none.
    """
    if amount.currency != CURRENCY or amount.minor <= 0:
        return None
    account = _field("00", PIX) + _field("01", key)
    fields = (
        _field("00", "01"),
        _field("26", account),
        _field("52", ANY_MERCHANT),
        _field("53", BRL_NUMBER),
        _field("54", f"{amount.minor // 100}.{amount.minor % 100:02d}"),
        _field("58", BRAZIL),
        _field("59", _plain(name)[:LONGEST_NAME].strip() or SOMEWHERE),
        _field("60", _plain(city or SOMEWHERE)[:LONGEST_CITY].strip() or SOMEWHERE),
        _field("62", _field("05", reference(number))),
        # The checksum's own id and length are part of what it is over.
        "6304",
    )
    whole = "".join(fields)
    return f"{whole}{crc16(whole):04X}"


def reference(number: str) -> str:
    """Return an invoice's number as a reference may be: letters and digits, 25 of them."""
    return re.sub(r"[^A-Za-z0-9]", "", _plain(number))[:LONGEST_TXID] or "***"


def crc16(text: str) -> int:
    """Return CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xFFFF on."""
    rest = 0xFFFF
    for byte in text.encode():
        rest ^= byte << 8
        for _ in range(8):
            rest = (rest << 1) ^ (0x1021 if rest & 0x8000 else 0)
        rest &= 0xFFFF
    return rest


def _field(tag: str, value: str) -> str:
    length = len(value.encode())
    if length > 99:
        raise ValueError(f"field {tag} of a BR Code is too long: {length}")
    return f"{tag}{length:02d}{value}"


def _plain(text: str) -> str:
    """Return a text in ASCII, as all banks take it: without accents and other signs."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Za-z0-9 .,&-]", " ", bare).split())
