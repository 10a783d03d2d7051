"""/customer and /margin: whose instances are, what they leave, whom to charge."""

from datetime import date

import pytest

from bot.chat.words.amounts import Amount, AmountUnclear
from bot.chat.words.customers import CustomerWords, customer
from bot.chat.words.dates import DateUnclear
from tests.bot.chat.talk import MANAGER, OWNER, PAYER, VIEWER

DAY, TODAY = date(2026, 3, 9), date(2026, 3, 2)


class TestWords:
    @pytest.mark.parametrize(
        ("words", "language", "told"),
        [
            ("Bakery", "en", ("Bakery", None, None)),
            ("Bakery 59.90", "en", ("Bakery", 5990, None)),
            ("Bakery paid until 2026-03-09", "en", ("Bakery", None, DAY)),
            ("Padaria do Zé R$ 1.059,90 pago até 09/03/2026", "pt", ("Padaria do Zé", 105990, DAY)),
            ("Padaria 60 09/03/2026", "pt", ("Padaria", 6000, DAY)),
            ("Панадерия 59,90 оплачено до 09.03.2026", "ru", ("Панадерия", 5990, DAY)),
            ("Panadería 59,90 hasta 09/03/2026", "es", ("Panadería", 5990, DAY)),
            ('"Loja 59"', "pt", ("Loja 59", None, None)),
            ('"Loja 59" 60', "pt", ("Loja 59", 6000, None)),
            ("59.90", "en", (None, 5990, None)),
            ("60 BRL", "en", (None, 6000, None)),
            ("until 2026-03-09", "en", (None, None, DAY)),
            ("Dollar $ store", "en", ("Dollar $ store", None, None)),
            # As the bot itself writes days.
            ("Padaria 60 pago até seg. 09/03", "pt", ("Padaria", 6000, DAY)),
            ("Padaria seg. 09/03/2026", "pt", ("Padaria", None, DAY)),
            ("Padaria 60 pago até 09/03", "pt", ("Padaria", 6000, DAY)),
            ("Padaria 60 09/03", "pt", ("Padaria", 6000, DAY)),
            ("Padaria pago até 9 de março de 2026", "pt", ("Padaria", None, DAY)),
            ("Bakery 60 paid until Mon 9 Mar", "en", ("Bakery", 6000, DAY)),
            ("Bakery until Mon 9 Mar 2026", "en", ("Bakery", None, DAY)),
            ("Bakery paid until March 9", "en", ("Bakery", None, DAY)),
            ("Panadería 60 pagado hasta lun 9 mar", "es", ("Panadería", 6000, DAY)),
            ("Пекарня 60 оплачено до пн 09.03", "ru", ("Пекарня", 6000, DAY)),
            ("Пекарня до 9 марта", "ru", ("Пекарня", None, DAY)),
            # What begins like a day and is none is a name.
            ("Mar Azul 59,90", "es", ("Mar Azul", 5990, None)),
            ("Sol 24 horas", "pt", ("Sol 24 horas", None, None)),
            ("Bakery 9 March", "en", ("Bakery 9 March", None, None)),
        ],
    )
    def test_are_name_price_and_day(self, words, language, told):
        found = customer(words, language=language, today=TODAY)
        minor = None if found.price is None else found.price.minor
        assert (found.name, minor, found.paid_until) == told

    def test_keep_the_currency_that_was_written(self):
        found = customer("A R$ 5", language="pt", today=TODAY)
        assert found == CustomerWords("A", Amount(500, "BRL"), None)

    @pytest.mark.parametrize(
        ("words", "refusal"),
        [
            ("Bakery 1.234", AmountUnclear),
            ("Bakery -5", AmountUnclear),
            ("Bakery paid until tomorrow", DateUnclear),
            ("Bakery 03/09/2026", DateUnclear),
            ("Bakery 03/09", DateUnclear),
            ("Bakery paid until Tue 9 Mar", DateUnclear),  # a Monday
        ],
    )
    def test_that_may_be_read_in_two_ways_are_not_guessed(self, words, refusal):
        with pytest.raises(refusal):
            customer(words, language="en", today=TODAY)


