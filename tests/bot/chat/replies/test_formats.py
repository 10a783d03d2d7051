"""How one reader is spoken to: amounts, dates, names, lists."""

from datetime import UTC, date, datetime

import pytest

from billing.calendar import Month
from billing.money import Money
from bot.chat.formats import Html, Speech, bold, escaped, lines, plain, visible_length
from bot.chat.words import amounts, grammar
from bot.chat.words.amounts import Amount

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
SAO_PAULO = "America/Sao_Paulo"
ENGLISH = Speech("en", SAO_PAULO, NOW)
PORTUGUESE = Speech("pt_BR", SAO_PAULO, NOW)
SPANISH = Speech("es", SAO_PAULO, NOW)
RUSSIAN = Speech("ru", SAO_PAULO, NOW)


class TestAmounts:
    @pytest.mark.parametrize(
        ("say", "minor", "currency", "written"),
        [
            (ENGLISH, 123456, "BRL", "R$1,234.56"),
            (PORTUGUESE, 123456, "BRL", "R$ 1.234,56"),
            (PORTUGUESE, 5990, "USD", "US$ 59,90"),
            (SPANISH, 123456, "BRL", "1.234,56 BRL"),
            (RUSSIAN, 123456, "BRL", "1 234,56 R$"),
            (ENGLISH, 0, "USD", "$0.00"),
            (ENGLISH, 1, "EUR", "€0.01"),
            (ENGLISH, 10**15, "BRL", "R$10,000,000,000,000.00"),  # no float on the way
        ],
    )
    def test_are_written_as_the_reader_writes_them(self, say, minor, currency, written):
        # No line breaks within it.
        assert say.money(Money(minor, currency)) == written.replace(" ", "\xa0")

    @pytest.mark.parametrize("say", [PORTUGUESE, SPANISH, RUSSIAN])
    def test_can_be_typed_back(self, say):
        shown = say.money(Money(123456, "BRL"))
        assert amounts.amount(shown) == Amount(123456, "BRL")
        assert grammar.payment(f"INT-2026-00001 {shown} E2E1", language=say.language).reference


class TestDates:
    @pytest.mark.parametrize(
        ("say", "instant", "written"),
        [
            (ENGLISH, datetime(2026, 3, 5, 12, tzinfo=UTC), "Thu 5 Mar, 09:00"),
            (PORTUGUESE, datetime(2026, 3, 5, 12, tzinfo=UTC), "qui. 05/03 às 09:00"),
            # Midnight by UTC is the evening before, there.
            (ENGLISH, datetime(2026, 3, 6, 0, tzinfo=UTC), "Thu 5 Mar, 21:00"),
            # Another year is said; this one goes without saying.
            (ENGLISH, datetime(2025, 3, 5, 12, tzinfo=UTC), "Wed 5 Mar 2025, 09:00"),
            (PORTUGUESE, datetime(2025, 3, 5, 12, tzinfo=UTC), "qua. 05/03/2025 às 09:00"),
            (SPANISH, datetime(2026, 3, 5, 12, tzinfo=UTC), "jue 5 mar a las 09:00"),
            (SPANISH, datetime(2025, 3, 5, 12, tzinfo=UTC), "mié 5 mar 2025 a las 09:00"),
            (RUSSIAN, datetime(2026, 3, 5, 12, tzinfo=UTC), "чт 05.03, 09:00"),
            (RUSSIAN, datetime(2025, 3, 5, 12, tzinfo=UTC), "ср 05.03.2025, 09:00"),
        ],
    )
    def test_of_instants_are_by_the_readers_clock(self, say, instant, written):
        assert say.at(instant) == written

    @pytest.mark.parametrize(
        ("instant", "written"),
        [
            # The service ends with a day: nobody says 00:00 of the day after.
            (datetime(2026, 4, 11, 3, tzinfo=UTC), "the end of Fri 10 Apr"),
            (datetime(2026, 4, 11, 4, tzinfo=UTC), "Sat 11 Apr, 01:00"),
        ],
    )
    def test_of_an_end_are_the_last_moment_that_counts(self, instant, written):
        assert ENGLISH.until(instant) == written

    def test_name_the_place_where_another_clock_decides(self):
        day = date(2026, 3, 5)
        assert ENGLISH.day(day, zone=SAO_PAULO) == "Thu 5 Mar"
        # The same time as in São Paulo: to say so would be noise.
        assert ENGLISH.day(day, zone="America/Buenos_Aires") == "Thu 5 Mar"
        assert Speech("en", "Asia/Tokyo", NOW).day(day, zone=SAO_PAULO) == (
            "Thu 5 Mar (Sao Paulo time)"
        )
        assert ENGLISH.day(day, zone="UTC") == "Thu 5 Mar (UTC time)"

    def test_of_months_are_spelt_out(self):
        assert ENGLISH.month(Month(2026, 3)) == "March 2026"
        assert PORTUGUESE.month(Month(2026, 3)) == "março de 2026"
        assert SPANISH.month(Month(2026, 3)) == "marzo de 2026"
        assert RUSSIAN.month(Month(2026, 3)) == "март 2026"


