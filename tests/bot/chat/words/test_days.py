from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.days.extensions import ByDays, ToRemaining, UntilDate
from billing.refusals import Refusal
from bot.chat.words import days
from bot.chat.words.dates import DateUnclear
from bot.chat.words.days import Auto, Channels, Days, DaysUnclear, Monthly, NoUnit


class TestNumber:
    @pytest.mark.parametrize(
        ("word", "value"),
        [
            ("30", 30),
            ("+30", 30),
            ("0", 0),
            ("-5", -5),
            ("−5", -5),
            ("1.234.567", 1234567),
            ("7,5", Decimal("7.5")),
            ("7.5", Decimal("7.5")),
            ("0.500", Decimal("0.500")),
            ("9" * 400, int("9" * 400)),
        ],
    )
    def test_is_read_and_left_to_the_rules(self, word, value):
        assert days.number(word, command="buy") == value

    @pytest.mark.parametrize(
        ("word", "why"),
        [
            ("٣٠", "digits"),
            ("³", "digits"),
            ("2.250", "ambiguous"),
            ("2,250", "ambiguous"),
            ("ten", "form"),
            ("1e3", "form"),
            ("", "form"),
            ("--5", "form"),
        ],
    )
    def test_that_is_none_says_why(self, word, why):
        with pytest.raises(DaysUnclear) as refused:
            days.number(word, command="buy")
        assert refused.value.facts["why"] == why

    @given(st.text(), st.sampled_from(["en", "pt-br"]))
    def test_is_looked_for_in_any_text(self, text, language):
        for read in (days.purchase, days.auto, days.limit):
            with suppress(Refusal):
                read(text)
        with suppress(Refusal):
            days.extension(text, language=language)


class TestPurchase:
    @pytest.mark.parametrize(
        ("words", "meant"),
        [
            ("75 channels", Channels(75)),
            ("75 CANAIS", Channels(75)),
            ("1 canal", Channels(1)),
            ("75channels", Channels(75)),
            ("channels 75", Channels(75)),
            ("2250 days", Days(2250)),
            ("2250 dias", Days(2250)),
            ("7,5 dias", Days(Decimal("7.5"))),
            ("-3 channels", Channels(-3)),
            ("75", NoUnit(75)),
            ("monthly on", Monthly(True)),
            *((f"mensal {yes}", Monthly(True)) for yes in ("yes", "sim", "sí", "si", "да", "Да")),
            *((f"monthly {no}", Monthly(False)) for no in ("no", "não", "nao", "нет", "No")),
            ("mensal desligar", Monthly(False)),
            ("75 canales", Channels(75)),
            ("2250 días", Days(2250)),
            ("mensual activar", Monthly(True)),
            ("mensual desactivar", Monthly(False)),
            ("monthly", Monthly(None)),
        ],
    )
    def test_is_channels_days_or_the_standing_order(self, words, meant):
        assert days.purchase(words) == meant

    @pytest.mark.parametrize(
        "words",
        ["", "days", "many days", "3 days 4 channels", "3 4 days", "٣ days", "monthly maybe"],
    )
    def test_that_names_nothing_is_refused(self, words):
        with pytest.raises(DaysUnclear):
            days.purchase(words)


class TestExtension:
    @pytest.mark.parametrize(
        ("words", "names", "form"),
        [
            ("loja-1 30", "loja-1", ByDays(30)),
            ("loja-1 30 days", "loja-1", ByDays(30)),
            ("loja-1 30dias", "loja-1", ByDays(30)),
            ("loja-1 loja-2, 30", "loja-1 loja-2", ByDays(30)),
            ("loja-1\nloja-2\n30", "loja-1\nloja-2", ByDays(30)),
            ("3 30", "3", ByDays(30)),
            ("4-9 30", "4-9", ByDays(30)),
            ("all to 30", "all", ToRemaining(30)),
            ("todas para 30 dias", "todas", ToRemaining(30)),
            ("stopped until 2026-03-14", "stopped", UntilDate(date(2026, 3, 14))),
            ("todas até 14/03/2026", "todas", UntilDate(date(2026, 3, 14))),
            ("loja-1 -5", "loja-1", ByDays(-5)),
            ("loja-1 0", "loja-1", ByDays(0)),
            ("loja-1 7,5", "loja-1", ByDays(Decimal("7.5"))),
            ("30", "", ByDays(30)),
            ("to 30", "", ToRemaining(30)),
            ("loja-1", "loja-1", None),
            ("4-9", "4-9", None),
            ("loja-1 K7Q2M", "loja-1 K7Q2M", None),
            ("all to", "all", None),
        ],
    )
    def test_has_its_days_last(self, words, names, form):
        read = days.extension(words, language="pt-br")
        assert (read.names, read.form) == (names, form)

    @pytest.mark.parametrize(
        ("words", "language", "names", "form"),
        [
            ("todas a 30", "es", "todas", ToRemaining(30)),
            ("todas hasta 14/03/2026", "es-419", "todas", UntilDate(date(2026, 3, 14))),
            # Elsewhere, and with no other name before it, it is what an instance is called.
            ("b a 30", "en", "b a", ByDays(30)),
            ("a 30", "es", "a", ByDays(30)),
        ],
    )
    def test_says_to_in_spanish_by_a_word_that_may_be_a_name(self, words, language, names, form):
        read = days.extension(words, language=language)
        assert (read.names, read.form) == (names, form)

    def test_until_asks_for_a_date(self):
        read = days.extension("all until", language="en")
        assert (read.names, read.said, read.asks) == ("all", "until", "date")

    @pytest.mark.parametrize("words", ["all until 30", "all until 03/04/2026", "all until ٣"])
    def test_until_what_is_no_date_is_refused(self, words):
        with pytest.raises(DateUnclear):
            days.extension(words, language="en")

    @pytest.mark.parametrize("words", ["loja-1 ٣٠", "all to many", "loja-1 2.250"])
    def test_by_what_is_no_number_is_refused(self, words):
        with pytest.raises(DaysUnclear):
            days.extension(words, language="en")

    @pytest.mark.parametrize("form", [ByDays(30), ToRemaining(7), UntilDate(date(2026, 3, 14))])
    def test_is_kept_in_words(self, form):
        assert days.form_of(days.words_of(form)) == form


class TestAuto:
    @pytest.mark.parametrize(
        ("words", "meant"),
        [
            ("all on", Auto("all", True, None, "on")),
            ("loja-1 3 on 60", Auto("loja-1 3", True, 60, "on 60")),
            ("todas ligar 60 dias", Auto("todas", True, 60, "ligar 60")),
            ("todas activar 60 días", Auto("todas", True, 60, "activar 60")),
            ("4-9 desactivar", Auto("4-9", False, None, "desactivar")),
            ("loja-1, loja-2 off", Auto("loja-1, loja-2", False, None, "off")),
            ("on", Auto("", True, None, "on")),
            ("loja-1", Auto("loja-1", None)),
            ("loja-1 30", Auto("loja-1 30", None)),
        ],
    )
    def test_is_on_or_off_for_whom(self, words, meant):
        assert days.auto(words) == meant


class TestLimit:
    @pytest.mark.parametrize(
        ("words", "meant"),
        [
            ("300", 300),
            ("300 days", 300),
            ("0", 0),
            ("off", None),
            ("desligar", None),
            ("desactivar", None),
        ],
    )
    def test_is_days_or_off(self, words, meant):
        assert days.limit(words) == meant

    @pytest.mark.parametrize("words", ["", "many", "300 400", "none at all"])
    def test_that_is_neither_is_refused(self, words):
        with pytest.raises(DaysUnclear):
            days.limit(words)
