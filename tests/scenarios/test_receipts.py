"""A photo or a file proves a transfer: it reaches the staff, who book it or say why not."""

from __future__ import annotations

import base64
import re

import pytest

from tests.scenarios.test_documents import billed
from tests.scenarios.world import enrolled, living_in

PHOTO = {"base64": base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 64).decode()}
FILE = {"file_name": "comprovante.pdf", "base64": base64.b64encode(b"%PDF-1.4 x").decode()}


@pytest.mark.parametrize(
    ("language", "pay", "thanks", "paid"),
    [("en", "/pay", "Passed on", "received"), ("pt", "/pagar", "Passamos", "Recebemos")],
)
async def test_a_proof_is_passed_on_and_booked(language, pay, thanks, paid):
    async with living_in() as world:
        carla, number = await billed(world, language)
        await carla.says(pay)
        (answer,) = await carla.says("", document=FILE)
        assert thanks in answer.text
        assert number in answer.text
        sofia = await world.staff()
        card, file = (await sofia.heard())[-2:]
        assert "proof of payment" in card.text
        assert file.raw["document"]["file_name"] == "comprovante.pdf"
        (queue,) = await sofia.says("/queue")
        assert "Proofs of payment: 1" in queue.text
        await sofia.presses("Mark paid", on=card)
        await sofia.says("179.70 PIX-1", reply_to=(await sofia.last()).message_id)
        assert paid in (await carla.last()).text
        card = next(one for one in await sofia.heard() if one.message_id == card.message_id)
        assert "Booked by Sofia" in card.text
        assert "Nothing waits" in (await sofia.says("/queue"))[-1].text


async def test_what_is_written_beside_it_is_read_by_the_staff():
    async with living_in() as world:
        carla, number = await billed(world)
        await carla.says("only half of it, the rest tomorrow", photo=PHOTO)
        sofia = await world.staff()
        card = await sofia.find("Decline")
        assert "only half of it, the rest tomorrow" in card.text
        assert number in card.text


async def test_a_file_that_can_be_no_proof_is_none_unless_it_is_said_to_be():
    async with living_in() as world:
        carla, number = await billed(world)
        for name in ("proof.exe", "lojas.csv"):
            (answer,) = await carla.says("", document={**FILE, "file_name": name})
            assert "Passed on" not in answer.text
        (answer,) = await carla.says(f"/pay {number}", document={**FILE, "file_name": "p.docx"})
        assert "Passed on" in answer.text


async def test_it_is_declined_with_a_reason_and_shown_again_from_the_queue():
    async with living_in() as world:
        carla, number = await billed(world)
        (answer,) = await carla.says(f"/pay {number}", document=FILE)
        assert number in answer.text
        sofia = await world.staff()
        await sofia.says("/queue")
        await sofia.presses(f"📎 Acme · {number}")
        card = await sofia.find("Decline")
        await sofia.presses("Decline", on=card)
        await sofia.says("not our account", reply_to=(await sofia.last()).message_id)
        told = await carla.last()
        assert "not our account" in told.text
        assert "Pay" in told.labels


async def test_a_reply_to_an_invoice_names_it_and_a_viewer_sends_none():
    async with living_in() as world:
        carla, number = await billed(world)
        card, *_ = await carla.says(f"/invoice {number}")
        (answer,) = await carla.says("there you are", document=FILE, reply_to=card.message_id)
        assert number in answer.text
        otto = await enrolled(world, "Otto", "Outra")
        (nothing,) = await otto.says("", document=FILE)
        assert "Passed on" not in nothing.text
        assert re.search(r"file", nothing.text)


async def test_of_several_unpaid_it_is_asked_which_and_can_be_another_after_all():
    async with living_in() as world:
        carla, first = await billed(world)
        sofia = await world.staff()
        await sofia.says(f"/hold {first} 2026-03-20 time")
        await world.until("2026-03-01T09:05:00-03:00")
        second = first.replace("00001", "00002")
        # Forwarded, as it comes from a bank or an accountant.
        (which,) = await carla.says("", photo=PHOTO, forward_from="The bank")
        assert {first, second} <= set(which.labels)
        await carla.presses(first, on=which)
        assert first in (await carla.last()).text
        await carla.presses("Another invoice")
        await carla.presses(second)
        assert second in (await carla.last()).text
        cards = [said.text for said in await sofia.heard() if "proof of payment" in said.text]
        assert "no longer waits" in cards[0]
        assert second in cards[1]
        # Whoever was told how to pay one sends the proof of that one.
        await carla.says(f"/pay {first}")
        (answer,) = await carla.says("", photo=PHOTO)
        assert first in answer.text


async def test_where_nothing_is_owed_a_file_is_no_proof():
    async with living_in() as world:
        otto = await enrolled(world, "Otto", "Outra")
        assert "Passed on" not in (await otto.says("", photo=PHOTO))[0].text
        assert "Nothing to pay" in (await otto.says("/pay", photo=PHOTO))[0].text
        assert await otto.says("yes", photo=PHOTO, forward_from="Somebody") == []
