import pytest

from storage.engine.inline import InlineDatabase


class Died(Exception):
    pass


async def add(tx, *keys):
    for key in keys:
        await tx.run("INSERT INTO desk_state (key, value) VALUES (:key, 'x')", key=key)
    return len(keys)


async def keys(database):
    rows = await database.read(lambda tx: tx.all("SELECT key FROM desk_state ORDER BY key"))
    return [row["key"] for row in rows]


@pytest.fixture
def database():
    found = InlineDatabase()
    yield found
    found.close()


async def test_what_was_written_stays(database):
    assert await database.write(lambda tx: add(tx, "a", "b")) == 2
    assert await keys(database) == ["a", "b"]


async def test_nothing_stays_of_what_raises(database):
    async def unit(tx):
        await add(tx, "a")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(unit)
    assert await keys(database) == []


@pytest.mark.parametrize("statements", [0, 1, 2, 3, 99])
async def test_a_crash_comes_once_and_takes_its_transaction_along(database, statements):
    database.crash_after(statements, Died())
    with pytest.raises(Died):
        await database.write(lambda tx: add(tx, "a", "b", "c"))
    assert await keys(database) == []
    await database.write(lambda tx: add(tx, "a"))
    assert await keys(database) == ["a"]


async def test_a_crash_can_be_called_off(database):
    database.crash_after(0, Died())
    database.crash_after(0, None)
    assert await database.write(lambda tx: add(tx, "a")) == 1


async def test_a_crash_waits_for_the_next_write(database):
    database.crash_after(0, Died())
    assert await keys(database) == []
    with pytest.raises(Died):
        await database.write(lambda tx: add(tx, "a"))


async def test_who_only_reads_may_not_write(database):
    with pytest.raises(RuntimeError, match="only reads"):
        await database.read(lambda tx: add(tx, "a"))


async def test_nothing_may_be_awaited_but_the_transaction(database):
    import asyncio

    async def unit(tx):
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="nothing but its transaction"):
        await database.write(unit)
