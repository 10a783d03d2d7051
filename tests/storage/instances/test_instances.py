"""Instances are kept exactly; names and ids are unique; a close reads no past."""

import asyncio
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from billing.billable import Billed, billable_months
from billing.calendar import Month
from billing.instances import Instance, State
from billing.invoices import InvoiceState
from billing.programmes import Settlement
from billing.services.ports import Account, Tally
from storage.engine.rows import RowMissing
from tests.engines import plan
from tests.storage.stocked import (
    CALENDAR,
    DAY,
    HOUR,
    NOW,
    PROGRAMME,
    instance,
    invoice,
    line,
    partner,
    token,
)


@pytest.fixture
async def shop(desk):
    await desk.write(lambda work: work.instances.add(instance()))
    return desk


async def add(desk, *instances: Instance) -> None:
    for one in instances:
        assert await desk.write(lambda work, one=one: work.instances.add(one))


class TestRows:
    async def test_come_back_with_every_field(self, shop):
        await shop.write(lambda work: work.tokens.add(token(), at=NOW))
        instants = {
            field.name: NOW + place * HOUR
            for place, field in enumerate(fields(Instance))
            if field.name.endswith(("_at", "_until"))
        }
        full = replace(
            instance(), state=State.CANCELLED, settlement=Settlement.CARD, token_id="T1", **instants
        )
        await shop.write(lambda work: work.instances.save(full))
        assert await shop.read(lambda work: work.instances.get("P1", "K7Q2M")) == full
        assert await shop.read(lambda work: work.instances.by_id("K7Q2M")) == full

    async def test_of_another_partner_are_not_there(self, shop):
        assert await shop.read(lambda work: work.instances.get("P2", "K7Q2M")) is None
        assert await shop.read(lambda work: work.instances.named("P2", "loja-7")) is None
        with pytest.raises(RowMissing):
            await shop.write(lambda work: work.instances.save(instance(partner_id="P2")))

    async def test_are_listed_by_name_without_the_gone(self, desk):
        await add(
            desk,
            instance("A", "zulu"),
            instance("B", "Água", state=State.ACTIVE),
            instance("C", "beta", state=State.DELETED),
            instance("D", "casa", state=State.FAILED),
        )
        living = await desk.read(lambda work: work.instances.of_partner("P1"))
        assert [one.id for one in living] == ["B", "A"]
        deleted = await desk.read(lambda work: work.instances.of_partner("P1", [State.DELETED]))
        assert [one.id for one in deleted] == ["C"]
        assert await desk.read(lambda work: work.instances.of_partner("P1", [])) == []
        counts = await desk.read(lambda work: work.instances.counts("P1"))
        assert counts == dict.fromkeys([State.TRIAL, State.ACTIVE, State.DELETED, State.FAILED], 1)


class TestNames:
    async def test_are_taken_once_whoever_asks_at_once(self, desk):
        made = await asyncio.gather(
            *(
                desk.write(
                    lambda work, n=n: work.instances.add(
                        instance(f"N{n}", "AÇÃO" if n % 2 else "acao")
                    )
                )
                for n in range(50)
            )
        )
        assert sum(made) == 1

    async def test_are_free_again_when_the_instance_is_gone_and_ids_never(self, shop):
        assert not await shop.write(lambda w: w.instances.add(instance("NEW", "LOJA-7")))
        gone = instance(state=State.DELETED, deleted_at=NOW)
        await shop.write(lambda work: work.instances.save(gone))
        assert await shop.read(lambda work: work.instances.named("P1", "loja-7")) is None
        assert await shop.read(lambda work: work.instances.get("P1", "K7Q2M")) == gone
        assert await shop.write(lambda w: w.instances.add(instance("NEW", "LOJA-7")))
        assert not await shop.write(lambda w: w.instances.add(instance("K7Q2M", "other")))
        assert await shop.read(lambda work: work.instances.id_taken("K7Q2M"))
        assert not await shop.read(lambda work: work.instances.id_taken("FREE1"))

    async def test_are_changed_where_they_are_free(self, shop):
        await add(shop, instance("OTHER", "açaí"))
        renamed = instance()
        assert not await shop.write(lambda work: work.instances.rename(renamed, "ACAI"))
        assert await shop.write(lambda work: work.instances.rename(renamed, "Loja-7"))
        assert await shop.write(lambda work: work.instances.rename(renamed, "Nova"))
        found = await shop.read(lambda work: work.instances.named("P1", "nova"))
        assert (found.id, found.name) == ("K7Q2M", "Nova")

    async def test_are_not_brought_back_by_a_save_from_before(self, shop):
        before = instance()
        await shop.write(lambda work: work.instances.rename(before, "Nova"))
        await shop.write(lambda work: work.instances.save(replace(before, state=State.STOPPED)))
        found = await shop.read(lambda work: work.instances.by_id("K7Q2M"))
        assert (found.name, found.state) == ("Nova", State.STOPPED)


