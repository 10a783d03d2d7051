"""The schema that is shipped, for each engine."""

import pytest

from storage.engine.migrate import shipped
from tests.engines import TABLES, columns


class TestShipped:
    @pytest.mark.parametrize(
        ("engine", "other"), [("sqlite", "postgresql"), ("postgresql", "sqlite")]
    )
    def test_leaves_the_other_engines_files_out(self, engine, other):
        names = [migration.name for migration in shipped(engine)]
        assert names[:2] == ["0001_delivery", "0002_desk"]
        assert not [name for name in names if name.endswith(f".{other}")]

    def test_takes_the_version_from_the_number_alone(self):
        assert [(one.version, one.name) for one in shipped()][2] == (
            "0003",
            "0003_append_only.sqlite",
        )


async def test_every_table_has_a_primary_key(desk):
    """Every table has a primary key, so that nothing is kept twice."""
    tables = await desk.sql(TABLES)
    for table in tables:
        found = await columns(desk.database, table["name"])
        assert any(column["pk"] for column in found), table["name"]
