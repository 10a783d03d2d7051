"""The box's own memory: one SQLite file beside the bot's database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.sandbox.values import Attachment, Chat, Message, Person, dump

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chats (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
  chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS updates (
  position INTEGER PRIMARY KEY AUTOINCREMENT, update_id INTEGER NOT NULL UNIQUE, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS taps (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
  file_id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, body TEXT NOT NULL, content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
# A box that is just being ended lets go of its file within that.
BUSY_SECONDS = 5.0
# The highest message id there can be.
END = 2**62


def path_beside(database_url: str) -> Path | None:
    """Return where the box of the bot with that database is kept; None: in memory."""
    scheme, _, path = database_url.partition(":///")
    if not scheme.startswith("sqlite"):
        # A database server has no folder; the box is then kept where the bot runs.
        return Path("partnerdesk.sandbox.db")
    if not path or path == ":memory:":
        return None
    return Path(path).with_suffix(".sandbox.db")


class Keeper:
    """
    Rows of everything that a `kill -9` must not lose; each call is committed when it returns.

    Calls block for some tens of microseconds: no thread is worth the hop.
    """

    def __init__(self, path: Path | None, *, fresh: bool = False) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            if fresh:
                for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                    path.with_name(name).unlink(missing_ok=True)
        self._database = sqlite3.connect(
            path or ":memory:", isolation_level=None, timeout=BUSY_SECONDS
        )
        # Two boxes on one file would each believe to be Telegram: the second is refused.
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._database.execute("PRAGMA journal_mode = WAL")
        # NORMAL outlives the process, and a box need not outlive the machine's power.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(SCHEMA)
        self._depth = 0

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Make several rows one commit; inside another change it joins that one."""
        self._depth += 1
        try:
            if self._depth == 1:
                self._database.execute("BEGIN IMMEDIATE")
            yield
        except BaseException:
            if self._depth == 1:
                self._database.execute("ROLLBACK")
            raise
        else:
            if self._depth == 1:
                self._database.execute("COMMIT")
        finally:
            self._depth -= 1

    def people(self) -> list[Person]:
        return [Person.load(body) for (body,) in self._all("SELECT body FROM people ORDER BY id")]

    def keep_person(self, person: Person) -> None:
        self._run("INSERT OR REPLACE INTO people VALUES (?, ?)", person.id, dump(person))

    def chats(self) -> list[Chat]:
        return [Chat.load(body) for (body,) in self._all("SELECT body FROM chats ORDER BY id")]

    def keep_chat(self, chat: Chat) -> None:
        self._run("INSERT OR REPLACE INTO chats VALUES (?, ?)", chat.id, dump(chat))

    def message(self, chat_id: int, message_id: int) -> Message | None:
        sql = "SELECT body FROM messages WHERE chat_id = ? AND message_id = ?"
        rows = self._all(sql, chat_id, message_id)
        return Message.load(rows[0][0]) if rows else None

    def messages_after(self, chat_id: int, after: int, limit: int) -> list[Message]:
        sql = (
            "SELECT body FROM messages WHERE chat_id = ? AND message_id > ?"
            " ORDER BY message_id LIMIT ?"
        )
        return [Message.load(body) for (body,) in self._all(sql, chat_id, after, limit)]

    def messages_before(self, chat_id: int, before: int, limit: int) -> list[Message]:
        """Return the newest messages below `before`, the oldest of them first."""
        sql = (
            "SELECT body FROM messages WHERE chat_id = ? AND message_id < ?"
            " ORDER BY message_id DESC LIMIT ?"
        )
        return [Message.load(body) for (body,) in self._all(sql, chat_id, before, limit)][::-1]

    def keep_message(self, message: Message) -> None:
        sql = "INSERT OR REPLACE INTO messages VALUES (?, ?, ?)"
        self._run(sql, message.chat_id, message.message_id, dump(message))

    def drop_message(self, chat_id: int, message_id: int) -> None:
        self._run("DELETE FROM messages WHERE chat_id = ? AND message_id = ?", chat_id, message_id)

    def updates(self) -> list[str]:
        return [body for (body,) in self._all("SELECT body FROM updates ORDER BY position")]

    def keep_update(self, update_id: int, body: str) -> None:
        self._run("INSERT INTO updates (update_id, body) VALUES (?, ?)", update_id, body)

    def drop_updates(self, update_ids: Iterable[int]) -> None:
        rows = [(update_id,) for update_id in update_ids]
        with self.change():
            self._database.executemany("DELETE FROM updates WHERE update_id = ?", rows)

    def tap(self, tap_id: str) -> Any:
        rows = self._all("SELECT body FROM taps WHERE id = ?", tap_id)
        return json.loads(rows[0][0]) if rows else None

    def keep_tap(self, tap_id: str, body: object) -> None:
        self._run("INSERT OR REPLACE INTO taps VALUES (?, ?)", tap_id, json.dumps(body))

    def keep_file(self, attachment: Attachment, content: bytes) -> None:
        sql = "INSERT INTO files VALUES (?, ?, ?, ?)"
        self._run(sql, attachment.file_id, attachment.path, dump(attachment), content)

    def file(self, file_id: str) -> tuple[Attachment, bytes] | None:
        return self._file("SELECT body, content FROM files WHERE file_id = ?", file_id)

    def file_at(self, path: str) -> tuple[Attachment, bytes] | None:
        return self._file("SELECT body, content FROM files WHERE path = ?", path)

    def _file(self, sql: str, value: str) -> tuple[Attachment, bytes] | None:
        rows = self._all(sql, value)
        return (Attachment(**json.loads(rows[0][0])), rows[0][1]) if rows else None

    def setting(self, name: str, default: Any) -> Any:
        rows = self._all("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(rows[0][0]) if rows else default

    def keep_setting(self, name: str, value: object) -> None:
        self._run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._database.execute(sql, values).fetchall()

    def _run(self, sql: str, *values: object) -> None:
        self._database.execute(sql, values)
