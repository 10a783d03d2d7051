"""What can stand on an invoice; a Brazilian tax id is checked by its digits."""

import pytest

from billing.company import LONGEST, Company, CompanyRefused, Field, checked


class TestATaxId:
    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("529.982.247-25", "529.982.247-25"),
            (" 52998224725 ", "529.982.247-25"),
            # Remainders of 0 and 1 have the digit 0, and 2 has the 9.
            ("12345679700", "123.456.797-00"),
            ("12345678909", "123.456.789-09"),
            ("12345679891", "123.456.798-91"),
            ("11222333000181", "11.222.333/0001-81"),
            # The Receita Federal's own example of one with letters.
            ("12.abc.345/01de-35", "12.ABC.345/01DE-35"),
        ],
    )
    def test_of_who_pays_in_reais_is_written_as_it_is_there(self, text, written):
        assert checked(Field.TAX_ID, text, currency="BRL") == written

    @pytest.mark.parametrize(
        "text",
        [
            "529.982.247-24",  # the second digit
            "529.982.247-15",  # the first
            "11.222.333/0001-82",
            "12.ABC.345/01DE-36",
            "111.111.111-11",  # all alike fit the sum
            "00000000000000",
            "1234",
            "DE123456789",
            "5299822472٥",  # a digit of another script
        ],
    )
    def test_whose_check_digits_do_not_fit_is_refused(self, text):
        with pytest.raises(CompanyRefused) as refused:
            checked(Field.TAX_ID, text, currency="BRL")
        assert refused.value.facts == {"field": Field.TAX_ID, "why": "digits", "most": 32}

    def test_of_others_is_what_they_say(self):
        assert checked(Field.TAX_ID, "DE 123 456 789", currency="USD") == "DE 123 456 789"


class TestAValue:
    def test_is_tidied(self):
        assert checked(Field.LEGAL_NAME, "  Acme \n Ltda. ", currency="BRL") == "Acme Ltda."

    @pytest.mark.parametrize(
        ("field", "text", "why"),
        [
            (Field.ADDRESS, " \n ", "empty"),
            (Field.LEGAL_NAME, "A\u202eB", "control"),
            *((field, "9" * (LONGEST[field] + 1), "too_long") for field in Field),
            (Field.EMAIL, "acme", "email"),
            (Field.EMAIL, "a@b", "email"),
            (Field.EMAIL, "a@b..c", "email"),
            (Field.EMAIL, "a b@c.d", "email"),
        ],
    )
    def test_that_cannot_stand_there_is_refused(self, field, text, why):
        with pytest.raises(CompanyRefused) as refused:
            checked(field, text, currency="USD")
        assert refused.value.facts == {"field": field, "why": why, "most": LONGEST[field]}

    @pytest.mark.parametrize("field", [Field.LEGAL_NAME, Field.TAX_ID, Field.ADDRESS])
    def test_may_be_as_long_as_it_says(self, field):
        longest = "9" * LONGEST[field]
        assert checked(field, longest, currency="USD") == longest

    def test_of_an_address_for_mail_has_a_sign_and_a_domain(self):
        assert checked(Field.EMAIL, "a+b@c.co.uk", currency="BRL") == "a+b@c.co.uk"


def test_what_is_missing_is_known():
    assert Company().missing == tuple(Field)
    assert Company("Acme", None, "x", "y").missing == (Field.TAX_ID,)
