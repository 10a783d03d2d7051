"""The nightly audit: silent about what is right, and whatever is wrong has its finding."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.services import clockwork
from billing.services.books import proving, rounds
from billing.services.books.rounds import Finding, Round, Stage
from billing.services.facts import micros
from billing.services.ports import Due
from billing.services.ports.proofs import Check, Head
from tests.billing.services.people import GROUP
from tests.engines import UNLOCKING


class UndoneError(Exception):
    """What was done to the rows is not kept."""


async def everything(work, *, halted: bool = False) -> list[Finding]:
    """Go through a whole audit; return what it found."""
    current, found = Round(), []
    while current.stage is not Stage.OVER:
        current, wrong = await proving.step(work, current, halted=halted)
        assert rounds.load(rounds.dump(current)) == current
        found += wrong
    assert current.found == len(found)
    return found


async def look(world) -> list[Finding]:
    return await world.read(everything)


async def after(world, deed: str, *, halted: bool = False, **parameters) -> list[Finding]:
    """Return what is found after somebody did that to the rows; it is undone."""
    found: list[Finding] = []

    async def unit(tx):
        for statement in UNLOCKING:
            await tx.run(statement)
        assert await tx.run(deed, **parameters) > 0, "nothing was done"
        found.extend(await everything(world.store._work(tx), halted=halted))
        raise UndoneError

    with suppress(UndoneError):
        await world.database.write(unit)
    return found


@pytest.fixture
async def grown(world, acme):
    """Return a partner with two subscribed instances, an invoice part paid, and a trial."""
    await acme.running("a", "b")
    await world.until("2026-02-02 12:00")
    await acme.pays("2026-01", 5000)
    await acme.new("c")
    return acme


class TestADeskThatNobodyTouched:
    async def test_has_no_findings(self, world, grown):
        assert await look(world) == []

    async def test_has_none_when_it_is_new(self, world):
        assert await look(world) == []

    @pytest.mark.parametrize("until", ["2026-02-12 12:00", "2026-05-01 12:00"])
    async def test_has_none_after_stops_and_deletions(self, world, grown, until):
        await world.until(until)
        assert await look(world) == []

    async def test_is_looked_at_partner_by_partner(self, world, grown, monkeypatch):
        for name in ("ROWS_AT_ONCE", "ENTRIES_AT_ONCE", "PARTNERS_AT_ONCE"):
            monkeypatch.setattr(proving, name, 1)
        await world.enrolled(12, "Beta")
        assert await look(world) == []


WRONGS = [
    ("UPDATE entries SET cause = 'x' WHERE id = 1", Check.CHAIN_BROKEN),
    ("DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit)", Check.CHAIN_BROKEN),
    ("UPDATE postings SET amount = amount + 1 WHERE account = 'revenue'", Check.ENTRY_UNBALANCED),
    ("UPDATE postings SET amount = amount + 1 WHERE account = 'revenue'", Check.BALANCE_WRONG),
    ("UPDATE balances SET amount = amount + 1 WHERE account = 'revenue'", Check.BALANCE_WRONG),
    ("UPDATE balances SET amount = amount + 1 WHERE account = 'revenue'", Check.BOOKS_UNBALANCED),
    ("UPDATE balances SET amount = 5 WHERE account LIKE 'receivable:%'", Check.BALANCE_WRONG),
    ("INSERT INTO balances VALUES ('chest', 'BRL', 5)", Check.BOOKS_UNBALANCED),
    ("UPDATE invoices SET settled_minor = 6", Check.INVOICE_WRONG),
    ("UPDATE invoices SET state = 'void'", Check.INVOICE_WRONG),
    ("UPDATE invoices SET state = 'void'", Check.INVOICE_UNSEEN),
    ("UPDATE invoices SET number = 'INT-1'", Check.INVOICE_UNSEEN),
    ("UPDATE instances SET state = 'deleted' WHERE name = 'a'", Check.INSTANCE_UNSEEN),
    ("UPDATE instances SET trial_ends_at = 1 WHERE name = 'c'", Check.TRIAL_ALIVE),
    ("UPDATE instances SET settlement = 'days' WHERE name = 'a'", Check.DAYS_OVER),
    ("UPDATE instances SET settlement = 'card' WHERE name = 'a'", Check.CARD_OVER),
    ("UPDATE invoices SET stop_at = 1", Check.STOP_MISSED),
    ("UPDATE platform_calls SET state = 'open', created_at = 1", Check.CALL_STUCK),
    (
        "UPDATE platform_calls SET state = 'open', created_at = 1, queued_until = 2",
        Check.CALL_STUCK,
    ),
    ("UPDATE platform_calls SET state = 'open', by_hand_since = 1", Check.TASK_FORGOTTEN),
]


WAITS = "UPDATE platform_calls SET state = 'open', created_at = 1, :columns"


class TestWhatIsWrong:
    @pytest.mark.parametrize(("statement", "check"), WRONGS)
    async def test_is_found(self, world, grown, statement, check):
        found = await after(world, statement)
        assert check in {one.check for one in found}
        for one in found:
            # Whose it is, is told wherever it is somebody's.
            assert one.subject
            if one.check in proving.OF_PARTNER and one.check is not Check.BALANCE_WRONG:
                assert one.partner == "Acme"

    @pytest.mark.parametrize(
        ("columns", "days"),
        [
            ("by_hand_since = :at", -6),
            # What the platform takes on a day that it named.
            ("queued_until = :at", 40),
            ("by_hand_since = 1, queued_until = :at", 40),
        ],
    )
    async def test_is_not_what_waits_for_a_person_or_for_its_day(self, world, grown, columns, days):
        waits = WAITS.replace(":columns", columns)
        at = micros(world.clock.at + timedelta(days=days))
        assert await after(world, waits, at=at) == []

    @pytest.mark.parametrize("check", [Check.BALANCE_WRONG, Check.DAYS_LOST])
    async def test_in_days_is_found(self, world, grown, check):
        planted = "INSERT INTO balances VALUES ('balance:' || :partner, 'days', 5)"
        found = await after(world, planted, partner=grown.partner_id)
        assert check in {one.check for one in found}

    async def test_in_what_instances_hold_is_found(self, world, grown):
        (a, *_) = [one["id"] for one in await world.sql("SELECT id FROM instances")]
        held = (
            "INSERT INTO day_allocations (id, instance_id, partner_id, days, starts_at, ends_at,"
            " allocated_at) VALUES ('x', :a, :partner, 7, 1, 2, 1)"
        )
        (found,) = await after(world, held, a=a, partner=grown.partner_id)
        assert found == Finding(Check.DAYS_LOST, "held", "7", "0", "Acme")

    async def test_twice_on_an_invoice_is_found(self, world, grown):
        async def unit(tx):
            await tx.run("DROP INDEX invoice_lines_once")
            row = await tx.one("SELECT * FROM invoice_lines")
            other = await tx.one("SELECT * FROM invoices")
            columns = ", ".join(other)
            others = columns.replace("id,", "'J',", 1).replace("number,", "'J',", 1)
            others = others.replace("period,", "'1999-01',", 1)
            await tx.run(f"INSERT INTO invoices ({columns}) SELECT {others} FROM invoices")
            columns = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            statement = f"INSERT INTO invoice_lines ({columns}) VALUES ({values})"
            await tx.run(statement, **row | {"invoice_id": "J"})
            found.extend(await everything(world.store._work(tx)))
            raise UndoneError

        found: list[Finding] = []
        with suppress(UndoneError):
            await world.database.write(unit)
        assert Check.LINE_TWICE in {one.check for one in found}

    async def test_only_because_staff_halted_it_is_not_a_finding(self, world, grown):
        for what in (
            "instances SET trial_ends_at = 1 WHERE name = 'c'",
            "invoices SET stop_at = 1",
        ):
            assert await after(world, f"UPDATE {what}")
            assert await after(world, f"UPDATE {what}", halted=True) == []

    async def test_is_named_with_what_was_expected(self, world, grown):
        (found,) = await after(world, "UPDATE invoices SET settled_minor = 6")
        assert (found.expected, found.found) == ("6980", "11974")

    async def test_in_a_chain_names_the_row(self, world, grown):
        found = await after(world, "UPDATE entries SET cause = 'x' WHERE id = 2")
        assert found == [Finding(Check.CHAIN_BROKEN, "entries 2", found="changed")]


class TestAPostedHead:
    async def test_proves_what_a_chain_computed_anew_does_not(self, world, grown):
        head = await world.read(lambda work: work.chains.head("entries"))
        await acme_goes_on(world, grown)

        async def compared(posted):
            return await world.read(lambda work: proving.compare(work, "entries", posted))

        assert await compared(head) == []
        (found,) = await compared(Head(head.length, "f" * 64))
        assert (found.check, found.subject) == (Check.HEAD_DIFFERS, f"entries {head.length}")
        (found,) = await compared(Head(10_000, head.hash))
        assert found.found == ""


async def acme_goes_on(world, acme) -> None:
    await acme.pays("2026-01", 100, "later")
    await world.settle()


class TestANight:
    async def test_gives_the_heads_to_the_days_summary_where_all_is_well(self, world, grown):
        await world.write(clockwork.plan_nights)
        await world.until("2026-02-03 12:00")
        assert world.heard(GROUP, "staff_books", "staff_findings") == []
        told = world.last(GROUP, "staff_summary").facts["audit"]
        entries = await world.read(lambda work: work.chains.head("entries"))
        assert (told["entries"], told["found"]) == (2, 0)
        assert told["entries_head"] == entries.hash
        assert (await world.actions("2026-02-03")) == ["audit"]
        assert [key for _, key in await world.due("audit:%")] == ["audit:2026-02-04"]
        assert await world.sql("SELECT 1 FROM desk_state WHERE key = 'audit_round'") == []

    async def test_tells_staff_what_was_found(self, world, grown, monkeypatch):
        found = [Finding(Check.CALL_STUCK, f"K{n}", found="stop") for n in range(30)]

        async def wrong(work, current, halted):
            return replace(current, stage=Stage.OVER), found

        monkeypatch.setitem(proving._STAGES, Stage.DESK, wrong)
        await world.write(clockwork.plan_nights)
        await world.until("2026-02-03 12:00")
        card = world.last(GROUP, "staff_findings")
        assert len(card.facts["findings"]) == proving.ON_A_CARD
        assert (card.facts["findings"][0]["subject"], card.facts["more"]) == ("K0", 10)
        assert world.last(GROUP, "staff_books").facts["found"] == 30

    async def test_goes_on_where_it_was_but_not_if_the_next_one_began(self, world, grown):
        due = Due("audit:2026-02-03:4", "audit", "2026-02-03:4", None, world.clock.at)
        await world.write(lambda work: work.due.plan(due))
        await world.settle()
        assert await world.actions("2026-02-03") == []
        await world.write(
            lambda work: work.state.set(proving.KEPT, "2026-02-04" + rounds.dump(Round()))
        )
        again = Due("audit:2026-02-03:5", "audit", "2026-02-03:5", None, world.clock.at)
        await world.write(lambda work: work.due.plan(again))
        await world.settle()
        assert await world.actions("2026-02-03") == []

    async def test_is_planned_for_half_past_four_by_universal_time(self, world):
        await world.write(proving.plan)
        assert await world.due("audit:%") == [("2026-01-29 01:30", "audit:2026-01-29")]
        await world.until("2026-01-29 01:00")
        await world.write(proving.plan)
        assert len(await world.due("audit:%")) == 1
