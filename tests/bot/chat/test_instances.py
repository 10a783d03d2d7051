"""Lists and refusals of a partner's own instances."""

import pytest

from bot.chat.cards.invoices import WaysToPay
from bot.chat.cards.partner import FILTERS
from bot.chat.chat import Chat
from tests.bot.chat.talk import ADMIN, OWNER, PAYER, STAFF_GROUP, STRANGER


class TestCancel:
    async def test_of_what_is_stopped_says_when_its_trial_ended(self, talk):
        await talk.create("loja-1")
        talk.later(days=3)
        await talk.sql("UPDATE instances SET state = 'stopped', stopped_at = trial_ends_at")
        said = await talk.tell(OWNER, "/cancel loja-1")
        assert "in its trial" not in said.text
        assert "Its trial ended" in said.text
        assert said.labels[:2] == ["subscribe", "delete"]


class TestList:
    async def test_offers_the_filters_that_leave_something(self, talk, number):
        await talk.create("loja-2")
        listed = await talk.tell(OWNER, "/list")
        assert listed.labels == ["loja-1", "loja-2", "trial", "active", "unpaid", "new", "home"]
        [trials] = await talk.press(OWNER, listed, "trial")
        assert trials.labels == ["loja-2", "all", "active", "unpaid", "new", "home"]

    async def test_without_instances_offers_no_filter(self, talk):
        assert (await talk.tell(OWNER, "/list")).labels == ["new", "home"]
        assert (await talk.tell(OWNER, "/list trial")).labels == ["all", "new", "home"]

    async def test_is_opened_at_a_page(self, talk):
        await talk.create(*(f"f{n}" for n in range(12)))
        first = await talk.tell(OWNER, "/list")
        assert [one["name"] for one in first.facts["items"]] == [f"f{n}" for n in range(10)]
        for words in ("2", "trial 2", "all 2", "99"):
            second = await talk.tell(OWNER, f"/list {words}")
            assert [one["name"] for one in second.facts["items"]] == ["f10", "f11"], words
        assert (await talk.tell(OWNER, "/list some 2")).facts["code"] == "no_such_filter"


class TestPay:
    async def test_names_whom_to_ask_only_where_that_is_known(self, talk, number):
        for name, told in (("Desk Ltda", "ask Desk Ltda"), (None, "Our staff send you")):
            talk.chat = Chat(talk.store, talk.bot, WaysToPay(name))
            assert told in (await talk.tell(PAYER, "/pay")).text


class TestNames:
    @pytest.mark.parametrize("word", ["todas", "Canceladas", "teste", "pendentes", "Trial"])
    async def test_that_stand_for_a_filter_are_refused(self, talk, word):
        await talk.create("loja-1")
        for text in (f"/new {word}", f"/rename loja-1 {word}"):
            assert (await talk.tell(OWNER, text)).facts["facts"]["why"] == "filter"
        assert list(await talk.states()) == ["loja-1"]

    async def test_said_twice_make_nothing(self, talk):
        said = await talk.tell(OWNER, "/new Loja X, loja x")
        assert said.facts["facts"]["why"] == "twice"
        assert "twice" in said.text
        assert await talk.states() == {}

    async def test_pasted_as_a_list_lose_its_dashes(self, talk):
        await talk.say(OWNER, "/new\n- loja sul\n• loja-norte")
        assert set(await talk.states()) == {"loja sul", "loja-norte"}

    async def test_in_one_line_lose_the_dash_and_keep_their_blanks(self, talk):
        await talk.say(OWNER, "/new - loja sul")
        assert set(await talk.states()) == {"loja sul"}

    async def test_that_are_pasted_to_name_instances_lose_their_dashes_too(self, talk):
        await talk.create("loja-1", "loja sul")
        said = await talk.tell(OWNER, "/subscribe\n- loja-1\n- loja sul")
        assert [one["name"] for one in said.facts["items"]] == ["loja-1", "loja sul"]

    async def test_that_may_have_been_one_are_followed_by_how_blanks_are_kept(self, talk):
        said = await talk.tell(OWNER, "/new Loja Centro")
        assert 'commas or lines: <code>/new "shop south"</code>' in said.text
        await talk.say(OWNER, '/new "Loja Sete"')
        assert "Loja Sete" in await talk.states()
        for words in ("/new loja-1 loja-2", "/new Loja Sul, Loja Norte", "/new Filial"):
            assert "with blanks" not in (await talk.tell(OWNER, words)).text


