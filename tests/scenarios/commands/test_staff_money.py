"""What staff do about money, command by command."""

from __future__ import annotations

import pytest

from tests.scenarios.commands.telling import Stories
from tests.scenarios.commands.tongues import CODES

STORIES = Stories(*CODES)
STOPPED = (
    "⛔ Stopped since {since}: an invoice is unpaid. Everything runs again as soon as it is paid; "
    "until then nothing new can be created."
)


@pytest.mark.parametrize("code", STORIES.codes)
async def test_stories(code):
    await STORIES.tell(code)


@STORIES.about("dryrun")
async def tried_before_the_close(scene):
    sofia = await scene.staff()
    nothing = await sofia.asks("dryrun", "2026-01")
    scene.tongue.told(nothing, "The close of {month} would draw up no invoice.")
    wrong = await sofia.asks("dryrun", "Foo")
    scene.tongue.told(wrong, "{wanted} is no month. Write its name, or its number like {form}.")
    carla = await scene.partner("Prova")
    await carla.says("new", "prova-1")
    await carla.confirms("subscribe", "prova-1")
    drawn = await sofia.asks(
        "dryrun", scene.tongue.of(en="January", pt="janeiro", es="enero", ru="январь")
    )
    scene.tongue.told(drawn, "The close of {month} would draw up, as of now:", "Prova")
    scene.tongue.told(
        await carla.asks("invoices"),
        "No invoice yet. One is issued on the 1st for the month before, if anything was "
        "subscribed: /preview shows it as it grows.",
    )
    await scene.billed("Alfa", "Beta", "Gama", "Delta")
    drawn = await sofia.asks("dryrun", "2026-01")
    scene.tongue.told(drawn, "{month} is closed already. This was drawn up:", "Alfa")


@STORIES.about("paid")
async def booked(scene):
    owner, number, sofia = scene.owners["Alfa"], scene.numbers["Alfa"], await scene.staff()
    amount = scene.tongue.amount("119.80")
    unclear = await sofia.asks("paid", f"{number} 1.234 PIX-1")
    assert number in (await owner.asks("invoices")).text
    assert not scene.tongue.tells(unclear, "The invoice is paid.")
    done = await sofia.asks("paid", f"{number} {amount} PIX-1")
    scene.tongue.told(done, "The invoice is paid.", "PIX-1", "Alfa")
    scene.tongue.told((await owner.says("invoice", number))[0], "✅ Paid. Nothing is owed.")
    taken = await sofia.asks("paid", f"{scene.numbers['Beta']} {amount} PIX-1")
    scene.tongue.told(
        taken,
        "The reference {reference} is booked already: {amount} on {on}, for invoice {number}. "
        "Each payment has its own reference.",
    )
    other = await scene.owners["Beta"].says("invoice", scene.numbers["Beta"])
    scene.tongue.told(other[0], "To pay: {owed} by {due}", amount)


@STORIES.about("unpaid")
async def taken_back(scene):
    owner, number, sofia = scene.owners["Alfa"], scene.numbers["Alfa"], await scene.staff()
    none = await sofia.asks("unpaid", f"{scene.numbers['Beta']} no money")
    scene.tongue.told(
        none, "No payment is booked for invoice {number}, or none that was not taken back already."
    )
    asked = await sofia.asks("unpaid", f"{number} the bank returned it")
    scene.tongue.told(
        asked, "Take back the payment of {amount} for invoice {number} of {partner}?", number
    )
    scene.tongue.told((await owner.says("invoice", number))[0], "✅ Paid. Nothing is owed.")
    await sofia.presses("Confirm", on=asked)
    scene.tongue.told((await owner.says("invoice", number))[0], "To pay: {owed} by {due}")


