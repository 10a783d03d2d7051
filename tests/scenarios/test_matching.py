"""A bank's statement is sent to the staff group, looked at, confirmed, and sent once more."""

from __future__ import annotations

import base64

import pytest

from tests.scenarios.world import enrolled, living_in

WORDS = {
    "en": (
        "/paid",
        "Confirm",
        "Book 1 payment",
        "1 payment is booked",
        "is booked already",
        "to be",
    ),
    "pt": ("/pago", "Confirmar", "Registrar 1", "1 pagamento registrado", "já está", "à mão"),
}
BANKS = {
    "en": "date,amount,reference,description\n2026-02-03,{en},E1,{text}\n2026-02-03,7.00,E2,?\n",
    "pt": "Data;Valor;Documento;Histórico\n03/02/2026;{pt};E1;{text}\n03/02/2026;7,00;E2;?\n",
}


def statement(language: str, text: str):
    content = BANKS[language].format(en="119.80", pt="119,80", text=text)
    encoded = base64.b64encode(content.encode("cp1252")).decode()
    return {"file_name": "extrato.csv", "base64": encoded}


@pytest.mark.parametrize(("language", "text"), [("en", "WIRE INT202600001"), ("pt", "PIX ACME")])
async def test_a_statement_is_booked_once(language, text):
    command, confirm, ask, done, known, hand = WORDS[language]
    async with living_in() as world:
        carla = await enrolled(world)
        await carla.says("/new loja-1, loja-2")
        await carla.says("/subscribe all")
        await carla.presses("Confirm")
        await world.until("2026-02-03T10:00:00-03:00")
        sofia, sam = await world.staff(), await world.staff("Sam")
        file = statement(language, text)
        (refused,) = await sam.says("/paid", document=file)
        assert "⛔" in refused.text
        if language == "pt":
            await sofia.says("/language português")
        (shown,) = await sofia.says(command, document=file)
        assert ask in shown.text
        assert hand in shown.text
        assert "INT-2026-00001" in shown.text
        assert "To pay" in (await carla.says("/invoice"))[0].text
        await sofia.presses(confirm, on=shown)
        assert done in (await sofia.texts())[-1]
        assert "Nothing is owed" in (await carla.says("/invoice"))[0].text
        (again,) = await sofia.says(command, document=file)
        assert known in again.text
        assert confirm not in again.labels
