"""/import and the codes for owners, through the door."""

import pytest

from bot.chat import files
from tests.bot.chat.talk import ADMIN, FINANCE, OWNER, STAFF_GROUP, STRANGER, SUPPORT

HEAD = "partner,programme,instance,paid_until,migrate,price,balance"
TABLE = f"""{HEAD}
Padaria,integrator,loja-1,2026-05-15,no,49.90,100.00
Padaria,,loja-2,2026-05-15,yes,,
Loja Norte,,loja-3,2026-05-15,perhaps,,
"""


async def code_of(talk, key: str) -> str:
    async def look(work):
        return work.vault.open(await work.tokens.secret(key))

    return await talk.store.read(look)


class TestImport:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    async def test_of_a_file_shows_each_row_and_asks_once(self, talk, sent, encoding):
        [shown] = await sent(TABLE.replace("Padaria", "Padaria São João").encode(encoding))
        rows = {row["line"]: row for row in shown.facts["rows"]}
        assert rows[4]["refusal"]["code"] == "cell_unclear"
        assert rows[2]["partner"] == "Padaria São João"
        assert (shown.facts["partners"], shown.facts["instances"]) == (1, 2)
        assert await talk.states() == {}
        said = await talk.press(ADMIN, shown, "confirm")
        done = next(one for one in said if one.kind == "imported")
        assert done.facts["owners"] == ["Padaria São João"]
        assert await talk.states() == {"loja-1": "active", "loja-2": "active"}
        # Once: a second press tells so.
        await talk.press(ADMIN, shown, "confirm")
        assert len(await talk.sql("SELECT id FROM partners")) == 3

    async def test_of_pasted_lines_works_as_well(self, talk):
        shown = await talk.tell(ADMIN, f"/importar\n{TABLE}", STAFF_GROUP)
        assert (shown.kind, shown.facts["refused"]) == ("import", 1)

    async def test_that_changed_meanwhile_is_shown_anew_and_not_done(self, talk):
        rows = "partner,instance,paid_until\nLoja Norte,loja-1,2026-05-15"
        shown = await talk.tell(ADMIN, f"/import {rows}", STAFF_GROUP)
        await talk.create("loja-1")
        said = await talk.press(ADMIN, shown, "confirm")
        assert [one.facts["changed"] for one in said if one.kind == "import"] == [True]
        assert await talk.states() == {"loja-1": "trial"}

    async def test_alone_asks_for_the_table(self, talk):
        assert (await talk.tell(ADMIN, "/import", STAFF_GROUP)).kind == "ask"

    @pytest.mark.parametrize(
        ("content", "size", "why"),
        [
            (b"gone", None, "not_fetched"),
            (b"PK\x03\x04\0\0", None, "no_text"),
            (b"", files.LARGEST + 1, "too_big"),
        ],
    )
    async def test_of_a_file_that_cannot_be_read_says_why(self, sent, content, size, why):
        [said] = await sent(content, size=size)
        assert (said.facts["code"], said.facts["facts"]["why"]) == ("file_refused", why)

    async def test_of_no_table_is_refused(self, talk):
        said = await talk.tell(ADMIN, "/import programme,instance\na,b", STAFF_GROUP)
        assert said.facts["code"] == "table_unclear"

    async def test_is_for_admins(self, talk, sent):
        [said] = await sent(TABLE.encode(), user=FINANCE)
        assert said.facts["code"] == "no_right"

    async def test_of_a_file_with_other_words_fetches_nothing(self, talk, sent):
        assert await sent(b"gone", caption="look at this") == []


class TestOwnerCode:
    async def test_links_who_sends_it_and_works_once(self, talk):
        shown = await talk.tell(ADMIN, f"/import {TABLE}", STAFF_GROUP)
        said = await talk.press(ADMIN, shown, "confirm")
        done = next(one for one in said if one.kind == "imported")
        code = await code_of(talk, done.facts["keys"][0])
        assert code not in str(await talk.sql("SELECT * FROM messages"))
        home = [one for one in await talk.say(STRANGER, f"/start {code}") if one.kind == "home"]
        assert home[0].facts["partner"] == "Padaria"
        refused = await talk.tell(99, f"/start {code}")
        assert refused.facts["code"] == "code_refused"

    async def test_can_be_made_anew_on_the_card_by_an_admin(self, talk):
        card = await talk.tell(SUPPORT, "/partner Loja Norte", STAFF_GROUP)
        await talk.press(SUPPORT, card, "owner_code")
        assert await talk.sql("SELECT * FROM link_codes") == []
        card = await talk.tell(ADMIN, "/partner Loja Norte", STAFF_GROUP)
        [shown] = await talk.press(ADMIN, card, "owner_code")
        assert "/start" in shown.text
        code = await code_of(talk, shown.facts["keys"][0])
        said = await talk.say(STRANGER, f"start {code}")
        # Those who belonged to it before hear of it as well.
        assert OWNER in {one.chat_id for one in said if one.kind == "linked"}

    async def test_is_not_looked_at_after_five_wrong_ones_in_an_hour(self, talk):
        card = await talk.tell(ADMIN, "/partner Loja Norte", STAFF_GROUP)
        [shown] = await talk.press(ADMIN, card, "owner_code")
        code = await code_of(talk, shown.facts["keys"][0])
        for n in range(5):
            said = await talk.tell(STRANGER, f"/start {'x' * 21}{n}")
            assert said.facts["code"] == "code_refused"
        assert (await talk.tell(STRANGER, f"/start {code}")).facts["code"] == "code_refused"
        talk.later(hours=1, seconds=1)
        card = await talk.tell(ADMIN, "/partner Loja Norte", STAFF_GROUP)
        [shown] = await talk.press(ADMIN, card, "owner_code")
        code = await code_of(talk, shown.facts["keys"][0])
        assert "home" in {one.kind for one in await talk.say(STRANGER, f"/start {code}")}
