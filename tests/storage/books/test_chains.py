"""Whatever is done to a row of the books or of the audit is found, and the row is named."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from billing import ledger
from billing.money import Money
from billing.services.people import Actor, Channel
from billing.services.ports.proofs import Broken, Head, Why
from storage.books.chain_walk import ChainWalk
from storage.engine.database import Database
from storage.engine.driving import drive
from storage.engine.sqlite_transaction import SqliteTransaction, row_as_mapping
from tests.engines import POSTGRES
from tests.storage.stocked import CLOCK_ACTOR, CURRENCY, NOW, Desk, partner

ROWS = 12
PAGE = 5
ANA = Actor(Channel.BOT, "update:5", user_id=7, name="Ana Ação", chat_id=7)
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


async def fill(desk: Desk, count: int = ROWS) -> None:
    """Add so many rows to each chain, with all that a row may hold."""
    for n in range(count):
        money = Money(100 + n, CURRENCY)

        async def unit(work, n=n, money=money):
            nothing = Money(0, CURRENCY)
            entries = [
                ledger.invoice_issued("P1", f"INT-{n}", money),
                ledger.payment_booked("P1", f"INT-{n}", used=money, too_much=nothing),
                ledger.days_credited("P1", f"DAY-{n}", n + 1),
            ]
            await work.ledger.post(entries[n % 3], actor=CLOCK_ACTOR, at=NOW)
            await work.audit.record(
                ANA if n % 2 else CLOCK_ACTOR,
                "paid",
                at=NOW,
                kind="invoice",
                object_id=f"INT-{n}",
                partner_id="P1" if n % 3 else None,
                after="paid\x00…" if not POSTGRES else "paid…",
                amount=money if n % 4 else None,
            )

        await desk.write(unit)


async def followed(tx, name: str, page: int = PAGE) -> Broken | None:
    """Follow a chain to its end; return where it breaks."""
    walk, head = ChainWalk(tx), Head()
    while True:
        step = await walk.follow(name, head, limit=page)
        if step.over:
            return step.broken
        head = step.head


async def broken(desk: Desk, name: str) -> Broken | None:
    return await desk.database.read(lambda tx: followed(tx, name))


class TestAChain:
    async def test_of_nothing_is_whole(self, desk):
        assert await broken(desk, "entries") is None
        assert await desk.database.read(lambda tx: ChainWalk(tx).head("entries")) == Head()

    @pytest.mark.parametrize("count", [1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
    async def test_that_nobody_touched_is_whole(self, desk, count):
        await fill(desk, count)
        for name in ("entries", "audit"):
            assert await broken(desk, name) is None
            head = await desk.database.read(lambda tx, n=name: ChainWalk(tx).head(n))
            assert head.length == count
            at = await desk.database.read(lambda tx, n=name: ChainWalk(tx).hash_at(n, count))
            assert at == head.hash

    async def test_goes_on_from_what_was_not_rolled_back(self, desk):
        await fill(desk, 2)

        async def fails(work):
            entry = ledger.days_granted("P1", "gift", 1)
            with suppress(LookupError):
                async with work.savepoint():
                    await work.ledger.post(entry, actor=CLOCK_ACTOR, at=NOW)
                    await work.ledger.post(entry, actor=CLOCK_ACTOR, at=NOW)
                    raise LookupError
            await work.ledger.post(entry, actor=CLOCK_ACTOR, at=NOW)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await desk.write(fails)
        await fill(desk, 3)
        assert await broken(desk, "entries") is None
        assert (await desk.sql("SELECT COUNT(*) AS n FROM entries"))[0]["n"] == 5

    async def test_is_one_for_all_that_write_in_turn(self, tmp_path):
        one = Desk(await Database.open(f"sqlite:///{tmp_path}/desk.db"))
        other = Desk(await Database.open(f"sqlite:///{tmp_path}/desk.db"))
        await one.write(lambda work: work.partners.add(partner()))
        for _ in range(3):
            await fill(one, 2)
            await fill(other, 1)
        assert await broken(one, "entries") is None
        assert await broken(other, "audit") is None
        assert (await one.sql("SELECT MAX(id) AS n FROM entries"))[0]["n"] == 9
        for desk in (one, other):
            await desk.database.close()

    async def test_that_cannot_be_locked_takes_no_row(self, desk):
        await desk.sql("DELETE FROM chains")
        with pytest.raises(LookupError, match="chain of entries"):
            await fill(desk, 1)


@dataclass
class Tamperer:
    """Somebody with the file and a tool, who does one thing to it that leaves no other trace."""

    connection: sqlite3.Connection
    chance: random.Random

    def __call__(self) -> tuple[str, int]:
        """Do something; return the chain, and the first row that is not as it was."""
        deeds: list[Callable[[], tuple[str, int]]] = [
            *[self.flip] * 6,
            self.delete,
            self.swap,
            self.insert,
            self.truncate,
            self.plant,
            self.garble,
            self.break_the_end,
        ]
        return self.chance.choice(deeds)()

    def flip(self) -> tuple[str, int]:
        """Change one bit of a number, or one letter of a text, or make something of nothing."""
        table = self.chance.choice(["entries", "postings", "audit"])
        row = self.some_row(table)
        column = self.chance.choice([name for name in row if name != "rowid"])
        value = self.other(row[column])
        self.set(table, row, column, value)
        chained = row["entry_id" if table == "postings" else "id"]
        if column in ("id", "entry_id"):
            chained = min(chained, value)
        return ("audit" if table == "audit" else "entries", chained)

    def delete(self) -> tuple[str, int]:
        table = self.chance.choice(["entries", "postings", "audit"])
        row = self.some_row(table)
        self.run(f"DELETE FROM {table} WHERE rowid = ?", row["rowid"])
        if table == "postings":
            return ("entries", row["entry_id"])
        if table == "entries" and self.chance.random() < 0.5:
            self.run("DELETE FROM postings WHERE entry_id = ?", row["id"])
        return (table, row["id"])

    def swap(self) -> tuple[str, int]:
        table = self.chance.choice(["entries", "audit"])
        a, b = sorted(self.chance.sample(range(1, ROWS + 1), 2))
        for row_id, to in ((a, -1), (b, a), (-1, b)):
            self.run(f"UPDATE {table} SET id = ? WHERE id = ?", to, row_id)
        return (table, a)

    def insert(self) -> tuple[str, int]:
        """Put a copy of a row before, between or after the others, as if it belonged there."""
        table = self.chance.choice(["entries", "audit"])
        place = self.chance.choice([-3, 0, *range(1, ROWS + 2)])
        if place > 0:
            for row_id in range(ROWS, place - 1, -1):
                self.run(f"UPDATE {table} SET id = ? WHERE id = ?", row_id + 1, row_id)
        row = self.some_row(table)
        while row["id"] == place + 1:
            # A copy of what stood at that place would be as it was; what follows would not.
            row = self.some_row(table)
        names = [name for name in row if name not in ("rowid", "id")]
        listed = ", ".join(names)
        self.run(
            f"INSERT INTO {table} (id, {listed}) SELECT ?, {listed} FROM {table} WHERE rowid = ?",
            place,
            row["rowid"],
        )
        return (table, place)

    def truncate(self) -> tuple[str, int]:
        table = self.chance.choice(["entries", "audit"])
        first = self.chance.randint(1, ROWS)
        self.run(f"DELETE FROM {table} WHERE id >= ?", first)
        if table == "entries":
            self.run("DELETE FROM postings WHERE entry_id >= ?", first)
        return (table, first)

    def plant(self) -> tuple[str, int]:
        """Add a posting to an entry, or where there is none."""
        entry = self.chance.choice([-1, 0, *range(1, ROWS + 3)])
        self.run("INSERT INTO postings VALUES (?, ?, 'cash', 'BRL', 1)", entry, 9)
        # Beyond the end it is the next entry that is not as it was: there is none.
        return ("entries", min(entry, ROWS + 1))

    def garble(self) -> tuple[str, int]:
        """Put bytes that are no text, or no text at all, where a text is."""
        table = self.chance.choice(["entries", "audit"])
        row = self.some_row(table)
        column = self.chance.choice(["actor", "cause", "kind", "hash"])
        how = self.chance.choice(["CAST(x'c328ff' AS TEXT)", "x'00ff'", "1.5"])
        self.run(f"UPDATE {table} SET {column} = {how} WHERE id = ?", row["id"])
        return (table, row["id"])

    def break_the_end(self) -> tuple[str, int]:
        name = self.chance.choice(["entries", "audit"])
        self.run("UPDATE chains SET head = ? WHERE name = ?", "0" * 64, name)
        return (name, ROWS)

    def some_row(self, table: str) -> dict:
        cursor = self.connection.cursor()
        cursor.row_factory = row_as_mapping
        rows = cursor.execute(f"SELECT rowid, * FROM {table}").fetchall()
        return dict(self.chance.choice(rows))

    def other(self, value: object) -> object:
        if value is None:
            return self.chance.choice([0, "", 1])
        if isinstance(value, int):
            return value ^ (1 << self.chance.choice([5, 6, 7, 20, 40, 62]))
        text = str(value)
        if not text or self.chance.random() < 0.1:
            return text + "x"
        place = self.chance.randrange(len(text))
        letter = chr(ord(text[place]) ^ 1)
        return text[:place] + letter + text[place + 1 :]

    def set(self, table: str, row: dict, column: str, value: object) -> None:
        self.run(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", value, row["rowid"])

    def run(self, sql: str, *values: object) -> None:
        self.connection.execute(sql, values)


async def unlocked(path: Path) -> sqlite3.Connection:
    """Return a filled database as a file in which every row may be changed."""
    desk = Desk(await Database.open(f"sqlite:///{path}"))
    await desk.write(lambda work: work.partners.add(partner()))
    await fill(desk)
    await desk.database.close()
    connection = sqlite3.connect(path, isolation_level=None)
    for (name,) in connection.execute(TRIGGERS).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


async def tampered(path: Path, tamperings: int) -> None:
    connection = await unlocked(path)
    for seed in range(tamperings):
        connection.execute("BEGIN")
        chain, row = Tamperer(connection, random.Random(seed))()
        found = drive(lambda tx, c=chain: followed(tx, c), SqliteTransaction(connection))
        assert found is not None, f"seed {seed}: {chain} {row} was not found"
        assert found.row == row, f"seed {seed}: {chain} {row}, but {found}"
        connection.execute("ROLLBACK")
    assert whole(connection) == {"entries": None, "audit": None}
    connection.close()


def whole(connection: sqlite3.Connection) -> dict[str, Broken | None]:
    connection.execute("BEGIN")
    return {
        name: drive(lambda tx, n=name: followed(tx, n), SqliteTransaction(connection))
        for name in ("entries", "audit")
    }


class TestTampering:
    async def test_of_any_kind_is_found_and_the_first_row_named(self, tmp_path):
        await tampered(tmp_path / "desk.db", 300)

    @pytest.mark.long
    @pytest.mark.timeout(600)
    async def test_ten_thousand_times_is_found_as_often(self, tmp_path):
        await tampered(tmp_path / "desk.db", 10_000)

    async def test_is_told_apart(self, tmp_path):
        connection = await unlocked(tmp_path / "desk.db")
        for sql, why in [
            ("UPDATE entries SET at = at + 1 WHERE id = 3", Why.CHANGED),
            ("DELETE FROM entries WHERE id = 3", Why.MISSING),
            ("UPDATE entries SET id = -3 WHERE id = 3", Why.UNEXPECTED),
            ("UPDATE entries SET actor = CAST(x'c3' AS TEXT) WHERE id = 3", Why.UNREADABLE),
            ("UPDATE chains SET head = 'x'", Why.HEAD),
            ("UPDATE chains SET length = 2", Why.UNEXPECTED),
            ("DELETE FROM chains", Why.UNEXPECTED),
            ("UPDATE postings SET entry_id = 'x' WHERE entry_id = 3", Why.CHANGED),
            ("INSERT INTO postings VALUES ('x', 1, 'cash', 'BRL', 1)", Why.MISSING),
        ]:
            connection.execute("BEGIN")
            connection.execute(sql)
            found = drive(lambda tx: followed(tx, "entries"), SqliteTransaction(connection))
            assert found is not None, sql
            assert found.why is why, sql
            connection.execute("ROLLBACK")
        connection.close()
