"""What the platform takes later, and what it has no call for: shown, done by people, voided."""

from datetime import timedelta

import pytest

from billing.instances import State
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.desk import claiming, undoing, waiting
from billing.services.desk.undoing import CannotUndo
from billing.services.facts import moment
from billing.services.instances import answered, platform
from billing.services.operations import Operation
from billing.services.ports import Account
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import FRED, GROUP, SAM


def progress(world, acme):
    return world.last(acme.chat_id, "progress").facts["items"]


def card(world):
    return world.last(GROUP, "staff_by_hand").facts


async def calls(world):
    rows = await world.sql("SELECT operation, state FROM platform_calls ORDER BY seq")
    return [(row["operation"], row["state"]) for row in rows]


async def a_task(world, acme, *, name="loja-1"):
    """Return an instance whose cancellation a person has to take back, and the call's id."""
    (loja,) = await acme.running(name)
    await acme.cancel(loja)
    world.unable.add("keep")
    await acme.keep(loja)
    (call,) = await world.read(lambda work: work.calls.by_hand())
    return loja, call.id


class TestQueued:
    async def test_says_until_when_and_alarms_nobody(self, world, acme):
        until = world.clock.at + timedelta(minutes=30)
        world.later["create"] = until
        (loja,) = await acme.new("loja-1")
        (item,) = progress(world, acme)
        assert item["at_platform"] == "queued"
        assert (await acme.get(loja)).state is State.CREATING
        assert world.heard(GROUP, "platform_trouble") == []
        await world.until_instant(until - timedelta(minutes=1))
        assert world.asked == []
        world.later.clear()
        await world.until_instant(until)
        assert world.asked == [("create", loja)]
        assert progress(world, acme)[0]["at_platform"] == "done"

    async def test_counts_no_attempt_and_fails_not(self, world, acme):
        world.later["create"] = world.clock.at + timedelta(minutes=30)
        await acme.new("loja-1")
        for _ in range(5):
            world.later["create"] += timedelta(minutes=30)
            await world.until_instant(world.clock.at + timedelta(minutes=30))
        (row,) = await world.sql("SELECT attempts FROM platform_calls")
        assert row["attempts"] == 0
        assert await world.read(lambda work: work.calls.failing()) == []

    async def test_until_an_instant_that_is_over_is_not_asked_without_a_pause(self, world, acme):
        world.later["create"] = world.clock.at
        await acme.new("loja-1")
        (row,) = await world.sql("SELECT queued_until FROM platform_calls")
        assert moment(row["queued_until"]) == world.clock.at + timedelta(seconds=5)
        world.later.clear()

    async def test_that_is_silent_afterwards_waits_for_its_answer(self, world, acme):
        world.later["create"] = world.clock.at + timedelta(minutes=30)
        await acme.new("loja-1")
        world.later.clear()
        world.silent.add("create")
        await world.until_instant(world.clock.at + timedelta(minutes=31))
        assert progress(world, acme)[0]["at_platform"] == "waiting"
        assert len(world.heard(GROUP, "platform_trouble")) == 1

    async def test_that_was_queued_for_a_person_as_well_is_tried_again_by_itself(self, world, acme):
        (loja,) = await acme.running("loja-1")
        until = world.clock.at + timedelta(days=40)
        world.later["delete"], world.by_person = until, True
        await acme.delete(loja)
        assert progress(world, acme)[0]["at_platform"] == "queued"
        assert card(world)["until"] is not None
        world.later.clear()
        await world.until_instant(until)
        assert world.asked[-1] == ("delete", loja)
        assert card(world)["state"] == "done"
        assert card(world)["by"] == ""

    async def test_is_not_found_late_by_the_audit(self, world, acme):
        (loja,) = await acme.running("loja-1")
        world.later["delete"] = world.clock.at + timedelta(days=40)
        await acme.delete(loja)
        # The nightly audit of the world looks when it ends.
        await world.until_instant(world.clock.at + timedelta(days=20))
        assert (await acme.get(loja)).state is State.DELETED


