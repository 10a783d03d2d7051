"""Sums for pictures: counted back from the present, and by an index."""

import pytest

from storage.books import totals
from storage.instances import instances
from tests.storage.stocked import Desk

BOUNDED = {
    "living": "instances_living",
    "invoiced": "invoices_by_issue",
    "created": "instances_by_creation",
    "deleted": "instances_by_deletion",
    "of_partner": "instances_gone",
    "cost": "invoices_by_partner",
}
SQL = {
    "living": "_LIVING",
    "invoiced": "_INVOICED",
    "created": "_TRIALS",
    "deleted": "_DELETED_SINCE",
    "of_partner": "_LIVING_OF",
    "cost": "_COST_OF",
}


class TestWhatIsRead:
    @pytest.mark.parametrize("what", SQL)
    async def test_is_a_stretch_of_an_index(self, desk: Desk, what):
        sql = getattr(totals, SQL[what])
        rows = await desk.database.read(
            lambda tx: tx.all(f"EXPLAIN QUERY PLAN {sql}", start=1, end=2, since=1, partner_id="P")
        )
        plan = " ".join(row["detail"] for row in rows)
        assert BOUNDED[what] in plan
        assert "SCAN instances USING COVERING INDEX instances_by_state" not in plan
        assert "SCAN invoices" not in plan

    async def test_of_a_month_is_so_too_and_of_what_runs(self, desk: Desk):
        rows = await desk.database.read(
            lambda tx: tx.all(f"EXPLAIN QUERY PLAN {instances._TALLY}", start=1, end=2)
        )
        plan = " ".join(row["detail"] for row in rows)
        for index in ("creation", "subscription", "cancellation", "deletion"):
            assert f"instances_by_{index}" in plan
        assert "instances_running" in plan
        assert "instances_by_state" not in plan
