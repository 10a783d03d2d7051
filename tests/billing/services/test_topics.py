"""Where the bot stands in its groups, and the topics that it opens there."""

import pytest

from billing.services import surroundings, topics
from tests.billing.services.people import GROUP


async def stand(world, *, status="administrator", forum=True, may=True):
    await world.write(
        lambda work: surroundings.note(work, GROUP, status=status, forum=forum, topics=may)
    )


class TestATopic:
    async def test_is_promised_once_with_what_is_said_in_it(self, world, acme):
        await stand(world)
        first = await world.write(lambda work: topics.of(work, GROUP, acme.partner_id))
        again = await world.write(lambda work: topics.of(work, GROUP, acme.partner_id))
        assert first == again == f"topic:{acme.partner_id}:{GROUP}"
        await world.settle()
        opened = [one for one in world.sent if one.kind == "staff_topic"]
        assert [one.facts["partner"] for one in opened] == ["Acme"]
        (row,) = await world.sql("SELECT message_id FROM messages WHERE kind = 'staff_topic'")
        thread = row["message_id"]
        assert await world.read(lambda work: topics.whose(work, GROUP, thread)) == acme.partner_id
        assert await world.read(lambda work: topics.whose(work, GROUP, None)) is None
        assert await world.read(lambda work: topics.whose(work, GROUP, 1)) is None

    @pytest.mark.parametrize(
        "standing",
        [{"forum": False}, {"may": False}, {"status": "left"}, None],
        ids=["no forum", "no right", "not there", "unknown"],
    )
    async def test_is_not_asked_for_where_it_cannot_be(self, world, acme, standing):
        if standing is not None:
            await stand(world, **standing)
        assert await world.write(lambda work: topics.of(work, GROUP, acme.partner_id)) is None

    async def test_that_is_there_is_used_without_the_right(self, world, acme):
        await stand(world)
        key = await world.write(lambda work: topics.of(work, GROUP, acme.partner_id))
        await stand(world, may=False)
        assert await world.write(lambda work: topics.of(work, GROUP, acme.partner_id)) == key
        await stand(world, forum=False)
        assert await world.write(lambda work: topics.of(work, GROUP, acme.partner_id)) is None

    async def test_that_was_refused_is_tried_again_under_other_rights(self, world, acme):
        await stand(world)
        await world.write(lambda work: topics.of(work, GROUP, acme.partner_id))
        await world.sql("UPDATE messages SET state = 'ambiguous' WHERE kind = 'staff_topic'")
        await world.write(lambda work: topics.of(work, GROUP, acme.partner_id))
        await world.settle()
        assert [one for one in world.sent if one.kind == "staff_topic"] == []
        world.clock.at = world.clock.at.replace(second=1)
        await stand(world, may=False)
        await stand(world)
        await world.write(lambda work: topics.of(work, GROUP, acme.partner_id))
        await world.settle()
        assert len([one for one in world.sent if one.kind == "staff_topic"]) == 1


class TestSurroundings:
    async def test_keep_since_when_they_are_as_they_are(self, world):
        await stand(world)
        before = await world.read(lambda work: surroundings.standing(work, GROUP))
        world.clock.at = world.clock.at.replace(second=1)
        await stand(world)
        assert await world.read(lambda work: surroundings.standing(work, GROUP)) == before
        await world.write(lambda work: surroundings.note_messages(work, GROUP, forum=True))
        assert await world.read(lambda work: surroundings.standing(work, GROUP)) == before
        await world.write(lambda work: surroundings.note_messages(work, GROUP, forum=False))
        after = await world.read(lambda work: surroundings.standing(work, GROUP))
        assert not after.forum
        assert after.since > before.since

    async def test_of_a_group_nobody_knows_are_not_guessed(self, world):
        await world.write(lambda work: surroundings.note_messages(work, -5, forum=True))
        await world.write(lambda work: surroundings.note_trouble(work, -5, "x"))
        assert await world.read(lambda work: surroundings.standing(work, -5)) is None

    async def test_tell_what_the_bot_hears(self, world):
        assert await world.read(surroundings.reads_all) is None
        for heard in (False, False, True):
            await world.write(lambda work: surroundings.note_bot(work, reads_all=heard))  # noqa: B023
            assert await world.read(surroundings.reads_all) is heard


async def test_a_group_is_known_by_its_title_without_a_change_of_rights(world):
    rights = {"status": "member", "forum": False, "topics": False}
    await world.write(lambda work: surroundings.note(work, GROUP, **rights, title="Desk"))
    first = await world.read(lambda work: surroundings.standing(work, GROUP))
    await world.write(lambda work: surroundings.note_messages(work, GROUP, forum=False, title="D"))
    await world.write(lambda work: surroundings.note(work, GROUP, **rights))
    after = await world.read(lambda work: surroundings.standing(work, GROUP))
    assert (after.title, after.since) == ("D", first.since)
