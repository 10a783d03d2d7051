"""/chart, /report and /debts: figures, and what is drawn of them."""

from tests.bot.chat.talk import FINANCE, OTHER_OWNER, OWNER, STAFF_GROUP, SUPPORT, VIEWER


def of(said, kind):
    return [one for one in said if one.kind == kind]


def files(said):
    return [one.facts["document"]["what"] for one in of(said, "document")]


class TestReport:
    async def test_comes_with_a_picture_and_tables(self, talk, number):
        said = await talk.say(FINANCE, "/report", STAFF_GROUP)
        assert files(said) == ["report_png", "report_xlsx"]
        [card] = of(said, "report")
        [before] = await talk.press(FINANCE, card, "month")
        assert before.kind == "report"
        said = await talk.press(FINANCE, before, "xlsx")
        assert files(said) == ["report_xlsx"]
        assert "March 2026" in said[0].text

    async def test_is_not_for_support(self, talk):
        (said,) = await talk.say(FINANCE, "/report 2027-05", STAFF_GROUP)
        assert said.facts["what"] == "month_to_come"
        assert (await talk.tell(SUPPORT, "/report", STAFF_GROUP)).facts["code"] == "no_right"


class TestDebts:
    async def test_are_shown_with_partners_to_look_at(self, talk, number):
        talk.later(days=40)
        said = await talk.say(FINANCE, "/debts", STAFF_GROUP)
        assert files(said) == ["debts_png", "debts_xlsx"]
        [card] = of(said, "debts")
        assert number in card.text
        assert "overdue" in card.text
        [partner] = await talk.press(FINANCE, card, "Loja Norte")
        assert partner.kind == "partner"

    async def test_that_are_none_need_no_files(self, talk):
        card = await talk.tell(FINANCE, "/debts", STAFF_GROUP)
        assert (card.facts["rows"], card.labels) == ([], [])

    async def test_are_not_for_support(self, talk):
        assert (await talk.tell(SUPPORT, "/debts", STAFF_GROUP)).facts["code"] == "no_right"


class TestChart:
    async def test_is_of_ones_own_partner(self, talk):
        await talk.create("loja-1")
        for user, partner in ((OWNER, "P1AAA"), (VIEWER, "P1AAA"), (OTHER_OWNER, "P2BBB")):
            [picture] = await talk.say(user, "/chart")
            assert picture.facts["document"]["what"] == "chart_png"
            assert picture.facts["document"]["partner"] == partner

    async def test_shows_what_the_present_month_comes_to(self, talk):
        await talk.create("loja-1")
        await talk.sql(
            "UPDATE instances SET state = 'active', subscribed_at = created_at, owes_lines = 1"
        )
        assert "/chart</code> is said alone" in (await talk.tell(OWNER, "/chart xyz")).text
        [picture] = await talk.say(OWNER, "/chart")
        assert picture.facts["document"]["coming"].minor > 0
