"""Links are columns that nothing else of an instance touches, read by looks into an index."""

import pytest

from billing.instances import State
from billing.links import Link
from storage.engine.rows import RowMissing
from tests.engines import plan, sqlite_alone
from tests.storage.stocked import NOW, instance

UP = Link(connected=True, since=NOW)


@pytest.fixture
async def shop(desk):
    await desk.write(lambda work: work.instances.add(instance()))
    return desk


async def test_come_back_as_they_were_kept(shop):
    assert (await shop.read(lambda work: work.links.get("K7Q2M"))).link == Link()
    for link in (UP, Link(False, NOW, NOW), Link(False, NOW), Link()):
        await shop.write(lambda work, link=link: work.links.save("K7Q2M", link))
        assert (await shop.read(lambda work: work.links.get("K7Q2M"))).link == link
    assert await shop.read(lambda work: work.links.get("NONE1")) is None
    with pytest.raises(RowMissing):
        await shop.write(lambda work: work.links.save("NONE1", UP))


async def test_are_found_by_ids(shop):
    await shop.write(lambda work: work.links.save("K7Q2M", UP))
    found = await shop.read(lambda work: work.links.of_ids(["K7Q2M", "NONE1"]))
    assert found == {"K7Q2M": UP}


async def test_are_paged_by_platform_without_what_is_gone(shop):
    for nth, state in enumerate((State.ACTIVE, State.DELETED, State.TRIAL), start=1):
        more = instance(f"A000{nth}", name=f"n-{nth}", state=state)
        await shop.write(lambda work, more=more: work.instances.add(more))

    async def page(work, after):
        return [one.id for one in await work.links.page("embedded", after=after, limit=2)]

    assert await shop.read(lambda work: page(work, "")) == ["A0001", "A0003"]
    assert await shop.read(lambda work: page(work, "A0003")) == ["K7Q2M"]
    assert await shop.read(lambda work: work.links.page("zapi", after="", limit=2)) == []


HELD = "platform = 'x' AND id > 'A' AND state NOT IN ('deleted', 'failed') ORDER BY id LIMIT 9"
KNOWN = "platform = 'x' AND remote_id IS NOT NULL AND remote_id IN ('', 'r')"


@pytest.mark.parametrize(
    ("table", "where", "index"),
    [
        ("instances", HELD, "instances_held"),
        ("instances", KNOWN, "instances_by_remote_id"),
        ("platform_calls", "closed_at >= 1", "platform_calls_closed"),
        ("differences", "state = 'asked' AND not_before <= 1", "differences_asked"),
        # On an empty table PostgreSQL takes the one or the other index.
        pytest.param(
            "embedded_instances",
            "state <> 'deleted' AND id > 'A' ORDER BY id",
            "embedded_living",
            marks=sqlite_alone,
        ),
    ],
)
async def test_cost_no_more_however_much_there_was(desk, table, where, index):
    found = await plan(desk.database, f"SELECT * FROM {table} WHERE {where}")
    assert index in " ".join(found)
