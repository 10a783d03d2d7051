"""The warning on the day before a deletion: without it nothing is deleted."""

from billing.services.invoices import dunning
from tests.billing.samples import there
from tests.billing.services.people import GROUP


class TestTheWarning:
    async def test_that_has_not_arrived_puts_the_deletion_off_and_is_given_anew(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-14 08:00")
        world.telegram_is_down = True
        await world.until("2026-02-17 12:00")
        assert await acme.states() == {"loja-1": "overdue"}
        world.telegram_is_down = False
        await world.until("2026-02-18 08:59")
        assert await acme.states() == {"loja-1": "overdue"}
        await world.until("2026-02-18 09:00")
        assert await acme.states() == {"loja-1": "deleted"}
        # Of the warnings of other days none arrives: they were not true any more.
        assert acme.heard("notice_del") == [
            ("2026-02-17 12:00", "notice_deletion_tomorrow"),
            ("2026-02-18 09:00", "notice_deleted"),
        ]
        assert (await world.actions(acme.partner_id)).count("deletion_put_off") == 3

    async def test_that_arrives_on_the_very_day_is_none(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-14 08:00")
        world.telegram_is_down = True
        await world.until("2026-02-15 00:30")
        world.telegram_is_down = False
        await world.until("2026-02-15 09:00")
        assert await acme.states() == {"loja-1": "overdue"}
        await world.until("2026-02-16 09:00")
        assert await acme.states() == {"loja-1": "deleted"}
        days = [
            sent.facts["delete_on"]["$date"]
            for sent in world.sent
            if sent.kind == "notice_deletion_tomorrow"
        ]
        assert days == ["2026-02-15", "2026-02-16"]

    async def test_that_can_never_arrive_is_one_when_staff_were_told(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-13 12:00")
        world.blocked.add(acme.chat_id)
        await world.until("2026-02-15 09:00")
        assert await acme.states() == {"loja-1": "deleted"}
        told = [at for at, _ in world.heard(GROUP, "staff_unreachable")]
        assert told[0] == "2026-02-14 09:00"
        person = await world.read(lambda work: work.people.person(acme.user_id))
        assert person.blocked_at is not None

    async def test_that_nobody_is_linked_to_read_is_one_when_staff_were_told(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-13 12:00")
        await world.sql("DELETE FROM members")
        await world.until("2026-02-20 12:00")
        assert await acme.states() == {"loja-1": "deleted"}
        assert sorted(world.heard(GROUP, "staff_nobody", "staff_del")) == [
            ("2026-02-14 09:00", "staff_deletions"),
            ("2026-02-14 09:00", "staff_nobody_linked"),
            ("2026-02-15 09:00", "staff_deleted"),
        ]
        assert await world.labels("unreachable") == {"owner_code", "partner"}

    async def test_that_nobody_is_linked_to_read_is_none_before_staff_hear(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-13 12:00")
        await world.sql("DELETE FROM members")
        world.blocked.add(GROUP)
        await world.until("2026-02-20 12:00")
        assert await acme.states() == {"loja-1": "overdue"}

    async def test_that_nobody_heard_of_deletes_nothing(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-13 12:00")
        world.blocked |= {acme.chat_id, GROUP}
        await world.until("2026-03-01 12:00")
        assert await acme.states() == {"loja-1": "overdue"}
        invoice = await acme.invoice("2026-01")
        assert await world.read(lambda work: dunning.warned_at(work, invoice)) is None
        assert there(invoice.delete_at) == "2026-03-02 09:00"

    async def test_given_at_night_is_given_in_the_morning_before(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-13 12:00")
        world.down_until("2026-02-15 23:00")
        await world.until("2026-02-17 08:59")
        assert await acme.states() == {"loja-1": "overdue"}
        await world.until("2026-02-17 09:00")
        assert await acme.states() == {"loja-1": "deleted"}
        assert acme.heard("notice_del") == [
            ("2026-02-16 09:00", "notice_deletion_tomorrow"),
            ("2026-02-17 09:00", "notice_deleted"),
        ]
        world.nobody_was_woken(acme.chat_id)
