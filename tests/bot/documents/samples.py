"""Invoices and readers, as a document is given them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from typing import Any

from billing.calendar import Month
from billing.company import Company
from billing.invoices import Invoice, InvoiceState, Line
from billing.money import Money
from billing.partners import Partner
from billing.services.invoices.invoicing import Statement
from billing.services.ports import Payment
from bot.chat.languages import catalogue
from bot.documents.making import Tools
from bot.documents.press import Press
from bot.documents.voice import Voice
from bot.settings import Operator

ZONE = "America/Sao_Paulo"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ISSUED = datetime(2026, 3, 1, 3, tzinfo=UTC)
PRICE = Money(5990, "BRL")
NUMBER = "INT-2026-00042"
PARTNER = Partner("P1AAA", "Acme", "integrator", 1, "BRL", ZONE, ISSUED)
COMPANY = Company(
    "Comércio de Mensagens Acme & Filhos <Ltda.>",
    "11.222.333/0001-81",
    "Rua das Flores, 123 – Vila Madalena, São Paulo – SP, 05435-000",
    "financeiro@acme.example",
)
ISSUER = Operator(
    name="Mensagens Já",
    legal_name="Mensagens Já Tecnologia Ltda.",
    tax_id="12.345.678/0001-95",
    address="Av. Paulista, 1000 – Bela Vista, São Paulo – SP, 01310-100",
    email="faturas@mensagensja.example",
    bank="Banco 001 · Ag. 1234-5 · Conta 67890-1",
    pix="faturas@mensagensja.example",
    city="São Paulo",
    link="https://pay.mensagensja.example/i/{number}",
)
TOOLS = Tools(Press(), ISSUER)


@dataclass(frozen=True)
class Someone:
    """Whom a document is for."""

    language: str = "en"
    zone: str = ZONE
    now: datetime = NOW

    @property
    def words(self) -> NullTranslations:
        return catalogue(self.language)


def voice(language: str = "en") -> Voice:
    return Voice(Someone(language))


def line(nth: int, name: str, *, cancelled: bool = False) -> Line:
    at = ISSUED - timedelta(days=10, hours=nth % 24) if cancelled else None
    return Line(
        instance_id=f"K{nth:04d}",
        name=name,
        period=Month(2026, 2),
        price=PRICE,
        band=1,
        subscribed_at=datetime(2026, 1, nth % 28 + 1, 12, tzinfo=UTC),
        cancelled_at=at,
        service_ends_at=at and at + timedelta(days=30),
    )


def statement(names: int | Sequence[str] = 3, **more: Any) -> Statement:
    """Return an invoice of so many lines, or of these names; every fifth is cancelled."""
    named = [f"loja-{n}" for n in range(1, names + 1)] if isinstance(names, int) else names
    lines = [line(nth, name, cancelled=nth % 5 == 1) for nth, name in enumerate(named)]
    invoice = Invoice(
        id="x",
        number=NUMBER,
        partner_id=PARTNER.id,
        programme="integrator",
        period=Month(2026, 2),
        total=PRICE.times(len(lines)),
        settled=Money(0, "BRL"),
        state=InvoiceState.DUE,
        issued_at=ISSUED,
        due_on=date(2026, 3, 5),
        last_on=date(2026, 3, 10),
        due_until=NOW,
        stop_at=NOW,
        delete_at=NOW,
        billed_to=COMPANY,
    )
    return Statement(replace(invoice, **more), PARTNER, lines, [], ZONE)


def payment(amount: int, **more: Any) -> Payment:
    booked = Payment(
        id="p",
        invoice_id="x",
        partner_id=PARTNER.id,
        amount=Money(amount, "BRL"),
        reference="E2026030112345",
        received_at=NOW,
        booked_by=1,
        booked_at=NOW,
        used=Money(amount, "BRL"),
    )
    return replace(booked, **more)
