"""What is said unasked, word by word where it matters."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from bot.chat.formats import Speech
from bot.chat.replies.templates import TEMPLATES
from tests.bot.chat.replies.desk_samples import standing
from tests.bot.chat.replies.samples import DAY, NOTHING, NOW, PAST, ZONE, notice_of_invoice
from tests.bot.chat.talk import OWNER

ENGLISH, PORTUGUESE = (Speech(language, ZONE, NOW) for language in ("en", "pt_BR"))
REMINDERS = ("issued", "due_soon", "due", "overdue")


def text(kind: str, facts: dict[str, Any], say: Speech = ENGLISH) -> str:
    return TEMPLATES[kind](facts, say)


@dataclass
class Row:
    kind: str
    facts: Any
    buttons: Any
    chat_id: int = OWNER
    reader: int | None = OWNER
    doubts: int = 0


class TestAHeldInvoice:
    @pytest.mark.parametrize("kind", REMINDERS)
    def test_is_reminded_of_with_the_time_that_was_given(self, kind):
        held = notice_of_invoice(lines=1, days=0, held_until=DAY)
        assert "until the end of <b>Thu 5 Mar</b>" in text(f"notice_invoice_{kind}", held)

    @pytest.mark.parametrize("kind", REMINDERS)
    def test_promises_no_time_that_is_over_or_was_not_given(self, kind):
        for until in (None, PAST):
            facts = notice_of_invoice(lines=1, days=0, held_until=until)
            assert "more time" not in text(f"notice_invoice_{kind}", facts)


class TestAnInvoiceThatCreditCovers:
    COVERED = notice_of_invoice(lines=1, days=0, owed=NOTHING)
    BUTTONS = (
        ({"label": "pay", "intent": "1", "args": {}},),
        ({"label": "invoice", "intent": "2", "args": {}},),
    )

    def test_names_what_was_used(self):
        told = text("notice_invoice_issued", self.COVERED)
        assert "<b>R$59.90</b> is paid already, credit included" in told

    async def test_offers_no_way_to_pay_it(self, talk):
        row = Row("notice_invoice_issued", self.COVERED, self.BUTTONS)
        assert (await talk.replies.render(row)).keyboard == ((("Invoice", "2"),),)
        row.facts = notice_of_invoice(lines=1, days=0)
        assert len((await talk.replies.render(row)).keyboard) == 2


class TestTheListOfDeletions:
    def test_says_that_none_is_left_once_all_are_settled(self):
        rows = [{**row, "deleted": 0} for row in standing("Acme")]
        due, _, held, _, paid, _, void, _ = rows
        settled = text("staff_deletions", {"day": DAY, "invoices": [held, paid, void]})
        assert settled.startswith("✅ No deletions on <b>Thu 5 Mar</b>")
        assert "booked by Acme" in settled
        open_ = text("staff_deletions", {"day": DAY, "invoices": [held, due]})
        assert open_.startswith("⚠️ Deletions on")
        gone = text("staff_deletions", {"day": DAY, "invoices": [held, {**paid, "deleted": 2}]})
        assert gone.startswith("🗑 Deletions on")
        assert "2 instances deleted" in gone


class TestTrialReminders:
    @pytest.mark.parametrize(
        ("left", "told"),
        [
            (dt.timedelta(hours=24), "ends in 24 hours:"),
            (dt.timedelta(hours=2, minutes=58), "ends in 3 hours:"),
            (dt.timedelta(minutes=61), "ends in 1 hour:"),
            (dt.timedelta(minutes=20), "ends in less than an hour:"),
        ],
    )
    def test_say_how_long_is_left(self, left, told):
        trial = {"id": "K7Q2M", "name": "loja", "trial_ends_at": NOW + left}
        later = {**trial, "trial_ends_at": NOW + 2 * left}
        assert told in text("notice_trial_3h", {"instances": [trial], "in_days": False})
        several = text("notice_trial_24h", {"instances": [later, trial], "in_days": False})
        assert told.replace("ends in", "the first in") in several


class TestPortuguese:
    def test_of_several_trials_speaks_of_several(self):
        trial = {"id": "K7Q2M", "name": "loja", "trial_ends_at": NOW}
        one, many = ({"instances": [trial] * n, "in_days": False} for n in (1, 8))
        assert "ela para" in text("notice_trial_3h", one, PORTUGUESE)
        told = text("notice_trial_3h", many, PORTUGUESE)
        assert "8 testes acabam" in told
        assert "elas param" in told
        assert "serão excluídas" in text("notice_trial_ended", many, PORTUGUESE)

    def test_names_the_last_day_as_people_do(self):
        told = text("notice_stop_soon", notice_of_invoice(lines=1, days=0), PORTUGUESE)
        assert "ao fim de <b>qui. 05/03</b>" in told

    def test_names_a_command_in_portuguese(self):
        refusal = {
            "code": "words_missing",
            "facts": {"command": "paid", "missing": "amount"},
            "command": "paid",
        }
        assert "/ajuda pago" in text("refusal", refusal, PORTUGUESE)
        assert "/help paid" in text("refusal", refusal)
