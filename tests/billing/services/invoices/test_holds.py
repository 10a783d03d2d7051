"""More time for an invoice, and what was planned for it."""

import pytest

from tests.billing.samples import there

DUNNING = ("notice_invoice", "notice_stop", "notice_last", "notice_del")
UNTIL_THE_STOP = [
    ("2026-02-01 09:00", "notice_invoice_issued"),
    ("2026-02-03 09:00", "notice_invoice_due_soon"),
    ("2026-02-05 09:00", "notice_invoice_due"),
    ("2026-02-06 09:00", "notice_invoice_overdue"),
    ("2026-02-08 09:00", "notice_stop_soon"),
    ("2026-02-10 09:00", "notice_last_day"),
]


class TestAHold:
    async def test_before_the_stop_moves_it_and_its_warnings(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-09 12:00")
        await acme.held("2026-01", "2026-02-20")
        await world.until("2026-02-28 12:00")
        assert acme.heard(*DUNNING) == [
            *UNTIL_THE_STOP[:5],
            ("2026-02-18 09:00", "notice_stop_soon"),
            ("2026-02-20 09:00", "notice_last_day"),
            ("2026-02-21 08:00", "notice_stopped"),
            ("2026-02-24 09:00", "notice_deletion_tomorrow"),
            ("2026-02-25 09:00", "notice_deleted"),
        ]

    async def test_after_the_stop_runs_again_and_stops_again(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-02-12 12:00")
        await acme.held("2026-01", "2026-02-20")
        assert await acme.states() == {"loja-1": "active"}
        assert world.asked[-1] == ("restart", loja)
        assert world.last(acme.chat_id, "held").facts["restored"] == ["loja-1"]
        await world.until("2026-02-20 23:59")
        assert await acme.states() == {"loja-1": "active"}
        await world.until("2026-02-26 12:00")
        assert [said for said in acme.heard(*DUNNING) if said[0] > "2026-02-12"] == [
            ("2026-02-18 09:00", "notice_stop_soon"),
            ("2026-02-20 09:00", "notice_last_day"),
            ("2026-02-21 08:00", "notice_stopped"),
            ("2026-02-24 09:00", "notice_deletion_tomorrow"),
            ("2026-02-25 09:00", "notice_deleted"),
        ]  # fmt: skip
        assert acme.heard("notice_stopped")[0] == ("2026-02-11 08:00", "notice_stopped")
        assert await acme.states() == {"loja-1": "deleted"}

    @pytest.mark.parametrize(
        ("later", "stops", "deleted"),
        [
            ("2026-02-25", "2026-02-26 00:00", "2026-03-02 09:00"),  # given more
            ("2026-02-14", "2026-02-15 00:00", "2026-02-19 09:00"),  # taken back
        ],
    )
    async def test_is_replaced_by_a_later_one(self, world, acme, later, stops, deleted):
        (loja,) = await acme.running("loja-1")
        await world.until("2026-02-09 12:00")
        await acme.held("2026-01", "2026-02-20")
        await world.until("2026-02-13 12:00")
        await acme.held("2026-01", later, "a second look")
        # And back and forth: what was dropped is planned again.
        await acme.held("2026-01", "2026-02-20")
        await acme.held("2026-01", later, "a third look")
        await world.until("2026-03-05 12:00")
        about = await world.read(lambda work: work.audit.about(loja, limit=20))
        assert [there(row.at) for row in about if row.action == "stop"] == [stops]
        assert [there(row.at) for row in about if row.action == "delete"] == [deleted]
        assert len(acme.heard("notice_stopped")) == len(acme.heard("notice_deleted")) == 1

    async def test_given_while_a_deletion_was_put_off_is_not_overtaken_by_it(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-14 08:00")
        world.telegram_is_down = True
        await world.until("2026-02-15 12:00")
        world.telegram_is_down = False
        await acme.held("2026-01", "2026-02-18")
        await world.until("2026-02-23 08:59")
        assert await acme.states() == {"loja-1": "overdue"}
        await world.until("2026-02-23 09:00")
        assert await acme.states() == {"loja-1": "deleted"}
        assert acme.heard("notice_del") == [
            ("2026-02-22 09:00", "notice_deletion_tomorrow"),
            ("2026-02-23 09:00", "notice_deleted"),
        ]

    async def test_takes_back_what_nobody_has_heard_yet(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-06 08:00")
        world.telegram_is_down = True
        await world.until("2026-02-08 12:00")
        await acme.held("2026-01", "2026-02-20")
        world.telegram_is_down = False
        await world.until("2026-02-09 12:00")
        told = [kind for at, kind in acme.heard("notice", "held") if at > "2026-02-06"]
        assert told == ["held"]

    async def test_leaves_what_is_true_all_the_same_to_be_heard(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-06 08:00")
        world.telegram_is_down = True
        await world.until("2026-02-07 12:00")
        await acme.held("2026-01", "2026-02-20")
        world.telegram_is_down = False
        await world.until("2026-02-09 12:00")
        told = [kind for at, kind in acme.heard("notice", "held") if at > "2026-02-06"]
        assert told == ["notice_invoice_overdue", "held"]

    async def test_ends_with_the_payment(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-09 12:00")
        await acme.held("2026-01", "2026-02-20")
        await world.until("2026-02-19 12:00")
        await acme.pays("2026-01")
        await world.until("2026-02-28 12:00")
        assert await acme.states() == {"loja-1": "active"}
        assert [kind for at, kind in acme.heard(*DUNNING) if at > "2026-02-19"] == []
