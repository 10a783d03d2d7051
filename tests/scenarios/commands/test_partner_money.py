"""What a partner reads of its money and pays, command by command."""

from __future__ import annotations

import base64

import pytest

from tests.scenarios.commands.telling import Stories
from tests.scenarios.commands.tongues import CODES

STORIES = Stories(*CODES)
NOTHING = "As of now there is nothing to bill for {month}: no invoice."
FILE = {"file_name": "comprovante.pdf", "base64": base64.b64encode(b"%PDF-1.4 x").decode()}


@pytest.mark.parametrize("code", STORIES.codes)
async def test_stories(code):
    await STORIES.tell(code)


@STORIES.about("preview", "whatif")
async def before_the_first_month_is_over(scene):
    carla = scene.owners["Cedo"] = await scene.partner("Cedo")
    nothing = await carla.asks("preview")
    scene.tongue.told(nothing, NOTHING)
    await carla.says("new", "cedo-1 cedo-2")
    one = scene.tongue.of(en="subscribe 1", pt="assinar 1", es="suscribir 1", ru="подписать 1")
    foreseen = await carla.asks("whatif", one)
    price = scene.tongue.amount("59.90")
    scene.tongue.told(foreseen, "Nothing was changed.", price)
    scene.tongue.told(await carla.asks("preview"), NOTHING)
    more = await carla.asks("whatif", one.replace("1", "3"))
    scene.tongue.told(more, "You have {n} instance in trial: no more can be subscribed.")
    await carla.confirms("subscribe", "cedo-1")
    coming = await carla.asks("preview")
    scene.tongue.told(coming, "🧾 The coming invoice, {month}, as of now", price, "cedo-1")
    fewer = await carla.asks(
        "whatif",
        scene.tongue.of(
            en="cancel cedo-1", pt="cancelar cedo-1", es="cancelar cedo-1", ru="отменить cedo-1"
        ),
    )
    scene.tongue.told(fewer, "If you cancelled {n} instance now:")
    assert (await scene.world.platform())["cedo-1"] == "active"


@STORIES.about("invoices", "invoice")
async def read(scene):
    carla = await scene.partner("Sem")
    scene.tongue.told(
        await carla.asks("invoices"),
        "No invoice yet. One is issued on the 1st for the month before, if anything was "
        "subscribed: /preview shows it as it grows.",
    )
    await scene.billed("Lida", "Outra")
    owner, number = scene.owners["Lida"], scene.numbers["Lida"]
    scene.tongue.told(await owner.asks("invoices"), "Your invoices, newest first", number)
    card, paper = await owner.says("invoice", number.lower())
    scene.tongue.told(card, "🧾 Invoice {number}, {month}", "loja-1", "loja-2")
    assert paper.raw["document"]["file_name"] == f"{number}.pdf"
    # Another partner's is none of one's own, and does not exist for one.
    wrong = await owner.asks("invoice", scene.numbers["Outra"])
    scene.tongue.told(wrong, "There is no invoice {wanted}. /invoices shows yours.")


@STORIES.about("why")
async def explained(scene):
    owner, number = scene.owners["Lida"], scene.numbers["Lida"]
    told = await owner.asks("why", f"{number} loja-1")
    scene.tongue.told(told, "The rule: “{name}”", "loja-1")
    wrong = await owner.asks("why", f"{number} loja-9")
    scene.tongue.told(wrong, "{wanted} is not on that invoice.")


@STORIES.about("pay")
async def paid(scene):
    owner, number = scene.owners["Lida"], scene.numbers["Lida"]
    ways = await owner.asks("pay", number)
    scene.tongue.told(ways, "Write {number} as the purpose, so that we find it.", number)
    wrong = await owner.asks("pay", scene.numbers["Outra"])
    scene.tongue.told(wrong, "There is no invoice {wanted}. /invoices shows yours.")
    await owner.says("pay", number, document=FILE)
    sofia = await scene.staff()
    assert "comprovante.pdf" in await sofia.files()
    await sofia.says("paid", f"{number} 119.80 PIX-LIDA")
    ways = await owner.asks("pay", number)
    scene.tongue.told(ways, "✅ Invoice {number} is paid: nothing is owed.")


@STORIES.about("statement")
async def moved(scene):
    owner = scene.owners["Lida"]
    told = await owner.asks("statement")
    scene.tongue.told(told, "At the end: {balance}", scene.numbers["Lida"], "PIX-LIDA")
    before = await owner.asks(
        "statement",
        scene.tongue.of(
            en="December 2025", pt="dezembro de 2025", es="diciembre de 2025", ru="декабрь 2025"
        ),
    )
    scene.tongue.told(before, "Nothing moved.")
    wrong = await owner.asks("statement", "Foo")
    scene.tongue.told(wrong, "{wanted} is no month. Write its name, or its number like {form}.")
    await owner.presses("Excel", on=told)
    assert (await owner.files())[-1].endswith(".xlsx")


@STORIES.about("margin")
async def left_over(scene):
    owner = scene.owners["Lida"]
    until = scene.tongue.of(en="paid until", pt="pago até", es="pagado hasta", ru="оплачено до")
    await owner.says("customer", f"loja-1 Padaria 99.90 {until} 2026-02-04")
    told = await owner.asks("margin")
    scene.tongue.told(told, "To charge this week", "Padaria")
    scene.tongue.told(told, "Left: {amount}", scene.tongue.amount("99.90"), "loja-2")


@STORIES.about("chart")
async def drawn(scene):
    owner = scene.owners["Lida"]
    told = await owner.says("chart")
    assert told[-1].raw["document"]["file_name"] == "chart.png"


@STORIES.about("company")
async def made_out_to(scene):
    owner, other = scene.owners["Lida"], scene.owners["Outra"]
    shown = await owner.asks("company", "Lida Comércio Ltda.\n11.222.333/0001-81")
    scene.tongue.told(shown, "✅ Noted.", "Lida Comércio Ltda.")
    wrong = await owner.asks("company", "CNPJ: 11.222.333/0001-82")
    scene.tongue.told(
        wrong, "Its check digits do not fit: a CPF has 11 digits, a CNPJ 14. Look again, please."
    )
    scene.tongue.told(await owner.asks("company"), "{field}: {value}", "11.222.333/0001-81")
    assert "Lida" not in (await other.asks("company")).text
