"""What the machine knows of a database's place."""

from typing import Any

from bot import machine
from bot.settings import Settings


def settings(url: str, **more: Any) -> Settings:
    return Settings(database_url=url, _env_file=None, **more)


def test_a_database_in_memory_has_no_place():
    assert settings("sqlite://").database_file is None
    seen = machine.look(settings("sqlite://"), lambda: {"ticker": 1.0})
    assert (seen.silent, seen.disk_free, seen.database_bytes) == ({"ticker": 1.0}, None, None)


def test_a_file_counts_with_what_is_not_folded_in_yet(tmp_path):
    path = tmp_path / "desk.db"
    assert machine.look(settings(f"sqlite:///{path}")).database_bytes is None
    path.write_bytes(b"12345")
    (tmp_path / "desk.db-wal").write_bytes(b"67")
    seen = machine.look(settings(f"sqlite:///{path}"))
    assert seen.database_bytes == 7
    assert seen.disk_free > 0
    assert seen.silent is None


def test_what_the_operator_has_not_set_is_known():
    told = settings("sqlite://", operator_bank="Banco 1", operator_legal_name="Desk Ltda")
    unset = machine.look(told).unset
    assert {"pix", "link", "tax_id"} <= unset
    assert not unset & {"bank", "legal_name"}