class TestByHand:
    async def test_is_a_card_for_staff_and_said_to_the_partner(self, world, acme):
        loja, call = await a_task(world, acme)
        assert progress(world, acme)[0]["at_platform"] == "by_hand"
        shown = card(world)
        assert (shown["id"], shown["operation"], shown["state"]) == (call, "keep", "open")
        assert (shown["platform"], shown["instance"], shown["label"]) == (
            "embedded",
            loja,
            f"loja-1-{loja}",
        )
        assert world.heard(GROUP, "platform_trouble") == []
        queue = await world.staff(SAM).do(waiting.queue)
        (waits,) = queue.kinds["by_hand"]
        assert waits.facts["name"] == "loja-1"
        assert queue.kinds["calls"] == []
        # Nobody asks the platform again, however long it takes.
        await world.until_instant(world.clock.at + timedelta(days=3))
        assert ("keep", loja) not in world.asked

    async def test_that_is_done_is_posted_audited_and_said(self, world, acme):
        loja, call = await a_task(world, acme)
        done = await world.staff(SAM).do(answered.done_by_hand, call)
        await world.settle()
        assert done.id == loja
        assert progress(world, acme)[0]["at_platform"] == "done"
        assert (card(world)["state"], card(world)["by"]) == ("done", "staff 3")
        assert "by_hand" in await world.actions(loja)
        with pytest.raises(AlreadyDone) as again:
            await world.staff(FRED).do(answered.done_by_hand, call)
        assert again.value.facts == {"action": "by_hand", "state": "done"}
        assert (await world.staff(SAM).do(waiting.queue)).kinds["by_hand"] == []

    async def test_cannot_be_undone(self, world, acme):
        _, call = await a_task(world, acme)
        await world.staff(SAM).do(answered.done_by_hand, call)
        with pytest.raises(CannotUndo) as refused:
            await world.staff(SAM).do(undoing.undo)
        assert refused.value.facts["instead"] == "by_hand"

    async def test_is_only_for_staff_and_only_what_there_is(self, world, acme):
        _, call = await a_task(world, acme)
        with pytest.raises(NoRight):
            await acme.do(answered.done_by_hand, call)
        with pytest.raises(NotFound):
            await world.staff(SAM).do(answered.done_by_hand, "nothing")
        (other,) = await world.sql("SELECT id FROM platform_calls WHERE operation = 'create'")
        with pytest.raises(NotFound):
            await world.staff(SAM).do(answered.done_by_hand, other["id"])

    async def test_is_claimed_and_handed_over(self, world, acme):
        _, call = await a_task(world, acme)
        await world.staff(SAM).do(claiming.claim, "by_hand", call)
        await world.settle()
        assert card(world)["claimed_by"] == "staff 3"
        (waits,) = (await world.staff(SAM).do(waiting.queue)).kinds["by_hand"]
        assert waits.claimed_by == "staff 3"
        await world.staff(SAM).do(claiming.hand_over, "by_hand", call)
        await world.staff(SAM).do(answered.done_by_hand, call)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(claiming.claim, "by_hand", call)

    async def test_of_a_days_extension_confirms_until_when_it_runs(self, world):
        firm = await a_firm(world)
        await firm.buys(60)
        (loja,) = await firm.new("loja-1")
        world.unable.add("extend")
        await firm.extend(30, loja)
        (call,) = await world.read(lambda work: work.calls.by_hand())
        await world.staff(SAM).do(answered.done_by_hand, call.id)
        account = await world.read(lambda work: work.instances.account(loja))
        assert account.confirmed_until == (await firm.get(loja)).active_until
        assert await firm.days() == 30


class TestWhatIsNewer:
    async def test_voids_what_it_makes_up_for(self, world, acme):
        loja, call = await a_task(world, acme)
        await acme.cancel(loja)
        assert world.asked[-1] == ("cancel", loja)
        assert (await calls(world))[-2:] == [("keep", "void"), ("cancel", "done")]
        assert card(world)["state"] == "void"
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(answered.done_by_hand, call)

    async def test_is_not_held_up_by_it(self, world, acme):
        (loja,) = await acme.new("loja-1")
        world.unable.add("subscribe")
        await acme.subscribe(loja)
        await acme.cancel(loja)
        assert world.asked[-1] == ("cancel", loja)
        # To be subscribed it is all the same, for as long as it runs.
        assert (await calls(world))[-2:] == [("subscribe", "open"), ("cancel", "done")]
        await acme.delete(loja)
        assert ("subscribe", "void") in await calls(world)

    @pytest.mark.parametrize(
        ("newer", "older", "made_up_for"),
        [
            ("cancel", "keep", True),
            ("keep", "cancel", True),
            ("stop", "keep", True),
            ("restart", "stop", True),
            ("extend", "stop", True),
            ("delete", "subscribe", True),
            ("cancel", "stop", False),
            ("cancel", "subscribe", False),
            ("restart", "subscribe", False),
            ("delete", "create", False),
            ("subscribe", "stop", False),
        ],
    )
    def test_makes_up_for_what_leaves_it_the_same(self, newer, older, made_up_for):
        assert platform.makes_up_for([Operation(newer)], older) is made_up_for


class TestRemote:
    async def test_is_what_is_known_of_it_there_its_token_opened(self, world, acme):
        (loja,) = await acme.running("loja-1")
        account = Account("", "r-1", "https://r-1.example")

        async def kept(work):
            locked = work.vault.lock("secret")
            there = Account(locked, account.remote_id, account.address)
            await work.instances.keep_account(loja, there)
            instance = await work.instances.by_id(loja)
            return await platform.remote(work, instance)

        remote = await world.write(kept)
        assert (remote.reference, remote.name, remote.token) == (loja, "loja-1", "secret")
        assert (remote.remote_id, remote.address) == ("r-1", "https://r-1.example")
        assert remote.ended_at is None
        await acme.cancel(loja)
        instance = await acme.get(loja)
        remote = await world.read(lambda work: platform.remote(work, instance))
        assert remote.ended_at == instance.cancelled_at

    async def test_is_where_its_programme_was_when_it_was_made(self, world, acme):
        chosen = {"integrator": "zapi"}
        world.store._platform_for = lambda programme: chosen.get(programme, "embedded")
        (first,) = await acme.new("loja-1")
        chosen["integrator"] = "whapi"
        (second,) = await acme.new("loja-2")
        assert [(await acme.get(it)).platform for it in (first, second)] == ["zapi", "whapi"]


@pytest.mark.parametrize("answer", ["silent", "later", "unable"])
async def test_an_answer_that_comes_when_a_person_has_done_it_changes_nothing(world, acme, answer):
    (loja,) = await acme.running("loja-1")
    world.later["delete"], world.by_person = world.clock.at + timedelta(days=40), True
    await acme.delete(loja)
    (call,) = await world.read(lambda work: work.calls.by_hand())
    await world.staff(SAM).do(answered.done_by_hand, call.id)
    at = world.clock.at + timedelta(hours=1)

    async def late(work):
        if answer == "silent":
            await answered.put_off(work, call, "no answer", attempts=1, until=at)
        elif answer == "later":
            await answered.queued(work, call, "not yet", until=at)
        else:
            await answered.unable(work, call, "no call")

    await world.write(late)
    assert await world.read(lambda work: work.calls.by_hand()) == []
    assert ("delete", "done") in await calls(world)
