"""/company: shown, told one by one, step by step, or in one message."""

import pytest

from billing.company import Field
from bot.chat.words.company import CompanyUnclear, told
from tests.bot.chat.talk import ADMIN, MANAGER, OWNER, PAYER, STAFF_GROUP, STRANGER, VIEWER

CNPJ = "11.222.333/0001-81"
WHOLE = f"Acme Ltda.; {CNPJ}; Rua das Flores, 123; São Paulo; fin@acme.example"


class TestStaff:
    async def test_see_as_whom_a_partner_is_billed(self, talk):
        await talk.say(OWNER, f"/company {WHOLE}")
        card = await talk.tell(ADMIN, "/partner Loja Norte", STAFF_GROUP)
        assert "Acme Ltda. · Tax id" in card.text
        assert CNPJ in card.text


class TestAMessage:
    @pytest.mark.parametrize(
        "text",
        [
            WHOLE,
            WHOLE.replace("; ", "\n"),
            f"fin@acme.example; {CNPJ}; Acme Ltda.; Rua das Flores, 123; São Paulo",
            (
                f"nome: Acme Ltda.\ncnpj: {CNPJ}\nendereço: Rua das Flores, 123\nSão Paulo\n"
                "e-mail: fin@acme.example"
            ),
        ],
    )
    def test_is_read_by_names_and_looks(self, text):
        assert told(text) == {
            Field.LEGAL_NAME: "Acme Ltda.",
            Field.TAX_ID: CNPJ,
            Field.ADDRESS: "Rua das Flores, 123, São Paulo",
            Field.EMAIL: "fin@acme.example",
        }

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("Acme: the shop", {Field.LEGAL_NAME: "Acme: the shop"}),  # a colon of its own
            ("e-mail: -", {Field.EMAIL: None}),
            ("7 Oaks Ltd.", {Field.LEGAL_NAME: "7 Oaks Ltd."}),
            ("ИНН: 7707083893", {Field.TAX_ID: "7707083893"}),
            ("ID fiscal: 30-71234567-9", {Field.TAX_ID: "30-71234567-9"}),
            ("DE 123456789", {Field.TAX_ID: "DE 123456789"}),
        ],
    )
    def test_may_tell_one_thing(self, text, found):
        assert told(text) == found

    def test_that_tells_the_same_twice_is_not_understood(self):
        with pytest.raises(CompanyUnclear):
            told("a@b.example; c@d.example")


class TestCompany:
    async def test_is_shown_with_a_button_for_each(self, talk):
        shown = await talk.tell(PAYER, "/company")
        assert shown.kind == "company"
        assert "until you tell the legal one" in shown.text
        assert {"company_steps", "legal_name", "tax_id", "address", "email"} <= set(shown.labels)

    @pytest.mark.parametrize("command", ["/company", "/empresa", "/kompaniya"])
    async def test_is_told_in_one_message(self, talk, command):
        shown = await talk.tell(OWNER, f"{command} {WHOLE}")
        assert shown.facts["changed"]
        assert CNPJ in shown.text
        assert "company_steps" not in shown.labels

    async def test_is_asked_for_step_by_step(self, talk):
        shown = await talk.tell(OWNER, "/company")
        (asked,) = await talk.press(OWNER, shown, "company_steps")
        assert asked.facts["field"] == "legal_name"
        asked = await talk.tell(OWNER, "list")  # a command's name too
        assert asked.facts["field"] == "tax_id"
        assert "CNPJ" in asked.text
        refused = await talk.tell(OWNER, "11.222.333/0001-82")
        assert "check digits" in refused.text
        asked = await talk.tell(OWNER, CNPJ)
        assert asked.facts["field"] == "address"
        (asked,) = await talk.press(OWNER, asked, "skip")
        assert asked.facts["field"] == "email"
        shown = await talk.tell(OWNER, "fin@acme.example")
        assert shown.kind == "company"
        assert (shown.facts["legal_name"], shown.facts["address"]) == ("list", None)

    async def test_asks_before_another_legal_name_stands_there(self, talk):
        await talk.tell(OWNER, f"/company {WHOLE}")
        before = (await talk.tell(OWNER, "/company")).facts["legal_name"]
        asked = await talk.tell(OWNER, "/company abc")
        assert (asked.kind, asked.labels) == ("company_asking", ["confirm", "back"])
        assert f"{before} → <b>abc</b>" in asked.text
        assert (await talk.tell(OWNER, "/company")).facts["legal_name"] == before
        [shown] = await talk.press(OWNER, asked, "confirm")
        assert (shown.facts["legal_name"], shown.facts["tax_id"]) == ("abc", CNPJ)
        # Said again, or of something else: nothing is overwritten.
        assert (await talk.tell(OWNER, "/company abc")).kind == "company"
        assert (await talk.tell(OWNER, "/company new@acme.example")).facts["changed"]

    async def test_one_of_it_is_changed_and_taken_away(self, talk):
        shown = await talk.tell(OWNER, f"/company {WHOLE}")
        (asked,) = await talk.press(OWNER, shown, "email")
        assert "fin@acme.example" in asked.text
        shown = await talk.tell(OWNER, "-")
        assert shown.facts["email"] is None
        assert shown.facts["tax_id"] == CNPJ

    async def test_what_is_wrong_changes_nothing(self, talk):
        refused = await talk.tell(OWNER, "/company Acme; nobody@")
        assert refused.facts["code"] == "company_refused"
        assert (await talk.tell(OWNER, "/company")).facts["legal_name"] is None
        unclear = await talk.tell(OWNER, "/company a@b.example; c@d.example")
        assert unclear.facts["code"] == "company_unclear"

    @pytest.mark.parametrize("user", [MANAGER, VIEWER, STRANGER])
    async def test_is_not_for_those_who_do_not_pay(self, talk, user):
        refused = await talk.tell(user, f"/company {WHOLE}")
        assert refused.kind in {"refusal", "greeting"}
        assert (await talk.tell(OWNER, "/company")).facts["tax_id"] is None

    async def test_is_opened_from_the_invoices_by_those_who_pay(self, talk):
        assert "company" in (await talk.tell(PAYER, "/invoices")).labels
        assert "company" not in (await talk.tell(VIEWER, "/invoices")).labels
