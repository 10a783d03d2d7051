"""A partner's terms through the door: its own price, another programme."""

from datetime import date

import pytest

from billing.calendar import Month
from billing.money import Money
from tests.bot.chat.talk import ADMIN, BOT, FINANCE, OWNER, STAFF_GROUP, SUPPORT, replying


class TestPrice:
    @pytest.mark.parametrize(
        "words",
        [
            "Loja Norte 49,90 from 2026-04-01",
            '"Loja Norte" R$ 49,90 a partir de 2026-04-01',
            "P1AAA 49.90 2026-04-01",
            "p1aaa BRL 49.90 from April 2026",
            "Loja Norte 49,90 desde 2026-04",
        ],
    )
    async def test_is_agreed_by_words_and_says_the_first_invoice(self, talk, words):
        said = await talk.say(FINANCE, f"/price {words}", STAFF_GROUP)
        told = next(one for one in said if one.kind == "agreed")
        assert told.facts["price"] == Money(4990, "BRL")
        assert (told.facts["first"], told.facts["invoiced_on"]) == (
            Month(2026, 4), date(2026, 5, 1),
        )  # fmt: skip
        assert [one.chat_id for one in said if one.kind == "price_agreed"]

    async def test_in_mid_month_names_the_month_after(self, talk):
        said = await talk.tell(FINANCE, "/preco Loja Norte 49,90 de 2026-03-10", STAFF_GROUP)
        assert (said.facts["since"], said.facts["first"]) == (date(2026, 3, 10), Month(2026, 4))
        assert "from Wed 1 Apr on" in said.text

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("Loja Norte a lot from 2026-04-01", "amount_unclear"),
            ("Loja Norte US$ 49,90 from 2026-04-01", "amount_refused"),
            ("Loja Norte 0 from 2026-04-01", "amount_refused"),
            ("Loja Norte 49,90 from 2026-02-01", "month_closed"),
            ("Loja Norte 49,90 from someday", "month_unclear"),
            ("Padaria 49,90 from 2026-04-01", "not_found"),
        ],
    )
    async def test_that_cannot_be_agreed_is_refused(self, talk, words, code):
        said = await talk.tell(FINANCE, f"/price {words}", STAFF_GROUP)
        assert said.facts["code"] == code
        assert await talk.sql("SELECT * FROM agreements") == []

    async def test_from_a_day_that_is_over_says_what_is_not_changed(self, talk):
        talk.later(days=10)
        past = await talk.say(FINANCE, "/price Loja Norte 40 from 2026-03-05", STAFF_GROUP)
        (told,) = [one for one in past if one.kind == "agreed"]
        assert "no invoice is changed" in told.text
        assert "March 2026 and what came before" in told.text

    async def test_is_asked_for_step_by_step(self, talk):
        asked = await talk.tell(FINANCE, "/price Loja Norte", STAFF_GROUP)
        assert (asked.kind, asked.facts["partner"]) == ("ask", "Loja Norte")
        asked = await talk.tell(FINANCE, "/price Loja Norte 49,90", STAFF_GROUP)
        assert (asked.kind, asked.facts["known"]) == ("ask", "49,90")
        said = await talk.say(FINANCE, "2026-04-01", STAFF_GROUP, **replying(BOT["id"]))
        assert "agreed" in {one.kind for one in said}

    async def test_is_not_for_support(self, talk):
        said = await talk.tell(SUPPORT, "/price Loja Norte 49,90 from 2026-04-01", STAFF_GROUP)
        assert said.facts["code"] == "no_right"


class TestProgramme:
    async def test_waits_on_the_card_until_it_is_taken_back(self, talk):
        said = await talk.say(ADMIN, "/programme Loja Norte integrator-classic", STAFF_GROUP)
        told = next(one for one in said if one.kind == "moving")
        assert told.facts["on"] == date(2026, 4, 1)
        assert [one.kind for one in said if one.chat_id == OWNER] == ["move_planned"]
        card = await talk.tell(SUPPORT, "/partner Loja Norte", STAFF_GROUP)
        assert card.facts["move"]["programme"] == "integrator-classic"
        # A right that support have not: the button says so, and nothing changes.
        await talk.press(SUPPORT, card, "take_back")
        assert await talk.sql("SELECT state FROM moves") == [{"state": "waiting"}]
        said = await talk.press(ADMIN, told, "take_back")
        assert next(one for one in said if one.kind == "partner").facts["move"] is None
        assert [one.kind for one in said if one.chat_id == OWNER] == ["move_called_off"]

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("integrator", "already_done"),
            ("integrator 9", "no_such_programme"),
            ("integrator classic", "no_such_programme"),
            ("gold", "no_such_programme"),
        ],
    )
    async def test_that_leads_nowhere_is_refused(self, talk, words, code):
        said = await talk.tell(ADMIN, f"/programa Loja Norte {words}", STAFF_GROUP)
        assert said.facts["code"] == code

    async def test_is_refused_while_something_is_unpaid(self, talk, number):
        said = await talk.tell(ADMIN, "/programme Loja Norte integrator-classic", STAFF_GROUP)
        assert (said.facts["code"], said.facts["facts"]["numbers"]) == ("move_refused", [number])

    async def test_is_for_admins(self, talk):
        said = await talk.tell(FINANCE, "/programme Loja Norte integrator-classic", STAFF_GROUP)
        assert said.facts["code"] == "no_right"
