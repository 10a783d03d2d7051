"""What was acknowledged is there after a kill -9, whole; what was not is whole or absent."""

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest


def write_until_killed(path: Path, seconds: float) -> set[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.writing", str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.kill()
    told = process.stdout.read()
    process.stdout.close()
    process.wait()
    return {line.removesuffix("\n") for line in told.splitlines(keepends=True) if line[-1] == "\n"}


def assert_kept(path: Path, acknowledged: set[str]) -> None:
    connection = sqlite3.connect(path)
    parts = dict(connection.execute("SELECT lane, COUNT(*) FROM inbox GROUP BY lane").fetchall())
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    assert acknowledged <= parts.keys()
    assert set(parts.values()) == {5}


def kill_often(folder: Path, kills: int) -> None:
    chance = random.Random(1)
    for number in range(kills):
        path = folder / f"desk{number}.db"
        acknowledged = write_until_killed(path, chance.uniform(0.05, 0.4))
        assert acknowledged
        assert_kept(path, acknowledged)


class TestKill:
    def test_loses_nothing_that_was_acknowledged(self, tmp_path):
        kill_often(tmp_path, 3)

    @pytest.mark.long
    @pytest.mark.timeout(300)
    def test_loses_nothing_over_many_kills(self, tmp_path):
        kill_often(tmp_path, 40)
