"""What staff are told in their group."""

import pytest

from tests.bot.chat.talk import (
    ADMIN,
    FINANCE,
    FOREIGN_GROUP,
    OTHER_OWNER,
    OWNER,
    STAFF_GROUP,
    STRANGER,
    SUPPORT,
)


class TestHelp:
    async def test_lists_only_what_is_of_use_there(self, talk):
        partner = (await talk.tell(OWNER, "/help")).facts["commands"]
        assert {"bind", "apply"}.isdisjoint(partner)
        assert "apply" in (await talk.tell(STRANGER, "/help")).facts["commands"]
        assert "bind" not in (await talk.tell(ADMIN, "/help")).facts["commands"]
        assert "bind" in (await talk.tell(ADMIN, "/help", STAFF_GROUP)).facts["commands"]
        assert "bind" in (await talk.tell(OWNER, "/help", FOREIGN_GROUP)).facts["commands"]

    async def test_menu_of_private_chats_has_no_binding(self, talk):
        await talk.chat.menus()
        menus = {getattr(scope, "chat_id", "private"): names for scope, _, names in talk.bot.menus}
        assert "bind" not in menus["private"]
        assert "vincular" not in menus["private"]


class TestRefusals:
    async def test_tell_staff_nothing_that_is_a_partners(self, talk, number):
        unknown = await talk.tell(FINANCE, "/paid INT-2026-99999 50,00 E2E1", STAFF_GROUP)
        assert "yours" not in unknown.text
        assert "/partner" in unknown.text
        assert "/invoices" in (await talk.tell(OWNER, "/invoice INT-2026-99999")).text

    async def test_of_a_repeated_hold_have_no_buttons(self, talk, number):
        words = f"/hold {number} 2026-04-20 bank strike"
        await talk.say(FINANCE, words, STAFF_GROUP)
        again = await talk.tell(FINANCE, words, STAFF_GROUP)
        assert (again.facts["code"], again.labels) == ("already_done", [])

    async def test_of_words_that_an_admin_adds_bind_nothing(self, talk):
        said = await talk.tell(ADMIN, "/bind abc", FOREIGN_GROUP)
        assert (said.facts["code"], "without a code" in said.text) == ("wrong_code", True)

    async def test_of_a_wrong_code_are_denials(self, talk):
        assert (await talk.tell(STRANGER, "/bind guess", FOREIGN_GROUP)).facts[
            "code"
        ] == "wrong_code"
        assert await talk.denied() == 1


class TestToken:
    async def test_card_counts_no_creations_of_a_token_just_granted(self, talk):
        await talk.sql("UPDATE tokens SET created = allowed")
        await talk.press(OWNER, await talk.tell(OWNER, "/token"), "request_next_token")
        card = next(said for said in await talk.messages() if said.kind == "token_request")
        said = await talk.press(SUPPORT, card, "approve")
        granted = next(one for one in said if one.kind == "token_request")
        assert "on the present token" not in granted.text
        [row] = await talk.sql("SELECT allowed FROM tokens WHERE created = 0 AND tier = 2")
        answer = next(one for one in said if one.kind == "said")
        assert answer.facts["allowed"] == row["allowed"]


class TestAudit:
    async def test_takes_the_name_of_a_partner_or_of_an_instance(self, talk):
        await talk.create("Loja Azul")
        its = (await talk.ids_by_name())["Loja Azul"]
        rows = (await talk.tell(SUPPORT, "/audit loja azul", STAFF_GROUP)).facts["rows"]
        assert {row["object"] for row in rows} == {its}
        assert (await talk.tell(SUPPORT, "/audit loja n", STAFF_GROUP)).facts["rows"]

    async def test_asks_back_where_a_name_is_of_several(self, talk):
        choice = await talk.tell(SUPPORT, "/audit loja", STAFF_GROUP)
        assert choice.labels == ["Loja Norte", "Loja Sul"]
        [history] = await talk.press(SUPPORT, choice, "Loja Sul")
        assert history.kind == "audit"
        await talk.create("shop")
        await talk.create("shop", user=OTHER_OWNER)
        ids = {row["id"] for row in await talk.sql("SELECT id FROM instances")}
        several = await talk.tell(SUPPORT, "/audit shop", STAFF_GROUP)
        assert {button["args"]["text"] for row in several.buttons for button in row} == {
            f"/audit {its}" for its in ids
        }


class TestMonths:
    @pytest.mark.parametrize("word", ["2026-03", "03/2026", "march", "March 2026", "mar"])
    async def test_are_taken_by_number_and_by_name(self, talk, word):
        assert (await talk.tell(ADMIN, f"/dryrun {word}", STAFF_GROUP)).kind == "dryrun"
        assert (await talk.tell(ADMIN, f"/report {word}", STAFF_GROUP)).kind == "report"


class TestDryRun:
    async def test_of_a_month_that_is_closed_shows_what_was_drawn_up(self, talk, number):
        said = await talk.tell(FINANCE, "/dryrun 2026-03", STAFF_GROUP)
        assert (said.facts["when"], said.facts["rows"][0]["lines"]) == ("closed", 1)
        assert "is closed already" in said.text
        assert "R$59.90" in said.text
        assert "would" not in said.text

    async def test_of_a_closed_month_without_invoices_says_so(self, talk, number):
        said = await talk.tell(FINANCE, "/dryrun 2026-01", STAFF_GROUP)
        assert "no invoice was drawn up" in said.text

    async def test_of_the_present_month_is_as_of_now(self, talk, number):
        said = await talk.tell(FINANCE, "/dryrun 2026-04", STAFF_GROUP)
        assert said.facts["when"] == "open"
        assert "would draw up, as of now" in said.text

    async def test_of_a_later_month_says_that_what_is_before_it_is_included(self, talk, number):
        said = await talk.tell(FINANCE, "/dryrun 2026-06", STAFF_GROUP)
        assert "Months before it" in said.text
        assert said.facts["rows"][0]["lines"] == 3


class TestInstance:
    async def test_history_names_no_staff_to_a_partner(self, talk):
        await talk.create("loja-1")
        its = (await talk.ids_by_name())["loja-1"]
        await talk.sql(
            "INSERT INTO audit SELECT id + 1, at, 'finance:12 Fin', 12, chat_id, channel,"
            " 'restore', kind, object_id, partner_id, before, after, amount_minor, currency,"
            " outcome, cause, hash FROM audit WHERE object_id = :its ORDER BY id DESC LIMIT 1",
            its=its,
        )
        card = await talk.tell(OWNER, "/show loja-1")
        assert "Fin" not in card.text
        assert "staff" in card.text
        assert "Olga" in card.text
        assert "Fin" not in str(card.facts)
