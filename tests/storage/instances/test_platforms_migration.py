"""Migration 0004: what was there before stays where it is, with what was confirmed of it."""

import sqlite3
from pathlib import Path

import pytest

from storage.engine.migrate import migrate, shipped

DAY = 86_400_000_000
NOW = 20_000 * DAY


@pytest.fixture
def old(tmp_path: Path):
    """Return a database of the version before, with instances, days and calls in it."""
    connection = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    connection.row_factory = sqlite3.Row
    migrate(connection, shipped()[:3])
    connection.execute("PRAGMA foreign_keys = OFF")
    yield connection
    connection.close()


def instance(old: sqlite3.Connection, id_: str, active_until: int | None) -> None:
    old.execute(
        """
        INSERT INTO instances (id, partner_id, name, folded_name, state, settlement, origin, band,
                               created_at, active_until, platform_token)
        VALUES (?, 'P1', ?, ?, 'active', 'days', 'bot', 1, 0, ?, 'locked')
        """,
        (id_, id_, id_, active_until),
    )


def given(old: sqlite3.Connection, id_: str, starts_at: int, allocated_at: int) -> None:
    old.execute(
        """
        INSERT INTO day_allocations (id, instance_id, partner_id, days, starts_at, ends_at,
                                     allocated_at)
        VALUES (?, ?, 'P1', 30, ?, ?, ?)
        """,
        (f"{id_}{starts_at}", id_, starts_at, starts_at + 30 * DAY, allocated_at),
    )


def call(old: sqlite3.Connection, id_: str, operation: str, state: str, created_at: int) -> None:
    (seq,) = old.execute("SELECT COUNT(*) + 1 FROM platform_calls").fetchone()
    old.execute(
        """
        INSERT INTO platform_calls (id, instance_id, partner_id, operation, state, seq, created_at,
                                    not_before)
        VALUES (?, ?, 'P1', ?, ?, ?, ?, ?)
        """,
        (f"c{seq}", id_, operation, state, seq, created_at, created_at),
    )


def rows(connection: sqlite3.Connection) -> dict[str, sqlite3.Row]:
    return {row["id"]: row for row in connection.execute("SELECT * FROM instances")}


def test_what_there_is_stays_on_the_platform_inside_the_bot(old):
    instance(old, "A1", None)
    call(old, "A1", "create", "open", NOW)
    migrate(old)
    row = rows(old)["A1"]
    assert (row["platform"], row["platform_token"]) == ("embedded", "locked")
    assert (row["remote_id"], row["remote_address"], row["confirmed_until"]) == (None, None, None)
    (waiting,) = old.execute("SELECT * FROM platform_calls").fetchall()
    assert (waiting["state"], waiting["queued_until"], waiting["by_hand_since"]) == (
        "open",
        None,
        None,
    )


def test_days_that_no_open_call_asks_for_were_confirmed(old):
    instance(old, "A1", NOW + 30 * DAY)
    given(old, "A1", NOW, NOW)
    call(old, "A1", "extend", "done", NOW)
    migrate(old)
    assert rows(old)["A1"]["confirmed_until"] == NOW + 30 * DAY


def test_days_that_open_calls_ask_for_were_not(old):
    instance(old, "A1", NOW + 90 * DAY)
    for days, state in ((0, "done"), (30, "open"), (60, "open")):
        given(old, "A1", NOW + days * DAY, NOW + days)
        call(old, "A1", "extend", state, NOW + days)
    migrate(old)
    assert rows(old)["A1"]["confirmed_until"] == NOW + 30 * DAY


def test_it_happens_once(old):
    instance(old, "A1", None)
    migrate(old)
    old.execute("UPDATE instances SET platform = 'zapi', confirmed_until = 7, active_until = 9")
    migrate(old)
    row = rows(old)["A1"]
    assert (row["platform"], row["confirmed_until"]) == ("zapi", 7)


def test_what_a_person_does_is_found_by_its_index(old):
    migrate(old)
    plan = old.execute(
        """
        EXPLAIN QUERY PLAN SELECT * FROM platform_calls
         WHERE state = 'open' AND by_hand_since IS NOT NULL ORDER BY seq
        """
    ).fetchall()
    assert "platform_calls_by_hand" in plan[0]["detail"]
