"""The close that is measured is the close: killed at any moment it goes on and is once."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.benches import close
from tests.benches.plot import plot

INSTANCES = 20_000
KILLS = 3


def issued(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        (found,) = connection.execute("SELECT COUNT(*) FROM invoices").fetchone()
    connection.close()
    return int(found)


def kill_under_way(path: Path) -> None:
    """Begin the close in a process of its own, and kill it when it has done something more."""
    before = issued(path)
    command = [sys.executable, "-m", "tests.benches.close", "--part", "close", "--path", str(path)]
    with subprocess.Popen([*command, str(INSTANCES)], stdout=subprocess.DEVNULL) as process:
        while issued(path) == before and process.poll() is None:
            time.sleep(0.001)
        process.kill()


def test_a_close_that_is_killed_goes_on_where_it_was_and_draws_up_everything_once(tmp_path):
    path = tmp_path / "desk.db"
    close.build(str(path), INSTANCES)
    for _ in range(KILLS):
        kill_under_way(path)
    assert 0 < issued(path) <= INSTANCES // close.OF_EACH
    close.part("close", str(path), INSTANCES)
    close.check(str(path), INSTANCES)
    close.part("close", str(path), INSTANCES)
    close.check(str(path), INSTANCES)


def test_the_figures_are_drawn_as_a_picture():
    rows = [
        {"instances": size, "close": size * 1e-5, "bare": size * 4e-6} for size in (10_000, 10**6)
    ]
    picture = ET.fromstring(plot(rows))
    circles = picture.iter("{http://www.w3.org/2000/svg}circle")
    assert len(list(circles)) == 4
