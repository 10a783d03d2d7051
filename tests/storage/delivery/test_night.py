"""What would wake somebody waits for the morning of its zone, however late it comes to be sent."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.delivery.outbox import Outbox
from tests.storage.delivery.test_outbox import begin, database, row, say, sent

__all__ = ["database"]

# In São Paulo three hours earlier.
NIGHT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
MORNING = datetime(2026, 3, 2, 11, tzinfo=UTC)
QUIET = {"quiet_zone": "America/Sao_Paulo", "class_": "money"}


class TestWhatWouldWakeSomebody:
    async def test_is_put_off_until_the_morning(self, database):
        await database.write(say(**QUIET))
        assert await begin(database, now=NIGHT) is None
        assert await begin(database, now=MORNING - timedelta(seconds=1)) is None
        kept = await row(database)
        assert (kept["state"], kept["attempts"]) == ("queued", 0)
        assert await database.read(lambda tx: Outbox(tx).next_due(NIGHT)) == MORNING
        assert await begin(database, now=MORNING) is not None

    async def test_is_dropped_in_the_morning_where_it_is_of_no_use_by_then(self, database):
        await database.write(say(useful_until=MORNING, **QUIET))
        assert await begin(database, now=NIGHT) is None
        assert await begin(database, now=MORNING) is None
        assert (await row(database))["state"] == "superseded"

    async def test_is_what_is_sent_anew_and_not_what_is_edited(self, database):
        await database.write(say(**QUIET))
        await begin(database)
        await sent(database)
        await database.write(say(facts={"n": 2}, **QUIET))
        assert await begin(database, now=NIGHT) is not None

    @pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
    async def test_is_nothing_that_was_asked_for_or_comes_by_day(self, database, zone):
        await database.write(say(quiet_zone=zone))
        # 05:30 in São Paulo, 08:30 in UTC, 17:30 in Tokyo.
        assert await begin(database, now=NIGHT + timedelta(hours=7)) is not None
