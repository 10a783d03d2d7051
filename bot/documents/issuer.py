"""Who issues the invoices, and how they are paid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issuer:
    """
    The operator, as it stands on its documents.

    `pix` is a PIX key and `city` where its owner is, as the Banco Central wants it in a code.
    `link` is an address where an invoice is paid: `{number}` in it becomes the invoice's number.
    """

    name: str | None = None
    legal_name: str | None = None
    tax_id: str | None = None
    address: str | None = None
    email: str | None = None
    bank: str | None = None
    pix: str | None = None
    city: str | None = None
    link: str | None = None

    @property
    def called(self) -> str | None:
        """What it is called where there is room for one name."""
        return self.legal_name or self.name

    def link_of(self, number: str) -> str | None:
        """Return the address where that invoice is paid, if there is one."""
        return None if self.link is None else self.link.replace("{number}", number)
