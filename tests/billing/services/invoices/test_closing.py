"""The close of many: what it counts is what it would draw up one by one; twice is once."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from billing.calendar import Month
from billing.money import Money
from billing.refusals import Refusal
from billing.services import clockwork
from billing.services.invoices import closing, corrections, drafting, invoicing
from billing.services.operations import Operation
from billing.services.partners import agreeing
from billing.services.payments import giving
from storage.engine.database import Database
from tests.billing.samples import local
from tests.billing.services.people import FRED, Firm
from tests.billing.services.world import HandClock, World, living
from tests.engines import sqlite_alone

MONTHS = [Month(2026, number) for number in range(1, 7)]


class History:
    """A partner that does whatever comes, month after month."""

    def __init__(self, world: World, firm: Firm, seed: int) -> None:
        self.world, self.firm, self.chance = world, firm, random.Random(seed)
        self.made: list[str] = []

    async def live(self, month: Month) -> None:
        for _ in range(self.chance.randint(1, 5)):
            at = self.world.clock.at + timedelta(hours=self.chance.randint(1, 100))
            if at < self.world.programmes.get("integrator", 1).calendar.end(month):
                await self.world.until_instant(at)
            await self._pay()
            what = self.chance.choice([self._more, self._more, self._end, self._keep, self._void])
            with suppress(Refusal):
                await what()
            await self.is_the_same(month)

    async def _more(self) -> None:
        names = [f"loja {len(self.made) + place}" for place in range(self.chance.randint(1, 4))]
        made = await self.firm.running(*names)
        self.made += made
        await self.world.sql(
            "UPDATE instances SET band = :band WHERE id = :id",
            band=self.chance.randint(1, 3),
            id=self.chance.choice(made),
        )

    async def _end(self) -> None:
        act = self.chance.choice([self.firm.cancel, self.firm.cancel, self.firm.delete])
        await act(*self._some())

    async def _keep(self) -> None:
        await self.firm.keep(*self._some())

    async def _void(self) -> None:
        numbers = [one.number for one in await self.firm.invoices() if one.kind == "monthly"]
        if not numbers:
            return
        number = self.chance.choice(numbers)
        staff = self.world.staff(FRED)
        await staff.do(corrections.void, number, "wrong name")
        if self.chance.random() < 0.7:
            await staff.do(corrections.reissue, number)
        await self.world.settle()

    async def _pay(self) -> None:
        """Nothing is ever stopped; some are left unpaid, to be void."""
        for invoice in await self.firm.invoices():
            late = invoice.owed and invoice.stop_at - self.world.clock.at < timedelta(days=5)
            if late and invoice.kind == "monthly":
                await self.firm.pays(str(invoice.period))

    def _some(self) -> list[str]:
        return self.chance.sample(self.made, k=min(len(self.made), self.chance.randint(1, 2)))

    async def is_the_same(self, month: Month) -> None:
        partner = await self.firm.partner()
        whole = await self.world.read(lambda work: invoicing.draft(work, partner, month))
        found = await self.world.read(lambda work: drafting.bases_in_bulk(work, [partner], month))
        counted = found[partner.id].draw_up(month)
        assert (counted is None) == (whole is None)
        if whole is not None:
            assert (counted.count, counted.total, counted.credit) == (
                len(whole.lines),
                whole.total,
                whole.credit,
            )


class TestWhatIsCounted:
    @pytest.mark.parametrize("seed", range(12))
    async def test_is_what_would_be_drawn_up_one_by_one(self, seed):
        async with living("2026-01-05 12:00") as world:
            firm = await world.enrolled(programme="integrator-classic")
            await world.sql("UPDATE tokens SET allowed = NULL")
            history = History(world, firm, seed)
            await history._more()
            for month in MONTHS:
                await history.live(month)
                calendar = world.programmes.get("integrator-classic", 1).calendar
                await world.until_instant(calendar.end(month) - timedelta(seconds=1))
                partner = await firm.partner()
                whole = await world.read(lambda w, p=partner, m=month: invoicing.draft(w, p, m))
                await world.until_instant(calendar.end(month))
                drawn = await world.read(
                    lambda w, m=month: w.invoices.of_period(firm.partner_id, m)
                )
                lines = await world.read(lambda w, i=drawn: w.invoices.lines(i.id)) if drawn else []
                key = ("instance_id", "period", "price", "band", "name")
                values = [[getattr(line, name) for name in key] for line in lines]
                wanted = whole.lines if whole else ()
                assert sorted(map(str, values)) == sorted(
                    str([getattr(line, name) for name in key]) for line in wanted
                )
                assert (drawn.total if drawn else None) == (whole.total if whole else None)

    async def test_leaves_nothing_to_be_asked_one_by_one_when_all_runs_on(self, world, acme):
        await acme.running("a", "b", "c")
        await world.until("2026-02-01 00:00")
        (a, *_) = await world.sql("SELECT id FROM instances ORDER BY name")
        await acme.delete(a["id"])
        rows = await world.sql("SELECT name, follows FROM instances ORDER BY name")
        assert [(row["name"], row["follows"]) for row in rows] == [("a", 0), ("b", 1), ("c", 1)]
        await acme.pays_until("2026-04-01 12:00")
        assert (await acme.billed())["2026-03"] == ["b 2026-03", "c 2026-03"]
        rows = await world.sql("SELECT name, owes_lines AS n FROM instances ORDER BY name")
        assert [(row["name"], row["n"]) for row in rows] == [("a", 0), ("b", 1), ("c", 1)]


async def firms(world: World) -> list[Firm]:
    """Partners with prices, credit, ends and terms of their own, and one with nothing."""
    programmes = ["integrator"] * 5 + ["integrator-classic"]
    found = [
        await world.enrolled(11 + number, f"Firm {number}", programme)
        for number, programme in enumerate(programmes)
    ]
    plain, dear, some, rich, _, classic = found
    staff = world.staff(FRED)
    await staff.do(agreeing.agree, dear.partner_id, Money(4990, "BRL"), date(2026, 1, 1))
    await staff.do(giving.give, rich.partner_id, Money(7000, "BRL"), "for the trouble")
    for firm in (plain, dear, some, rich, classic):
        await firm.running("a", "b", "c")
    await world.until("2026-02-03 12:00")
    for firm in (plain, dear, some, rich, classic):
        await firm.running("new")
        await firm.pays("2026-01")
    cancelled, late = await some.running("d", "e")
    await some.cancel(cancelled)
    await world.until("2026-02-28 23:59")
    await some.act(Operation.DELETE, late, settle=False)
    return found


class TestTogether:
    @sqlite_alone  # copies the file
    async def test_is_the_same_to_the_byte_as_each_by_itself(self, tmp_path):
        """Rows, numbers, marks, books with their chains, of two copies of one desk."""
        first, second = tmp_path / "one.db", tmp_path / "other.db"
        async with at(first, "2026-01-05 12:00") as world:
            await world.settle_in()
            await firms(world)
        shutil.copy(first, second)
        async with at(first, "2026-03-01 00:00") as world:
            rows = await world.read(lambda work: work.due.next_by(work.now))
            closes = [row for row in rows if row.kind == "close"]
            await world.write(lambda work: clockwork.carry_out_together(work, closes))
            together = await kept(world)
            # Another process had the same rows: they are nobody's any more, and nothing is done.
            await world.write(lambda work: clockwork.carry_out_together(work, closes))
            assert await kept(world) == together
        async with at(second, "2026-03-01 00:00") as world:
            for row in closes:
                await world.write(lambda work, row=row: clockwork.carry_out(work, row))
            alone = await kept(world)
        assert (len(closes), len(together["invoices"])) == (6, 10)
        assert [table for table in together if together[table] != alone[table]] == []


async def kept(world: World) -> dict[str, list[str]]:
    return {table: sorted(map(str, rows)) for table, rows in (await world.kept()).items()}


@asynccontextmanager
async def at(path: Path, text: str) -> AsyncIterator[World]:
    database = await Database.open(f"sqlite:///{path}")
    yield World(database, HandClock(local(text)))
    await database.close()


class TestTwice:
    async def test_by_two_processes_at_once_is_once(self, tmp_path):
        """Two stores with a writer each, as two processes have, over one file."""
        url = f"sqlite:///{tmp_path}/desk.db"
        databases = [await Database.open(url) for _ in range(2)]
        worlds = [World(database, HandClock(local("2026-01-28 12:00"))) for database in databases]
        await worlds[0].settle_in()
        for number in range(4):
            firm = await worlds[0].enrolled(11 + number, f"Firm {number}")
            await firm.running("loja-1", "loja-2")
        for world in worlds:
            world.clock.at = local("2026-02-01 00:00")
        at = worlds[0].clock.at
        due = await worlds[0].read(lambda work: work.due.next_by(at))
        closes = [row for row in due if row.kind == "close"]
        done = await asyncio.gather(
            *(
                world.store.write(lambda work, row=row: clockwork.carry_out(work, row))
                for row in closes
                for world in worlds
            )
        )
        assert sorted(done) == [False] * 4 + [True] * 4
        numbers = await worlds[0].sql("SELECT number FROM invoices ORDER BY number")
        assert [row["number"] for row in numbers] == [f"INT-2026-{n:05}" for n in (1, 2, 3, 4)]
        (lines,) = await worlds[0].sql("SELECT COUNT(*) AS n FROM invoice_lines")
        assert lines["n"] == 8
        await worlds[0].check()
        for database in databases:
            await database.close()


class TestProgress:
    async def test_is_one_message_that_a_process_that_takes_over_goes_on_with(self, world, acme):
        for number in range(300):
            await world.sql(_WAITS, key=f"x{number}")
        assert await so_far(world, 100) == (100, 400)
        await world.sql("UPDATE due SET state = 'done' WHERE subject = 'x' AND key < 'x2'")
        assert await so_far(world, 7) == (100 + 112, 400)
        await world.sql("UPDATE due SET state = 'done' WHERE subject = 'x'")
        assert await so_far(world, 9, over=True) == (400, 400)
        assert await so_far(world, 9, over=True) is None
        (message,) = await world.sql("SELECT version FROM messages WHERE kind = 'staff_closing'")
        assert message["version"] == 3


async def so_far(world: World, closed: int, *, over: bool = False) -> tuple[int, int] | None:
    found = await world.write(lambda work: closing.say_how_far(work, closed, over=over))
    return (found.done, found.of) if found else None


_WAITS = "INSERT INTO due (key, kind, subject, at, state) VALUES (:key, 'close', 'x', 1, 'waiting')"
