"""What partners and staff say to each other: kept, passed on, answered, and never lost."""

from dataclasses import replace

import pytest

from billing.partners import Role
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services import reaching
from billing.services.desk import claiming, waiting
from billing.services.support import cards, relaying
from billing.services.support.cards import Original
from billing.services.support.relaying import NobodyLinked, TooManyWaiting
from tests.billing.services.people import GROUP, SAM, SOFIA

OWN_GROUP = -900


def said(text="Help", chat_id=11, message_id=5, file=None):
    return Original(text, chat_id, message_id, file)


@pytest.fixture
async def asked(acme):
    return await acme.do(relaying.ask, said())


async def unanswered(world):
    return [waits.facts["text"] for waits in await world.read(waiting._messages)]


class TestAQuestion:
    async def test_is_shown_to_the_staff_and_waits(self, world, acme, asked):
        await world.settle()
        card = world.last(GROUP, "support_card")
        assert card.facts["support"] == asked.id
        assert (card.facts["partner"], card.facts["text"]) == ("Acme", "Help")
        assert await world.labels(f"support:{asked.id}") == {"claim", "done", "partner"}
        assert await unanswered(world) == ["Help"]
        assert (await world.actions(asked.id)) == ["support"]

    async def test_waits_with_no_more_than_twenty_of_a_person(self, world, acme):
        viewer = await acme.joined(12, Role.VIEWER)
        for nth in range(relaying.MOST_WAITING):
            last = await acme.do(relaying.ask, said(message_id=nth))
        with pytest.raises(TooManyWaiting):
            await acme.do(relaying.ask, said(message_id=99))
        await viewer.do(relaying.ask, said(chat_id=12, message_id=100))
        await world.staff().do(relaying.done, last.id)
        await acme.do(relaying.ask, said(message_id=99))

    async def test_takes_along_what_was_sent_together_with_it(self, world, acme):
        first = await acme.do(relaying.ask, replace(said(file="photo"), album="a"))
        assert await world.read(lambda work: work.support.of_album(11, "a")) == first
        await acme.do(relaying.add, said("", message_id=6, file="photo"), first)
        await acme.do(relaying.add, said("", message_id=7), first)
        await world.settle()
        files = [one.facts["copies"] for one in world.sent if one.kind == "support_file"]
        assert files == [[11, 5], [11, 6]]
        assert await unanswered(world) == ["Help"]
        other = await world.enrolled(12, "Bazar")
        with pytest.raises(NotFound):
            await other.do(relaying.add, said("", 12, 6, "photo"), first)

    async def test_can_be_looked_at_by_staff(self, world, acme, asked):
        assert await world.staff(SAM).do(relaying.look, asked.id) == asked
        with pytest.raises(NoRight):
            await acme.do(relaying.look, asked.id)

    async def test_of_a_stranger_is_not_passed_on(self, world):
        with pytest.raises(NoRight):
            await world.person(77).do(relaying.ask, said(chat_id=77))

    async def test_that_is_long_goes_on_below_its_card_and_its_file_after_that(self, world, acme):
        text = "x" * 4000
        message = await acme.do(relaying.ask, said(text, file="photo"))
        await world.settle()
        kinds = [sent.kind for sent in world.sent if sent.chat_id == GROUP][-4:]
        assert kinds == ["support_card", "support_more", "support_more", "support_file"]
        shown = [one.facts.get("text", "") for one in world.sent if "support" in one.kind]
        assert "".join(shown[-4:]) == text
        assert world.last(GROUP, "support_file").facts["copies"] == [11, 5]
        assert message.file == "photo"

    async def test_without_its_place_has_no_file(self):
        assert replace(said(file="photo"), message_id=None).copies is None
        assert cards.pieces("") == [""]

    async def test_with_only_a_file_is_listed_as_one(self, world, acme):
        await acme.do(relaying.ask, said("", file="photo"))
        assert await unanswered(world) == ["📎"]

    async def test_can_be_claimed_and_handed_over(self, world, acme, asked):
        await world.staff(SAM).do(claiming.claim, "support", asked.id)
        await world.settle()
        assert world.last(GROUP, "support_card").facts["claimed_by"] == "staff 3"
        await world.staff(SAM).do(claiming.hand_over, "support", asked.id)
        await world.staff(SAM).do(relaying.done, asked.id)
        with pytest.raises(AlreadyDone):
            await world.staff().do(claiming.claim, "support", asked.id)

    async def test_that_needs_no_answer_is_done_once(self, world, acme, asked):
        await world.staff(SAM).do(relaying.done, asked.id)
        await world.settle()
        assert world.last(GROUP, "support_card").facts["answered_by"] == "staff 3"
        assert await world.labels(f"support:{asked.id}") == {"partner"}
        with pytest.raises(AlreadyDone):
            await world.staff().do(relaying.done, asked.id)
        with pytest.raises(NotFound):
            await world.staff().do(relaying.done, "none")
        assert await unanswered(world) == []


