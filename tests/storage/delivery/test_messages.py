"""A message is said once under its key, and its buttons are its own."""

import asyncio
import json
from dataclasses import replace

import pytest

from billing.calendar import Month
from billing.money import Money
from billing.services.messages import Button, Message, Urgency
from storage.delivery.messages import BUTTONS_LAST
from storage.delivery.sending import Sending
from tests.storage.stocked import DAY, HOUR, NOW

OK = Button("ok", "approve", {"application": "A1", "price": Money(5, "BRL")}, once=True)
NO = Button("no", "decline", {"application": "A1"})
CARD = Message("application:A1:5", 5, "application", {"month": Month(2026, 3)}, [[OK, NO]])


async def say(desk, message: Message, at=NOW) -> None:
    await desk.write(lambda work: work.messages.say(message, at=at))


async def stored(desk, key: str = CARD.key):
    (row,) = await desk.sql("SELECT * FROM messages WHERE key = :key", key=key)
    return row


async def shown(desk, key: str = CARD.key) -> list[str]:
    row = await stored(desk, key)
    return [button["intent"] for line in json.loads(row["buttons"]) for button in line]


def intent(desk, intent_id: str, at=NOW):
    return desk.read(lambda work: work.messages.intent(intent_id, at=at))


class TestSay:
    async def test_keeps_what_is_said(self, desk):
        message = replace(
            CARD,
            urgency=Urgency.REMINDER,
            reader=7,
            reply_to=3,
            not_before=NOW + HOUR,
            useful_until=NOW + DAY,
        )
        await say(desk, message)
        found = await desk.read(lambda work: work.messages.get(CARD.key))
        assert found == replace(message, buttons=())
        assert await desk.read(lambda work: work.messages.get("nothing")) is None

    async def test_stores_buttons_as_a_sender_wants_them(self, desk):
        await say(desk, CARD)
        buttons = json.loads((await stored(desk))["buttons"])
        first, second = await shown(desk)
        assert buttons == [
            [
                {
                    "label": "ok",
                    "args": {"application": "A1", "price": {"$money": [5, "BRL"]}},
                    "intent": first,
                },
                {"label": "no", "args": {"application": "A1"}, "intent": second},
            ]
        ]

    async def test_the_very_same_again_changes_nothing(self, desk):
        await say(desk, CARD)
        before = await stored(desk)
        await say(desk, CARD, NOW + HOUR)
        assert await stored(desk) == before
        assert (await intent(desk, (await shown(desk))[0])).current

    @pytest.mark.parametrize(
        "other",
        [
            replace(CARD, facts={"month": Month(2026, 4)}),
            replace(CARD, kind="decided"),
            replace(CARD, reader=9),
            replace(CARD, chat_id=6),
            replace(CARD, buttons=[[OK]]),
            replace(CARD, buttons=[[OK], [NO]]),
            replace(CARD, buttons=[[OK, replace(NO, action="other")]]),
            replace(CARD, buttons=[[OK, replace(NO, once=True)]]),
        ],
    )
    async def test_anew_makes_the_buttons_of_before_old(self, desk, other):
        await say(desk, CARD)
        old = await shown(desk)
        await say(desk, other)
        assert (await stored(desk))["version"] == 2
        assert [(await intent(desk, one)).current for one in old] == [False, False]
        assert all([(await intent(desk, one)).current for one in await shown(desk)])

    async def test_what_was_taken_back_again_keeps_its_buttons(self, desk):
        await say(desk, CARD)
        await desk.sql("UPDATE messages SET state = 'superseded'")
        before = await shown(desk)
        await say(desk, CARD)
        row = await stored(desk)
        assert (row["state"], row["version"]) == ("queued", 2)
        assert await shown(desk) == before
        assert (await intent(desk, before[0])).current

    async def test_that_is_rolled_back_leaves_no_button(self, desk):
        async def fails(work):
            await work.messages.say(CARD, at=NOW)
            raise LookupError

        with pytest.raises(LookupError):
            await desk.write(fails)
        assert await desk.sql("SELECT * FROM intents") == []


