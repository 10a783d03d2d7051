"""Staff act for a partner: with a manager's rights, in their own name, and not in secret."""

from dataclasses import replace

import pytest

from billing.partners import Right, Role
from billing.refusals import NoRight, NotFound
from billing.services.desk import behalf, overview
from billing.services.instances import creation, progressing
from billing.services.operations import Operation
from billing.services.partners import leaving
from tests.billing.services.people import GROUP, SAM


def acting(partner_id, use_case, *args, **named):
    """Return a use case that is done for a partner, which is told of it."""

    async def done(work, actor):
        acts = await behalf.acting(work, actor, partner_id)
        result = await use_case(work, acts, *args, **named)
        await behalf.tell(work, acts)
        return result

    return done


class TestActing:
    async def test_is_named_with_both_and_told(self, world, acme):
        await acme.joined(12, Role.VIEWER)
        (made,) = await world.staff(SAM).do(
            acting(acme.partner_id, creation.create, ["loja-1"], message_key="answer:1")
        )
        assert made.partner_id == acme.partner_id
        rows = await world.read(lambda work: work.audit.about(made.id, limit=5))
        assert rows[-1].actor == f"support:3 staff 3 for {acme.partner_id}"
        await world.settle()
        told = world.last(11, "acted_for")
        assert told.facts["acts"] == [{"action": "create", "kind": "instance", "object": "loja-1"}]
        assert told.facts["more"] == 0
        assert world.heard(12, "acted_for") == []

    async def test_that_changes_nothing_is_not_told(self, world, acme):
        await world.staff(SAM).do(acting(acme.partner_id, overview.instances_of))
        await world.settle()
        assert world.heard(11, "acted_for") == []

    async def test_of_many_tells_the_first(self, world, acme):
        names = [f"loja-{n}" for n in range(12)]
        await world.staff(SAM).do(
            acting(acme.partner_id, creation.create, names, message_key="answer:1")
        )
        await world.settle()
        facts = world.last(11, "acted_for").facts
        assert (len(facts["acts"]), facts["more"]) == (behalf.SHOWN, 2)

    async def test_is_no_more_than_a_managers(self, world, acme):
        with pytest.raises(NoRight) as refused:
            await world.staff().do(acting(acme.partner_id, leaving.look))
        assert refused.value.facts == {"right": Right.OWN}

    async def test_is_the_staffs_and_for_a_partner_that_is_there(self, world, acme):
        with pytest.raises(NoRight):
            await acme.do(acting(acme.partner_id, overview.instances_of))
        with pytest.raises(NotFound):
            await world.staff().do(acting("none", overview.instances_of))
        assert world.heard(GROUP, "acted_for") == []


async def test_what_is_read_by_who_acted_stays_marked_and_offers_no_buttons_of_the_partners(
    world, acme
):
    async def create(work, actor):
        acts = await behalf.acting(work, actor, acme.partner_id)
        key = "answer:77"
        await creation.create(work, acts, ["loja-1"], message_key=key)
        said = await progressing.progress(work, key, GROUP, Operation.CREATE, reader=SAM)
        marked = replace(said, facts={**said.facts, "on_behalf": "Acme"})
        await work.messages.say(marked, at=work.now)

    await world.staff(SAM).do(create)
    await world.settle()
    shown = world.last(GROUP, "progress")
    assert shown.facts["on_behalf"] == "Acme"
    assert [item["at_platform"] for item in shown.facts["items"]] == ["done"]
    rows = await world.sql("SELECT buttons FROM messages WHERE key = 'answer:77'")
    assert rows[0]["buttons"] == "[]"