JANUARY = datetime(2026, 1, 10, 12, tzinfo=UTC)


def months(*texts: str) -> frozenset[Month]:
    return frozenset(map(Month.parse, texts))


async def unbilled(desk, month: str) -> list[str]:
    end = CALENDAR.end(Month.parse(month))
    found = await desk.read(lambda work: work.instances.unbilled("P1", end=end))
    return [one.id for one in found]


async def bill(desk, period: str, *lines, **changes) -> None:
    issued = invoice(period, **changes)
    await desk.write(lambda work: work.invoices.add(issued, list(lines)))


def ended_in_february() -> Instance:
    return instance(
        "ENDED",
        "b",
        state=State.DELETED,
        subscribed_at=JANUARY,
        billable_until=JANUARY + 40 * DAY,
        deleted_at=JANUARY + 40 * DAY,
    )


class TestUnbilled:
    async def test_holds_all_that_may_have_a_line(self, desk):
        await add(
            desk,
            instance("RUNS", "c", state=State.ACTIVE, subscribed_at=JANUARY),
            instance(
                "ENDED",
                "b",
                state=State.DELETED,
                subscribed_at=JANUARY,
                billable_until=JANUARY + DAY,
                deleted_at=JANUARY + DAY,
            ),
            instance("LATER", "d", state=State.ACTIVE, subscribed_at=CALENDAR.end(Month(2026, 1))),
            instance("TRIAL", "e"),
            instance(
                "CARD", "f", state=State.ACTIVE, settlement=Settlement.CARD, subscribed_at=JANUARY
            ),
        )
        assert await unbilled(desk, "2026-01") == ["ENDED", "RUNS"]

    async def test_leaves_out_what_ended_and_is_billed_whole(self, desk):
        ended = ended_in_february()
        await add(desk, ended)
        await bill(desk, "2026-01", line(ended, "2026-01"))
        assert await unbilled(desk, "2026-02") == ["ENDED"]  # February is still to come
        await bill(desk, "2026-02", line(ended, "2026-02"))
        assert await unbilled(desk, "2026-03") == []

    async def test_keeps_one_that_has_a_hole_however_old(self, desk):
        ended = ended_in_february()
        await add(desk, ended)
        await bill(desk, "2026-02", line(ended, "2026-02"))  # January is missing
        assert await unbilled(desk, "2030-01") == ["ENDED"]

    async def test_leaves_out_what_is_billed_late_for_several_months(self, desk):
        ended = ended_in_february()
        await add(desk, ended)
        await bill(desk, "2026-03", line(ended, "2026-02"), line(ended, "2026-01"))
        assert await unbilled(desk, "2026-04") == []

    async def test_brings_back_what_is_kept_after_its_last_bill(self, desk):
        cancelled = instance(
            "KEPT",
            "b",
            state=State.CANCELLED,
            subscribed_at=JANUARY,
            cancelled_at=JANUARY,
            billable_until=CALENDAR.end(Month(2026, 1)),
        )
        await add(desk, cancelled)
        await bill(desk, "2026-01", line(cancelled, "2026-01"))
        assert await unbilled(desk, "2026-02") == []
        kept = replace(cancelled, state=State.ACTIVE, cancelled_at=None, billable_until=None)
        await desk.write(lambda work: work.instances.save(kept))
        assert await unbilled(desk, "2026-02") == ["KEPT"]

    async def test_brings_back_the_months_of_an_invoice_that_is_void(self, desk):
        ended = ended_in_february()
        await add(desk, ended)
        first = invoice("2026-01")
        await desk.write(lambda work: work.invoices.add(first, [line(ended, "2026-01")]))
        await bill(desk, "2026-02", line(ended, "2026-02"))
        assert await unbilled(desk, "2026-03") == []
        void = replace(first, state=InvoiceState.VOID)
        await desk.write(lambda work: work.invoices.save(void))
        assert await unbilled(desk, "2026-03") == ["ENDED"]
        billed = await desk.read(lambda work: work.instances.billed_months("P1", CALENDAR))
        assert billed == {"ENDED": Billed(None, months("2026-02"))}
        await bill(desk, "2026-01", line(ended, "2026-01"))  # drawn up again

    async def test_never_leaves_out_one_with_a_billable_month_without_a_line(self, desk):
        """Every subscription, end and set of billed months of four months, against the rule."""
        starts = [CALENDAR.start(Month(2026, number)) + DAY for number in (1, 2)]
        ends = [None, *(CALENDAR.end(Month(2026, number)) for number in (1, 2, 3, 4))]
        through = Month(2026, 4)
        made: dict[str, tuple[Instance, list[Month]]] = {}
        for start in starts:
            for end in ends:
                if end is not None and end <= start:
                    continue
                for chosen in range(16):
                    name = f"X{len(made)}"
                    one = instance(
                        name, name, state=State.ACTIVE, subscribed_at=start, billable_until=end
                    )
                    possible = billable_months(one, CALENDAR, through=through)
                    picked = [m for place, m in enumerate(possible) if chosen >> place & 1]
                    made[name] = (one, picked)
        await add(desk, *(one for one, _ in made.values()))
        for number in (1, 2, 3, 4):
            month = Month(2026, number)
            lines = [line(one, str(month)) for one, picked in made.values() if month in picked]
            await bill(desk, str(month), *lines)
        found = set(await unbilled(desk, "2026-04"))
        for name, (one, picked) in made.items():
            missing = set(billable_months(one, CALENDAR, through=through)) - set(picked)
            if missing:
                assert name in found
            elif one.billable_until is not None:
                assert name not in found

    async def test_reads_its_index_alone(self, desk):
        found = await plan(
            desk.database,
            """
            SELECT * FROM instances
             WHERE partner_id = :partner_id AND owes_lines = 1 AND subscribed_at < :end
            """,
            partner_id="P1",
            end=1,
        )
        assert "instances_unbilled" in " ".join(found)


