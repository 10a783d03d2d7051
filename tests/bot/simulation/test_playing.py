"""Years of partners come to the same books, whoever plays them, and nothing is ever wrong."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

from billing.services.messages import Message
from bot.simulated import SimulatedDesk
from bot.simulation.checking import Wrong
from bot.simulation.playing import Play, Played
from bot.simulation.ports import Stretch
from storage.engine.transaction import Transaction
from tests.billing.services import invariants


class WatchedDesk(SimulatedDesk):
    """A desk whose months end with a look at everything."""

    async def figures(self) -> Mapping[str, Stretch]:
        await self._database.read(lambda tx: invariants.check(tx, self._programmes))
        return await super().figures()


async def played(opens=SimulatedDesk, **chosen: int) -> Played:
    return await Play(**{"years": 1, "seed": 1, "partners": 2, "size": 4, **chosen}).run(opens)


async def test_a_year_with_faults_keeps_the_invariants():
    found = await played(WatchedDesk, partners=5, seed=7)
    assert len(found.months) == 12
    assert found.met["crash"] > 0
    assert {currency for _, month in found.months for currency in month} == {"BRL", "USD"}


async def test_the_same_seed_gives_the_same_books():
    assert await played() == await played()


@pytest.mark.parametrize("other", [{"seed": 2}, {"partners": 3}, {"faults": False}])
async def test_anything_else_gives_others(other):
    assert (await played(**other)).fingerprint != (await played()).fingerprint


async def test_without_faults_nothing_goes_wrong():
    found = await played(faults=False)
    assert not set(found.met) & {"crash", "refused call", "platform silent", "doubted send"}


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        ("UPDATE balances SET amount = amount + 1 WHERE account = 'cash'", "balance_wrong"),
        ("UPDATE day_allocations SET used = used + 1", "days_lost"),
        ("UPDATE audit SET action = 'x' WHERE id = 1", "chain_broken"),
        ("UPDATE instances SET state = 'active' WHERE state = 'trial'", "instance_unseen"),
        ("UPDATE platform_calls SET state = 'open', not_before = not_before * 2", "call_stuck"),
    ],
)
async def test_what_was_changed_behind_the_desk_is_found(forgery, found):
    class Forged(SimulatedDesk):
        async def figures(self) -> Mapping[str, Stretch]:
            async def forge(tx: Transaction) -> None:
                await tx.run("DROP TRIGGER IF EXISTS audit_keep")
                await tx.run(forgery)

            await self._database.write(forge)
            return await super().figures()

    with pytest.raises(Wrong, match=found):
        await played(Forged, faults=False)


async def test_the_desks_own_audit_of_every_night_finds_nothing():
    class Counted(SimulatedDesk):
        audits = 0

        async def figures(self) -> Mapping[str, Stretch]:
            row = await self._database.read(
                lambda tx: tx.one("SELECT COUNT(*) AS n FROM audit WHERE action = 'audit'")
            )
            Counted.audits = row["n"]
            return await super().figures()

    await played(Counted, audited=True, partners=1, size=2)
    # But for nights on which nobody was there.
    assert Counted.audits > 300


async def test_what_the_desk_reports_of_its_own_audit_is_not_passed_over():
    class Reporting(SimulatedDesk):
        async def figures(self) -> Mapping[str, Stretch]:
            found = {"check": "line_twice", "subject": "K7Q2M"}
            said = Message("staff:findings:2026-03-01:-100", -100, "x", {"findings": [found]})
            await self.store.write(lambda work: work.messages.say(said, at=work.now))
            return await super().figures()

    with pytest.raises(Wrong, match="line_twice"):
        await played(Reporting)


def printed(*arguments: str, **environment: str) -> str:
    command = [sys.executable, "-m", "bot", "simulate", *arguments]
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.timeout(180)
def test_another_process_prints_the_same_books(tmp_path):
    chosen = ("--seed", "3", "--partners", "2", "--instances", "3")
    path = tmp_path / "months.png"
    first = printed(*chosen, "--picture", str(path), PYTHONHASHSEED="1")
    second = printed(*chosen, PYTHONHASHSEED="2")
    # How long it took is the one thing that chance has not decided.
    assert [line for line in first.splitlines() if " a second" not in line] == [
        line for line in second.splitlines() if " a second" not in line
    ]
    assert re.search(r"^books [0-9a-f]{64}$", first, re.MULTILINE)
    assert len(re.findall(r"^2026-\d\d ", first, re.MULTILINE)) == 24
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_300_partner_years_with_faults_are_as_they_should_be():
    found = await played(years=10, seed=2026, partners=30, size=20)
    assert len(found.months) == 120


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(8))
async def test_no_seed_breaks_an_invariant(seed):
    await played(WatchedDesk, years=2, seed=seed, partners=5, size=10)
