"""
The close of a month at size, beside bare INSERT … SELECT that write the same rows.

    python -m tests.benches.close [INSTANCES …] [--plot FILE]

Each size has a database of its own, in a temporary folder: partners with a hundred subscribed
instances each, of which a tenth was subscribed in the month itself. The close is the one of the
bot: its ticker's sweep over its store. The bare statements and it run by turns, each three times
on a copy of the same database with the same settings; the medians count. Each run is a process, so
that its memory is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from cryptography.fernet import Fernet

from billing import catalogue
from billing.calendar import Month
from bot.delivery.sweep import Sweep
from bot.ids import ALPHABET, RandomIds
from bot.vault import Vault
from storage.engine.database import Database
from storage.engine.instants import to_micros
from storage.engine.sqlite_database import open_for_writing
from storage.unit_of_work import DeskStore
from tests.benches.plot import plot

SIZES = (10_000, 100_000, 1_000_000)
OF_EACH = 100
TURNS = 3
MONTH = Month(2026, 1)
PROGRAMMES = catalogue.load()
PROGRAMME = PROGRAMMES.get("integrator", 1)
CALENDAR = PROGRAMME.calendar
CLOSES_AT = CALENDAR.end(MONTH)
BEFORE = datetime(2025, 11, 3, 12, tzinfo=UTC)


class AtTheClose:
    """A clock that stands where the month has ended."""

    def now(self) -> datetime:
        return CLOSES_AT + timedelta(seconds=1)

    async def sleep_until(self, instant: datetime) -> None:
        raise AssertionError("a close waits for nothing")

    def jump(self) -> timedelta:
        return timedelta(0)


def build(path: str, instances: int) -> None:
    """Make the database: partners, what they have subscribed, and the closes that are due."""
    chance = random.Random(instances)
    ids = _ids(chance)
    connection = open_for_writing(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.execute("INSERT INTO staff_groups (chat_id, bound_at) VALUES (-100, 1)")
    for number in range(instances // OF_EACH):
        partner = next(ids)
        connection.execute(
            """
            INSERT INTO partners (id, name, folded_name, programme, programme_version, currency,
                                  zone, created_at, billed_until)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (partner, f"Partner {number}", f"partner {number}", PROGRAMME.id, PROGRAMME.version,
             PROGRAMME.currency, PROGRAMME.zone, to_micros(BEFORE),
             to_micros(CALENDAR.start(MONTH))),
        )  # fmt: skip
        connection.execute(
            "INSERT INTO members (user_id, partner_id, role, joined_at) VALUES (?, ?, 'owner', ?)",
            (number, partner, to_micros(BEFORE)),
        )
        connection.execute(
            """
            INSERT INTO due (key, kind, subject, partner_id, at, state)
            VALUES (?, 'close', ?, ?, ?, 'waiting')
            """,
            (f"close:{partner}:{MONTH}", f"{partner}:{MONTH}", partner, to_micros(CLOSES_AT)),
        )
        connection.executemany(_INSTANCE, _instances(partner, ids))
    connection.execute("COMMIT")
    connection.close()


def _instances(partner: str, ids: Iterator[str]) -> Iterator[tuple[object, ...]]:
    for number in range(OF_EACH):
        new = number >= OF_EACH * 9 // 10
        subscribed = to_micros(CALENDAR.start(MONTH) + timedelta(days=9) if new else BEFORE)
        name = f"loja-{number:03}"
        yield next(ids), partner, name, name, subscribed, subscribed, subscribed, int(not new)


def _ids(chance: random.Random) -> Iterator[str]:
    taken: set[str] = set()
    while True:
        found = "".join(chance.choices(ALPHABET, k=5))
        if found not in taken:
            taken.add(found)
            yield found


_INSTANCE = """
INSERT INTO instances (id, partner_id, name, folded_name, state, settlement, origin, band,
                       created_at, trial_ends_at, subscribed_at, follows, owes_lines)
VALUES (?, ?, ?, ?, 'active', 'postpaid', 'bot', 1, ?, ?, ?, ?, 1)
"""


def bare(path: str) -> float:
    """Return the seconds of two statements that write the invoices and their lines."""
    connection = open_for_writing(path)
    connection.row_factory = None
    at = AtTheClose().now()
    values = {
        "period": str(MONTH),
        "price": PROGRAMME.price(1).minor,
        "now": to_micros(at),
        "due_on": CALENDAR.due_date(MONTH).isoformat(),
        "last_on": CALENDAR.last_date(MONTH).isoformat(),
        "due_until": to_micros(CALENDAR.end_of(CALENDAR.due_date(MONTH))),
        "stop_at": to_micros(CALENDAR.end_of(CALENDAR.last_date(MONTH))),
        "delete_at": to_micros(CALENDAR.morning(CALENDAR.delete_date(MONTH))),
    }
    begin = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_INVOICES, values)
    connection.execute(_LINES, values)
    connection.execute("COMMIT")
    seconds = time.perf_counter() - begin
    connection.close()
    return seconds