class TestAnAnswer:
    async def test_goes_to_who_asked_as_a_reply(self, world, acme, asked):
        await acme.joined(12, Role.OWNER)
        chats = await world.staff().do(relaying.answer, said("Here", GROUP, 8), asked.id)
        assert chats == [11]
        await world.settle()
        assert world.last(11, "staff_says").facts["text"] == "Here"
        (row,) = await world.sql("SELECT reply_to FROM messages WHERE key LIKE 'said:%'")
        assert row["reply_to"] == 5
        assert await unanswered(world) == []

    async def test_settles_what_its_reader_had_said_until_then_and_nothing_later(self, world, acme):
        viewer = await acme.joined(12, Role.VIEWER)
        await viewer.do(relaying.ask, said("another's", 12))
        first = await acme.do(relaying.ask, said("one"))
        world.clock.at = world.clock.at.replace(minute=1)
        second = await acme.do(relaying.ask, said("two"))
        world.clock.at = world.clock.at.replace(minute=2)
        await acme.do(relaying.ask, said("three"))
        await world.staff().do(relaying.answer, said("yes", GROUP, 8), second.id)
        assert await unanswered(world) == ["another's", "three"]
        kept = await world.read(lambda work: work.support.get(first.id))
        assert kept.answered_by == SOFIA

    async def test_is_answered_in_the_chat_where_staff_said_it(self, world, acme, asked):
        await world.staff().do(relaying.answer, said("Here", GROUP, 8), asked.id)
        (theirs,) = await world.sql("SELECT id FROM support_messages WHERE by_staff = 1")
        back = await acme.do(relaying.ask, said("Thanks", message_id=9), answers=theirs["id"])
        (row,) = await world.sql(
            "SELECT reply_to FROM messages WHERE key = :key", key=f"support:{back.id}:{GROUP}"
        )
        assert row["reply_to"] == 8
        elsewhere = await world.staff().do(relaying.answer, said("?", -101, 3), back.id)
        assert elsewhere == [11]
        again = await acme.do(relaying.ask, said("Ok"), answers=asked.id)
        (row,) = await world.sql(
            "SELECT reply_to FROM messages WHERE key = :key", key=f"support:{again.id}:{GROUP}"
        )
        assert row["reply_to"] is None

    async def test_goes_to_the_owners_where_who_asked_is_gone(self, world, acme):
        viewer = await acme.joined(12, Role.VIEWER)
        message = await viewer.do(relaying.ask, said("Hi", 12))
        await world.write(lambda work: work.people.remove_member(12))
        assert await world.staff().do(relaying.answer, said("Yes", GROUP, 8), message.id) == [11]
        await world.write(lambda work: work.people.remove_member(11))
        with pytest.raises(NobodyLinked):
            await world.staff().do(relaying.answer, said("Yes", GROUP, 8), message.id)

    async def test_goes_to_the_partners_group_where_it_was_asked_there(self, world, acme):
        await world.write(
            lambda work: work.groups.bind(OWN_GROUP, acme.partner_id, by=11, at=work.now)
        )
        message = await replace(acme, chat_id=OWN_GROUP).do(relaying.ask, said("Hi", OWN_GROUP))
        chats = await world.staff().do(relaying.answer, said("Yes", GROUP, 8), message.id)
        assert chats == [OWN_GROUP]
        await world.settle()
        assert world.last(OWN_GROUP, "staff_says").facts["text"] == "Yes"

    async def test_with_a_short_text_stands_beside_its_file(self, world, acme, asked):
        await world.staff().do(relaying.answer, said("See", GROUP, 8, "document"), asked.id)
        await world.settle()
        assert world.last(11, "staff_says").facts["copies"] == [GROUP, 8]
        long = "x" * 2000
        await world.staff().do(relaying.answer, said(long, GROUP, 9, "document"), asked.id)
        await world.settle()
        kinds = [sent.kind for sent in world.sent if sent.chat_id == 11][-3:]
        assert kinds == ["staff_says", "staff_says_more", "staff_says"]
        assert world.last(11, "staff_says").facts["text"] == ""


