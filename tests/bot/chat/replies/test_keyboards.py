"""The words on buttons, and what stands behind them."""

from datetime import UTC, datetime

import pytest

from bot.chat.formats import Speech
from bot.chat.keyboards import LABELS, LONGEST, keyboard, label

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
ENGLISH = Speech("en", "UTC", NOW)
PORTUGUESE = Speech("pt_BR", "UTC", NOW)


@pytest.mark.parametrize(
    "words",
    """Approve, Decline, Confirm, Back, Subscribe, Cancel instance, Keep, Delete, Extend, Pay,
    Show token, Saved, Rotate, Request next token, Claim, Hand over, Prepare invoice, Mark paid,
    Hold, Done, Undo""".replace("\n", " ").split(", "),
)
def test_the_labels_that_are_promised_stay_as_they_are(words):
    name = words.strip().lower().replace(" ", "_")
    assert label(name, {}, ENGLISH) == words.strip()


def test_a_month_is_called_as_the_language_calls_it():
    assert label("month", {"month": "2026-02"}, ENGLISH) == "February 2026"
    assert label("month", {"month": "2026-02"}, PORTUGUESE) == "fevereiro de 2026"


def test_every_label_is_told_apart_from_the_others_in_every_language():
    """Who presses by the words must not find two of them in one message."""
    for say in (ENGLISH, PORTUGUESE):
        args = {
            "number": "1",
            "days": 30,
            "channels": 5,
            "since": NOW.isoformat(),
            "partner": "Bia",
            "interval": "year",
            "minor": 32400,
            "currency": "USD",
        }
        shown = [label(name, args, say) for name in LABELS]
        assert len(shown) == len(set(shown))


def test_programmes_and_names_are_shown_as_they_are():
    assert label("programme", {"programme": "integrator-classic"}, PORTUGUESE) == (
        "integrator-classic"
    )
    # Buttons hold plain text: nothing in it is escaped.
    assert label("named", {"name": "<b>A & B</b>"}, ENGLISH) == "<b>A & B</b>"
    assert label("hold_number", {"number": "INT-2026-00001"}, PORTUGUESE) == (
        "Dar prazo INT-2026-00001"
    )


def test_requests_are_told_apart_by_their_days_and_their_time():
    asked = {"days": 30, "since": "2026-03-03T10:32:00+00:00", "partner": "Bia & Cia"}
    assert label("withdraw_one", asked, ENGLISH) == "Withdraw: 30 days, 10:32"
    assert label("day_request", asked, PORTUGUESE) == "30 dias, 10:32 · Bia & Cia"


def test_long_names_are_cut():
    assert len(label("named", {"name": "x" * 200}, ENGLISH)) == LONGEST


def test_telegram_carries_the_opaque_id_alone():
    rows = [
        [
            {"label": "approve", "args": {"application": "K7Q2M"}, "intent": "a" * 22},
            {"label": "decline", "args": {"application": "K7Q2M"}, "intent": "b" * 22},
        ]
    ]
    assert keyboard(rows, PORTUGUESE) == ((("Aprovar", "a" * 22), ("Recusar", "b" * 22)),)
