"""/health and /settings."""

from tests.bot.chat.talk import ADMIN, FINANCE, OWNER, STAFF_GROUP, SUPPORT


class TestHealth:
    async def test_says_what_is_wrong_first_and_how_to_mend_it(self, talk):
        await talk.say(ADMIN, "/halt maintenance", STAFF_GROUP)
        card = await talk.tell(SUPPORT, "/health", STAFF_GROUP)
        head, first, mend, *_ = card.text.splitlines()
        assert "needs care" in head
        assert "maintenance" in first
        assert "/resume" in mend
        await talk.say(ADMIN, "/resume", STAFF_GROUP)
        [again] = await talk.press(SUPPORT, card, "refresh")
        assert "All is well" in again.text

    async def test_is_for_staff(self, talk):
        assert (await talk.tell(OWNER, "/health")).facts["code"] == "no_right"


class TestSettings:
    async def test_show_the_terms_and_where_they_are_changed(self, talk):
        card = await talk.tell(ADMIN, "/configuracoes", STAFF_GROUP)
        assert card.kind == "settings"
        assert "billing/programmes/integrator.toml" in card.text
        assert "/programme PARTNER NAME" in card.text

    async def test_choose_which_cards_come_into_this_group(self, talk):
        card = await talk.tell(ADMIN, "/settings", STAFF_GROUP)
        assert {"takes_money", "takes_desk"} <= set(card.labels)
        [again] = await talk.press(ADMIN, card, "takes_money")
        assert "leaves_money" in again.labels
        health = await talk.tell(SUPPORT, "/health", STAFF_GROUP)
        assert "no group takes: Money" in health.text
        [back] = await talk.press(ADMIN, again, "leaves_money")
        assert "takes_money" in back.labels

    async def test_are_for_admins(self, talk):
        assert (await talk.tell(FINANCE, "/settings", STAFF_GROUP)).facts["code"] == "no_right"
