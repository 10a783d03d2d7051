"""A photo or a file as the proof of a payment, by who may pay and by who may not."""

import pytest

from tests.bot.chat.talk import MANAGER, OWNER, VIEWER, message

PHOTO = [{"file_id": "P1", "file_unique_id": "U1", "width": 9, "height": 9, "file_size": 9}]


async def send(talk, user, caption=None):
    told = {**message(user, "", user), "photo": PHOTO}
    del told["text"]
    told |= {} if caption is None else {"caption": caption}
    said = await talk.receive({"message": told})
    return next(one for one in said if one.chat_id == user)


class TestPhoto:
    @pytest.mark.parametrize("user", [MANAGER, VIEWER])
    @pytest.mark.parametrize("caption", ["paguei", None, "/pay"])
    async def test_by_who_may_not_pay_is_told_who_may(self, talk, number, user, caption):
        said = await send(talk, user, caption)
        assert (said.kind, said.facts["code"]) == ("refusal", "no_right")
        assert "Olga</b> (owner)" in said.text
        assert "(finance)" in said.text
        assert "(manager)" not in said.text

    async def test_by_who_pays_is_passed_on(self, talk, number):
        assert (await send(talk, OWNER, "paguei")).kind == "receipt_sent"

    async def test_while_nothing_is_owed_proves_nothing(self, talk):
        assert (await send(talk, VIEWER)).facts["what"] == "no_files"
