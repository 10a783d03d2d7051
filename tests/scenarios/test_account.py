"""Company data and statements through the doors; how an invoice is paid by PIX."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from tests.scenarios.test_documents import billed, file_of
from tests.scenarios.world import enrolled, living_in

CNPJ = "11.222.333/0001-81"
OPERATOR = {
    "operator_name": "Mensagens Já",
    "operator_pix": "pix@desk.example",
    "operator_city": "São Paulo",
    "operator_payment_link": "https://pay.example/{number}",
}


@pytest.mark.parametrize(
    ("language", "command", "noted", "fill", "skip"),
    [
        ("en", "/company", "Noted", "Fill in", "Skip"),
        ("pt", "/empresa", "Anotado", "Preencher", "Pular"),
    ],
)
async def test_company_data_are_told_and_stand_on_invoices(language, command, noted, fill, skip):
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        await carla.says(f"/language {language}")
        await carla.says(command)
        await carla.presses(fill)
        await carla.says("Acme Comércio Ltda.")
        await carla.says(CNPJ)
        await carla.presses(skip)
        await carla.says("fin@acme.example")
        (shown,) = await carla.says(f"{command} endereço: Rua das Flores, 1")
        assert noted in shown.text
        assert all(told in shown.text for told in ("Acme Comércio Ltda.", CNPJ, "Rua das Flores"))
        otto = await world.newcomer("Otto")
        (refused,) = await otto.says(f"{command} Mine Ltd.")
        assert "Mine" not in refused.text


@pytest.mark.parametrize(
    ("language", "command", "file", "owed"),
    [("en", "/statement", "Excel", "179.70"), ("pt", "/extrato", "Excel", "179,70")],
)
async def test_a_statement_is_read_and_brought_as_a_file(language, command, file, owed):
    async with living_in() as world:
        carla, number = await billed(world, language)
        (shown,) = await carla.says(command)
        assert number in shown.text
        assert owed in shown.text
        await carla.presses(file)
        found = file_of(await carla.last())
        book = openpyxl.load_workbook(BytesIO(await world.file(found)))
        assert [cell.value for cell in list(book.active.rows)[2]][2:] == [
            number, None, 179.7, 179.7,
        ]  # fmt: skip
        stranger = await world.newcomer("Eve")
        (refused,) = await stranger.says(command)
        assert number not in refused.text


async def test_an_invoice_is_paid_by_pix_or_online():
    async with living_in(**OPERATOR) as world:
        carla, number = await billed(world)
        (shown,) = await carla.says("/pay")
        assert "br.gov.bcb.pix" in shown.text
        assert "5406179.70" in shown.text
        assert f"https://pay.example/{number}" in shown.text
        await carla.presses("QR code")
        picture = await carla.last()
        assert file_of(picture)["mime_type"] == "image/png"
        assert number in picture.text