class TestFilters:
    async def test_are_called_as_the_states_are(self, talk, number):
        for words in ("subscribed", "assinadas"):
            assert (await talk.tell(OWNER, f"/list {words}")).facts["filter"] == "active"
        assert (await talk.tell(OWNER, "/list em teste")).facts["filter"] == "trial"

    async def test_that_there_are_not_are_answered_with_those_that_there_are(self, talk):
        said = await talk.tell(OWNER, "/list shops")
        assert "Trials" in said.text
        assert said.labels == list(FILTERS)
        [trials] = await talk.press(OWNER, said, "trial")
        assert trials.facts["filter"] == "trial"

    async def test_of_the_ended_show_them_and_how_deleted_ones_are_looked_at(self, talk):
        await talk.create("loja-1", "loja-2")
        await talk.press(OWNER, await talk.tell(OWNER, "/delete loja-2"), "confirm")
        await talk.carry_out()
        empty = await talk.tell(OWNER, "/list ended")
        assert "No instances here" in empty.text
        assert "1 deleted instance is not listed" in empty.text
        await talk.sql("UPDATE instances SET state = 'ended' WHERE name = 'loja-1'")
        for words in ("/list ended", "/list deleted", "/list excluídas"):
            said = await talk.tell(OWNER, words)
            assert [one["name"] for one in said.facts["items"]] == ["loja-1"]
            assert "<code>/show shop-1</code>" in said.text

    async def test_without_deleted_ones_hint_at_none(self, talk):
        assert "deleted" not in (await talk.tell(OWNER, "/list ended")).text

    async def test_of_the_stopped_point_to_what_is_unpaid(self, talk, number):
        await talk.sql("UPDATE instances SET state = 'overdue'")
        said = await talk.tell(OWNER, "/list stopped")
        assert "1 more is stopped for an unpaid invoice" in said.text


class TestDeleted:
    async def test_is_shown_by_its_name_and_has_no_token(self, talk):
        await talk.create("loja-1")
        await talk.press(OWNER, await talk.tell(OWNER, "/delete loja-1"), "confirm")
        await talk.carry_out()
        said = await talk.tell(OWNER, "/show loja-1")
        assert said.facts["state"] == "deleted"
        assert said.labels == ["list", "home"]

    async def test_is_said_to_be_where_something_is_asked_of_it(self, talk):
        await talk.create("loja-1", "loja-2")
        await talk.press(OWNER, await talk.tell(OWNER, "/delete loja-1"), "confirm")
        await talk.carry_out()
        for words in ("/keep loja-1", "/cancel loja-1"):
            said = await talk.tell(OWNER, words)
            assert (said.kind, said.facts["name"]) == ("was_deleted", "loja-1")
            assert "was deleted" in said.text

    async def test_yields_to_one_that_lives(self, talk):
        await talk.create("loja-1")
        await talk.press(OWNER, await talk.tell(OWNER, "/delete loja-1"), "confirm")
        await talk.carry_out()
        await talk.create("loja-1")
        assert (await talk.tell(OWNER, "/show loja-1")).facts["state"] == "trial"

    async def test_gives_no_token_to_a_button_of_before(self, talk):
        await talk.create("loja-1")
        card = await talk.tell(OWNER, "/show loja-1")
        await talk.press(OWNER, await talk.tell(OWNER, "/delete loja-1"), "confirm")
        await talk.carry_out()
        said = await talk.press(OWNER, card, "show_token")
        assert "secret" not in {one.kind for one in said}


class TestStoppedForNonPayment:
    async def test_cannot_be_kept_before_it_is_paid(self, talk, number):
        await talk.sql("UPDATE instances SET state = 'overdue'")
        said = await talk.tell(OWNER, "/cancel loja-1")
        assert "cannot be kept until that is paid" in said.text
        assert "take the cancellation back" not in said.text


class TestHold:
    async def test_names_the_day_beside_the_due_date(self, talk, number):
        await talk.say(ADMIN, f"/hold {number} 2026-04-20 bank strike", STAFF_GROUP)
        for words in ("/invoices", f"/invoice {number}", f"/pay {number}"):
            assert "you have until Mon 20 Apr" in (await talk.tell(OWNER, words)).text

    async def test_that_ends_years_from_now_is_refused_for_that(self, talk, number):
        said = await talk.tell(ADMIN, f"/hold {number} 2036-04-20 bank strike", STAFF_GROUP)
        assert "too far away" in said.text


class TestApplicants:
    async def test_who_wait_are_told_so(self, talk):
        await talk.say(STRANGER, "/apply Loja Nova")
        said = await talk.tell(STRANGER, "/new loja-1")
        assert (said.kind, said.facts["company"]) == ("applied", "Loja Nova")

    async def test_who_are_partners_are_not_asked_for_a_company(self, talk):
        said = await talk.tell(OWNER, "/apply")
        assert said.facts["code"] == "already_partner"
        assert "Loja Norte" in said.text

    async def test_who_were_approved_are_not_asked_by_their_card(self, talk):
        waiting = await talk.tell(STRANGER, "/apply Loja Nova")
        [card] = [one for one in await talk.messages() if one.kind == "application"]
        await talk.press(ADMIN, card, "approve")
        [card] = [one for one in await talk.messages() if one.kind == "application"]
        await talk.press(ADMIN, card, "integrator")
        [own] = [one for one in await talk.messages() if one.kind == "applied"]
        assert (own.key, own.labels) == (waiting.key, [])
        for label in ("migrate_yes", "apply_edit"):
            assert await talk.press(STRANGER, waiting, label) == []


class TestStaff:
    async def test_in_private_are_told_where_they_work(self, talk):
        said = await talk.tell(ADMIN, "/list")
        assert said.kind == "staff_greeting"
