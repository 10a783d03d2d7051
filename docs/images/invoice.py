#!/usr/bin/env python3
"""Draw the invoices of the guides anew: `PYTHONPATH=. .venv/bin/python docs/images/invoice.py`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.documents import invoice_page
from tests.bot.documents.samples import COMPANY, ISSUER, TOOLS, payment, statement, voice

IMAGES = Path(__file__).parent
NAMES = ["loja-centro", "loja-norte", "loja-sul", "quiosque", "delivery", "matriz", "loja-praia"]
FILES = {"en": "invoice.png", "pt_BR": "invoice-pt-br.png"}


def main() -> None:
    """Write one picture for each language."""
    paid = payment(20000)
    billed_to = replace(COMPANY, legal_name="Comércio Acme & Filhos Ltda.")
    found = statement(NAMES, settled=paid.used, billed_to=billed_to)
    found.payments.append(paid)
    for language, name in FILES.items():
        page = invoice_page.data(found, voice(language), ISSUER)
        IMAGES.joinpath(name).write_bytes(TOOLS.press.png("invoice.typ", page, ppi=96))


if __name__ == "__main__":
    main()
