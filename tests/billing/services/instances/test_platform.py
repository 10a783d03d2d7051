"""Calls to the platform: promised with their cause, posted once, whatever it answers."""

from datetime import timedelta

import pytest

from billing.instances import State
from billing.services.desk import overview
from billing.services.instances import platform, progressing
from billing.services.operations import Operation
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
        await world.write(lambda work: platform.succeeded(work, call, Made("other")))
        await world.write(lambda work: platform.refused(work, call, "too late"))
        assert await world.kept() == before
        assert await world.actions(loja) == ["create", "platform.create"]

    async def test_that_has_to_become_so_is_not_tried_again_once_it_is_posted(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        (row,) = await world.sql("SELECT id FROM platform_calls WHERE operation = 'cancel'")
        call = await world.read(lambda work: work.calls.get(row["id"]))
        before = await world.kept()
        again = await world.write(lambda work: platform.refused(work, call, "too late"))
        assert again is None
        assert await world.kept() == before
        # What was promised behind it is no reason to void it, either.
        world.silent.add("keep")
        await acme.keep(loja)
        before = await world.kept()
        assert await world.write(lambda work: platform.refused(work, call, "too late")) is None
        assert await world.kept() == before

    async def test_that_is_refused_twice_gives_back_once_what_it_took(self, world, acme):
        await acme.new("runs")
        world.refusing["create"] = "full"
        await acme.new("fails")
        (row,) = await world.sql("SELECT id FROM platform_calls WHERE state = 'refused'")
        call = await world.read(lambda work: work.calls.get(row["id"]))
        before = await world.kept()
        assert await world.write(lambda work: platform.refused(work, call, "too late")) is None
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
        queue = await world.staff(SAM).do(overview.queue)
        assert [call.operation for call, _ in queue.calls] == ["create", "create"]
        world.silent.clear()
        await world.until_instant(world.clock.at + timedelta(minutes=20))
        assert [item["at_platform"] for item in progress(world, acme)] == ["done"] * 2
        assert len(acme.heard("progress")) == 1
        # The trial begins when the platform has made it.
        (loja, _) = await world.read(lambda w: w.instances.of_partner(acme.partner_id))
        assert loja.trial_ends_at - loja.created_at == timedelta(hours=48)
        assert loja.created_at > world.sent[0].at

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
        await world.write(lambda work: platform.succeeded(work, call))
        assert (await acme.get(loja)).state is State.TRIAL
        assert await world.read(lambda work: work.instances.token(loja)) is None
        assert await world.read(lambda work: work.instances.connected(loja)) is None

    @pytest.mark.parametrize("connected", [True, False])
    async def test_that_made_it_says_whether_it_is_connected(self, world, acme, connected):
        world.silent.add("create")
        (loja,) = await acme.new("loja-1")
        (call,) = await world.read(lambda work: work.calls.open_by(work.now + timedelta(hours=1)))
        made = Made("tok", connected=connected)
        await world.write(lambda work: platform.succeeded(work, call, made))
        card = await acme.do(overview.instance_card, loja)
        assert card.connected is connected


async def _promise(work, actor, instance_id, key):
    instance = await work.instances.by_id(instance_id)
    await platform.promise(work, Operation.DELETE, instance, message_key=key)


class TestARefusal:
    async def test_of_a_creation_uses_nothing_up_and_is_told(self, world, acme):
        world.refusing["create"] = "no numbers left"
        (loja,) = await acme.new("loja-1")
        assert (await acme.get(loja)).state is State.FAILED
        assert progress(world, acme)[0]["why"] == "no numbers left"
        assert world.last(GROUP, "platform_trouble").facts["why"] == "no numbers left"
        rows = await world.read(lambda work: work.audit.about(loja, limit=1))
        assert rows[0].outcome == "refused: no numbers left"
        await world.until("2026-02-05 12:00")
        assert acme.heard("notice") == []

    async def test_of_a_creation_without_a_token_gives_none_back(self, world, acme):
        world.silent.add("create")
        (loja,) = await acme.new("loja-1")
        await world.sql("UPDATE instances SET token_id = NULL")
        await world.sql("UPDATE tokens SET created = 0")
        world.refusing["create"] = "no"
        world.silent.clear()
        await world.until_instant(world.clock.at + timedelta(minutes=20))
        assert (await acme.get(loja)).state is State.FAILED

    async def test_of_a_subscription_gives_the_trial_back(self, world, acme):
        (loja,) = await acme.new("loja-1")
        world.refusing["subscribe"] = "not yet"
        await acme.subscribe(loja)
        assert await acme.states() == {"loja-1": "trial"}
        await world.until("2026-02-02 12:00")
        assert await acme.states() == {"loja-1": "deleted"}
        assert await acme.invoices() == []
        assert [kind for _, kind in acme.heard("notice_trial")] == [
            "notice_trial_24h", "notice_trial_3h", "notice_trial_ended",
        ]  # fmt: skip

    async def test_of_a_subscription_after_the_trial_leaves_a_day_to_try_again(self, world, acme):
        (loja,) = await acme.new("loja-1")
        world.silent.add("subscribe")
        await acme.subscribe(loja)
        await world.until("2026-01-31 15:00")
        world.silent.clear()
        world.refusing["subscribe"] = "not yet"
        await world.until("2026-01-31 16:00")
        assert await acme.states() == {"loja-1": "stopped"}
        assert world.asked[-1] == ("stop", loja)
        assert [kind for _, kind in acme.heard("notice_trial")] == ["notice_trial_ended"]
        world.refusing.clear()
        await world.until("2026-02-01 14:59")
        await acme.subscribe(loja)
        assert await acme.states() == {"loja-1": "active"}

    async def test_of_a_subscription_of_what_was_stopped_is_deleted_a_day_later(self, world, acme):
        (loja,) = await acme.new("loja-1")
        await world.until("2026-01-30 18:00")
        world.refusing["subscribe"] = "not yet"
        await acme.subscribe(loja)
        assert await acme.states() == {"loja-1": "stopped"}
        await world.until("2026-01-31 18:00")
        assert await acme.states() == {"loja-1": "deleted"}
        # That its trial ended was said when it did.
        assert len(acme.heard("notice_trial_ended")) == 1

    async def test_of_a_classic_subscription_is_a_task_for_staff(self, world):
        firm = await world.enrolled(programme="integrator-classic")
        world.silent.add("subscribe")
        await firm.running("loja-1")
        await world.until("2026-01-31 12:00")
        world.silent.clear()
        world.refusing["subscribe"] = "no"
        await world.until("2026-01-31 13:00")
        assert await firm.states() == {"loja-1": "stopped"}
        assert len(world.heard(GROUP, "staff_delete_task")) == 1

    @pytest.mark.parametrize(
        ("then", "state"), [("cancel", "trial"), ("delete", "deleted"), ("", "trial")]
    )
    async def test_of_a_subscription_that_was_undone_meanwhile_owes_nothing(
        self, world, acme, then, state
    ):
        (loja,) = await acme.new("loja-1")
        world.silent.add("subscribe")
        await acme.subscribe(loja)
        if then:
            await acme.act(Operation(then), loja)
        world.silent.clear()
        world.refusing |= {"subscribe": "no", "cancel": "what is that?"}
        await world.until_instant(world.clock.at + timedelta(minutes=30))
        assert await acme.states() == {"loja-1": state}
        await world.until("2026-03-05 12:00")
        assert await acme.invoices() == []
        assert acme.heard("notice_service") == []

    async def test_of_a_subscription_that_comes_after_the_close_leaves_no_invoice(
        self, world, acme
    ):
        await world.until("2026-01-31 12:00")
        runs, asked = await acme.new("runs", "asked")
        await acme.subscribe(runs)
        world.silent.add("subscribe")
        await acme.subscribe(asked)
        await world.until("2026-02-01 12:00")
        assert await acme.billed() == {"2026-01": ["runs 2026-01"]}
        world.silent.clear()
        world.refusing["subscribe"] = "no"
        await world.until("2026-03-01 12:00")
        assert (await acme.billed())["2026-02"] == ["runs 2026-02"]

    async def test_that_did_not_come_lets_the_next_close_bill_what_the_last_one_left_out(
        self, world, acme
    ):
        await world.until("2026-01-31 12:00")
        world.silent.add("subscribe")
        await acme.running("loja-1")
        await world.until("2026-02-01 12:00")
        assert await acme.invoices() == []
        world.silent.clear()
        await world.until("2026-03-01 12:00")
        assert await acme.billed() == {"2026-02": ["loja-1 2026-01", "loja-1 2026-02"]}

    @pytest.mark.parametrize("operation", ["cancel", "keep", "stop", "restart", "delete"])
    async def test_of_anything_else_is_told_once_and_tried_until_it_is_done(
        self, world, acme, operation
    ):
        (loja,) = await acme.running("loja-1")
        world.refusing[operation] = "no"
        if operation in {"cancel", "keep"}:
            await acme.cancel(loja)
        if operation == "keep":
            await acme.keep(loja)
        elif operation == "delete":
            await acme.delete(loja)
        elif operation != "cancel":
            await world.until("2026-02-12 12:00")
        if operation == "restart":
            await acme.pays("2026-01")
        await world.until_instant(world.clock.at + timedelta(hours=5))
        assert world.last(GROUP, "platform_trouble").facts["operation"] == operation
        assert len(world.heard(GROUP, "platform_trouble")) == 1
        if operation not in {"stop", "restart"}:
            assert [item["at_platform"] for item in progress(world, acme)] == ["waiting"]
        tried = [a for a in await world.actions(loja) if a == f"platform.{operation}"]
        assert len(tried) == 1
        assert (operation, loja) not in world.asked
        world.refusing.clear()
        await world.until_instant(world.clock.at + timedelta(hours=1))
        assert world.asked[-1] == (operation, loja)
        if operation not in {"stop", "restart"}:
            assert [item["at_platform"] for item in progress(world, acme)] == ["done"]

    async def test_of_what_something_newer_stands_behind_gives_way_to_it(self, world, acme):
        (loja,) = await acme.running("loja-1")
        world.refusing |= dict.fromkeys(("cancel", "keep", "stop"), "no")
        await acme.cancel(loja)
        await acme.keep(loja)
        await world.until_instant(world.clock.at + timedelta(hours=2))
        # The cancellation was given up for the wish to keep it, and its message says so.
        rows = await world.sql("SELECT operation, state FROM platform_calls ORDER BY seq")
        assert [(row["operation"], row["state"]) for row in rows[2:]] == [
            ("cancel", "void"), ("keep", "open"),
        ]  # fmt: skip
        shown = [sent.facts for sent in world.sent if sent.kind == "progress"]
        told = {facts["operation"]: facts["items"][0]["at_platform"] for facts in shown}
        assert (told["cancel"], told["keep"]) == ("void", "waiting")
        await world.until("2026-02-12 12:00")
        assert ("stop", loja) not in world.asked
        await acme.pays("2026-01")
        await world.until_instant(world.clock.at + timedelta(hours=2))
        assert world.asked[-1] == ("restart", loja)
        await acme.delete(loja)
        assert world.asked[-1] == ("delete", loja)
        assert await world.sql("SELECT 1 FROM platform_calls WHERE state = 'open'") == []

    async def test_of_a_stop_does_not_give_way_to_a_cancellation(self, world, acme):
        (loja,) = await acme.running("loja-1")
        world.refusing["stop"] = "no"
        await world.until("2026-02-12 12:00")
        await acme.cancel(loja)
        world.refusing.clear()
        await world.until_instant(world.clock.at + timedelta(hours=2))
        assert world.asked[-2:] == [("stop", loja), ("cancel", loja)]

    async def test_of_a_subscription_calls_off_the_stop_behind_it(self, world, acme):
        await acme.running("runs")
        await world.until("2026-02-10 23:00")
        world.silent.add("subscribe")
        (tries,) = await acme.new("tries")
        await acme.subscribe(tries)
        await world.until("2026-02-11 12:00")
        world.silent.clear()
        world.refusing["subscribe"] = "no"
        await world.until("2026-02-11 13:00")
        assert await acme.states() == {"runs": "overdue", "tries": "trial"}
        # Not stopped there either.
        assert ("stop", tries) not in world.asked
        assert await world.sql("SELECT 1 FROM platform_calls WHERE state = 'open'") == []

    async def test_of_a_subscription_whose_service_is_over_stops_it_all_the_same(self, world, acme):
        (loja,) = await acme.new("loja-1")
        world.silent.add("subscribe")
        await acme.subscribe(loja)
        await acme.cancel(loja)
        await world.until("2026-02-28 12:00")
        assert await acme.states() == {"loja-1": "ended"}
        world.silent.clear()
        world.refusing["subscribe"] = "no"
        await world.until("2026-02-28 13:00")
        assert world.asked == [("create", loja), ("stop", loja)]

    async def test_of_what_was_stopped_for_an_invoice_goes_with_the_rest(self, world, acme):
        await acme.running("runs")
        await world.until("2026-02-10 23:00")
        world.silent.add("subscribe")
        (tries,) = await acme.new("tries")
        await acme.subscribe(tries)
        await world.until("2026-02-11 12:00")
        assert await acme.states() == {"runs": "overdue", "tries": "overdue"}
        world.silent.clear()
        world.refusing["subscribe"] = "no"
        await world.until("2026-02-11 13:00")
        assert await acme.states() == {"runs": "overdue", "tries": "trial"}
        await world.until("2026-02-16 12:00")
        assert set((await acme.states()).values()) == {"deleted"}


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