class TestCustomer:
    async def test_is_told_and_shown_on_card_and_list(self, talk):
        await talk.create("loja-1")
        said = await talk.tell(MANAGER, '/cliente loja-1 "Padaria 7" 59.90 paid until 2026-03-09')
        assert said.kind == "customer"
        assert said.facts["customer"]["name"] == "Padaria 7"
        assert "It is time to charge" in said.text
        (card,) = await talk.press(MANAGER, said, "show")
        assert "Padaria 7" in card.text
        assert "R$59.90 a month" in card.text
        assert "for Padaria 7" in (await talk.tell(VIEWER, "/list")).text

    async def test_is_asked_for_and_answered(self, talk):
        await talk.create("loja-1", "loja-2")
        asked = await talk.tell(OWNER, "/customer")
        (asked,) = await talk.press(OWNER, asked, "loja-2")
        assert asked.facts["what"] == "customer_of"
        refused = await talk.tell(OWNER, "60")
        assert refused.facts["code"] == "customer_unnamed"
        told = await talk.tell(OWNER, "Bakery")
        assert told.facts["customer"]["name"] == "Bakery"

    async def test_is_taken_away_by_words_and_by_a_button(self, talk):
        await talk.create("loja-1")
        await talk.tell(OWNER, "/customer loja-1 Bakery")
        assert (await talk.tell(OWNER, "/customer loja-1 -")).facts["customer"] is None
        await talk.tell(OWNER, "/customer loja-1 Bakery")
        asked = await talk.tell(OWNER, "/customer loja-1")
        (cleared,) = await talk.press(OWNER, asked, "customer_clear")
        assert "has no customer" in cleared.text

    @pytest.mark.parametrize("user", [VIEWER, PAYER])
    async def test_is_not_for_those_who_do_not_operate(self, talk, user):
        await talk.create("loja-1")
        refused = await talk.tell(user, "/customer loja-1 Bakery")
        assert refused.facts["code"] == "no_right"

    async def test_of_a_name_that_nothing_has_is_asked_back(self, talk):
        await talk.create("loja-1")
        asked = await talk.tell(OWNER, "/customer loja-x Bakery 5")
        assert asked.kind == "did_you_mean"
        (told,) = await talk.press(OWNER, asked, "loja-1")
        assert told.facts["customer"]["name"] == "Bakery"


class TestMargin:
    async def test_is_paged_and_comes_as_a_file(self, talk):
        await talk.create(*(f"loja-{n}" for n in range(12)))
        await talk.tell(OWNER, "/customer loja-3 Bakery 59.90 paid until 2026-03-01")
        shown = await talk.tell(PAYER, "/margem")
        assert (shown.facts["pages"], shown.facts["unknown"]) == (2, 11)
        assert "To charge this week" in shown.text
        (second,) = await talk.press(PAYER, shown, "next")
        assert len(second.facts["rows"]) == 2
        (first,) = await talk.press(PAYER, second, "previous")
        assert first.facts["page"] == 1
        (file,) = await talk.press(PAYER, first, "xlsx")
        rendered = await talk.replies.render(file)
        assert rendered.document is not None
        assert rendered.document[0] == "P1AAA-margin-2026-03.xlsx"

    @pytest.mark.parametrize("user", [MANAGER, VIEWER])
    async def test_is_not_for_those_who_do_not_pay(self, talk, user):
        assert (await talk.tell(user, "/margin")).facts["code"] == "no_right"

    async def test_of_nothing_says_so(self, talk):
        shown = await talk.tell(OWNER, "/margin")
        assert "Nothing costs or earns" in shown.text
        assert "xlsx" not in shown.labels
