"""Closes are carried out together, those of one partner one after the other."""

from datetime import UTC, datetime

from billing.services.clockwork import in_batches
from billing.services.ports import Due

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def due(key: str, kind: str, partner_id: str | None) -> Due:
    return Due(key, kind, "", partner_id, NOW)


def batches(*rows: Due) -> list[list[str]]:
    return [[row.key for row in batch] for batch in in_batches(rows)]


class TestCloses:
    def test_of_one_partner_are_carried_out_one_after_the_other(self):
        rows = [due("a", "close", "P1"), due("b", "close", "P2"), due("c", "close", "P1")]
        assert batches(*rows) == [["a", "b"], ["c"]]

    def test_come_after_what_was_before_them(self):
        rows = [due("a", "close", "P1"), due("b", "stop", "P2"), due("c", "close", "P3")]
        assert batches(*rows) == [["a"], ["b"], ["c"]]

    def test_of_no_partner_are_alone(self):
        rows = [due("a", "close", "P1"), due("b", "close", None)]
        assert batches(*rows) == [["a"], ["b"]]

    def test_are_handed_over_so_many_at_a_time(self):
        rows = [due(f"{n}", "close", f"P{n}") for n in range(600)]
        assert [len(batch) for batch in batches(*rows)] == [256, 256, 88]
