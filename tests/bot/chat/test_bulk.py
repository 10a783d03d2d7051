"""Many instances at once: looked over first, each row by itself, from words and from files."""

import pytest

from bot.chat.files import NAMING, WANTING
from bot.chat.handlers import bulk
from bot.chat.words import bulk as bulk_words
from tests.bot.chat.talk import MANAGER, OWNER, VIEWER

NAMES = [f"shop-{n:03d}" for n in range(1, 26)]


class TestWords:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("a\nb b\n\nc", ["a", "b b", "c"]),
            ("- a\n• b", ["a", "b"]),
            ("name;customer\na;X\nb;Y", ["a", "b"]),
            ("Cliente\tNome\nX\ta\nY\t", ["a"]),
            ("a;X\nb;Y", ["a", "b"]),
            ("", []),
        ],
    )
    def test_of_a_file_are_names(self, text, names):
        assert bulk_words.names_in(text) == names

    def test_of_a_table_are_rows_and_one_that_is_unclear_holds_up_no_other(self):
        table = "nome;cliente;preço;pago até\na;Padaria;59,90;09/03/2026\nb;X;1.234;\nc;;;"
        assert bulk_words.is_table(table)
        first, second, third = bulk_words.rows(table, language="pt")
        assert (first.told.name, first.told.minor, first.told.paid_until.day) == (
            "Padaria",
            5990,
            9,
        )
        assert second.unread.code == "amount_unclear"
        assert (third.name, third.told) == ("c", None)

    @pytest.mark.parametrize("words", ["shop-1 shop-2", "name shop-1", "customer;price\na;1", ""])
    def test_are_no_table_without_a_row_that_names_its_columns(self, words):
        assert not bulk_words.is_table(words)


class TestNew:
    async def test_of_many_is_asked_about_where_some_are_left_out(self, talk):
        await talk.create("shop-003")
        asked = await talk.tell(MANAGER, "/new " + "\n".join([*NAMES, "trial"]))
        assert asked.kind == "bulk"
        # 25 creations in all, of which one was used before; one name is taken, one no name.
        assert (asked.facts["count"], asked.facts["left"]) == (24, 0)
        codes = [one["code"] for one in asked.facts["refused"]]
        assert codes == ["name_taken", "name_refused"]
        assert "and 14 more" in asked.text
        assert await talk.states() == {"shop-003": "trial"}
        said = {one.kind: one for one in await talk.press(MANAGER, asked, "confirm")}
        assert len(said["progress"].facts["items"]) == 24
        assert "Left out" in said["bulk_done"].text
        await talk.carry_out()
        assert list((await talk.states()).values()) == ["trial"] * 25

    async def test_beyond_the_quota_is_left_out_and_told_together(self, talk):
        asked = await talk.tell(OWNER, "/new " + ",".join(f"x{n}y" for n in range(30)))
        assert (asked.facts["count"], len(asked.facts["refused"])) == (25, 5)
        assert asked.text.count("no room for") == 1

    async def test_of_a_few_for_which_the_quota_has_no_room_offers_those_that_fit(self, talk):
        await talk.tell(MANAGER, "/new " + " ".join(NAMES[:15]))
        asked = await talk.tell(MANAGER, "/new " + " ".join([*NAMES[15:], "one-more"]))
        assert (asked.kind, asked.facts["count"]) == ("bulk", 10)
        assert "Nothing was created" not in asked.text
        assert len(await talk.states()) == 15

    async def test_that_changed_meanwhile_is_shown_anew(self, talk):
        await talk.create("shop-002")
        asked = await talk.tell(OWNER, "/new " + "\n".join(NAMES[:21]))
        await talk.create("shop-001")
        (anew,) = await talk.press(OWNER, asked, "confirm")
        assert (anew.facts["changed"], anew.facts["count"]) == (True, 19)
        assert len(await talk.states()) == 2

    async def test_of_which_nothing_is_left_out_is_done_at_once(self, talk):
        said = {one.kind: one for one in await talk.say(OWNER, "/new " + "\n".join(NAMES[:21]))}
        assert len(said["progress"].facts["items"]) == 21

    async def test_of_a_table_tells_whose_they_are(self, talk):
        asked = await talk.tell(OWNER, "/new name;customer;price\nshop-1;Bakery;59.90\nshop-2;;")
        assert asked.facts["names"] == ["shop-1", "shop-2"]
        await talk.press(OWNER, asked, "confirm")
        shown = await talk.tell(VIEWER, "/show shop-1")
        assert "Bakery" in shown.text

    async def test_of_too_many_is_refused(self, talk):
        refused = await talk.tell(OWNER, "/new " + ",".join(f"x{n}y" for n in range(201)))
        assert refused.facts["facts"] == {"asked": 201, "most": 200}
        assert "Send them in parts" in refused.text

    async def test_that_can_do_nothing_cannot_be_confirmed(self, talk):
        refused = await talk.tell(OWNER, "/new name\ntrial")
        assert (refused.facts["count"], refused.labels) == (0, ["back"])


class TestCustomers:
    async def test_of_a_table_are_looked_over_and_noted(self, talk):
        await talk.create("shop-1", "shop-2")
        table = (
            "/customer id,customer,price,paid until\nshop-1,Bakery,59.90,2026-03-09\n"
            "shop-2,Butcher,,\nshop-9,X,,\nshop-2,,,\nall,Y,,"
        )
        asked = await talk.tell(MANAGER, table)
        codes = [one["code"] for one in asked.facts["refused"]]
        assert (asked.facts["count"], codes) == (2, ["not_found", "words_missing", "unknown_name"])
        (done,) = await talk.press(MANAGER, asked, "confirm")
        assert (done.kind, done.facts["count"]) == ("bulk_done", 2)
        listed = await talk.tell(OWNER, "/list")
        assert "for Bakery" in listed.text
        assert "for Butcher" in listed.text


class TestManyNamed:
    async def test_more_than_can_be_looked_over_are_refused(self, talk, monkeypatch):
        monkeypatch.setattr(bulk, "MOST_NAMED", 1)
        await talk.create("shop-1", "shop-2")
        refused = await talk.tell(OWNER, "/delete all")
        assert refused.facts["code"] == "too_many_at_once"

    def test_come_in_files_for_each_command_that_names_several(self):
        assert NAMING < WANTING
        assert {"new", "customer", "import", "paid"} == WANTING - NAMING
