"""`partnerdesk audit` as an operator runs it: on a file in use, and on one tampered with."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from billing import ledger
from storage.engine.database import Database
from tests.storage.stocked import CLOCK_ACTOR, NOW, Desk, partner

TRIGGERS = ("postings_keep", "audit_keep", "audit_stay")
# So many rows that the pages of the audit are not the first ones of the file.
ROWS = 200


@pytest.fixture
async def path(tmp_path) -> Path:
    """Return a database with something in its books, and nothing wrong."""
    path = tmp_path / "desk.db"
    desk = Desk(await Database.open(f"sqlite:///{path}"))
    await fill(desk)
    await desk.database.close()
    return path


async def fill(desk: Desk) -> None:
    async def unit(work):
        await work.partners.add(partner())
        for n in range(ROWS):
            entry = ledger.days_granted("P1", f"gift {n}", 5)
            await work.ledger.post(entry, actor=CLOCK_ACTOR, at=NOW)
            await work.audit.record(CLOCK_ACTOR, "gift", at=NOW, object_id=f"gift {n}")

    await desk.write(unit)


def audit(*arguments: object, **environment: str) -> subprocess.CompletedProcess:
    inherited = {name: value for name, value in os.environ.items() if name != "TELEGRAM_BOT_TOKEN"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "audit", *map(str, arguments)],
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


def tamper(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def heads(said: str) -> Sequence[str]:
    """Return the ends of the chains as they are said, ready to be compared with."""
    lines = [line.split() for line in said.splitlines()]
    return [":".join(line) for line in lines if line[0] in ("entries", "audit")]


class TestAGoodFile:
    async def test_is_proved_while_somebody_writes_to_it(self, tmp_path):
        database = Database.open(f"sqlite:///{tmp_path}/desk.db", alone=True)
        desk = Desk(await database)
        await fill(desk)
        done = await asyncio.to_thread(audit, tmp_path / "desk.db")
        assert done.stderr == ""
        assert done.returncode == 0
        assert "WRONG" not in done.stdout
        assert "ok     every row of the books and of the audit is as it was written" in done.stdout
        assert done.stdout.endswith("0 found; 1 partners\n")
        head = await desk.read(lambda work: work.chains.head("entries"))
        assert f"entries:{ROWS}:{head.hash}" in heads(done.stdout)
        await desk.database.close()

    async def test_is_the_one_of_the_settings_and_is_left_as_it_is(self, path):
        before = path.read_bytes()
        done = audit(DATABASE_URL=f"sqlite:///{path}")
        assert done.returncode == 0
        assert path.read_bytes() == before

    async def test_agrees_with_what_was_posted(self, path):
        said = audit(path).stdout
        posted = [part for head in heads(said) for part in ("--posted", head)]
        done = audit(path, *posted)
        assert done.returncode == 0
        assert "ok     the chains agree with the heads that were posted" in done.stdout
        other = audit(path, "--posted", f"audit:3:{'f' * 64}")
        assert other.returncode == 1
        assert "audit 3: is not what was posted" in other.stdout


class TestAFileThatWasTamperedWith:
    async def test_is_told_with_its_first_bad_row(self, path):
        tamper(path, "UPDATE postings SET amount = amount + 1 WHERE entry_id = 2 AND line = 1")
        done = audit(path)
        assert done.returncode == 1
        assert "entries 2: the chain breaks here (the row was changed)" in done.stdout
        assert "2: this entry does not sum to nothing (0 expected, 1 found)" in done.stdout
        assert "balance:P1 days: the kept balance is not the sum" in done.stdout
        assert done.stdout.endswith("3 found; 1 partners\n")

    async def test_is_told_when_its_end_was_cut_off(self, path):
        tamper(path, f"DELETE FROM audit WHERE id = {ROWS}")
        done = audit(path)
        assert done.returncode == 1
        assert f"audit {ROWS}: the chain breaks here (the row is missing)" in done.stdout

    async def test_is_told_when_a_byte_on_the_disk_is_another(self, path):
        content = path.read_bytes()
        assert content.count(b"gift 77") >= 1
        path.write_bytes(content.replace(b"gift 77", b"gift 79"))
        done = audit(path)
        assert done.returncode == 1
        assert "78: the chain breaks here (the row was changed)" in done.stdout


class TestNoFile:
    @pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100])
    async def test_is_said_and_is_no_proof(self, tmp_path, content):
        path = tmp_path / "other.db"
        if content is not None:
            path.write_bytes(content)
        done = audit(path)
        assert done.returncode == 2
        assert "other.db" in done.stderr
        assert done.stdout.count("ok") == 0
