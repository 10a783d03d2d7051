"""Two hundred at once at two desks that share a file: one wins, and everybody gets an answer."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage.delivery.inbox import Inbox
from storage.engine.database import Database
from tests.bot.chat.talk import (
    ADMIN,
    BOT,
    FINANCE,
    MANAGER,
    OWNER,
    STAFF_GROUP,
    Said,
    Talk,
    message,
    person,
)

MANY = 200


@pytest.fixture
async def desks(tmp_path) -> AsyncIterator[tuple[Talk, Talk]]:
    """Return two that run with one database, as during a change of versions."""
    url = f"sqlite:///{tmp_path}/desk.db"
    databases = [await Database.open(url), await Database.open(url)]
    one = Talk(databases[0])
    other = Talk(databases[1], clock=one.clock)
    await one.set_up()
    yield one, other
    for database in databases:
        await database.close()


@pytest.fixture
def talk(desks) -> Talk:
    return desks[0]


async def at_once(desks: tuple[Talk, Talk], updates: list[dict[str, Any]]) -> list[Said | None]:
    """Hand half of the updates to each desk at the same time; return what each was answered."""
    first = desks[0]
    raws = [{"update_id": next(first.ids), **update} for update in updates]
    rows = [(raw["update_id"], f"lane {raw['update_id']}", json.dumps(raw)) for raw in raws]
    await first.database.write(lambda tx: Inbox(tx).store(rows, first.clock.at))
    handled = [desks[n % 2].chat.handle(raw["update_id"], raw) for n, raw in enumerate(raws)]
    await asyncio.gather(*handled)
    answers = {said.key: said for said in await first.messages()}
    return [answers.get(f"answer:{raw['update_id']}") for raw in raws]


def saying(user: int, text: str, chat: int) -> dict[str, Any]:
    return {"message": message(user, text, chat)}


def pressing(user: int, said: Said, label: str) -> dict[str, Any]:
    return {
        "callback_query": {
            "id": "1",
            "from": person(user),
            "chat_instance": "1",
            "data": said.intent(label),
            "message": message(BOT["id"], "a card", said.chat_id),
        }
    }


def codes(answers: list[Said | None]) -> Counter[str]:
    """Count the answers, refusals by their code."""
    return Counter(
        "none" if said is None else said.facts.get("code", said.kind) for said in answers
    )


class TestTwoHundredAtOnce:
    async def test_take_the_last_place_of_the_quota_once(self, desks, talk):
        await talk.create(*(f"loja {number}" for number in range(24)))
        people = (OWNER, MANAGER)
        asked = [saying(one, f"/new last {n},", one) for n in range(MANY // 2) for one in people]
        answers = await at_once(desks, asked)
        assert codes(answers) == {"progress": 1, "token_used_up": MANY - 1}
        refused = [said.facts["facts"] for said in answers if said.kind == "refusal"]
        assert {(facts["created"], facts["allowed"]) for facts in refused} == {(25, 25)}
        assert len(await talk.ids_by_name()) == 25

    async def test_take_one_name_once(self, desks, talk):
        answers = await at_once(desks, [saying(OWNER, "/new loja-1,", OWNER)] * MANY)
        assert codes(answers) == {"progress": 1, "name_taken": MANY - 1}
        assert len(await talk.sql("SELECT id FROM instances")) == 1

    async def test_press_a_button_once(self, desks, talk):
        await talk.create("loja-1")
        card = await talk.tell(OWNER, "/subscribe loja-1")
        await at_once(desks, [pressing(OWNER, card, "confirm")] * MANY)
        toasts = Counter(toast for desk in desks for toast in desk.bot.toasts)
        assert toasts == {None: 1, "That was already done.": MANY - 1}
        assert await talk.states() == {"loja-1": "active"}
        done = "SELECT id FROM audit WHERE action = 'subscribe' AND outcome = 'done'"
        assert len(await talk.sql(done)) == 1
        calls = "SELECT id FROM platform_calls WHERE operation = 'subscribe'"
        assert len(await talk.sql(calls)) == 1

    async def test_confirm_two_cards_about_one_instance_once(self, desks, talk):
        await talk.create("loja-1")
        cards = [(who, await talk.tell(who, "/subscribe loja-1")) for who in (OWNER, MANAGER)]
        presses = [pressing(who, card, "confirm") for who, card in cards] * (MANY // 2)
        await at_once(desks, presses)
        assert sum(len(desk.bot.toasts) for desk in desks) == MANY
        calls = "SELECT id FROM platform_calls WHERE operation = 'subscribe'"
        assert len(await talk.sql(calls)) == 1

    async def test_book_a_payment_once(self, desks, talk, number):
        text = f"/paid {number} 59,90 E2E 1"
        booked = [saying(one, text, STAFF_GROUP) for one in (FINANCE, ADMIN)] * (MANY // 2)
        answers = await at_once(desks, booked)
        assert codes(answers) == {"booked": 1, "already_done": MANY - 1}
        assert len(await talk.sql("SELECT id FROM payments")) == 1
        [invoice] = await talk.sql("SELECT state FROM invoices")
        assert invoice["state"] == "paid"

    async def test_book_one_of_the_amounts_given_for_a_reference(self, desks, talk, number):
        booked = [
            saying(FINANCE, f"/paid {number} {n % 50 + 1},00 E2E 1", STAFF_GROUP)
            for n in range(MANY)
        ]
        answers = await at_once(desks, booked)
        assert codes(answers) == {
            "booked": 1,
            "already_done": MANY // 50 - 1,
            "reference_taken": MANY - MANY // 50,
        }
        assert len(await talk.sql("SELECT id FROM payments")) == 1
