"""Rows of what partners and staff say to each other, and of chats that moved."""

from dataclasses import replace
from datetime import timedelta

from billing.services.messages import Button, Message, Urgency
from billing.services.ports import Broadcast, Delivery, SupportMessage
from storage.delivery.sending import Sending
from tests.storage.stocked import NOW

OLD, NEW = -7, -100700
PARTNER = "P1"


def message(message_id="m1", **more):
    found = SupportMessage(
        id=message_id, partner_id=PARTNER, by_staff=False, user_id=11, chat_id=11, message_id=5,
        answers=None, text="Help", file=None, said_at=NOW,
    )  # fmt: skip
    return replace(found, **more)


class TestSupport:
    async def test_keeps_messages_as_they_are(self, desk):
        whole = message(
            "m2",
            by_staff=True,
            answers="m1",
            file="photo",
            answered_by=1,
            answered_at=NOW,
            album="a",
        )
        await desk.write(lambda work: work.support.add(message()))
        await desk.write(lambda work: work.support.add(whole))
        assert await desk.write(lambda work: work.support.get("m1")) == message()
        assert await desk.write(lambda work: work.support.get("m2")) == whole
        assert await desk.write(lambda work: work.support.get("m3")) is None
        assert await desk.write(lambda work: work.support.of_album(11, "a")) == whole
        assert await desk.write(lambda work: work.support.of_album(12, "a")) is None

    async def test_lets_wait_what_nobody_has_answered_oldest_first(self, desk):
        later = NOW + timedelta(hours=1)
        for one in (
            message("m3", said_at=later), message("m1"), message("m2", by_staff=True),
            message("m4", user_id=12),
        ):  # fmt: skip
            await desk.write(lambda work: work.support.add(one))  # noqa: B023
        waiting = await desk.write(lambda work: work.support.waiting())
        assert [one.id for one in waiting] == ["m1", "m4", "m3"]
        answered = await desk.write(lambda work: work.support.answer(message("m1"), by=1, at=later))
        assert answered == ["m1"]
        assert await desk.write(lambda work: work.support.answer(message("m1"), by=1, at=NOW)) == []
        waiting = await desk.write(lambda work: work.support.waiting())
        assert [one.id for one in waiting] == ["m4", "m3"]


class TestBroadcasts:
    async def test_are_kept_and_change_once_from_what_they_were(self, desk):
        asked = Broadcast("b1", "all", "News", (1, 2), [11, 12], 1, -7, NOW)
        bare = replace(asked, id="b2", copies=None)
        for one in (asked, bare):
            await desk.write(lambda work: work.broadcasts.add(one))  # noqa: B023
            assert await desk.write(lambda work: work.broadcasts.get(one.id)) == one  # noqa: B023
        going = replace(asked, receivers=[11], said=1, state="going")
        assert await desk.write(lambda work: work.broadcasts.save(going, was="asked"))
        assert not await desk.write(lambda work: work.broadcasts.save(going, was="asked"))
        assert await desk.write(lambda work: work.broadcasts.get("b1")) == going
        assert await desk.write(lambda work: work.broadcasts.get("b3")) is None

    async def test_are_counted_by_what_became_of_each(self, desk):
        for chat_id in range(1, 7):
            said = Message(f"broadcast:b1:{chat_id}", chat_id, "broadcast", {})
            await desk.write(lambda work: work.messages.say(said, at=NOW))  # noqa: B023
        fates = {1: "sent", 2: "failed", 3: "failed", 4: "ambiguous", 5: "sending"}
        for chat_id, state in fates.items():
            error = "Forbidden: bot was blocked by the user" if chat_id == 2 else "x"
            await desk.sql(
                f"UPDATE messages SET state = '{state}', error = '{error}',"
                f" sent_at = {7 if state == 'sent' else 'NULL'}"
                f" WHERE key = 'broadcast:b1:{chat_id}' RETURNING key"
            )
        found = await desk.write(lambda work: work.broadcasts.delivery("broadcast:b1:"))
        assert found == Delivery(sent=1, waiting=2, blocked=1, failed=1, unknown=1)
        nothing = await desk.write(lambda work: work.broadcasts.delivery("broadcast:b2:"))
        assert nothing == Delivery(0, 0, 0, 0, 0)


