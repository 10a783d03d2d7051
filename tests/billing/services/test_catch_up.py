"""After an outage: nothing twice, nothing lost, nothing destroyed in haste."""

from datetime import datetime, timedelta

import pytest

from billing.instances import State
from tests.billing.samples import local, there
from tests.billing.services.people import Firm
from tests.billing.services.world import World, living

DOWN_FOR = {
    "1 minute": timedelta(minutes=1),
    "2 hours": timedelta(hours=2),
    "25 hours": timedelta(hours=25),
    "40 days": timedelta(days=40),
}
# Just before something happens, and in between, of a month in which an invoice stays unpaid.
BEGINS = [
    "2026-01-29 11:59", "2026-01-30 23:00", "2026-01-31 23:59", "2026-02-01 08:59",
    "2026-02-03 08:59", "2026-02-05 08:59", "2026-02-06 00:00", "2026-02-08 03:00",
    "2026-02-10 08:59", "2026-02-10 23:59", "2026-02-11 07:59", "2026-02-13 20:30",
    "2026-02-14 08:59", "2026-02-14 23:59", "2026-02-15 08:59", "2026-02-15 09:01",
]  # fmt: skip
# What has to be said however late it comes.
ALWAYS = {"notice_invoice_issued", "notice_stopped", "notice_deletion_tomorrow", "notice_deleted"}


async def a_month_with_an_outage(world: World, begin: str, length: timedelta) -> None:
    debtor = await world.enrolled(11, "Debtor")
    payer = await world.enrolled(12, "Payer")
    await debtor.running("runs", "leaves")
    await debtor.cancel(await debtor_id(world, "leaves"))
    await payer.running("stays")
    await debtor.new("tries")
    await some_time(world, payer, local(begin))
    world.clock.at += length
    await some_time(
        world, payer, max(world.clock.at + timedelta(days=22), local("2026-02-28 12:00"))
    )
    assert set((await debtor.states()).values()) == {State.DELETED}
    assert await payer.states() == {"stays": "active"}
    kinds = [kind for _, kind in debtor.heard("notice_")]
    assert set(kinds) >= ALWAYS
    world.nobody_was_woken(debtor.chat_id)
    world.nobody_was_woken(payer.chat_id)
    assert not [kind for _, kind in payer.heard("notice_stopped", "notice_del")]
    check_what_was_promised(world, debtor.chat_id)


async def some_time(world: World, payer: Firm, until: datetime) -> None:
    """Let the time pass; the payer pays what has come every other day."""
    while True:
        await world.until_instant(min(until, world.clock.at + timedelta(days=2)))
        for invoice in await payer.invoices():
            if invoice.owed:
                await payer.pays(str(invoice.period))
        if world.clock.at >= until:
            return


async def debtor_id(world: World, name: str) -> str:
    (row,) = await world.sql("SELECT id FROM instances WHERE name = :name", name=name)
    return str(row["id"])


def check_what_was_promised(world: World, chat_id: int) -> None:
    """The day that the last warning named is the day of the deletion, and the one after it."""
    warnings = [
        s for s in world.sent if (s.chat_id, s.kind) == (chat_id, "notice_deletion_tomorrow")
    ]
    deleted = world.last(chat_id, "notice_deleted")
    told = warnings[-1].facts["delete_on"]["$date"]
    assert there(deleted.at)[:10] >= told
    assert there(warnings[-1].at)[:10] < told
    assert [warning.facts["delete_on"] for warning in warnings] == sorted(
        (warning.facts["delete_on"] for warning in warnings), key=str
    )


@pytest.mark.parametrize("begin", BEGINS)
@pytest.mark.parametrize("down_for", DOWN_FOR)
async def test_an_outage_loses_nothing_doubles_nothing_and_destroys_nothing_in_haste(
    world, begin, down_for
):
    await a_month_with_an_outage(world, begin, DOWN_FOR[down_for])


@pytest.mark.long
@pytest.mark.parametrize("day", range(19))
@pytest.mark.parametrize("down_for", DOWN_FOR)
async def test_an_outage_may_begin_at_every_hour_of_the_month(day, down_for):
    for hour in range(24):
        begin = local("2026-01-29 00:00") + timedelta(days=day, hours=hour)
        async with living() as world:
            await a_month_with_an_outage(world, there(begin), DOWN_FOR[down_for])
