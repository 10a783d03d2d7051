"""Brings a database's schema up to the code's, by Alembic over plain SQL files."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from sqlalchemy import Connection


class SchemaTooNew(Exception):
    """The database was written by a later version of the program."""

    def __init__(self, *, found: str, known: str) -> None:
        super().__init__(
            f"the database has schema {found}, but this version knows no later one than {known}: "
            "start the version that wrote it, or a newer one"
        )
        self.found, self.known = found, known


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of SQL; its number is the schema's version after it."""

    version: str
    name: str
    sql: str


def shipped(engine: str = "sqlite") -> list[Migration]:
    """
    Return the migrations that came with the code, in order.

    A file named for an engine (``0003_name.sqlite.sql``) is for that one alone.
    """
    folder = files("storage.migrations") / "sql"
    named = sorted(
        (entry.name.removesuffix(".sql"), entry)
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    )
    named = [(name, entry) for name, entry in named if name.partition(".")[2] in ("", engine)]
    return [
        Migration(name.partition("_")[0], name, entry.read_text(encoding="utf-8"))
        for name, entry in named
    ]


def statements(script: str) -> Iterator[str]:
    """Cut a script after each complete statement; a trigger's body stays in one piece."""
    statement = ""
    *pieces, rest = script.split(";")
    for piece in pieces:
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if _says_something(statement):
                yield statement.strip()
            statement = ""
    if _says_something(statement + rest):
        raise ValueError(f"a statement does not end: {(statement + rest).strip()[:60]}")


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration] | None = None) -> None:
    """
    Bring the schema up to the last migration, in one transaction.

    Of several programs that start at once one migrates; the others wait and
    find it done.

    :raises SchemaTooNew: if the database is ahead of the code.
    """
    known = list(shipped() if migrations is None else migrations)
    # Alembic takes most of a second to import, and at nearly every start
    # there is nothing to migrate.
    if _version(connection) == known[-1].version:
        return
    if not _begin_anew(connection, known):
        _migrate_with_alembic(connection, known)


def _begin_anew(connection: sqlite3.Connection, known: Sequence[Migration]) -> bool:
    """Bring an empty database up, as Alembic would leave it; False if it is not empty."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked under the write lock: of several that start at once the others find it done.
        empty = not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        if empty:
            for migration in known:
                for statement in statements(migration.sql):
                    connection.execute(statement)
            connection.execute(_VERSIONS)
            connection.execute("INSERT INTO alembic_version VALUES (?)", (known[-1].version,))
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return empty


# As Alembic creates it.
_VERSIONS = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
                              CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))
"""


def _says_something(statement: str) -> bool:
    lines = (line.partition("--")[0].strip(" ;\t\r") for line in statement.splitlines())
    return any(lines)


def _version(connection: sqlite3.Connection) -> str | None:
    table = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    ).fetchall()
    if not table:
        return None
    rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return str(rows[0][0]) if rows else None


def _migrate_with_alembic(connection: sqlite3.Connection, known: list[Migration]) -> None:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import StaticPool, create_engine, event

    factory = connection.row_factory
    connection.row_factory = None
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    # The driver would begin late and let DDL commit by itself; and of several
    # starters only the one that holds the write lock may look at the version.
    @event.listens_for(engine, "begin")
    def begin(opened: "Connection") -> None:
        opened.exec_driver_sql("BEGIN IMMEDIATE")

    def steps(found: tuple[str, ...], context: "MigrationContext") -> list["RevisionStep"]:
        return _steps_after(found[0] if found else None, known, context)

    try:
        with engine.begin() as opened:
            context = MigrationContext.configure(opened, opts={"fn": steps})
            context.run_migrations()
    finally:
        # Not disposed of: the pool would close the connection, which is the caller's.
        connection.row_factory = factory


def _steps_after(
    found: str | None, known: list[Migration], context: "MigrationContext"
) -> list["RevisionStep"]:
    from alembic.runtime.migration import RevisionStep
    from alembic.script import Script
    from alembic.script.revision import RevisionMap

    versions = [migration.version for migration in known]
    if found is not None and found not in versions:
        raise SchemaTooNew(found=found, known=versions[-1])
    scripts: dict[str, Script] = {}
    for before, migration in zip([None, *versions], known, strict=False):
        module: Any = ModuleType(migration.name, migration.name)
        module.down_revision = before
        module.upgrade = _Upgrade(migration, context)
        scripts[migration.version] = Script(module, migration.version, migration.name)
    revisions = RevisionMap(scripts.values)
    waiting = [step.revision for step in revisions.iterate_revisions("heads", found or "base")]
    return [RevisionStep(revisions, scripts[version], True) for version in reversed(waiting)]


@dataclass(frozen=True, slots=True)
class _Upgrade:
    migration: Migration
    context: "MigrationContext"

    # Alembic names the step it runs by the function.
    @property
    def __name__(self) -> str:
        return self.migration.name

    def __call__(self) -> None:
        connection = self.context.connection
        if connection is None:
            raise RuntimeError("migrations run on a connection, not offline")
        for statement in statements(self.migration.sql):
            connection.exec_driver_sql(statement)
