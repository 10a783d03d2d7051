"""/why and /whatif through the door."""

import pytest

from bot.sandbox.html import parse
from tests.bot.chat.talk import (
    BOT,
    OTHER_OWNER,
    OWNER,
    PAYER,
    STAFF_GROUP,
    STRANGER,
    SUPPORT,
    VIEWER,
    replying,
)


def visible(said) -> str:
    return parse(said.text).text


class TestWhy:
    async def test_leads_from_the_invoice_to_the_rule_and_to_who_did_it(self, talk, number):
        shown = await talk.tell(PAYER, f"/invoice {number}")
        [why] = await talk.press(PAYER, shown, "why")
        text = visible(why)
        assert "The postpaid calendar" in text
        assert "Subscribed" in text
        assert "Olga" in text
        assert "from Sun 1 Mar on and before Wed 1 Apr" in text
        assert "integrator, version 1" in text

    async def test_is_asked_with_an_instance_by_name_or_id(self, talk, number):
        ids = await talk.ids_by_name()
        for wanted in ("loja-1", ids["loja-1"].lower(), '"loja-1"', "“Loja-1”"):
            why = await talk.tell(VIEWER, f"/why {number.lower()} {wanted}")
            assert [one["name"] for one in why.facts["reasons"]] == ["loja-1"]
        none = await talk.tell(VIEWER, f"/why {number} loja-9")
        assert none.facts["code"] == "not_found"

    async def test_is_answered_to_staff_with_names_and_to_nobody_else(self, talk, number):
        why = await talk.tell(SUPPORT, f"/why {number}", STAFF_GROUP)
        assert "Olga" in visible(why)
        other = await talk.tell(OTHER_OWNER, f"/why {number}")
        assert other.facts["code"] == "not_found"
        stranger = await talk.tell(STRANGER, f"/why {number}")
        assert stranger.facts["code"] == "no_partner"

    async def test_asks_which_invoice(self, talk, number):
        assert (await talk.tell(OWNER, "/porque")).facts["what"] == "why"


class TestWhatif:
    async def test_shows_two_invoices_and_changes_nothing(self, talk, number):
        before = await talk.states()
        said = await talk.tell(VIEWER, "/whatif cancel loja-1")
        assert before == await talk.states()
        assert "Nothing was changed" in visible(said)
        assert "no invoice" in visible(said)
        assert "cancel_instance" not in said.labels
        operates = await talk.tell(OWNER, "/ese cancelar loja-1")
        [confirm] = await talk.press(OWNER, operates, "cancel_instance")
        assert confirm.kind == "confirm"

    @pytest.mark.parametrize("words", ["cancelar loja-1", "agregar 20"])
    async def test_is_understood_in_spanish(self, talk, number, words):
        assert (await talk.tell(OWNER, f"/ysi {words}")).kind == "whatif"

    async def test_adds_and_subscribes(self, talk, number):
        added = await talk.tell(OWNER, "/whatif add 20")
        assert "21 lines" in visible(added)
        await talk.create("loja-2")
        said = await talk.tell(OWNER, "/whatif subscribe 1")
        assert "2 lines" in visible(said)
        many = await talk.tell(OWNER, "/whatif subscribe 5")
        assert "1 instance in trial" in visible(many)

    @pytest.mark.parametrize("words", ["add 0", "add -1", "add 1.5", "add many", "add ٣"])
    async def test_refuses_what_is_no_number(self, talk, number, words):
        said = await talk.tell(OWNER, f"/whatif {words}")
        assert said.facts["code"] == "count_refused"

    @pytest.mark.parametrize("words", ["", "dance 5"])
    async def test_asks_what(self, talk, number, words):
        assert (await talk.tell(OWNER, f"/whatif {words}")).facts["what"] == "whatif"

    async def test_is_answered_to_staff_for_the_partner_that_they_name(self, talk, number):
        said = await talk.tell(SUPPORT, "/whatif Loja Norte cancel loja-1", STAFF_GROUP)
        assert (said.kind, said.facts["on_behalf"]) == ("whatif", "Loja Norte")
        asked = await talk.tell(SUPPORT, "/whatif Loja Norte", STAFF_GROUP)
        assert "Loja Norte" in visible(asked)
        asked = await talk.tell(SUPPORT, "/whatif", STAFF_GROUP)
        assert "which partner" in visible(asked)
        said = await talk.tell(SUPPORT, "Loja Norte add 2", STAFF_GROUP, **replying(BOT["id"]))
        assert said.kind == "whatif"
        many = await talk.tell(SUPPORT, "/whatif Loja cancel loja-1", STAFF_GROUP)
        assert many.kind == "partner_choice"
        assert "whatif" in (await talk.tell(SUPPORT, "/help", STAFF_GROUP)).facts["commands"]
