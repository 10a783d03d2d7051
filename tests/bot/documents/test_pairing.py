"""The picture that connects a number, and the sign that takes its place."""

import pytest

from billing.services.ports.platforms import Offer
from bot.documents.pairing import KINDS, Forgotten
from tests.bot.documents.samples import TOOLS, voice

PNG = b"\x89PNG"


async def drawn(kind, **facts):
    what = {"what": kind, **facts}
    found = await KINDS[kind].look(None, what)
    return KINDS[kind].draw(found, voice("en"), TOOLS)


async def test_each_text_is_another_picture():
    pictures = [await drawn("pair_qr", secrets=[text]) for text in ("2@A", "2@B")]
    assert {name for name, _ in pictures} == {"connect.png"}
    assert len({content for _, content in pictures}) == 2
    assert all(content.startswith(PNG) for _, content in pictures)


async def test_a_picture_of_the_platform_s_own_is_shown_as_it_is():
    theirs = PNG + b"theirs"
    kept = Offer(picture=theirs).shown
    assert await drawn("pair_qr", secrets=[kept]) == ("connect.png", theirs)


async def test_what_was_forgotten_is_not_drawn():
    with pytest.raises(Forgotten):
        await drawn("pair_qr", secrets=[None])


async def test_how_it_ended_is_a_sign():
    found = {how: await drawn(f"pair_{how}") for how in ("connected", "refused", "over")}
    assert all(content.startswith(PNG) for _, content in found.values())
    assert found["connected"][1] != found["over"][1]
