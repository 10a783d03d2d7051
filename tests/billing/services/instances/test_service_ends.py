"""The end of a cancelled instance's service: what happens, and what is said of it."""

from billing.notices import cancellation_subject
from billing.services import noticing
from billing.services.partners import leaving
from billing.services.ports import Due


class TestTheEndOfAService:
    async def test_stops_what_was_cancelled_and_deletes_it_ten_days_later(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        await acme.pays_on_time("2026-01")
        await world.until("2026-02-27 11:59")
        assert await acme.states() == {"loja-1": "cancelled"}
        await world.until("2026-02-27 12:00")
        assert await acme.states() == {"loja-1": "ended"}
        await world.until("2026-03-09 11:59")
        assert await acme.states() == {"loja-1": "ended"}
        await world.until("2026-03-09 12:00")
        assert await acme.states() == {"loja-1": "deleted"}
        assert acme.heard("notice_service") == [
            ("2026-02-24 12:00", "notice_service_ends_soon"),
            ("2026-02-27 12:00", "notice_service_ended"),
        ]

    async def test_leaves_one_that_was_kept_and_cancelled_anew_to_its_new_end(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        await world.until("2026-01-30 12:00")
        await acme.keep(loja)
        await acme.cancel(loja)
        await acme.pays_on_time("2026-01")
        # Both rows wait: the first as if it had not been dropped when the cancellation was kept.
        await world.sql("UPDATE due SET state = 'waiting' WHERE kind LIKE '%service_end%'")
        await world.until("2026-02-28 12:00")
        assert await acme.states() == {"loja-1": "cancelled"}
        await world.until("2026-03-01 12:00")
        assert await acme.states() == {"loja-1": "ended"}
        assert acme.heard("notice_service") == [
            ("2026-02-26 12:00", "notice_service_ends_soon"),
            ("2026-03-01 12:00", "notice_service_ended"),
        ]

    async def test_comes_also_while_it_is_stopped_as_overdue(self, world, acme):
        first, _ = await acme.running("loja-1", "loja-2")
        await world.until("2026-02-12 12:00")
        await acme.cancel(first)
        assert await acme.states() == {"loja-1": "overdue", "loja-2": "overdue"}
        await acme.held("2026-01", "2026-02-13")
        await world.until("2026-02-14 12:00")
        assert await acme.states() == {"loja-1": "overdue", "loja-2": "overdue"}
        await acme.held("2026-01", "2026-03-30")
        assert await acme.states() == {"loja-1": "cancelled", "loja-2": "active"}
        await world.until("2026-03-11 12:00")
        # The February invoice has stopped it in the meantime.
        assert await acme.states() == {"loja-1": "overdue", "loja-2": "overdue"}
        await world.until("2026-03-14 12:00")
        assert await acme.states() == {"loja-1": "ended", "loja-2": "overdue"}
        await acme.pays("2026-01")
        await acme.pays("2026-02")
        assert await acme.states() == {"loja-1": "ended", "loja-2": "active"}
        await world.until("2026-03-24 12:00")
        assert await acme.states() == {"loja-1": "deleted", "loja-2": "active"}


class TestANotice:
    async def test_that_a_service_has_ended_is_not_said_of_what_was_deleted_since(
        self, world, acme
    ):
        await world.until("2026-01-28 23:00")
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        await acme.pays_on_time("2026-01")
        await world.until("2026-02-27 23:30")
        assert await acme.states() == {"loja-1": "ended"}
        await acme.delete(loja)
        await world.until("2026-02-28 12:00")
        assert acme.heard("notice_service_ended") == []

    async def test_of_services_that_end_together_is_one_message(self, world, acme):
        ids = await acme.running("loja-1", "loja-2", "loja-3")
        await acme.cancel(*ids)
        await acme.pays_on_time("2026-01")
        await world.until("2026-02-28 12:00")
        assert [kind for _, kind in acme.heard("notice_service")] == [
            "notice_service_ends_soon",
            "notice_service_ended",
        ]
        told = world.last(acme.chat_id, "notice_service_ended").facts
        assert [one["name"] for one in told["instances"]] == ["loja-1", "loja-2", "loja-3"]
        assert await world.labels("notice:service_ends_soon") == {"keep"}

    async def test_of_services_offers_no_keep_to_who_has_left(self, world, acme):
        await acme.running("loja-1", "loja-2")
        shown = await acme.do(leaving.look)
        await acme.do(leaving.leave, terms=shown.terms, message_key="k")
        await acme.pays_on_time("2026-01")
        await world.until("2026-02-28 12:00")
        told = world.last(acme.chat_id, "notice_service_ends_soon").facts
        assert (len(told["instances"]), told["left"]) == (2, True)
        assert await world.labels("notice:service_ends_soon") == set()

    async def test_of_an_end_is_not_said_before_it_has_come(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        subject = cancellation_subject(await acme.get(loja))
        row = Due("notice:x", "notice:service_ended", subject, acme.partner_id, world.clock.at)
        await world.write(lambda work: work.due.plan(row))
        await world.settle()
        assert acme.heard("notice_service") == []

    async def test_of_a_cancellation_that_was_kept_is_not_said(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        subject = cancellation_subject(await acme.get(loja))
        await acme.keep(loja)
        row = Due("notice:x", "notice:service_ends_soon", subject, acme.partner_id, world.clock.at)
        await world.store.write(lambda work: noticing.say(work, row))
        await world.settle()
        assert acme.heard("notice_service") == []

    async def test_that_was_not_sent_yet_leaves_out_what_was_kept(self, world, acme):
        ids = await acme.running("loja-1", "loja-2", "loja-3")
        await acme.cancel(*ids)
        await acme.pays_on_time("2026-01")
        world.telegram_is_down = True
        await world.until("2026-02-24 12:00")
        await acme.keep(ids[0])
        await acme.keep(ids[1])
        world.telegram_is_down = False
        await world.settle()
        told = world.last(acme.chat_id, "notice_service_ends_soon").facts
        assert [one["name"] for one in told["instances"]] == ["loja-3"]
        assert await world.args("notice:service_ends_soon") == [{"instances": [ids[2]]}]

    async def test_that_was_not_sent_yet_is_not_sent_if_all_were_kept(self, world, acme):
        ids = await acme.running("loja-1", "loja-2")
        await acme.cancel(*ids)
        await acme.pays_on_time("2026-01")
        world.telegram_is_down = True
        await world.until("2026-02-24 12:00")
        await acme.keep(*ids)
        world.telegram_is_down = False
        await world.settle()
        assert acme.heard("notice_service") == []

    async def test_that_was_not_sent_yet_stays_as_it_is_if_another_was_kept(self, world, acme):
        first, second = await acme.running("loja-1", "loja-2")
        await acme.cancel(first)
        await world.until("2026-01-28 15:00")
        await acme.cancel(second)
        await acme.pays_on_time("2026-01")
        world.telegram_is_down = True
        await world.until("2026-02-24 16:00")
        await acme.keep(second)
        world.telegram_is_down = False
        await world.settle()
        told = world.last(acme.chat_id, "notice_service_ends_soon").facts
        assert [one["name"] for one in told["instances"]] == ["loja-1"]
        assert len(acme.heard("notice_service")) == 1

    async def test_that_was_sent_stays_as_it_is(self, world, acme):
        ids = await acme.running("loja-1", "loja-2")
        await acme.cancel(*ids)
        await acme.pays_on_time("2026-01")
        await world.until("2026-02-24 12:00")
        await acme.keep(ids[0])
        told = world.last(acme.chat_id, "notice_service_ends_soon")
        assert [one["name"] for one in told.facts["instances"]] == ["loja-1", "loja-2"]
        assert not told.edit

    async def test_of_an_end_leaves_out_what_was_deleted_in_the_night(self, world, acme):
        await world.until("2026-01-28 23:00")
        ids = await acme.running("loja-1", "loja-2")
        await acme.cancel(*ids)
        await acme.pays_on_time("2026-01")
        await world.until("2026-02-27 23:30")
        world.telegram_is_down = True
        await world.until("2026-02-28 08:00")
        await acme.delete(ids[1])
        world.telegram_is_down = False
        await world.settle()
        told = world.last(acme.chat_id, "notice_service_ended").facts
        assert [one["name"] for one in told["instances"]] == ["loja-1"]
