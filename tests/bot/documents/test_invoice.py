"""What stands on an invoice, in every language that there is."""

import csv
from dataclasses import replace
from io import StringIO

import pytest

from billing.company import Company
from billing.invoices import InvoiceKind, InvoiceState, LineKind
from billing.money import Money
from bot.chat.languages import LANGUAGES
from bot.documents import invoice, invoice_page, pix
from bot.settings import Operator
from tests.bot.documents.samples import (
    COMPANY,
    ISSUER,
    NUMBER,
    PRICE,
    TOOLS,
    payment,
    statement,
    voice,
)

HOSTILE = ["#set page(fill: red) $x$ *_`@<b>", "متجر الشمال", "חנות", "L" * 64, "💥" * 64, "=1+1"]


def page(found, language="en", issuer=ISSUER):
    return invoice_page.data(found, voice(language), issuer)


def sums(found, language="en"):
    return {one["label"]: one["amount"] for one in page(found, language)["sums"]}


class TestPage:
    def test_says_whose_it_is_and_for_whom(self):
        shown = page(statement())
        assert shown["issuer"]["name"] == "Mensagens Já Tecnologia Ltda."
        assert "Tax id: 12.345.678/0001-95" in shown["issuer"]["lines"]
        assert shown["partner"]["name"] == COMPANY.legal_name
        assert shown["partner"]["lines"][0] == "Acme"
        assert dict(shown["dates"]) == {
            "Number": NUMBER,
            "Month": "February 2026",
            "Issued on": "1 Mar 2026",
            "Due on": "5 Mar 2026",
        }

    def test_has_the_partners_name_alone_where_it_told_no_more(self):
        shown = page(statement(billed_to=Company()))
        assert (shown["partner"]["name"], shown["partner"]["lines"]) == ("Acme", [])

    def test_says_of_a_cancelled_instance_when_and_until_when_it_was_served(self):
        rows = page(statement())["rows"]
        assert rows[0]["details"] == "subscribed on 1 Jan 2026"
        assert rows[1]["details"] == "cancelled on 18 Feb 2026, served until 20 Mar 2026"

    def test_says_of_one_that_was_deleted_that_it_was_served_no_more(self):
        found = statement()
        deleted = replace(found.lines[1], service_ends_at=None)
        assert page(replace(found, lines=[deleted]))["rows"][0]["details"] == (
            "cancelled on 18 Feb 2026"
        )

    def test_names_the_months_of_lines_only_where_they_are_not_all_the_invoices(self):
        found = statement()
        assert {row["month"] for row in page(found)["rows"]} == {""}
        late = replace(found.lines[0], period=found.invoice.period.plus(-1))
        shown = page(replace(found, lines=[late, *found.lines[1:]]))["rows"]
        assert [row["month"] for row in shown[:2]] == ["January 2026", "February 2026"]

    def test_gives_more_than_a_line_to_what_needs_it(self):
        names = ["loja-1", "W" * 20, "L" * 21, "店" * 11, "loja do centro da cidade"]
        assert [row["long"] for row in page(statement(names))["rows"]] == [
            False, False, True, True, True,
        ]  # fmt: skip

    def test_has_the_days_that_were_used_before_they_were_paid(self):
        found = statement(1)
        used = replace(found.lines[0], kind=LineKind.DAYS, days=12)
        assert page(replace(found, lines=[used]))["rows"][0]["details"] == "12 used days"

    def test_subtracts_credit_and_what_was_paid_but_not_what_was_taken_back(self):
        found = replace(
            statement(settled=Money(7000, "BRL")),
            payments=[payment(5000), payment(900, reversed_at=voice().now)],
        )
        assert sums(found) == {
            "Subtotal": "R$179.70",
            "Credit": "-R$20.00",
            "Paid": "-R$50.00",
            "To pay": "R$109.70",
        }
        assert len(page(found)["payments"]) == 1

    def test_of_a_paid_one_asks_for_nothing(self):
        found = statement(settled=PRICE.times(3), state=InvoiceState.PAID)
        shown = page(found)
        assert shown["stamp"] == {"text": "PAID", "good": True}
        assert shown["ways"] is None

    def test_of_a_void_one_says_so(self):
        shown = page(statement(state=InvoiceState.VOID))
        assert shown["stamp"] == {"text": "VOID", "good": False}
        assert sums(statement(state=InvoiceState.VOID))["To pay"] == "R$0.00"
        assert shown["notes"] == ["This invoice is void: nothing is owed for it."]

    def test_of_a_credit_note_names_what_it_voids(self):
        note = statement(
            [], kind=InvoiceKind.CREDIT_NOTE, corrects="INT-2026-00007", total=PRICE, settled=PRICE,
            state=InvoiceState.PAID,
        )  # fmt: skip
        shown = page(note)
        assert shown["title"] == "Credit note"
        assert ["Voids invoice", "INT-2026-00007"] in shown["dates"]
        assert shown["rows"][0]["amount"] == "-R$59.90"
        assert (shown["ways"], shown["stamp"]) == (None, None)

    @pytest.mark.parametrize(
        ("channels", "name", "details"),
        [(5, "5 channels", "150 days · R$60.00 each"), (None, "150 days", "")],
    )
    def test_of_days_has_one_line(self, channels, name, details):
        found = statement(
            [], kind=InvoiceKind.DAYS, days=150, channels=channels, total=Money(30000, "BRL")
        )
        (row,) = page(found)["rows"]
        assert (row["name"], row["details"], row["amount"]) == (name, details, "R$300.00")
        assert page(found)["columns"][0] == "Item"
        assert page(statement())["columns"][0] == "Instance"

    def test_shows_a_hold_as_long_as_it_is_owed(self):
        held = statement(held_until=statement().invoice.last_on)
        assert ["More time until", "10 Mar 2026"] in page(held)["dates"]


