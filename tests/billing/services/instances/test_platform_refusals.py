"""What the platform refuses: taken back, put off, or told to the staff."""

from datetime import timedelta

import pytest

from billing.instances import State
from billing.services.operations import Operation
from tests.billing.services.people import GROUP


def progress(world, acme):
    """Return what the messages show of the calls, as edited last."""
    return world.last(acme.chat_id, "progress").facts["items"]


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
            "notice_trial_24h", "notice_trial_3h", "notice_trial_ended", "notice_trial_deleted",
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
