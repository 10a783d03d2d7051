"""Groups that are nobody's: how to bind them is said, and they are left."""

import pytest

from billing.services.access import SHARED_IDS
from billing.services.desk import strangers
from tests.billing.services.people import SOFIA

STRANGE = -500


async def added(world, by):
    await world.write(lambda work: strangers.met(work, STRANGE, by, "update:1"))
    await world.settle()
    return [sent.kind for sent in world.sent if sent.chat_id == STRANGE]


class TestAStrangeGroup:
    async def test_is_left_at_once_where_a_stranger_added_the_bot(self, world):
        assert await added(world, 77) == ["bind_hint", "leave_chat"]
        assert world.last(STRANGE, "bind_hint").facts == {"first": False, "leaves": "now"}

    @pytest.mark.parametrize("by", [SOFIA, 11, min(SHARED_IDS)], ids=["staff", "partner", "?"])
    async def test_is_left_after_an_hour_otherwise(self, world, acme, by):
        assert await added(world, by) == ["bind_hint"]
        await world.until("2026-01-28 13:05")
        assert world.heard(STRANGE)[1:] == [("2026-01-28 13:00", "leave_chat")]

    async def test_is_waited_for_while_there_is_no_staff_group(self, world):
        await world.sql("DELETE FROM staff_groups")
        assert await added(world, 77) == ["bind_hint"]
        assert world.last(STRANGE, "bind_hint").facts == {"first": True, "leaves": "later"}

    @pytest.mark.parametrize("whose", ["staff", "partner"])
    async def test_that_was_bound_is_stayed_in(self, world, acme, whose):
        await added(world, SOFIA)
        if whose == "staff":
            await world.write(lambda work: work.people.bind_group(STRANGE, by=1, at=work.now))
        else:
            await world.write(
                lambda work: work.groups.bind(STRANGE, acme.partner_id, by=11, at=work.now)
            )
        await world.until("2026-01-28 14:00")
        assert [kind for _, kind in world.heard(STRANGE)] == ["bind_hint"]
