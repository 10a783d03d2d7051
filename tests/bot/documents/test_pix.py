"""A BR Code is what banks' apps read: field by field, and its checksum over all of it."""

import pytest

from billing.money import Money
from bot.documents import pix

# The example of the Banco Central's "Manual de Padrões para Iniciação do Pix".
MANUAL = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
KEY = "pix@desk.example"


def fields(code: str) -> dict[str, str]:
    """Read a code as a reader does: two digits of id, two of length, the value."""
    found, at = {}, 0
    while at < len(code):
        tag, length = code[at : at + 2], int(code[at + 2 : at + 4])
        found[tag] = code[at + 4 : at + 4 + length]
        at += 4 + length
    return found


class TestChecksum:
    def test_is_that_of_the_manuals_example(self):
        assert f"{pix.crc16(MANUAL[:-4]):04X}" == MANUAL[-4:]

    def test_is_the_one_that_is_known_for_nine_digits(self):
        assert pix.crc16("123456789") == 0x29B1


class TestCode:
    def test_says_whom_how_much_and_for_what(self):
        code = pix.code(
            Money(305490, "BRL"), "INT-2026-00001", key=KEY, name="Desk Já", city="São Paulo"
        )
        found = fields(code)
        assert fields(found["26"]) == {"00": "br.gov.bcb.pix", "01": KEY}
        assert (found["53"], found["54"], found["58"]) == ("986", "3054.90", "BR")
        assert (found["59"], found["60"]) == ("Desk Ja", "Sao Paulo")
        assert fields(found["62"]) == {"05": "INT202600001"}
        assert found["63"] == f"{pix.crc16(code[:-4]):04X}"

    @pytest.mark.parametrize(
        ("name", "city", "shown"),
        [
            ("x" * 80, "y" * 80, ("x" * 25, "y" * 15)),  # cut where the manual says
            ("💥", None, ("BRASIL", "BRASIL")),  # nothing is left of it, and a field has to be
            ("A\n& B", "Águas", ("A & B", "Aguas")),
        ],
    )
    def test_has_names_that_every_bank_takes(self, name, city, shown):
        found = fields(pix.code(Money(1, "BRL"), "N1", key=KEY, name=name, city=city))
        assert (found["59"], found["60"]) == shown

    @pytest.mark.parametrize("amount", [Money(100, "USD"), Money(0, "BRL")])
    def test_is_none_where_nothing_can_be_paid_so(self, amount):
        assert pix.code(amount, "N1", key=KEY, name="Desk") is None

    def test_of_a_number_without_letters_or_digits_names_no_reference(self):
        assert pix.reference("—/—") == "***"
        assert len(pix.reference("A" * 60)) == 25

    def test_is_refused_for_a_key_that_is_none(self):
        with pytest.raises(ValueError, match="26"):
            pix.code(Money(1, "BRL"), "N1", key="x" * 90, name="Desk")
