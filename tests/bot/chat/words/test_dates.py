from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.calendar import Month
from billing.refusals import Refusal
from bot.chat.formats import Speech
from bot.chat.languages import LANGUAGES
from bot.chat.words import dates


class TestDay:
    @pytest.mark.parametrize(
        ("word", "language", "found"),
        [
            ("2026-03-09", "en", date(2026, 3, 9)),
            ("2026-3-9", "pt-br", date(2026, 3, 9)),
            ("09/03/2026", "pt-br", date(2026, 3, 9)),
            ("09.03.2026", "pt_BR", date(2026, 3, 9)),
            ("09/03/2026", "es", date(2026, 3, 9)),
            ("25/03/2026", "en", date(2026, 3, 25)),  # no 25th month
            ("03/25/2026", "en", date(2026, 3, 25)),
            ("05/05/2026", "en", date(2026, 5, 5)),
        ],
    )
    def test_is_read_as_the_speaker_writes_it(self, word, language, found):
        assert dates.day(word, language=language) == found

    @pytest.mark.parametrize(
        ("word", "language", "why"),
        [
            ("09/03/2026", "en", "ambiguous"),
            ("03/25/2026", "pt", "no_such_day"),
            ("2026-02-30", "en", "no_such_day"),
            ("0001-01-01", "en", "no_such_day"),
            ("9999-12-31", "en", "no_such_day"),  # later than anything that is computed
            ("٢٠٢٦-٠٣-٠٩", "en", "digits"),
            ("tomorrow", "en", "form"),
            ("", "en", "form"),
            ("09/03", "pt", "form"),
            ("31/02", "pt", "no_such_day"),
            ("02/31", "en", "no_such_day"),
            ("29/02", "pt", "form"),  # a leap year has it
            ("31/02/2026", "pt", "no_such_day"),
            ("09/03/26", "pt", "form"),
        ],
    )
    def test_is_refused_with_the_reason(self, word, language, why):
        with pytest.raises(dates.DateUnclear) as refused:
            dates.day(word, language=language)
        assert refused.value.facts["why"] == why

    @given(st.text(), st.sampled_from(["en", "pt-br", "ru", ""]))
    def test_of_any_text_is_a_day_or_a_refusal(self, word, language):
        for read in (lambda: dates.day(word, language=language), lambda: dates.month(word)):
            try:
                read()
            except Refusal:
                continue
        dates.like_a_date(word)


class TestDayWithoutItsYear:
    TODAY = date(2026, 11, 22)

    @pytest.mark.parametrize(
        ("words", "language", "found"),
        [
            ("20/11", "pt", date(2026, 11, 20)),
            ("05/01", "pt", date(2027, 1, 5)),
            ("ter. 24/11", "pt-br", date(2026, 11, 24)),
            ("terça-feira 24/11", "pt-br", date(2026, 11, 24)),
            ("11/24", "en", date(2026, 11, 24)),
            ("5/5", "en", date(2027, 5, 5)),
            ("24 November", "en", date(2026, 11, 24)),
            ("24 nov", "es", date(2026, 11, 24)),
            ("вт 24.11", "ru", date(2026, 11, 24)),
            ("Tue 24 Nov 2026", "en", date(2026, 11, 24)),
            ("2026-11-24", "en", date(2026, 11, 24)),
        ],
    )
    def test_is_the_nearest_one(self, words, language, found):
        assert dates.day(words, language=language, today=self.TODAY) == found

    @pytest.mark.parametrize(
        ("words", "language", "why"),
        [
            ("09/03", "en", "ambiguous"),
            ("31/02", "pt", "no_such_day"),
            ("11/24", "pt", "no_such_day"),
            ("ter. 25/11", "pt", "no_such_day"),
            ("24 brumaire", "en", "form"),
        ],
    )
    def test_is_refused_with_the_reason(self, words, language, why):
        with pytest.raises(dates.DateUnclear) as refused:
            dates.day(words, language=language, today=self.TODAY)
        assert refused.value.facts["why"] == why

    @given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from(list(LANGUAGES)))
    def test_is_understood_as_the_bot_itself_writes_it(self, day, language):
        noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
        said = Speech(language, "UTC", noon).day(day)
        assert dates.day(said, language=language, today=noon.date()) == day


class TestMonth:
    @pytest.mark.parametrize("word", ["2026-03", "03/2026", "3/2026"])
    def test_is_read_either_way(self, word):
        assert dates.month(word) == Month(2026, 3)

    @pytest.mark.parametrize(
        ("words", "language", "found"),
        [
            ("march", "pt-br", Month(2026, 3)),
            ("Março", "pt-br", Month(2026, 3)),
            ("marco de 2025", "pt", Month(2025, 3)),
            ("fev", "pt", Month(2026, 2)),
            ("fev./2026", "pt", Month(2026, 2)),
            ("marzo de 2025", "es", Month(2025, 3)),
            ("Ene", "es", Month(2026, 1)),
            ("april", "en", Month(2026, 4)),
            ("May", "en", Month(2025, 5)),  # this year's has not come
            ("may 2026", "en", Month(2026, 5)),
        ],
    )
    def test_is_read_by_its_name(self, words, language, found):
        assert dates.month(words, language=language, present=Month(2026, 4)) == found

    @pytest.mark.parametrize("word", ["fevereiro", "may 1999", "mayday", "may 26"])
    def test_is_refused_by_a_name_that_is_none_here(self, word):
        with pytest.raises(dates.MonthUnclear):
            dates.month(word, language="en", present=Month(2026, 4))

    @pytest.mark.parametrize("word", ["2026-13", "1999-01", "march", "", "٢٠٢٦-٠٣", "2026-03-01"])
    def test_is_refused_if_it_is_none(self, word):
        with pytest.raises(dates.MonthUnclear):
            dates.month(word)


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("2026-03-09", True), ("99/99/2026", True), ("INT-2026-00001", False), ("E2E123", False)],
)
def test_like_a_date_is_what_can_be_meant_as_nothing_else(word, is_one):
    assert dates.like_a_date(word) is is_one
