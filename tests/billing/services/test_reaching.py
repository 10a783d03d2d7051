"""Who cannot be reached, and who is told instead."""

from billing.partners import Role
from billing.services import reaching, surroundings
from billing.services.messages import Message
from tests.billing.services.people import GROUP

KEY = "notice:trial_24h:X"


async def noticed(world, *chats):
    """Say a notice to these."""

    async def unit(work):
        for chat_id in chats:
            facts = {"n": 1}
            message = Message(
                f"{KEY}:{chat_id}", chat_id, "notice_trial_24h", facts, reader=chat_id
            )
            await work.messages.say(message, at=work.now)

    await world.write(unit)
    await world.settle()


async def failed(world, chat_id):
    await world.sql(
        "UPDATE messages SET state = 'failed', sent_at = NULL WHERE key = :key RETURNING key",
        key=f"{KEY}:{chat_id}",
    )
    await world.write(lambda w: reaching.unreachable(w, chat_id, f"{KEY}:{chat_id}", "blocked"))


async def told_staff(world):
    await world.settle()
    return [one.facts["instead"] for one in world.sent if one.kind == "staff_unreachable"]


async def seen(world, user_id):
    """Let the bot hear from somebody."""
    await world.write(
        lambda work: work.people.save_person(
            reaching.Person(user_id, f"person {user_id}", "en", None), at=work.now
        )
    )


class TestANoticeThatCannotArrive:
    async def test_is_said_to_another_member_who_is_told_why_once(self, world, acme):
        await acme.joined(12, Role.VIEWER)
        await acme.joined(13, Role.OWNER)
        await seen(world, 12)
        await seen(world, 13)
        await noticed(world, 11)
        await failed(world, 11)
        await failed(world, 11)
        assert await told_staff(world) == ["person 13"]
        assert world.last(13, "notice_trial_24h").key == f"{KEY}:13"
        assert world.heard(12) == []
        assert [kind for _, kind in world.heard(13)] == ["notice_trial_24h", "told_instead"]
        assert await world.labels(f"{KEY}:13") == set()

    async def test_is_not_said_again_to_who_has_it(self, world, acme):
        await acme.joined(12, Role.OWNER)
        await seen(world, 12)
        await noticed(world, 11, 12)
        await failed(world, 11)
        assert await told_staff(world) == ["person 12"]
        kinds = [kind for _, kind in world.heard(12)]
        assert kinds == ["notice_trial_24h", "told_instead"]

    async def test_goes_to_the_staff_each_time_where_nobody_is_left(self, world, acme):
        await acme.joined(12, Role.OWNER)
        await acme.joined(14, Role.VIEWER)
        await seen(world, 12)
        await noticed(world, 11, 12)
        await failed(world, 12)
        await failed(world, 11)
        assert await told_staff(world) == ["person 11", None]

    async def test_is_forgotten_with_what_was_to_be_said(self, world, acme):
        await acme.joined(12, Role.OWNER)
        await seen(world, 12)
        await world.write(lambda w: reaching.unreachable(w, 11, f"{KEY}:11", "blocked"))
        assert await told_staff(world) == [None]

    async def test_that_telegram_refuses_leaves_nobody_blocked(self, world, acme):
        await noticed(world, 11)
        await world.sql(
            "UPDATE messages SET state = 'failed', sent_at = NULL WHERE key LIKE 'not%'"
        )
        await world.write(lambda w: reaching.refused(w, 11, f"{KEY}:11", "bad request"))
        assert await told_staff(world) == [None]
        person = await world.read(lambda work: work.people.person(11))
        assert person.blocked_at is None

    async def test_is_nobodys_where_nobody_is_known(self, world, acme):
        await acme.joined(15, Role.VIEWER)
        await world.write(lambda w: reaching.unreachable(w, 15, "notice:x:y:15", "gone"))
        await world.write(lambda w: reaching.unreachable(w, 99, "notice:x:y:99", "gone"))
        await world.write(lambda w: reaching.unreachable(w, 11, "answer:1", "gone"))
        await world.settle()
        told = [one.facts["person"] for one in world.sent if one.kind == "staff_unreachable"]
        assert told == ["15"]


async def test_a_topic_that_is_refused_is_told_in_its_group_and_not_tried_again(world, acme):
    await world.write(
        lambda work: surroundings.note(work, GROUP, status="administrator", forum=True, topics=True)
    )
    await world.write(lambda w: reaching.refused(w, GROUP, f"topic:X:{GROUP}", "no rights"))
    await world.settle()
    assert world.last(GROUP, "staff_no_topics").facts == {"why": "no rights"}
    standing = await world.read(lambda work: surroundings.standing(work, GROUP))
    assert standing.trouble == "no rights"
    assert not standing.opens_topics


async def test_a_partners_own_group_that_is_gone_is_bound_no_more(world, acme):
    await world.write(lambda work: work.groups.bind(-900, acme.partner_id, by=11, at=work.now))
    await world.write(lambda w: reaching.unreachable(w, -900, "answer:1", "kicked"))
    assert await world.read(lambda work: work.groups.owner(-900)) is None


async def test_who_cannot_be_reached_either_is_not_told_instead(world, acme):
    await acme.joined(12, Role.OWNER)
    await seen(world, 12)
    await noticed(world, 11, 12)
    # Telegram refused it, though the person has not blocked the bot.
    await world.sql(
        "UPDATE messages SET state = 'failed', sent_at = NULL WHERE key = :key RETURNING key",
        key=f"{KEY}:12",
    )
    await failed(world, 11)
    assert await told_staff(world) == [None]