class TestSaying:
    async def test_reaches_all_members_or_those_with_a_role(self, world, acme):
        await acme.joined(12, Role.VIEWER)
        partner, people = await world.staff(SAM).do(
            relaying.say, acme.partner_id, said("Hello", GROUP, 8)
        )
        assert (partner.name, people) == ("Acme", 2)
        await world.settle()
        assert world.last(12, "staff_says").facts["text"] == "Hello"
        _, people = await world.staff(SAM).do(
            relaying.say, acme.partner_id, said("x", GROUP, 9), roles=frozenset({Role.OWNER})
        )
        assert people == 1
        with pytest.raises(NobodyLinked):
            await world.staff().do(
                relaying.say, acme.partner_id, said("x", GROUP, 9), roles=frozenset({Role.MANAGER})
            )

    async def test_what_answers_it_goes_to_the_owners_of_then(self, world, acme):
        await world.staff().do(relaying.say, acme.partner_id, said("Hello", GROUP, 8))
        (theirs,) = await world.sql("SELECT id FROM support_messages")
        chats = await world.staff().do(relaying.answer, said("And", GROUP, 9), theirs["id"])
        assert chats == [11]


class TestNotArriving:
    async def test_is_told_where_it_was_said_and_somebody_else_is_told_instead(
        self, world, acme, asked
    ):
        await acme.joined(12, Role.VIEWER)
        world.blocked.add(11)
        await world.staff().do(relaying.answer, said("Here", GROUP, 8), asked.id)
        await world.settle()
        told = world.last(GROUP, "staff_undelivered")
        assert told.facts["person"] == "person 11"
        assert told.facts["instead"] == "12", "nobody has heard of it yet"
        assert world.last(12, "staff_says").facts["instead_of"] == "person 11"

    async def test_leaves_out_who_blocked_the_bot_as_well(self, world, acme, asked):
        await acme.joined(12, Role.OWNER)
        await world.person(12).do(relaying.ask, said("x", 12))
        world.blocked |= {11, 12}
        await world.staff().do(relaying.answer, said("Here", GROUP, 8), asked.id)
        await world.settle()
        told = [sent.facts["instead"] for sent in world.sent if sent.kind == "staff_undelivered"]
        assert told == ["person 12", None]

    async def test_of_what_nobody_knows_changes_nothing(self, world, acme, asked):
        before = await world.kept()
        await world.write(lambda work: reaching.refused(work, 11, "said:none:11", "x"))
        await world.write(lambda work: reaching.refused(work, GROUP, f"support:{asked.id}:1", "x"))
        await world.write(lambda work: reaching.refused(work, GROUP, "support:none:1:file:5", "x"))
        assert await world.kept() == before

    async def test_of_a_file_is_told_to_who_sent_it(self, world, acme):
        message = await acme.do(relaying.ask, said("", file="photo"))
        key = f"support:{message.id}:{GROUP}:file:5"
        await world.write(lambda work: reaching.refused(work, GROUP, key, "not found"))
        await world.settle()
        assert world.last(11, "support_not_passed_on").facts == {"support": message.id}

    async def test_from_a_group_that_moved_is_not_copied(self, world, acme, asked):
        await acme.joined(12, Role.OWNER)
        await world.staff().do(relaying.answer, said("Here", GROUP, 8), asked.id)
        await world.write(lambda work: work.people.rename_chat(GROUP, -777))
        (row,) = await world.sql("SELECT key FROM messages WHERE key LIKE 'said:%'")
        await world.write(lambda work: reaching.unreachable(work, 11, row["key"], "blocked"))
        assert list(await world.sql("SELECT 1 FROM messages WHERE chat_id = 12")) == []