class TestWhatStands:
    async def test_is_found_by_its_place(self, desk):
        said = Message("card", 7, "text", {"a": 1}, topic="topic:a", thread_id=3)
        await desk.write(lambda work: work.messages.say(said, at=NOW))
        assert await desk.write(lambda work: work.messages.standing(7, 9)) is None
        await desk.sql("UPDATE messages SET message_id = 9 RETURNING key")
        found = await desk.write(lambda work: work.messages.standing(7, 9))
        assert (found.key, found.facts, found.topic, found.thread_id) == (
            "card", {"a": 1}, "topic:a", 3,
        )  # fmt: skip
        assert await desk.write(lambda work: work.messages.standing(8, 9)) is None


class TestAChatThatMoved:
    async def test_keeps_what_is_named_after_it(self, desk):
        card = Message(
            f"staff:x:{OLD}", OLD, "text", {}, [[Button("done", "done", {})]], Urgency.REPLY,
            topic="topic:a", thread_id=3, reply_to=4,
        )  # fmt: skip

        async def before(work):
            await work.messages.say(card, at=NOW)
            await work.support.add(message(chat_id=OLD))
            await work.broadcasts.add(Broadcast("b1", "all", "x", None, [], 1, OLD, NOW))
            await work.state.set(f"import:{OLD}:11", "kept")
            await work.state.set(f"group:{OLD}", "{}")
            await work.state.set("other", "kept")
            await work.groups.bind(OLD, PARTNER, by=11, at=NOW)

        await desk.write(before)
        await desk.write(lambda work: work.people.rename_chat(OLD, NEW))
        await desk.write(lambda work: work.people.rename_chat(OLD, NEW))
        found = await desk.write(lambda work: work.messages.get(f"staff:x:{NEW}"))
        assert (found.chat_id, found.topic, found.thread_id, found.reply_to) == (
            NEW, None, None, None,
        )  # fmt: skip
        (intent,) = await desk.sql("SELECT message_key, chat_id FROM intents")
        assert (intent["message_key"], intent["chat_id"]) == (f"staff:x:{NEW}", NEW)
        kept = await desk.write(lambda work: work.support.get("m1"))
        assert (kept.chat_id, kept.message_id) == (NEW, None)
        assert (await desk.write(lambda work: work.broadcasts.get("b1"))).chat_id == NEW
        assert await desk.write(lambda work: work.state.get(f"import:{NEW}:11")) == "kept"
        assert await desk.write(lambda work: work.state.get(f"group:{OLD}")) is None
        assert await desk.write(lambda work: work.state.get("other")) == "kept"
        assert await desk.write(lambda work: work.groups.owner(NEW)) == PARTNER

    async def test_leaves_alone_what_was_said_anew_there_by_then(self, desk):
        for chat_id in (OLD, NEW):
            said = Message(f"staff:x:{chat_id}", chat_id, "text", {"in": chat_id})
            await desk.write(lambda work: work.messages.say(said, at=NOW))  # noqa: B023
        await desk.write(lambda work: work.people.rename_chat(OLD, NEW))
        found = await desk.write(lambda work: work.messages.get(f"staff:x:{NEW}"))
        assert found.facts == {"in": NEW}


async def test_a_place_leaves_first(desk):
    for key, urgency in (("a", Urgency.MONEY), ("b", Urgency.PLACE)):
        said = Message(key, 7, "text", {}, urgency=urgency)
        await desk.write(lambda work: work.messages.say(said, at=NOW))  # noqa: B023
    heads = await desk.database.read(lambda tx: Sending(tx).heads(NOW, 10))
    assert [head.key for head in heads] == ["b"]
