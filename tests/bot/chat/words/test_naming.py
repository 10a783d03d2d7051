from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.instances import Instance, Origin, State
from billing.programmes import Settlement
from billing.refusals import Refusal
from bot.chat.words import naming
from bot.chat.words.naming import Known

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def instance(instance_id, name, state=State.TRIAL):
    return Instance(
        instance_id, "P1", name, state, Settlement.POSTPAID, Origin.BOT, 1, NOW, token_id="T1"
    )


NORTE = instance("K7Q2M", "Loja Norte")
SUL = instance("A0B1C", "loja-7", State.ACTIVE)
BOLD = instance("Z9Z9Z", "<b>Ação</b> & Cia", State.STOPPED)
GONE = instance("G0NE1", "velha", State.DELETED)
KNOWN = Known([NORTE, SUL, BOLD, GONE], shown=["A0B1C", "K7Q2M", "Z9Z9Z"], unpaid={"A0B1C"})


class TestInstances:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("K7Q2M", ["K7Q2M"]),
            ("k7q2m", ["K7Q2M"]),
            ("AOBIC", ["A0B1C"]),  # O for 0, I for 1
            ("aoblc", ["A0B1C"]),  # L for 1
            ("loja-7", ["A0B1C"]),
            ("LOJA-7", ["A0B1C"]),
            ("loja norte", ["K7Q2M"]),
            ('"Loja Norte" loja-7', ["K7Q2M", "A0B1C"]),
            ("“Loja Norte”, loja-7", ["K7Q2M", "A0B1C"]),
            ("loja norte loja-7", ["K7Q2M", "A0B1C"]),  # the longest name first
            ("<b>acao</b> & cia", ["Z9Z9Z"]),
            ("loja-7,K7Q2M", ["A0B1C", "K7Q2M"]),
            ("loja-7\nK7Q2M\r\n\n", ["A0B1C", "K7Q2M"]),
            ("loja-7; K7Q2M loja-7", ["A0B1C", "K7Q2M"]),  # each once
            ("1", ["A0B1C"]),
            ("2-3", ["K7Q2M", "Z9Z9Z"]),
            ("1–2", ["A0B1C", "K7Q2M"]),
            ("3 1", ["Z9Z9Z", "A0B1C"]),
            ("trial", ["K7Q2M"]),
            ("ATIVAS", ["A0B1C"]),
            ("stopped active", ["Z9Z9Z", "A0B1C"]),
            ("unpaid", ["A0B1C"]),
            ("todas", ["K7Q2M", "A0B1C", "Z9Z9Z"]),
            ("prueba", ["K7Q2M"]),
            ("detenidas suscritas", ["Z9Z9Z", "A0B1C"]),
            ("impagas", ["A0B1C"]),
            ("g0ne1", ["G0NE1"]),  # a deleted one by its id alone
        ],
    )
    def test_are_found_by(self, words, found):
        assert naming.instances(words, KNOWN) == found

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("", "nothing_named"),
            (" ,;\n", "nothing_named"),
            ("velha", "unknown_name"),  # the name of a deleted one is free
            ("nothing-like-it", "unknown_name"),
            ("0", "not_in_list"),
            ("4", "not_in_list"),
            ("2-4", "not_in_list"),
            ("3-2", "range_unclear"),
            ("1-999999", "not_in_list"),
            ("overdue", "nothing_matches"),
            ('"Loja Norte', "unclosed_quote"),
            ("１", "unknown_name"),  # a number in digits of another script
            ("99999999999999999999", "unknown_name"),
        ],
    )
    def test_are_refused(self, words, code):
        with pytest.raises(Refusal) as refused:
            naming.instances(words, KNOWN)
        assert refused.value.code == code

    def test_unknown_comes_with_the_nearest_and_what_to_say_instead(self):
        with pytest.raises(naming.UnknownName) as refused:
            naming.instances("loja-7 lojanorte", KNOWN)
        unknown = refused.value
        assert unknown.near[0] == NORTE
        assert unknown.anew("K7Q2M") == "loja-7 K7Q2M"

    def test_one_that_is_an_id_and_anothers_name_is_asked_back(self):
        twin = instance("B2B2B", "k7qzm")
        other = instance("K7QZM", "other")
        with pytest.raises(naming.UnknownName) as refused:
            naming.instances("k7qzm", Known([twin, other]))
        assert refused.value.several
        assert set(refused.value.near) == {twin, other}

    @given(st.text())
    def test_in_any_text_are_own_ones_or_a_refusal(self, words):
        try:
            found = naming.instances(words, KNOWN)
        except Refusal:
            return
        assert found
        assert set(found) <= {"K7Q2M", "A0B1C", "Z9Z9Z", "G0NE1"}

    @given(st.lists(st.sampled_from([*'0123456789-,; \n"', "all", "trial", "loja", "K7Q2M"])))
    def test_in_anything_that_looks_like_it_are_own_ones_or_a_refusal(self, parts):
        try:
            found = naming.instances("".join(parts), KNOWN)
        except Refusal:
            return
        assert len(set(found)) == len(found)


class TestLeading:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("loja-7 Loja do Zé", ("A0B1C", "Loja do Zé")),
            ("loja norte matriz", ("K7Q2M", "matriz")),
            ('"loja norte" matriz', ("K7Q2M", "matriz")),
            ("1 matriz", ("A0B1C", "matriz")),
            ("k7q2m", ("K7Q2M", "")),
        ],
    )
    def test_takes_one_and_leaves_the_rest(self, words, found):
        assert naming.leading(words, KNOWN) == found

    @pytest.mark.parametrize("words", ["", "all x", "1-2 x", "9 x", "zzz x"])
    def test_refuses_what_is_not_exactly_one(self, words):
        with pytest.raises(Refusal):
            naming.leading(words, KNOWN)


def test_possible_ids_are_looked_for_in_any_spelling():
    assert naming.possible_ids("aoblc, x K7Q2M\nnot-one") == ["A0B1C", "K7Q2M"]
