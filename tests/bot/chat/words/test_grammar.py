from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.partners import StaffRole
from billing.refusals import Refusal
from bot.chat.words import grammar
from bot.chat.words.amounts import Amount


def called(text, *, private=True):
    return grammar.called(text, username="desk_bot", private=private)


class TestCommand:
    @pytest.mark.parametrize(
        ("text", "name", "words"),
        [
            ("/list", "list", ""),
            ("/LIST trial", "list", "trial"),
            ("/cancel@Desk_Bot loja-7", "cancel", "loja-7"),
            ("/new\na\nb", "new", "a\nb"),
            ("cancel loja-7", "cancel", "loja-7"),
            ("Cancelar  loja-7", "cancel", "loja-7"),
            ("início", "start", ""),
            ("/candidatar Padaria", "apply", "Padaria"),
        ],
    )
    def test_is_found_in_any_language_and_without_the_slash(self, text, name, words):
        found = called(text)
        assert (found.command.name, found.words) == (name, words)

    def test_needs_its_slash_in_a_group(self):
        assert called("list", private=False) is None
        assert called("/list", private=False).command.name == "list"

    @pytest.mark.parametrize("text", ["/list@other_bot", "hello", "", " "])
    def test_is_none_where_nothing_is_said_to_this_bot(self, text):
        assert called(text) is None

    def test_of_no_known_name_is_still_a_command(self):
        assert called("/nonsense x").command is None

    @given(st.text(), st.booleans())
    def test_is_looked_for_in_any_text(self, text, private):
        called(text, private=private)
        called("/" + text, private=private)


class TestNames:
    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("a b c", ["a", "b", "c"]),
            ("Loja Norte, Loja Sul", ["Loja Norte", "Loja Sul"]),
            ("Loja Norte\nLoja Sul\n", ["Loja Norte", "Loja Sul"]),
            ("Loja Norte,", ["Loja Norte"]),
            ('"Loja Norte" b', ["Loja Norte", "b"]),
            ("<b>x</b>&", ["<b>x</b>&"]),
            ("", []),
            (" , ", []),
        ],
    )
    def test_hold_blanks_where_commas_or_lines_separate_them(self, words, names):
        assert grammar.names(words) == names


class TestPayment:
    @pytest.mark.parametrize(
        ("words", "amount", "reference", "on"),
        [
            ("int-2026-00001 59,90 E2E1", Amount(5990, None), "E2E1", None),
            ("INT-2026-00001 R$ 59,90 E2E1", Amount(5990, "BRL"), "E2E1", None),
            ("INT-2026-00001 59,90 BRL E2E1", Amount(5990, "BRL"), "E2E1", None),
            ("INT-2026-00001 59,90 TED 12 34 2026-03-09", Amount(5990, None), "TED 12 34",
             date(2026, 3, 9)),
            ("INT-2026-00001 59,90 E2E1 09/03/2026", Amount(5990, None), "E2E1",
             date(2026, 3, 9)),
        ],
    )  # fmt: skip
    def test_is_read(self, words, amount, reference, on):
        found = grammar.payment(words, language="pt-br")
        assert found == grammar.Payment("INT-2026-00001", amount, reference, on)

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("", "words_missing"),
            ("INT-1", "words_missing"),
            ("INT-1 59,90", "words_missing"),
            ("INT-1 59,90 2026-03-09", "words_missing"),  # a day is no reference
            ("INT-1 1.234 E2E1", "amount_unclear"),
            ("INT-1 -5 E2E1", "amount_unclear"),
            ("INT-1 5 E2E1 2026-02-30", "date_unclear"),
            ("INT-1 5 E2E1 ٠٩/٠٣/٢٠٢٦", "date_unclear"),
        ],
    )
    def test_is_refused_if_anything_is_missing_or_unclear(self, words, code):
        with pytest.raises(Refusal) as refused:
            grammar.payment(words, language="pt")
        assert refused.value.code == code


class TestHold:
    def test_is_read(self):
        found = grammar.hold("int-1 2026-03-20 waiting\nfor the bank", language="en")
        assert found == grammar.Hold("INT-1", date(2026, 3, 20), "waiting for the bank")

    @pytest.mark.parametrize("words", ["", "INT-1", "INT-1 2026-03-20", "INT-1 soon why"])
    def test_is_refused_if_anything_is_missing_or_unclear(self, words):
        with pytest.raises(Refusal):
            grammar.hold(words, language="en")


class TestAppointment:
    @pytest.mark.parametrize(
        ("words", "user_id", "role"),
        [
            ("7001 admin", 7001, StaffRole.ADMIN),
            ("7001  Suporte", 7001, StaffRole.SUPPORT),
            ("Financeiro", None, StaffRole.FINANCE),
            ("7001 remove", 7001, None),
            ("7001 soporte", 7001, StaffRole.SUPPORT),
            ("7001 finanzas", 7001, StaffRole.FINANCE),
            ("7001 quitar", 7001, None),
        ],
    )
    def test_is_read(self, words, user_id, role):
        assert grammar.appointment(words) == grammar.Appointment(user_id, role)

    @pytest.mark.parametrize("words", ["Ana Lima admin", " Ana  Lima ADMIN"])
    def test_is_read_with_a_name(self, words):
        found = grammar.Appointment(None, StaffRole.ADMIN, "Ana Lima")
        assert grammar.appointment(words) == found

    @pytest.mark.parametrize(
        "words", ["", "7001", "7001 king", "Ana", "٧٠٠١ admin", "7001 admin now"]
    )
    def test_is_refused_if_it_is_none(self, words):
        with pytest.raises(Refusal):
            grammar.appointment(words)


@given(st.text())
def test_no_words_raise_anything_but_a_refusal(words):
    for read in (
        lambda: grammar.names(words),
        lambda: grammar.payment(words, language="en"),
        lambda: grammar.payment(f"INT-1 {words} REF", language="pt"),
        lambda: grammar.hold(f"INT-1 {words}", language="pt"),
        lambda: grammar.appointment(words),
        lambda: grammar.quoted(words),
        lambda: grammar.reason(words),
    ):
        with suppress(Refusal):
            read()
