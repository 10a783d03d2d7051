import sqlite3
from pathlib import Path

import pytest

from bot.sandbox.keeper import Keeper, path_beside
from bot.sandbox.values import Attachment, Chat, Message, Person, Topic


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////data/desk.db", "/data/desk.sandbox.db"),
        ("sqlite:///data/desk.db", "data/desk.sandbox.db"),
        ("sqlite+aiosqlite:////data/desk.db", "/data/desk.sandbox.db"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql://desk@db/desk", "partnerdesk.sandbox.db"),  # no folder to lie beside
    ],
)
def test_the_state_lies_beside_the_database(url, path):
    assert path_beside(url) == (path and Path(path))


class TestKeeper:
    def test_gives_back_what_it_was_given(self, tmp_path):
        person = Person(5, "Zé", "da Silva", "ze_box", "pt-br", blocked=True)
        chat = Chat(
            -7, "supergroup", "Desk", True, ((5, "creator"),), "administrator", True,
            (Topic(3, "Zé", closed=True),), pinned=2, last_message_id=9,
        )  # fmt: skip
        file = Attachment("photo", "id", "unique", "a.png", "image/png", 3, "photos/a.png", 1, 2)
        message = Message(
            -7, 5, 9, 1234, "oi 😀", ({"type": "bold", "offset": 0, "length": 2},),
            {"inline_keyboard": []}, file, thread_id=3, service={"x": {"y": 1}},
        )  # fmt: skip
        keeper = Keeper(tmp_path / "state.db")
        with keeper.change():
            keeper.keep_person(person)
            keeper.keep_chat(chat)
            keeper.keep_message(message)
            keeper.keep_file(file, b"abc")
            keeper.keep_tap("1", {"at": 1.5})
        keeper.close()
        again = Keeper(tmp_path / "state.db")
        assert again.people() == [person]
        assert again.chats() == [chat]
        assert again.message(-7, 9) == message
        assert again.file("id") == again.file_at("photos/a.png") == (file, b"abc")
        assert again.tap("1") == {"at": 1.5}
        assert again.tap("2") is None
        again.close()

    def test_keeps_nothing_of_a_change_that_failed(self):
        keeper = Keeper(None)

        def fail():
            with keeper.change():
                keeper.keep_setting("a", 1)
                with keeper.change():
                    keeper.keep_setting("b", 2)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert keeper.setting("a", None) is None
        assert keeper.setting("b", None) is None
        keeper.keep_setting("a", 3)
        assert keeper.setting("a", None) == 3
        keeper.close()

    def test_begins_anew_if_it_shall_be_fresh(self, tmp_path):
        first = Keeper(tmp_path / "state.db")
        first.keep_setting("a", 1)
        first.close()
        again = Keeper(tmp_path / "state.db", fresh=True)
        assert again.setting("a", None) is None
        again.close()

    def test_lets_only_one_box_use_the_file(self, tmp_path, monkeypatch):
        keeper = Keeper(tmp_path / "state.db")
        monkeypatch.setattr("bot.sandbox.keeper.BUSY_SECONDS", 0.05)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            Keeper(tmp_path / "state.db")
        keeper.close()