_INVOICES = """
INSERT INTO invoices (id, number, kind, partner_id, programme, period, currency, total_minor,
                      settled_minor, state, issued_at, due_on, last_on, due_until, stop_at,
                      delete_at)
SELECT printf('INT-2026-%05d', row_number() OVER (ORDER BY partner_id)),
       printf('INT-2026-%05d', row_number() OVER (ORDER BY partner_id)), 'monthly', partner_id,
       'integrator', :period, 'BRL', COUNT(*) * :price, 0, 'due', :now, :due_on, :last_on,
       :due_until, :stop_at, :delete_at
  FROM instances WHERE owes_lines = 1 GROUP BY partner_id
"""

_LINES = """
INSERT INTO invoice_lines (invoice_id, instance_id, partner_id, period, kind, name, band,
                           price_minor, subscribed_at, cancelled_at, service_ends_at)
SELECT invoices.id, instances.id, instances.partner_id, :period, 'month', name, band, :price,
       subscribed_at, cancelled_at, service_ends_at
  FROM invoices JOIN instances ON instances.partner_id = invoices.partner_id
 WHERE owes_lines = 1
"""


async def close(path: str) -> float:
    """Return the seconds that the bot's sweep takes for all closes that are due."""
    database = await Database.open(f"sqlite:///{path}")
    store = DeskStore(
        database,
        clock=AtTheClose(),
        programmes=PROGRAMMES,
        ids=RandomIds(),
        vault=Vault(Fernet.generate_key().decode()),
    )
    sweep = Sweep(store, AtTheClose())
    begin = time.perf_counter()
    await sweep.tick()
    seconds = time.perf_counter() - begin
    await database.close()
    return seconds


def check(path: str, instances: int) -> None:
    """Refuse figures of a close that did not do everything once."""
    connection = sqlite3.connect(path)
    found = connection.execute(_DONE, {"open": to_micros(CLOSES_AT)}).fetchone()
    connection.close()
    partners = instances // OF_EACH
    total = instances * PROGRAMME.price(1).minor
    wanted = (partners, instances, instances, total, partners, partners, 0)
    if found != wanted:
        raise SystemExit(f"{found} where {wanted} was to be closed")


_DONE = """
SELECT (SELECT COUNT(*) FROM invoices), (SELECT COUNT(*) FROM invoice_lines),
       (SELECT COUNT(*) FROM instances JOIN partners ON partners.id = partner_id
         WHERE follows = 1 AND partners.billed_until = :open),
       (SELECT SUM(amount) FROM postings WHERE account LIKE 'receivable:%'),
       (SELECT length FROM chains WHERE name = 'entries'),
       (SELECT length FROM chains WHERE name = 'audit'),
       (SELECT COUNT(*) FROM due WHERE kind = 'close' AND at <= :open AND state <> 'done')
"""


def part(what: str, path: str, instances: int) -> dict[str, float]:
    """Run one part in a process of its own; return its seconds and its memory's peak in MB."""
    command = [sys.executable, "-m", "tests.benches.close", "--part", what, "--path", path]
    done = subprocess.run([*command, str(instances)], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _be_part(what: str, path: str, instances: int) -> None:
    seconds = 0.0
    match what:
        case "build":
            build(path, instances)
        case "bare":
            seconds = bare(path)
        case "close":
            logging.getLogger().setLevel(logging.ERROR)
            seconds = asyncio.run(close(path))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))


def measure(instances: int) -> dict[str, float]:
    """Build, then run the bare statements and the close by turns; the medians count."""
    bare, closed = [], []
    with tempfile.TemporaryDirectory() as folder:
        path, copy = f"{folder}/desk.db", f"{folder}/copy.db"
        part("build", path, instances)
        for _ in range(TURNS):
            shutil.copy(path, copy)
            bare.append(part("bare", copy, instances)["seconds"])
            Path(copy).unlink()
            shutil.copy(path, copy)
            closed.append(part("close", copy, instances))
            check(copy, instances)
            Path(copy).unlink()
    seconds = {"bare": median(bare), "close": median(one["seconds"] for one in closed)}
    return {
        "instances": instances,
        **seconds,
        "peak": max(one["peak"] for one in closed),
        "ratio": seconds["close"] / seconds["bare"],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("instances", nargs="*", type=int)
    parser.add_argument("--plot")
    parser.add_argument("--part")
    parser.add_argument("--path", default="")
    asked = parser.parse_args()
    if asked.part:
        _be_part(asked.part, asked.path, *asked.instances)
        return
    found = []
    print("instances    bare s   close s   µs/instance   peak MB   ratio")
    for instances in asked.instances or SIZES:
        row = measure(instances)
        found.append(row)
        each = row["close"] / instances * 1e6
        print(
            f"{instances:9,} {row['bare']:9.2f} {row['close']:9.2f} {each:13.2f}"
            f" {row['peak']:9.0f} {row['ratio']:7.2f}",
            flush=True,
        )
    if asked.plot:
        Path(asked.plot).write_text(plot(found), encoding="utf-8")
    print(f"ratio {found[-1]['ratio']:.2f}")


if __name__ == "__main__":
    main()