class TestEscaping:
    def test_shows_what_people_write_as_it_is(self):
        assert ENGLISH("{name}", name="<b>x</b>&") == "&lt;b&gt;x&lt;/b&gt;&amp;"
        assert bold("<i>") == "<b>&lt;i&gt;</b>"

    def test_takes_values_apart_from_placeholders(self):
        """A name that looks like a placeholder is a name."""
        assert ENGLISH("{name} {other}", name="{other}", other="x") == "{other} x"

    @pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x00", "\x1b"])
    def test_drops_signs_that_turn_what_follows_round(self, sign):
        assert escaped(f"paid{sign}unpaid") == "paidunpaid"

    def test_leaves_lines_and_joined_signs_alone(self):
        assert escaped("one\ntwo 👩‍💻") == "one\ntwo 👩‍💻"

    @pytest.mark.parametrize("value", [True, 1.5, None, [1]])
    def test_refuses_what_nobody_can_say(self, value):
        with pytest.raises(TypeError):
            ENGLISH("{value}", value=value)


class TestLists:
    def test_say_how_many_there_are_beside_those_shown(self):
        items = [Html("x" * 100)] * 10
        shown = ENGLISH.listed(items, room=350)
        assert shown.count("x" * 100) == 3
        assert shown.endswith("… and 7 more")
        assert ENGLISH.listed(items[:1], more=4).endswith("… and 4 more")

    def test_count_as_telegram_counts(self):
        assert visible_length(Html("<b>💥&amp;</b>")) == 3

    def test_of_names_end_with_the_number_of_the_rest(self):
        assert ENGLISH.names(["a", "b"]) == "<b>a</b>, <b>b</b>"
        assert plain(ENGLISH.names(["a", "b", "c"], most=2)) == "a, b and 1 more"
        assert plain(PORTUGUESE.names(["a", "b", "c"], most=2)) == "a, b e mais 1"

    def test_leave_out_lines_that_are_not_there(self):
        assert lines(Html("a"), None, Html(), Html("b")) == "a\n\nb"


class TestPlurals:
    @pytest.mark.parametrize(
        ("say", "n", "said"),
        [
            (ENGLISH, 0, "0 lines"),
            (ENGLISH, 1, "1 line"),
            (ENGLISH, 1000, "1,000 lines"),
            # Brazilians read a singular after 0 as a mistake.
            (PORTUGUESE, 0, "0 linhas"),
            (PORTUGUESE, 1, "1 linha"),
            (PORTUGUESE, 1000, "1.000 linhas"),
            (SPANISH, 0, "0 líneas"),
            (SPANISH, 1, "1 línea"),
            (SPANISH, 1000, "1.000 líneas"),
            (RUSSIAN, 0, "0 строк"),
            (RUSSIAN, 1, "1 строка"),
            (RUSSIAN, 3, "3 строки"),
            (RUSSIAN, 11, "11 строк"),
            (RUSSIAN, 21, "21 строка"),
            (RUSSIAN, 22, "22 строки"),
        ],
    )
    def test_follow_the_language(self, say, n, said):
        assert say.plural("{n} line", "{n} lines", n) == said
