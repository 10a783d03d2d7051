"""/undo and the Undo button."""

from tests.bot.chat.talk import ADMIN, BOT, FINANCE, OWNER, STAFF_GROUP, STRANGER, SUPPORT, replying


class TestUndo:
    async def test_by_its_button_is_for_who_did_it_and_once(self, talk):
        card = await talk.tell(SUPPORT, "/freeze Loja Norte spam", STAFF_GROUP)
        assert card.labels == ["undo"]
        refused = await talk.press(ADMIN, card, "undo")
        assert [one.facts.get("code") for one in refused] == ["nothing_to_undo"]
        said = await talk.press(SUPPORT, card, "undo")
        assert {one.kind for one in said} >= {"undone", "partner_unfreeze"}
        assert "no longer frozen" in next(one for one in said if one.kind == "undone").text
        assert await talk.press(SUPPORT, card, "undo") == []

    async def test_by_words_in_portuguese_takes_back_a_decline(self, talk):
        await talk.say(STRANGER, "/apply Padaria Sol")
        card = next(one for one in await talk.messages() if one.kind == "application")
        await talk.press(SUPPORT, card, "decline")
        await talk.say(SUPPORT, "no tax id", STAFF_GROUP, **replying(BOT["id"]))
        said = await talk.say(SUPPORT, "/desfazer", STAFF_GROUP)
        assert {one.kind for one in said} == {"undone", "application", "applied", "reopened"}
        own = next(one for one in said if one.kind == "applied")
        assert own.labels == ["migrate_yes", "apply_edit"]

    async def test_of_a_payment_asks_as_unpaid_does(self, talk, number):
        shown = await talk.tell(OWNER, f"/invoice {number}")
        owed = shown.facts["owed"].minor
        await talk.say(FINANCE, f"/paid {number} {owed / 100:.2f} E2E7", STAFF_GROUP)
        question = await talk.tell(FINANCE, "/undo", STAFF_GROUP)
        assert (question.kind, question.facts["what"]) == ("ask", "unpaid")
        assert "R$59.90" in question.text
        assert "E2E7" in question.text
        assert "Loja Norte" in question.text
        reply = replying(BOT["id"])
        card = await talk.tell(FINANCE, "booked twice", STAFF_GROUP, **reply)
        assert "confirm" in card.labels

    async def test_of_a_statement_asks_of_its_last_payment_and_names_the_others(self, talk, number):
        await talk.create("loja-2")
        await talk.press(OWNER, await talk.tell(OWNER, "/subscribe loja-2"), "confirm")
        await talk.carry_out()
        talk.later(days=30)
        second = await talk.close(2026, 4)
        rows = f"01/05/2026;59,90;E1;PIX {number}\n01/05/2026;119,80;E2;PIX {second}\n"
        shown = await talk.tell(
            FINANCE, f"/paid\nData;Valor;Documento;Histórico\n{rows}", STAFF_GROUP
        )
        await talk.press(FINANCE, shown, "confirm")
        question = await talk.tell(FINANCE, "/undo", STAFF_GROUP)
        assert (question.facts["number"], question.facts["reference"]) == (second, "E2")
        assert f"/unpaid {number}" in question.text

    async def test_names_people_and_not_their_ids(self, talk):
        await talk.say(ADMIN, f"/staff {STRANGER} support", STAFF_GROUP)
        await talk.say(STRANGER, "/queue", STAFF_GROUP)
        talk.later(minutes=1)
        said = await talk.tell(ADMIN, "/undo", STAFF_GROUP)
        assert "Steve" in said.text

    async def test_says_what_to_do_instead(self, talk):
        await talk.say(SUPPORT, "/grant Loja Norte", STAFF_GROUP)
        refused = await talk.tell(SUPPORT, "/undo", STAFF_GROUP)
        assert refused.facts["code"] == "cannot_undo"
        assert "/freeze" in refused.text
        await talk.say(SUPPORT, "/say Loja Norte hello", STAFF_GROUP)
        refused = await talk.tell(SUPPORT, "/undo", STAFF_GROUP)
        assert "<code>/say</code>" in refused.text.splitlines()[0]
        nothing = await talk.tell(FINANCE, "/undo", STAFF_GROUP)
        assert nothing.facts["code"] == "nothing_to_undo"

    async def test_is_not_for_partners(self, talk):
        assert (await talk.tell(OWNER, "/undo")).facts["code"] == "no_right"
