"""Brings a PostgreSQL database's schema up to the code's: the same numbered files of SQL."""

import re

from psycopg import Connection
from psycopg.rows import DictRow

from storage.engine.migrate import SchemaTooNew, shipped
from storage.engine.postgres_session import MIGRATING

_VERSIONS = """
CREATE TABLE IF NOT EXISTS alembic_version (
  version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))
"""


def migrate(connection: Connection[DictRow]) -> None:
    """
    Bring the schema up to the last migration, in one transaction.

    Of several programs that start at once one migrates; the others wait and find it done.

    :raises SchemaTooNew: if the database is ahead of the code.
    """
    known = shipped("postgresql")
    versions = [migration.version for migration in known]
    with connection.transaction():
        # Held until the commit: the version is looked at by one at a time.
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))
        connection.execute(_VERSIONS)
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        found = None if row is None else str(row["version_num"])
        if found is not None and found not in versions:
            raise SchemaTooNew(found=found, known=versions[-1])
        if found == versions[-1]:
            return
        for migration in known[0 if found is None else versions.index(found) + 1 :]:
            connection.execute(migration.sql.encode())
        connection.execute("DELETE FROM alembic_version")
        connection.execute("INSERT INTO alembic_version VALUES (%s)", (versions[-1],))


def forget(connection: Connection[DictRow]) -> None:
    """Drop every table that a migration ever made, and nothing else that the database holds."""
    made = {
        name
        for migration in shipped("postgresql")
        for name in re.findall(r"CREATE TABLE (\w+)", migration.sql)
    }
    listed = ", ".join(sorted(made | {"alembic_version"}))
    with connection.transaction():
        connection.execute(f"DROP TABLE IF EXISTS {listed} CASCADE".encode())
        connection.execute("DROP FUNCTION IF EXISTS only_ever_added")