class TestIntent:
    async def test_tells_what_a_button_stands_for(self, desk):
        await say(desk, replace(CARD, reader=7))
        first, second = await shown(desk)
        found = await intent(desk, first)
        assert (found.action, found.args, found.once) == ("approve", OK.args, True)
        assert (found.message_key, found.chat_id, found.reader) == (CARD.key, 5, 7)
        assert (found.current, found.used_at) == (True, None)
        assert (await intent(desk, second)).action == "decline"

    async def test_is_none_for_an_id_nobody_was_given(self, desk):
        assert await intent(desk, "x" * 22) is None

    async def test_expires(self, desk):
        await say(desk, CARD)
        (first, _) = await shown(desk)
        last = NOW + BUTTONS_LAST
        found = await intent(desk, first, last - HOUR)
        assert found.expires_at == last
        assert await intent(desk, first, last) is None
        assert not await desk.write(lambda w: w.messages.use(first, by=7, at=last))
        assert await desk.write(lambda work: work.messages.forget_expired(last - HOUR)) == 0
        assert await desk.write(lambda work: work.messages.forget_expired(last)) == 2


class TestUse:
    async def test_is_won_by_one_of_two_hundred(self, desk):
        await say(desk, CARD)
        (first, second) = await shown(desk)
        used = await asyncio.gather(
            *(desk.write(lambda w, n=n: w.messages.use(first, by=n, at=NOW)) for n in range(200))
        )
        assert sum(used) == 1
        assert (await intent(desk, first)).used_at == NOW
        assert (await intent(desk, second)).used_at is None


class TestDelivery:
    async def test_is_known_by_the_beginning_of_the_key(self, desk):
        keys = ("deletion_tomorrow:I1:5", "deletion_tomorrow:I1:6", "deletion_tomorrow:I12:5")
        for key in keys:
            await say(desk, replace(CARD, key=key, chat_id=hash(key)))
        accepted = lambda prefix: desk.read(  # noqa: E731
            lambda work: work.messages.accepted_at(prefix)
        )
        assert await accepted("deletion_tomorrow:I1:") is None

        async def send(tx, key: str, at) -> None:
            await Sending(tx).begin(key, NOW)
            await Sending(tx).sent(key, 1, 1, at)

        await desk.database.write(lambda tx: send(tx, keys[2], NOW))
        assert await accepted("deletion_tomorrow:I1:") is None
        await desk.database.write(lambda tx: send(tx, keys[1], NOW + DAY))
        await desk.database.write(lambda tx: send(tx, keys[0], NOW + HOUR))
        assert await accepted("deletion_tomorrow:I1:") == NOW + HOUR

    async def test_is_refused_where_it_can_never_arrive(self, desk):
        await say(desk, CARD)
        refused = lambda: desk.read(  # noqa: E731
            lambda work: work.messages.refused("application:A1")
        )
        assert not await refused()
        await desk.database.write(lambda tx: Sending(tx).begin(CARD.key, NOW))
        await desk.database.write(lambda tx: Sending(tx).failed(CARD.key, 1, "blocked"))
        assert await refused()

    async def test_is_not_refused_where_only_an_edit_failed(self, desk):
        await say(desk, CARD)
        await desk.sql("UPDATE messages SET state = 'failed', message_id = 1, sent_at = 1")
        assert not await desk.read(lambda work: work.messages.refused("application:A1"))

    async def test_takes_back_what_was_not_sent_yet(self, desk):
        keys = ("notice:due:I1:5", "notice:due:I1:6", "notice:due:I12:5")
        for key in keys:
            await say(desk, replace(CARD, key=key, chat_id=hash(key)))
        await desk.database.write(lambda tx: Sending(tx).begin(keys[1], NOW))
        await desk.database.write(lambda tx: Sending(tx).sent(keys[1], 1, 1, NOW))
        await say(desk, replace(CARD, key=keys[1], chat_id=hash(keys[1]), facts={"changed": 1}))
        await desk.write(lambda work: work.messages.take_back("notice:due:I1:"))
        rows = await desk.sql("SELECT key, state FROM messages ORDER BY key")
        # What stands in the chat is still brought up to date.
        assert [row["state"] for row in rows] == ["queued", "superseded", "queued"]
