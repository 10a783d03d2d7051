"""/statement: a month of the account in the chat, or as a file."""

import pytest

from tests.bot.chat.talk import FINANCE, MANAGER, OWNER, PAYER, STAFF_GROUP, VIEWER


async def paid(talk, number, *amounts):
    for amount in amounts:
        await talk.tell(FINANCE, f"/paid {number} {amount} P-{amount}", STAFF_GROUP)


class TestStatement:
    async def test_shows_what_moved_and_what_there_was_after_it(self, talk, number):
        await paid(talk, number, "20.00", "50.00")
        shown = await talk.tell(PAYER, "/statement")
        assert shown.kind == "statement"
        assert [row["kind"] for row in shown.facts["money"]["rows"]] == [
            "invoice_issued", "payment_booked", "payment_booked",
        ]  # fmt: skip
        assert "P-20.00" in shown.text
        assert "R$10.10 of credit" in shown.text
        assert shown.facts["days"] is None

    @pytest.mark.parametrize("words", ["march", "2026-03", "03/2026"])
    async def test_of_another_month_goes_on_by_buttons(self, talk, number, words):
        shown = await talk.tell(OWNER, f"/extrato {words}")
        assert "Nothing moved" in shown.text
        (shown,) = await talk.press(OWNER, shown, "next")
        assert number in shown.text
        assert "next" not in shown.labels
        (shown,) = await talk.press(OWNER, shown, "previous")
        assert "Nothing moved" in shown.text

    async def test_is_a_file_where_it_is_long(self, talk, number):
        await paid(talk, number, *(f"1.{n:02d}" for n in range(12)))
        said = {one.kind: one for one in await talk.say(OWNER, "/statement")}
        assert said["statement"].facts["money"]["before"] == 1
        assert said["document"].facts["document"]["what"] == "statement_xlsx"

    async def test_is_a_file_by_its_button(self, talk, number):
        shown = await talk.tell(OWNER, "/statement")
        (file,) = await talk.press(OWNER, shown, "xlsx")
        assert file.kind == "document"
        rendered = await talk.replies.render(file)
        assert rendered.document is not None
        assert rendered.document[0] == "P1AAA-2026-04.xlsx"

    @pytest.mark.parametrize("user", [MANAGER, VIEWER])
    async def test_is_not_for_those_who_do_not_pay(self, talk, user):
        refused = await talk.tell(user, "/statement")
        assert refused.facts["code"] == "no_right"

    async def test_of_no_month_is_not_understood(self, talk):
        assert (await talk.tell(OWNER, "/statement yesterday")).facts["code"] == "month_unclear"
