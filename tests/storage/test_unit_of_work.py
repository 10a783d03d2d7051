"""A unit of work is one transaction with one instant."""

import sqlite3
from contextlib import suppress
from dataclasses import replace

import pytest

from billing.instances import State
from billing.partners import Partner
from storage.engine.database import Database
from tests.storage.stocked import DAY, NOW, PROGRAMMES, Desk, instance, partner


class TestWrite:
    async def test_is_told_of_once_it_is_committed(self, desk):
        await desk.write(lambda work: work.partners.lock("P1"))
        assert desk.commits == [NOW]

    async def test_keeps_nothing_if_it_raises_and_tells_nobody(self, desk):
        async def fails(work):
            await work.partners.add(partner("P2"))
            raise LookupError

        with pytest.raises(LookupError):
            await desk.write(fails)
        assert desk.commits == []
        assert await desk.read(lambda work: work.partners.get("P2")) is None

    async def test_happens_at_the_clocks_instant(self, desk):
        async def when(work):
            return work.now

        desk.clock.at = NOW + DAY
        assert await desk.write(when) == NOW + DAY

    async def test_has_what_the_desk_is_set_up_with(self, desk):
        async def use(work):
            assert work.programmes is PROGRAMMES
            assert len(work.ids.short()) == 5
            return work.vault.open(work.vault.lock("x"))

        assert await desk.write(use) == "x"

    async def test_claims_an_update_once(self, desk):
        await desk.sql(
            "INSERT INTO inbox (update_id, lane, body, received_at, state)"
            " VALUES (1, '5', '{}', 0, 'new')"
        )
        claims = [await desk.write(lambda w: w.inbox.claim(1, at=NOW)) for _ in range(2)]
        assert claims == [True, False]


class TestSavepoint:
    async def test_takes_back_what_is_done_inside(self, desk):
        async def fails(work):
            async with work.savepoint():
                await work.partners.add(partner("P3", "C"))
                raise LookupError

        async def half(work):
            await work.partners.add(partner("P2", "B"))
            with pytest.raises(LookupError):
                await fails(work)
            return [one.id for one in await work.partners.all()]

        assert await desk.write(half) == ["P2", "P1"]


async def test_a_read_changes_nothing(tmp_path):
    database = await Database.open(f"sqlite:///{tmp_path}/desk.db")
    try:
        desk = Desk(database)
        added: Partner = partner()
        with pytest.raises(sqlite3.OperationalError):
            await desk.read(lambda work: work.partners.add(added))
        await desk.write(lambda work: work.partners.add(added))
        assert await desk.read(lambda work: work.partners.get("P1")) == added
    finally:
        await database.close()


class TestWhatIsKnownInAUnit:
    async def test_is_what_was_saved_last(self, desk):
        async def unit(work):
            await work.instances.add(instance())
            first = await work.instances.by_id("K7Q2M")
            ended = replace(first, state=State.ENDED, ended_at=NOW)
            await work.instances.save(ended)
            await work.instances.save(ended)
            assert await work.instances.get("P1", "K7Q2M") == ended
            assert await work.instances.get("P2", "K7Q2M") is None
            assert await work.instances.of_ids(["K7Q2M", "NONE0"]) == [ended]
            await work.instances.rename(ended, "other")
            return replace(ended, name="other")

        ended = await desk.write(unit)
        assert await desk.read(lambda work: work.instances.by_id("K7Q2M")) == ended

    async def test_is_forgotten_with_a_savepoint_that_is_taken_back(self, desk):
        async def unit(work):
            await work.instances.add(instance())
            before = await work.instances.by_id("K7Q2M"), await work.partners.lock("P1")
            with suppress(LookupError):
                async with work.savepoint():
                    await work.instances.save(replace(before[0], state=State.ENDED))
                    await work.partners.save(replace(before[1], name="Other"))
                    raise LookupError
            assert (await work.instances.by_id("K7Q2M"), await work.partners.lock("P1")) == before
            await work.instances.save(replace(before[0], state=State.ENDED))

        await desk.write(unit)
        assert (await desk.read(lambda work: work.instances.by_id("K7Q2M"))).state is State.ENDED

    async def test_is_what_a_locked_partner_is_by_now(self, desk):
        async def unit(work):
            locked = await work.partners.lock("P1")
            await work.partners.save(replace(locked, name="Other"))
            assert (await work.partners.get("P1")).name == "Other"
            return await work.partners.lock("P1")

        assert (await desk.write(unit)).name == "Other"
