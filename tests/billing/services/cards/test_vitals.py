"""Whether Stripe and the desk get on: the line of /health."""

from __future__ import annotations

from datetime import timedelta

from billing.services.cards import comparing, vitals
from billing.services.desk.health import Level
from billing.services.facts import micros
from tests.billing.services.cards.conftest import Desk
from tests.billing.services.desk.test_health import found


async def test_without_a_key_nothing_is_wrong_and_it_says_so(world):
    check = (await found(world))["cards"]
    assert (check.level, check.facts) == (Level.GOOD, {"set": False})


async def test_is_good_while_it_is_compared(desk: Desk) -> None:
    check = (await found(desk.world))["cards"]
    assert (check.level, check.facts["set"], check.facts["live"]) == (Level.GOOD, True, False)


async def test_is_wrong_where_nobody_knows_any_more_what_happened(desk: Desk) -> None:
    old = desk.world.clock.at - vitals.COMPARED_AGE - timedelta(seconds=1)
    await desk.world.write(lambda work: work.state.set(comparing.KEPT, str(micros(old))))
    check = (await found(desk.world))["cards"]
    assert (check.level, check.mend) == (Level.WRONG, "cards")
    assert check.facts["compared_at"] == old


async def test_what_is_kept_aside_waits_for_somebody(desk: Desk) -> None:
    await desk.world.sql(
        "INSERT INTO stripe_events (id, type, created_at, live, about, body, received_at,"
        " not_before, state) VALUES ('evt_1', 'invoice.paid', 1, 0, 'in_1', '{}', 1, 1,"
        " 'quarantined')"
    )
    check = (await found(desk.world))["cards"]
    assert (check.level, check.mend, check.facts["quarantined"]) == (Level.WARN, "cards_aside", 1)