class TestPlatform:
    async def test_knows_tokens_and_ids(self, shop):
        account = Account("cipher", "r-1", "https://r-1.example")
        assert await shop.read(lambda work: work.instances.account("K7Q2M")) == Account()
        await shop.write(lambda work: work.instances.keep_account("K7Q2M", account))
        assert await shop.read(lambda work: work.instances.account("K7Q2M")) == account
        with pytest.raises(RowMissing):
            await shop.write(lambda work: work.instances.keep_account("NONE1", Account()))

    async def test_is_forgotten_with_what_was_confirmed(self, shop):
        account = Account("cipher", "r-1", "https://r-1.example")
        await shop.write(lambda work: work.instances.keep_account("K7Q2M", account))
        await shop.write(lambda work: work.instances.confirm("K7Q2M", NOW))
        await shop.write(lambda work: work.instances.forget_account("K7Q2M"))
        assert await shop.read(lambda work: work.instances.account("K7Q2M")) == Account()
        with pytest.raises(RowMissing):
            await shop.write(lambda work: work.instances.forget_account("NONE1"))


class TestOverview:
    async def test_lists_stopped_trials_of_all_under_some_terms_the_first_leading(self, desk):
        await desk.write(lambda work: work.partners.add(partner("P2")))
        moved = partner("P3", programme_version=2)
        await desk.write(lambda work: work.partners.add(moved))
        await add(
            desk,
            instance("LATE", "a", state=State.STOPPED, stopped_at=NOW + HOUR),
            instance("FIRST", "b", "P2", state=State.STOPPED, stopped_at=NOW),
            instance("OVER", "c", state=State.OVERDUE, stopped_at=NOW),
            instance("MOVED", "d", "P3", state=State.STOPPED, stopped_at=NOW),
        )
        for terms, ids in (
            ([(PROGRAMME.id, 1)], ["FIRST", "LATE"]),
            ([(PROGRAMME.id, 2), ("days", 1)], ["MOVED"]),
            ([], []),
        ):
            stopped = await desk.read(lambda work, terms=terms: work.instances.stopped(terms))
            assert [one.id for one in stopped] == ids

    async def test_counts_what_happened_in_a_time(self, desk):
        before = NOW - DAY
        await add(
            desk,
            instance("A", "a"),
            instance("B", "b", state=State.ACTIVE, subscribed_at=NOW + DAY),
            instance(
                "C",
                "c",
                state=State.DELETED,
                created_at=before,
                subscribed_at=NOW,
                cancelled_at=NOW,
                deleted_at=NOW,
            ),
            instance("D", "d", state=State.FAILED, deleted_at=NOW),
            instance("E", "e", created_at=NOW + DAY),  # the end is outside
        )
        tally = await desk.read(lambda work: work.instances.tally(NOW, NOW + DAY))
        assert tally == Tally(
            created=2, converted=1, subscribed=1, cancelled=1, deleted=1, running=3
        )
