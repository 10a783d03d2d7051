"""What the machine knows of a database's place."""

from bot import machine


def test_a_database_in_memory_has_no_place():
    assert machine.file_of("sqlite://") is None
    seen = machine.look("sqlite://", lambda: {"ticker": 1.0})
    assert (seen.silent, seen.disk_free, seen.database_bytes) == ({"ticker": 1.0}, None, None)


def test_a_file_counts_with_what_is_not_folded_in_yet(tmp_path):
    path = tmp_path / "desk.db"
    assert machine.look(f"sqlite:///{path}").database_bytes is None
    path.write_bytes(b"12345")
    (tmp_path / "desk.db-wal").write_bytes(b"67")
    seen = machine.look(f"sqlite:///{path}")
    assert seen.database_bytes == 7
    assert seen.disk_free > 0
    assert seen.silent is None
