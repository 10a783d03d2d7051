"""Opens the desk's database, or says in a sentence why the bot does not start with it."""

from __future__ import annotations

import sqlite3

from bot import belonging
from bot.starting import StartRefused
from storage.desk.desk_state import DeskState
from storage.engine.database import Database, HeldElsewhere, UnknownDatabase, UnusableDatabase
from storage.engine.migrate import SchemaTooNew


async def opened(url: str) -> Database:
    """
    Open it, to be alone with it.

    :raises StartRefused: without its address, which may hold a password.
    """
    try:
        return await Database.open(url, alone=True)
    except (HeldElsewhere, SchemaTooNew, UnknownDatabase, UnusableDatabase) as refused:
        raise StartRefused(f"DATABASE_URL: {refused}.") from None
    except (sqlite3.Error, OSError) as error:
        raise StartRefused(f"DATABASE_URL: the database cannot be opened: {error}.") from None


async def check_may_go(url: str) -> None:
    """
    See that the sandbox may remove a database, to begin anew.

    :raises StartRefused: it is a live bot's, or cannot be opened.
    """
    database = await opened(url)
    try:
        place = await database.read(lambda tx: DeskState(tx).get(belonging.PLACE))
    finally:
        await database.close()
    belonging.check_may_go(place)


async def empty(url: str) -> None:
    """
    Take the desk's tables out of a PostgreSQL database, to begin anew.

    :raises StartRefused: it cannot be opened.
    """
    from storage.engine.postgres_database import emptied

    try:
        await emptied(url)
    except UnusableDatabase as refused:
        raise StartRefused(f"DATABASE_URL: {refused}.") from None
