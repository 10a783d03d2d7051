"""Lists and refusals of a partner's own instances."""

from bot.chat.cards.invoices import WaysToPay
from bot.chat.chat import Chat
from tests.bot.chat.talk import OWNER, PAYER


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


class TestPay:
    async def test_names_whom_to_ask_only_where_that_is_known(self, talk, number):
        for name, told in (("Desk Ltda", "ask Desk Ltda"), (None, "Our staff send you")):
            talk.chat = Chat(talk.store, talk.bot, WaysToPay(name))
            assert told in (await talk.tell(PAYER, "/pay")).text
