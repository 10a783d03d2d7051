"""Sums for pictures: counted back from the present, and by an index."""

import pytest

from storage.books import totals
from storage.instances import instances
from tests.engines import POSTGRES, plan
from tests.storage.stocked import Desk

BOUNDED = {
    "living": "instances_living",
    "invoiced": "invoices_by_issue",
    "by_card": "card_payments_by_booking",
    "gone_back": "card_returns_by_booking",
    "come_back": "card_returns_back",
    "created": "instances_by_creation",
    "deleted": "instances_by_deletion",
    "of_partner": "instances_gone",
    "cost": "invoices_by_partner",
}
# Of no rows at all PostgreSQL takes another that is as short.
INSTEAD = {"living": "instances_held", "deleted": "instances_gone"} if POSTGRES else {}
SQL = {
    "living": "_LIVING",
    "invoiced": "_INVOICED",
    "by_card": "_BY_CARD",
    "gone_back": "_BY_CARD",
    "come_back": "_RECEIVED",
    "created": "_TRIALS",
    "deleted": "_DELETED_SINCE",
    "of_partner": "_LIVING_OF",
    "cost": "_COST_OF",
}


class TestWhatIsRead:
    @pytest.mark.parametrize("what", SQL)
    async def test_is_a_stretch_of_an_index(self, desk: Desk, what):
        sql = getattr(totals, SQL[what])
        found = " ".join(await plan(desk.database, sql, start=1, end=2, since=1, partner_id="P"))
        assert BOUNDED[what] in found or INSTEAD.get(what, BOUNDED[what]) in found
        assert "SCAN instances USING COVERING INDEX instances_by_state" not in found
        assert "SCAN invoices" not in found

    async def test_of_a_month_is_so_too_and_of_what_runs(self, desk: Desk):
        found = " ".join(await plan(desk.database, instances._TALLY, start=1, end=2))
        for index in ("creation", "subscription", "cancellation"):
            assert f"instances_by_{index}" in found
        assert "instances_by_deletion" in found or INSTEAD.get("deleted", "?") in found
        assert "instances_running" in found
        assert "instances_by_state" not in found
