"""What is kept about one person is found in every table, and nobody else's."""

import json

from billing.partners import Role
from billing.services.people import Member, Person
from billing.services.ports import Pairing
from storage.delivery.inbox import Inbox
from tests.engines import TABLES, columns
from tests.storage.stocked import NOW, instance


async def about(desk, user_id):
    return await desk.read(lambda work: work.kept.about(user_id))


async def test_every_table_with_a_persons_id_is_looked_at(desk):
    """A table that names a person is asked, or is one of those that keep a number alone."""
    tables = await desk.sql(TABLES)
    with_user = set()
    for table in tables:
        found = await columns(desk.database, table["name"])
        if any(column["name"] == "user_id" for column in found):
            with_user.add(table["name"])
    asked = {
        *("persons", "members", "staff", "applications", "acceptances", "questions", "audit"),
        *("support_messages", "pairings"),
    }
    # What was asked for a partner, and the lists that were shown: a number, and no more of it.
    assert with_user - asked <= {"token_requests", "shown_lists"}


async def test_it_is_the_persons_own_rows(desk):
    async def unit(work):
        for user_id, name in ((71, "Ana"), (72, "Bia")):
            await work.people.save_person(Person(user_id, name, "pt", None), at=work.now)
        await work.people.add_member(Member(71, "P1", Role.VIEWER), at=work.now)
        await work.choices.choose("P1", "71", "trials", wanted=True)
        await work.instances.add(instance())
        await work.pairings.begin(Pairing("answer:1", "K7Q2M", "P1", 71, 71, "+5511987654321", NOW))

    await desk.write(unit)
    found = await about(desk, 71)
    assert [row["name"] for row in found["person"]] == ["Ana"]
    assert [row["role"] for row in found["memberships"]] == ["viewer"]
    assert [row["family"] for row in found["reminders"]] == ["trials"]
    assert [row["phone"] for row in found["pairings"]] == ["+5511987654321"]
    assert found["staff"] == found["applications"] == found["actions"] == []
    other = await about(desk, 72)
    assert (other["memberships"], other["reminders"], other["pairings"]) == ([], [], [])


async def test_updates_are_those_that_came_from_the_person(desk):
    bodies = [
        json.dumps({"update_id": 1, "message": {"from": {"id": 71}, "text": "hi"}}),
        json.dumps({"update_id": 2, "message": {"from": {"id": 72}, "text": "71"}}),
        json.dumps({"update_id": 3, "callback_query": {"from": {"id": 71}}}),
        "71 is no JSON",
        "[71]",
    ]
    rows = [(n, "lane", body) for n, body in enumerate(bodies)]
    await desk.database.write(lambda tx: Inbox(tx).store(rows, NOW))
    found = await about(desk, 71)
    assert [one["update"]["update_id"] for one in found["updates"]] == [1, 3]


async def test_a_person_that_is_forgotten_is_kept_by_number_alone(desk):
    async def unit(work):
        await work.people.save_person(Person(71, "Ana", "pt", None), at=work.now)
        await work.conversations.ask(71, 71, "new", {})
        await work.conversations.show_list(71, 71, ["K7Q2M"])
        await work.people.forget(71)

    await desk.write(unit)
    found = await about(desk, 71)
    assert found["person"] == found["questions"] == []
    assert await desk.sql("SELECT * FROM shown_lists") == []