@STORIES.about("hold")
async def held(scene):
    owner, number, sofia = scene.owners["Beta"], scene.numbers["Beta"], await scene.staff()
    past = await sofia.asks("hold", f"{number} 2026-01-01 too late")
    scene.tongue.told(past, "That day is over. The earliest possible: {day}")
    await sofia.says("cancel")
    day = scene.tongue.of(en="2026-02-20", pt="20/02/2026", es="20/02/2026", ru="20.02.2026")
    done = await sofia.asks("hold", f"{number} {day} pays on Friday")
    scene.tongue.told(done, "⏳ Invoice {number}, {owed}: held until the end of {day}.", "20")
    # The same moment stops one whose invoice is not held.
    await scene.world.until("2026-02-11T00:05:00-03:00")
    [shown, *_] = await owner.says("invoice", number)
    scene.tongue.told(shown, "To pay: {owed}; it was due on {due}")
    stopped = await scene.owners["Gama"].asks("start")
    scene.tongue.told(
        stopped,
        STOPPED,
    )
    runs = await owner.asks("start")
    assert not scene.tongue.tells(
        runs,
        STOPPED,
    )


@STORIES.about("debts")
async def owed(scene):
    sofia = await scene.staff()
    said = await sofia.says("debts")
    scene.tongue.told(said[0], "Oldest first", "Beta", "Gama")
    files = [one.raw["document"]["file_name"] for one in said if one.raw["document"]]
    assert files == ["debts.png", "debts.xlsx"]


@STORIES.about("void")
async def voided(scene):
    owner, number, sofia = scene.owners["Gama"], scene.numbers["Gama"], await scene.staff()
    unknown = await sofia.asks("void", "INT-2026-09999 wrong price")
    scene.tongue.told(
        unknown,
        "There is no invoice {wanted}. A partner's unpaid ones stand on its card: {command}",
    )
    asked = await sofia.asks("void", number)
    scene.tongue.told(asked, "Why is invoice {number} voided? The partner will read it.")
    await sofia.replies("wrong price")
    scene.tongue.told(await sofia.last(), "Void invoice {number} of {partner}, {total}?")
    await sofia.presses("Confirm")
    scene.tongue.told(
        await sofia.last(),
        "✅ Invoice {number} of {partner}, {total}, is void; the credit note is {note}.",
    )
    scene.tongue.told((await owner.says("invoice", number))[0], "Void: nothing is owed.")
    home = await owner.asks("start")
    assert not scene.tongue.tells(
        home,
        STOPPED,
    )


@STORIES.about("credit", "refund")
async def given_and_paid_back(scene):
    owner, sofia = scene.owners["Gama"], await scene.staff()
    nothing = await sofia.asks("refund", "Gama 10.00 TED-1")
    scene.tongue.told(nothing, "The partner has no credit: there is nothing to refund.")
    days = await sofia.asks("credit", "Gama 3 days outage")
    scene.tongue.told(days, "This partner's terms know no days: give money instead.")
    given = await sofia.asks("credit", "Gama 50.00 for the outage")
    scene.tongue.told(given, "✅ {partner} was given {what}.", "Gama")
    home = await owner.asks("start")
    credit = "Credit for the next invoice: {credit}."
    scene.tongue.told(home, credit, scene.tongue.amount("50.00"))
    much = await sofia.asks("refund", "Gama 60.00 TED-1")
    scene.tongue.told(much, "The credit is {credit}: no more than that can be refunded.")
    await sofia.says("refund", "Gama 20.00 TED-1")
    home = await owner.asks("start")
    scene.tongue.told(home, credit, scene.tongue.amount("30.00"))


@STORIES.about("report")
async def reported(scene):
    sofia = await scene.staff()
    wrong = await sofia.asks("report", "Foo")
    scene.tongue.told(wrong, "{wanted} is no month. Write its name, or its number like {form}.")
    await sofia.says("cancel")
    said = await sofia.says(
        "report", scene.tongue.of(en="January", pt="janeiro", es="enero", ru="январь")
    )
    scene.tongue.told(
        said[0], "Instances created: {created}, of these subscribed so far: {converted}", "9"
    )
    files = [one.raw["document"]["file_name"] for one in said if one.raw["document"]]
    assert files == ["report-2026-01.png", "report-2026-01.xlsx"]
