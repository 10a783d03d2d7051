"""What comes late, or is due though it does not matter any more, does no harm."""

import pytest

from billing.invoices import InvoiceState
from billing.notices import NoticeKind
from billing.services import telling
from billing.services.days import buying, standing_orders
from billing.services.ports import Due
from tests.billing.services.days.people import a_firm, utc
from tests.billing.services.people import GROUP


@pytest.fixture
async def firm(world):
    return await a_firm(world)


async def running(firm, days: int, *names: str, bought: int = 1000) -> list[str]:
    """Return instances that run 5 days of trial and so many more, from now on."""
    await firm.buys(bought)
    ids = await firm.new(*names)
    await firm.extend(days, *ids)
    return ids


async def comes(world, firm, kind: str, subject: str, key: str = "left behind") -> None:
    """Let a row come that should have been dropped."""
    row = Due(key, kind, subject, firm.partner_id, world.clock.at)
    await world.write(lambda work: work.due.plan(row))
    await world.settle()


class TestARowThatWasLeftBehind:
    @pytest.mark.parametrize("kind", ["day_request_soon", "day_request_over"])
    async def test_calls_for_no_request_that_was_seen_to(self, world, firm, kind):
        withdrawn = (await firm.asks(channels=1)).request.id
        await firm.do(buying.withdraw, withdrawn)
        invoiced = (await firm.asks(channels=2)).request
        await firm.invoiced(invoiced)
        for request_id in (withdrawn, invoiced.id):
            await comes(world, firm, kind, request_id, f"{kind}:{request_id}")
        assert world.heard(GROUP, "staff_day") == []

    async def test_makes_no_invoice_void_that_was_paid(self, world, firm):
        invoice = await firm.buys(60)
        await world.until_instant(utc("2026-02-20 12:00"))
        await comes(world, firm, "day_lapse", invoice.id)
        assert [one.state for one in await firm.invoices()] == [InvoiceState.PAID]
        assert await firm.days() == 60

    async def test_makes_no_invoice_void_before_its_time(self, world, firm):
        invoice = await firm.invoiced((await firm.asks(by_days=60)).request)
        await comes(world, firm, "day_lapse", invoice.id)
        assert [one.state for one in await firm.invoices()] == [InvoiceState.DUE]

    async def test_reminds_of_no_invoice_that_was_paid(self, world, firm):
        invoice = await firm.buys(60)
        kind = NoticeKind.DAY_INVOICE_UNPAID
        key = telling.notice_key(kind, invoice.id)
        await comes(world, firm, f"notice:{kind}", invoice.id, key)
        assert firm.heard("notice_day_invoice") == []

    async def test_stops_nothing_that_was_extended_and_gives_it_no_days(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1")
        await firm.auto(loja)
        ends = await firm.until(loja)
        await comes(world, firm, "days_out", loja)
        await comes(world, firm, "days_auto", loja, "left behind as well")
        assert await firm.states() == {"loja-1": "active"}
        assert (await firm.until(loja), await firm.days()) == (ends, 990)


class TestAnEndThatComesLate:
    async def test_finds_the_days_that_came_in_the_meantime(self, world, firm):
        (loja,) = await running(firm, 10, "loja-1", bought=10)
        await firm.auto(loja)
        await world.until_instant(utc("2026-02-12 14:00"))
        invoice = await firm.invoiced((await firm.asks(by_days=30)).request)
        # Its days are used up, and nobody has looked yet.
        world.clock.at = utc("2026-02-12 15:00")
        await firm.pays_for(invoice)
        assert await firm.until(loja) == "2026-03-14 15:00"
        assert await firm.days() == 0
        assert "stop" not in {operation for operation, _ in world.asked}
        assert firm.heard("notice_days_out") == []


class TestADeletionThatWasPutOff:
    async def test_is_none_of_what_was_extended_or_deleted_by_hand(self, world, firm):
        extended, deleted = await running(firm, 10, "loja-1", "loja-2")
        await world.until_instant(utc("2026-03-10 12:00"))
        world.telegram_is_down = True
        await world.until_instant(utc("2026-03-14 16:00"))
        world.telegram_is_down = False
        await firm.extend(5, extended)
        await firm.delete(deleted)
        await world.until_instant(utc("2026-03-18 12:00"))
        assert await firm.states() == {"loja-1": "active", "loja-2": "deleted"}
        assert len([call for call in world.asked if call == ("delete", deleted)]) == 1

    async def test_is_none_of_what_ran_out_again_before_it(self, world, firm):
        await world.until_instant(utc("2026-01-29 02:00"))
        (loja,) = await running(firm, 10, "loja-1")
        await world.until_instant(utc("2026-03-10 12:00"))
        world.telegram_is_down = True
        # It is put off at 02:00 to 08:00 of the next day, for people sleep.
        await world.until_instant(utc("2026-03-15 02:30"))
        world.telegram_is_down = False
        await firm.extend(1, loja)
        await world.until_instant(utc("2026-03-20 12:00"))
        assert await firm.states() == {"loja-1": "stopped"}
        assert [when[:10] for when, _ in await world.due("days_delete%")] == ["2026-04-14"]


class TestAStandingOrder:
    async def test_that_was_ended_before_anybody_came_to_it_buys_nothing(self, world, firm):
        await running(firm, 40, "loja-1")
        await firm.do(standing_orders.switch, on=True)
        await world.until_instant(utc("2026-01-31 23:00"))
        world.clock.at = utc("2026-02-01 00:00")
        await firm.do(standing_orders.switch, on=False)
        await world.until_instant(utc("2026-03-02 12:00"))
        requests = await world.read(lambda work: work.days.requests(firm.partner_id))
        assert [request.standing for request in requests] == [False]


class TestANoticeAfterANight:
    async def test_does_not_name_what_has_its_next_notice_by_now(self, world, firm):
        await firm.buys(1000)
        later, sooner = sorted(await firm.new("loja-1", "loja-2"))
        await firm.extend(10, later, sooner)
        await firm.extend(1, later)
        await world.until_instant(utc("2026-02-09 12:00"))
        # Nobody is there from before the first notice until the night after the second one.
        world.clock.at = utc("2026-02-12 03:00")
        await world.until_instant(utc("2026-02-12 09:00"))
        assert firm.heard("notice_days") == [
            ("2026-02-12 08:00", "notice_days_1d"),
            ("2026-02-12 08:00", "notice_days_3d"),
        ]
        assert self.named(world, firm, "notice_days_1d") == [sooner]
        assert self.named(world, firm, "notice_days_3d") == [later]

    async def test_takes_along_what_ends_soon_after_the_first_of_the_night(self, world, firm):
        await firm.buys(1000)
        made = []
        for at, names in (
            ("2026-01-29 00:30", ["first"]),
            ("2026-01-29 07:00", [f"second-{number}" for number in range(6)]),
            ("2026-01-29 11:00", ["third"]),
        ):
            await world.until_instant(utc(at))
            made.append(await firm.new(*names))
            await firm.extend(10, *made[-1])
        await world.until_instant(utc("2026-02-12 08:30"))
        # They end at 00:30, 07:00 and 11:00: the last one has its own notice.
        named = self.named(world, firm, "notice_days_1d")
        assert set(named) == {*made[0], *made[1]}
        await world.until_instant(utc("2026-02-12 12:00"))
        assert self.named(world, firm, "notice_days_1d") == made[2]

    async def test_leaves_out_what_was_extended_before_it_was_sent(self, world, firm):
        await firm.buys(1000)
        ids = await firm.new("loja-1", "loja-2", "loja-3")
        await firm.extend(10, *ids)
        world.telegram_is_down = True
        await world.until_instant(utc("2026-02-11 15:00"))
        await firm.extend(30, ids[0])
        world.telegram_is_down = False
        await world.settle()
        assert set(self.named(world, firm, "notice_days_1d")) == set(ids[1:])
        extend, _ = await world.args("notice:days_1d")
        assert set(extend["instances"]) == set(ids[1:])

    async def test_is_not_sent_if_all_was_extended(self, world, firm):
        await firm.buys(1000)
        ids = await firm.new("loja-1", "loja-2")
        await firm.extend(10, *ids)
        world.telegram_is_down = True
        await world.until_instant(utc("2026-02-12 15:30"))
        await firm.extend(30, *ids)
        world.telegram_is_down = False
        await world.settle()
        assert firm.heard("notice_days") == []

    @staticmethod
    def named(world, firm, kind: str) -> list[str]:
        return [one["id"] for one in world.last(firm.chat_id, kind).facts["instances"]]
