"""/paid with a bank's statement, through the door."""

import pytest

from tests.bot.chat.talk import ADMIN, FINANCE, OWNER, STAFF_GROUP, SUPPORT

HEAD = "Data;Valor;Documento;Histórico"


async def owed(talk) -> str:
    amount = (await talk.tell(OWNER, "/invoice")).facts["owed"]
    return f"{amount.minor // 100},{amount.minor % 100:02}"


@pytest.fixture
async def statement(talk, number) -> str:
    """Return one: of a payment by its number, what is nobody's, unread, and went out."""
    amount = await owed(talk)
    return (
        f"{HEAD}\n01/04/2026;{amount};E1;PIX {number}\n01/04/2026;3,33;E2;?\n"
        "31/02/2026;1,00;E3;x\n01/04/2026;-9,00;E4;tarifa\n"
    )


class TestStatement:
    async def test_of_a_file_is_proposed_confirmed_once_and_known_then(
        self, talk, sent, statement, number
    ):
        [shown] = await sent(statement.encode("cp1252"), "/paid", FINANCE)
        assert (shown.kind, shown.facts["count"], shown.facts["others"]) == ("matching", 1, 1)
        assert [one["why"] for one in shown.facts["unmatched"]] == ["nothing"]
        assert shown.facts["unread_count"] == 1
        assert await owed(talk) != "0,00"
        said = await talk.press(FINANCE, shown, "confirm")
        done = next(one for one in said if one.kind == "matched")
        assert [(one["number"], one["came"]) for one in done.facts["rows"]] == [(number, "booked")]
        assert await owed(talk) == "0,00"
        await talk.press(FINANCE, shown, "confirm")
        assert len(await talk.sql("SELECT id FROM payments")) == 1
        [again] = await sent(statement.encode(), "/pago", FINANCE)
        assert (again.facts["count"], again.facts["knowns"]) == (0, 1)
        assert again.labels == ["back"]

    async def test_that_changed_meanwhile_is_shown_anew(self, talk, statement, number):
        shown = await talk.tell(FINANCE, f"/paid\n{statement}", STAFF_GROUP)
        await talk.tell(FINANCE, f"/paid {number} 1,00 HAND", STAFF_GROUP)
        said = await talk.press(FINANCE, shown, "confirm")
        assert [one.facts["changed"] for one in said if one.kind == "matching"] == [True]
        assert len(await talk.sql("SELECT id FROM payments")) == 1

    async def test_may_be_confirmed_by_a_colleague_of_finance_alone(self, talk, statement):
        shown = await talk.tell(FINANCE, f"/paid\n{statement}", STAFF_GROUP)
        await talk.press(SUPPORT, shown, "confirm")
        assert await talk.sql("SELECT id FROM payments") == []
        said = await talk.press(ADMIN, shown, "confirm")
        assert "matched" in {one.kind for one in said}

    async def test_that_a_newer_one_follows_is_not_booked(self, talk, statement):
        first = await talk.tell(FINANCE, f"/paid\n{statement}", STAFF_GROUP)
        await talk.tell(FINANCE, f"/paid\n{statement}", STAFF_GROUP)
        await talk.press(FINANCE, first, "confirm")
        assert await talk.sql("SELECT id FROM payments") == []

    async def test_is_not_for_support(self, talk, sent, statement):
        [said] = await sent(statement.encode(), "/paid", SUPPORT)
        assert said.facts["code"] == "no_right"

    async def test_without_its_columns_is_refused(self, sent):
        [said] = await sent(b"a;b\nc;d\n", "/paid", FINANCE)
        assert (said.facts["code"], said.facts["facts"]["why"]) == ("table_unclear", "statement")

    async def test_is_no_file_beside_a_payment_in_words(self, talk, sent, number):
        [said] = await sent(b"gone", f"/paid {number} {await owed(talk)} E1", FINANCE)
        assert said.kind == "booked"
