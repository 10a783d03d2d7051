"""Who did what is written once and found again."""

import pytest

from billing.money import Money
from billing.partners import Role, StaffRole
from billing.services.people import Actor, Channel
from storage.actors import named
from tests.engines import Refused
from tests.storage.stocked import CURRENCY, HOUR, NOW, invoice

ANA = Actor(Channel.BOT, "update:5", user_id=7, name="Ana", chat_id=7, staff=StaffRole.ADMIN)


async def record(desk, action: str, **details) -> None:
    await desk.write(lambda work: work.audit.record(ANA, action, at=NOW, **details))


async def actions(desk, wanted: str | None, limit: int = 10) -> list[str]:
    rows = await desk.read(lambda work: work.audit.about(wanted, limit=limit))
    return [row.action for row in rows]


class TestAbout:
    async def test_finds_partners_objects_and_numbers_newest_first(self, desk):
        issued = invoice()
        await desk.write(lambda work: work.invoices.add(issued, []))
        await record(desk, "freeze", kind="partner", object_id="P1", partner_id="P1")
        await record(desk, "cancel", kind="instance", object_id="K7Q2M", partner_id="P1")
        await record(desk, "paid", kind="invoice", object_id=issued.id, partner_id="P1")
        await record(desk, "hold", kind="invoice", object_id=issued.number, partner_id="P1")
        await record(desk, "other", object_id="X")
        assert await actions(desk, "P1") == ["hold", "paid", "cancel", "freeze"]
        assert await actions(desk, "P1", limit=2) == ["hold", "paid"]
        assert await actions(desk, "K7Q2M") == ["cancel"]
        assert await actions(desk, issued.number) == ["hold", "paid"]
        assert await actions(desk, None, limit=2) == ["other", "hold"]
        assert await actions(desk, "nothing") == []

    async def test_tells_before_after_and_amount(self, desk):
        await record(desk, "paid", before="due", after="paid", amount=Money(5, CURRENCY))
        (row,) = await desk.read(lambda work: work.audit.about(None, limit=1))
        assert (row.before, row.after, row.amount) == ("due", "paid", Money(5, CURRENCY))
        assert (row.actor, row.cause, row.outcome, row.at) == (
            "admin:7 Ana",
            "update:5",
            "done",
            NOW,
        )


class TestDenied:
    async def test_counts_what_one_person_was_denied_of_late(self, desk):
        await record(desk, "bind", outcome="denied")
        await record(desk, "bind", outcome="denied")
        await record(desk, "bind")
        await record(desk, "halt", outcome="denied")

        async def count(user_id: int, since=NOW) -> int:
            return await desk.read(
                lambda work: work.audit.denied("bind", user_id=user_id, since=since)
            )

        assert await count(7) == 2
        assert await count(8) == 0
        assert await count(7, NOW + HOUR) == 0


class TestNamed:
    @pytest.mark.parametrize(
        ("actor", "name"),
        [
            (Actor(Channel.CLOCK, "due:1"), "clock"),
            (Actor(Channel.PLATFORM, "call:1"), "platform"),
            (Actor(Channel.BOT, "update:1", user_id=9), "person:9"),
            (Actor(Channel.BOT, "update:1", user_id=9, name="B", role=Role.OWNER), "owner:9 B"),
        ],
    )
    def test_says_role_id_and_name(self, actor, name):
        assert named(actor) == name


@pytest.mark.parametrize("statement", ["UPDATE audit SET at = 0", "DELETE FROM audit"])
async def test_a_row_stays_as_it_was_written(desk, statement):
    await record(desk, "paid")
    with pytest.raises(Refused, match="only ever added"):
        await desk.sql(statement)
