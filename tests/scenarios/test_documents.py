"""An invoice arrives as a file, in its reader's language; what breaks on it holds up nobody."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest

from bot.documents import invoice_page
from tests.scenarios.world import Human, Said, World, enrolled, living_in

NUMBER = re.compile(r"(?:INT|DAY)-2026-\d{5}")


async def billed(world: World, language: str = "en") -> tuple[Human, str]:
    """Return a partner with an invoice of January, and its number."""
    carla = await enrolled(world, "Carla", "Acme")
    if language != "en":
        await carla.says(f"/language {language}")
    await carla.says("/new loja-1 =cmd loja-3")
    await carla.says("/subscribe all")
    await carla.presses("Confirm" if language == "en" else "Confirmar")
    await world.until("2026-02-01T09:05:00-03:00")
    found = NUMBER.search((await carla.last()).text)
    assert found is not None
    return carla, found[0]


def file_of(said: Said) -> dict:
    found = said.raw["document"]
    assert found is not None, said.text
    return found


@pytest.mark.parametrize(
    ("language", "command", "caption", "shown"),
    [("en", "/invoice", "Invoice", "February"), ("pt", "/fatura", "Fatura", "fevereiro")],
)
async def test_a_card_and_its_pdf_answer_a_number(language, command, caption, shown):
    async with living_in() as world:
        carla, number = await billed(world, language)
        card, paper = await carla.says(f"{command} {number}")
        assert number in card.text
        assert card.raw["document"] is None
        file = file_of(paper)
        assert (file["file_name"], file["mime_type"]) == (f"{number}.pdf", "application/pdf")
        assert paper.text == f"📄 {caption} {number}"
        assert (await world.file(file)).startswith(b"%PDF-")


async def test_a_notice_brings_it_by_one_tap_and_tables_run_nothing():
    async with living_in() as world:
        carla, number = await billed(world)
        await carla.presses("PDF")
        assert file_of(await carla.last())["file_name"] == f"{number}.pdf"
        await carla.says(f"/invoice {number}")
        await carla.presses("CSV")
        table = (await world.file(file_of(await carla.last()))).decode("utf-8-sig")
        assert "'=cmd" in table
        assert "59.90" in table
        await carla.presses("Excel")
        file = file_of(await carla.last())
        assert file["mime_type"].endswith("spreadsheetml.sheet")
        book = openpyxl.load_workbook(BytesIO(await world.file(file)))
        cells = {cell.value: cell.data_type for row in book.active.rows for cell in row}
        assert cells["=cmd"] == "s"
        assert cells[59.9] == "n"


async def test_staff_have_every_partners_and_a_stranger_has_none():
    async with living_in() as world:
        carla, number = await billed(world)
        otto = await enrolled(world, "Otto", "Outra")
        (refused,) = await otto.says(f"/invoice {number}")
        assert refused.raw["document"] is None
        sofia = await world.staff()
        await sofia.says("/partner Acme")
        await sofia.presses(number)
        await sofia.presses("PDF")
        assert file_of(await sofia.last())["file_name"] == f"{number}.pdf"
        del carla


async def test_what_cannot_be_drawn_is_said_and_the_chat_goes_on(monkeypatch, caplog):
    def broken(*_: object) -> None:
        raise RuntimeError("the ink is out")

    monkeypatch.setattr(invoice_page, "data", broken)
    async with living_in() as world:
        carla, number = await billed(world)
        card, sorry = await carla.says(f"/invoice {number}")
        assert number in card.text
        assert sorry.raw["document"] is None
        assert "could not be made" in sorry.text
        assert len(await carla.says("/invoices")) == 1


async def test_a_day_invoice_comes_with_its_pdf():
    async with living_in() as world:
        dora = await enrolled(world, "Dora", "Dias", "days")
        await dora.says("/buy 5 channels")
        await dora.presses("Confirm")
        sofia = await world.staff()
        await sofia.presses("Prepare invoice")
        notice, paper = (await dora.heard())[-2:]
        found = NUMBER.search(notice.text)
        assert found is not None
        assert file_of(paper)["file_name"] == f"{found[0]}.pdf"
