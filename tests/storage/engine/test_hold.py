"""Whoever is alone with a database stays so until it lets go or ends."""

import multiprocessing
import os
import signal
from pathlib import Path
from threading import Timer

import pytest

from storage.engine import hold
from storage.engine.database import Database
from storage.engine.hold import HeldElsewhere, Hold


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(hold, "RETRY_SECONDS", 0.01)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/new/desk.db"


class TestAProcessThatIsAlone:
    async def test_keeps_others_out_and_lets_them_look(self, url):
        first = await Database.open(url, alone=True)
        with pytest.raises(HeldElsewhere):
            await Database.open(url, alone=True)
        looking = await Database.open(url)
        await looking.close()
        await first.close()
        await (await Database.open(url, alone=True)).close()

    async def test_is_found_by_whatever_link_the_database_is_reached(self, url, tmp_path):
        first = await Database.open(url, alone=True)
        (tmp_path / "link.db").symlink_to(tmp_path / "new" / "desk.db")
        with pytest.raises(HeldElsewhere):
            await Database.open(f"sqlite:///{tmp_path}/link.db", alone=True)
        await first.close()

    async def test_lets_go_where_the_database_cannot_be_opened(self, url, tmp_path):
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "desk.db").write_text("no database, and long enough to be seen as none")
        for _ in range(2):
            with pytest.raises(Exception, match="not a database"):
                await Database.open(url, alone=True)

    async def test_has_nothing_to_hold_of_one_in_memory(self):
        first = await Database.open("sqlite://", alone=True)
        second = await Database.open("sqlite://", alone=True)
        await first.close()
        await second.close()

    def test_is_waited_for_while_it_ends(self, tmp_path):
        first = Hold.take(f"{tmp_path}/desk.db")
        Timer(0.05, first.release).start()
        Hold.take(f"{tmp_path}/desk.db").release()

    def test_has_let_go_when_it_was_killed(self, tmp_path):
        path = f"{tmp_path}/desk.db"
        context = multiprocessing.get_context("spawn")
        taken = context.Event()
        process = context.Process(target=_take_and_stay, args=(path, taken))
        process.start()
        assert taken.wait(20)
        with pytest.raises(HeldElsewhere):
            Hold.take(path)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        Hold.take(path).release()


def _take_and_stay(path: str, taken) -> None:
    Hold.take(path)
    taken.set()
    signal.pause()
