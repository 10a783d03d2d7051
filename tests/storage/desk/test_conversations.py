"""A chat's open question and last list are each person's own."""

from billing.money import Money
from tests.storage.stocked import NOW

ARGS = {"price": Money(5, "BRL"), "at": NOW, "ids": ["A", "B"]}


class TestQuestions:
    async def test_are_replaced_and_answered_once(self, desk):
        await desk.write(lambda work: work.conversations.ask(5, 7, "company", {}))
        await desk.write(lambda work: work.conversations.ask(5, 7, "amount", ARGS))
        question = await desk.read(lambda work: work.conversations.question(5, 7))
        assert question == ("amount", ARGS)
        await desk.write(lambda work: work.conversations.answered(5, 7))
        assert await desk.read(lambda work: work.conversations.question(5, 7)) is None

    async def test_are_not_another_persons(self, desk):
        await desk.write(lambda work: work.conversations.ask(5, 7, "company", {}))
        assert await desk.read(lambda work: work.conversations.question(5, 8)) is None
        assert await desk.read(lambda work: work.conversations.question(6, 7)) is None


class TestLists:
    async def test_hold_what_was_shown_last_in_its_order(self, desk):
        assert await desk.read(lambda work: work.conversations.shown_list(5, 7)) == []
        await desk.write(lambda work: work.conversations.show_list(5, 7, ["A"]))
        await desk.write(lambda work: work.conversations.show_list(5, 7, ["C", "B"]))
        assert await desk.read(lambda work: work.conversations.shown_list(5, 7)) == ["C", "B"]
