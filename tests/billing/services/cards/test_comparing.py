"""The hourly comparison: what it looks at, when, and how much at once."""

from datetime import timedelta

import pytest

from billing.services.cards import comparing
from billing.services.facts import moment
from tests.billing.services.cards.conftest import Desk

HOUR = timedelta(hours=1)


async def looked_at(desk: Desk) -> list[str]:
    """Compare, an hour after the last time, and return what was looked at for it."""
    desk.world.clock.at += HOUR
    await desk.world.sql("DELETE FROM stripe_events WHERE type = 'look'")
    await desk.stripe.compare(desk.world)
    rows = await desk.world.sql("SELECT about FROM stripe_events WHERE type = 'look' ORDER BY 1")
    return [row["about"] for row in rows]


async def test_what_runs_is_looked_at_once_a_day(desk: Desk) -> None:
    subscription_id = await desk.pays()
    assert await looked_at(desk) == [subscription_id]
    assert await looked_at(desk) == []
    desk.world.clock.at += timedelta(days=1)
    assert await looked_at(desk) == [subscription_id]


async def test_what_is_overdue_is_looked_at_each_hour(desk: Desk) -> None:
    subscription_id = await desk.pays()
    await looked_at(desk)
    desk.stripe.tells = False
    period_ends = (await desk.subscription()).period_ends_at
    assert period_ends is not None
    desk.world.clock.at = period_ends
    for _ in range(3):
        assert await looked_at(desk) == [subscription_id]


async def test_what_waits_for_money_is_looked_at_each_hour(desk: Desk) -> None:
    session = await desk.begins()
    for _ in range(3):
        assert await looked_at(desk) == [session.session_id]


async def test_many_are_looked_at_a_page_a_minute(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "PAGE", 1)
    first = await desk.pays()
    (desk.instance_id,) = await desk.firm.new("loja-2")
    second = await desk.pays()
    (desk.instance_id,) = await desk.firm.new("loja-3")
    waiting = await desk.begins()
    assert await looked_at(desk) == sorted([first, second, str(waiting.session_id)])
    rows = await desk.world.sql(
        "SELECT not_before FROM stripe_events WHERE type = 'look' AND about IN (:one, :two)"
        " ORDER BY not_before",
        one=first,
        two=second,
    )
    early, late = (moment(row["not_before"]) for row in rows)
    assert late - early == comparing.APART