class TestWaysToPay:
    def test_begin_with_pix_for_what_is_still_owed(self):
        found = replace(statement(settled=Money(7000, "BRL")), payments=[payment(7000)])
        ways = page(found)["ways"]
        assert [row[0] for row in ways["lines"]] == [
            "PIX key", "Online", "Bank transfer", "Reference",
        ]  # fmt: skip
        assert "5406109.70" in "".join(ways["paste"][1])
        assert "<svg" in ways["qr"]

    @pytest.mark.parametrize(
        ("issuer", "scan"),
        [
            (Operator(link="https://pay.example/{number}"), "Scan to pay online"),
            (Operator(pix="k", name="Desk"), "Scan with your bank's app"),
        ],
    )
    def test_have_one_code_to_be_scanned(self, issuer, scan):
        assert page(statement(), issuer=issuer)["ways"]["scan"] == scan

    def test_of_a_bank_alone_have_none(self):
        assert page(statement(), issuer=Operator(bank="Banco 1"))["ways"]["qr"] is None

    def test_are_none_where_the_operator_told_none(self):
        assert page(statement(), issuer=Operator())["ways"] is None

    def test_have_no_pix_in_another_currency(self):
        found = statement(total=Money(5000, "USD"), settled=Money(0, "USD"))
        shown = page(found)["ways"]
        assert shown["paste"] is None
        assert pix.PIX not in str(shown["lines"])


@pytest.mark.parametrize("language", LANGUAGES)
class TestPaper:
    @pytest.mark.parametrize("lines", [1, 50, 400])
    def test_is_set_whatever_its_length(self, language, lines):
        name, content = invoice.pdf(statement(lines), voice(language), TOOLS)
        assert name == f"{NUMBER}.pdf"
        assert content.startswith(b"%PDF-")

    def test_takes_what_people_write_as_it_is(self, language):
        _, content = invoice.pdf(statement(HOSTILE), voice(language), TOOLS)
        assert content.startswith(b"%PDF-")

    def test_is_in_the_readers_words(self, language):
        assert (page(statement(), language)["title"] == "Invoice") is (language == "en")

    def test_is_the_same_file_for_the_same_facts(self, language):
        first, second = (invoice.pdf(statement(), voice(language), TOOLS) for _ in range(2))
        assert first == second


class TestTable:
    def test_has_a_row_for_each_line(self):
        name, content = invoice.csv(statement(HOSTILE), voice(), TOOLS)
        rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
        assert name == f"{NUMBER}.csv"
        assert len(rows) == len(HOSTILE) + 1
        assert rows[2][3:] == [
            "2026-02", "", "2026-01-02", "2026-02-18", "2026-03-20", "59.90", "BRL",
        ]  # fmt: skip
        assert rows[6][1] == "'=1+1"

    def test_of_days_and_of_a_credit_note_has_one(self):
        days = statement([], kind=InvoiceKind.DAYS, days=150, total=Money(30000, "BRL"))
        note = statement([], kind=InvoiceKind.CREDIT_NOTE, corrects="INT-1", total=PRICE)
        for found, amount in ((days, "300.00"), (note, "-59.90")):
            _, content = invoice.csv(found, voice(), TOOLS)
            rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
            assert [row[8] for row in rows[1:]] == [amount]

    def test_is_there_for_other_programs_too(self):
        name, content = invoice.xlsx(statement(), voice("pt_BR"), TOOLS)
        assert name == f"{NUMBER}.xlsx"
        assert content.startswith(b"PK")


def test_a_code_to_be_scanned_is_a_picture_where_it_can_be_paid_so():
    name, content = invoice.pix_qr(statement(), voice(), TOOLS)
    assert name == f"{NUMBER}.png"
    assert content.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=NUMBER):
        invoice.pix_qr(statement(settled=PRICE.times(3)), voice(), TOOLS)


def test_a_word_that_fits_in_no_line_may_break():
    assert "\u200b" in invoice_page.breakable("L" * 64)
    assert invoice_page.breakable("loja do centro") == "loja do centro"
