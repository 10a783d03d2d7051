"""Calls to the platform: promised with their cause, posted once, whatever it answers."""

from datetime import timedelta

import pytest

from billing.instances import State
from billing.services.desk import overview, waiting
from billing.services.instances import answered, platform, progressing
from billing.services.operations import Operation
from billing.services.ports import Account
from billing.services.ports.platforms import Made
from tests.billing.services.people import GROUP, SAM


def progress(world, acme):
    """Return what the messages show of the calls, as edited last."""
    return world.last(acme.chat_id, "progress").facts["items"]


class TestACall:
    async def test_that_is_confirmed_twice_is_posted_once(self, world, acme):
        (loja,) = await acme.new("loja-1")
        (row,) = await world.sql("SELECT id FROM platform_calls")
        call = await world.read(lambda work: work.calls.get(row["id"]))
        before = await world.kept()
        await world.write(lambda work: answered.succeeded(work, call, Made("other")))
        await world.write(lambda work: answered.refused(work, call, "too late"))
        assert await world.kept() == before
        assert await world.actions(loja) == ["create", "platform.create"]

    async def test_that_has_to_become_so_is_not_tried_again_once_it_is_posted(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        (row,) = await world.sql("SELECT id FROM platform_calls WHERE operation = 'cancel'")
        call = await world.read(lambda work: work.calls.get(row["id"]))
        before = await world.kept()
        again = await world.write(lambda work: answered.refused(work, call, "too late"))
        assert again is None
        assert await world.kept() == before
        # What was promised behind it is no reason to void it, either.
        world.silent.add("keep")
        await acme.keep(loja)
        before = await world.kept()
        assert await world.write(lambda work: answered.refused(work, call, "too late")) is None
        assert await world.kept() == before

    async def test_that_is_refused_twice_gives_back_once_what_it_took(self, world, acme):
        await acme.new("runs")
        world.refusing["create"] = "full"
        await acme.new("fails")
        (row,) = await world.sql("SELECT id FROM platform_calls WHERE state = 'refused'")
        call = await world.read(lambda work: work.calls.get(row["id"]))
        before = await world.kept()
        assert await world.write(lambda work: answered.refused(work, call, "too late")) is None
        assert await world.kept() == before
        token = await world.read(lambda work: work.tokens.present(acme.partner_id))
        assert token.created == 1

    async def test_shows_in_its_message_how_far_it_is(self, world, acme):
        world.silent.add("create")
        await acme.new("loja-1", "loja-2")
        await world.until_instant(world.clock.at + timedelta(minutes=20))
        assert [item["at_platform"] for item in progress(world, acme)] == ["waiting"] * 2
        # Three times without an answer, and staff know; once.
        assert len(world.heard(GROUP, "platform_trouble")) == 2
        queue = await world.staff(SAM).do(waiting.queue)
        assert [call.facts["operation"] for call in queue.kinds["calls"]] == ["create", "create"]
        world.silent.clear()
        await world.until_instant(world.clock.at + timedelta(minutes=20))
        assert [item["at_platform"] for item in progress(world, acme)] == ["done"] * 2
        assert len(acme.heard("progress")) == 1
        # The trial begins when the platform has made it.
        (loja, _) = await world.read(lambda w: w.instances.of_partner(acme.partner_id))
        assert loja.trial_ends_at - loja.created_at == timedelta(hours=48)
        assert loja.created_at > world.sent[0].at

    @pytest.mark.parametrize(
        ("calls", "answers_at_once"),
        [
            (5, 1),
            (20, 4),  # The message has twenty lines: at each answer they would be read 20 times.
        ],
    )
    async def test_of_many_is_shown_by_the_fifth(self, world, acme, calls, answers_at_once):
        await acme.new(*[f"loja-{nth}" for nth in range(calls)])
        (row,) = await world.sql("SELECT version FROM messages WHERE kind = 'progress'")
        assert row["version"] == 1 + calls // answers_at_once
        assert [item["at_platform"] for item in progress(world, acme)] == ["done"] * calls

    async def test_of_many_that_is_put_off_leaves_none_of_the_others_unsaid(self, world, acme):
        ids = await acme.running(*[f"loja-{nth}" for nth in range(20)])
        world.silent.add("cancel")
        await acme.cancel(*ids[:7])
        await acme.delete(*ids)
        # What waits behind a cancellation that has no answer is not waited for.
        shown = sorted(item["at_platform"] for item in progress(world, acme))
        assert shown == ["done"] * 13 + ["open"] * 7
        world.silent.clear()
        await world.until_instant(world.clock.at + timedelta(hours=1))
        told = {s.facts["operation"]: s.facts["items"] for s in world.sent if s.kind == "progress"}
        assert [item["at_platform"] for item in told["delete"]] == ["done"] * 20

    async def test_without_a_message_of_its_own_shows_nothing(self, world, acme):
        (loja,) = await acme.new("loja-1")
        await world.until("2026-01-31 12:00")
        assert await acme.states() == {"loja-1": "deleted"}
        assert [item["at_platform"] for item in progress(world, acme)] == ["done"]
        await acme.do(_promise, loja, "another kind of message")
        await world.settle()

    async def test_whose_message_says_something_else_by_now_leaves_it(self, world, acme):
        world.silent.add("create")
        await acme.new("loja-1")
        await world.sql("UPDATE messages SET kind = 'home' WHERE kind = 'progress'")
        world.silent.clear()
        await world.until_instant(world.clock.at + timedelta(minutes=20))
        assert await acme.states() == {"loja-1": "trial"}
        assert await world.sql("SELECT 1 FROM messages WHERE kind = 'progress'") == []

    async def test_keeps_the_order_of_an_instance(self, world, acme):
        (loja,) = await acme.new("loja-1")
        world.silent.add("subscribe")
        await acme.subscribe(loja)
        await acme.cancel(loja)
        await acme.keep(loja)
        world.silent.clear()
        await world.until_instant(world.clock.at + timedelta(minutes=20))
        assert [operation for operation, _ in world.asked] == [
            "create", "subscribe", "cancel", "keep",
        ]  # fmt: skip

    async def test_without_a_token_of_the_instance_keeps_none(self, world, acme):
        world.silent.add("create")
        (loja,) = await acme.new("loja-1")
        (call,) = await world.read(lambda work: work.calls.open_by(work.now + timedelta(hours=1)))
        await world.write(lambda work: answered.succeeded(work, call))
        assert (await acme.get(loja)).state is State.TRIAL
        assert await world.read(lambda work: work.instances.account(loja)) == Account()
        assert (await world.read(lambda work: work.links.get(loja))).link.connected is None

    @pytest.mark.parametrize("connected", [True, False])
    async def test_that_made_it_says_whether_it_is_connected(self, world, acme, connected):
        world.silent.add("create")
        (loja,) = await acme.new("loja-1")
        (call,) = await world.read(lambda work: work.calls.open_by(work.now + timedelta(hours=1)))
        made = Made("tok", connected=connected)
        await world.write(lambda work: answered.succeeded(work, call, made))
        card = await acme.do(overview.instance_card, loja)
        assert card.link.connected is connected


async def _promise(work, actor, instance_id, key):
    instance = await work.instances.by_id(instance_id)
    await platform.promise(work, Operation.DELETE, instance, message_key=key)


class TestTheMessage:
    async def test_may_wait_a_moment_for_the_platforms_answer(self, world, acme):
        world.silent.add("create")
        await acme.new("loja-1")

        async def first(work):
            return await progressing.progress(work, "nothing", 11, "create", reader=None)

        said = await world.read(first)
        assert (said.facts["items"], said.facts["left"]) == ([], None)
        assert said.not_before == world.clock.at + progressing.PATIENCE

    @pytest.mark.parametrize(
        ("operation", "actions"),
        [
            ("create", {"subscribe", "instance_token", "list", "show", "home"}),
            ("subscribe", {"cancel", "list", "show", "home"}),
            ("cancel", {"keep", "list", "show", "home"}),
            ("keep", {"cancel", "list", "show", "home"}),
            ("delete", {"list", "home"}),
        ],
    )
    async def test_offers_what_can_be_done_next(self, world, acme, operation, actions):
        (loja,) = await acme.new("loja-1")
        steps = ["create", "subscribe", "cancel", "keep", "delete"]
        done = steps[1 : steps.index(operation) + 1]
        for step in done:
            await acme.act(Operation(step), loja)

        async def shown(work):
            (key,) = {
                call.message_key
                for call in [await work.calls.get(row["id"]) for row in rows]
                if call.operation == operation
            }
            return await progressing.progress(work, key, 11, operation, reader=11)

        rows = await world.sql("SELECT id FROM platform_calls")
        message = await world.read(shown)
        assert {button.action for row in message.buttons for button in row} == actions
