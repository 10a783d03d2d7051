"""Facts are kept as what they are."""

from datetime import UTC, date, datetime

import pytest

from billing.calendar import Month
from billing.money import Money
from billing.services.facts import dump, load, micros, moment


def test_come_back_as_they_were_written():
    facts = {
        "owed": Money(-5990, "BRL"),
        "period": Month(2026, 2),
        "day": date(2026, 2, 28),
        "at": datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC),
        "rows": [{"name": "ação", "left": None, "single": {"name": 1}}],
        "text": "<b>$money</b>",
    }
    assert load(dump(facts)) == facts


def test_are_only_what_can_be_told():
    with pytest.raises(TypeError):
        dump({"secret": object()})


def test_keep_instants_to_the_microsecond_before_1970_too():
    for at in (datetime(1969, 12, 31, 23, 59, 59, 1, UTC), datetime(2226, 1, 1, tzinfo=UTC)):
        assert moment(micros(at)) == at
