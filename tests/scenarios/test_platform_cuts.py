"""
Every call to every platform, cut before and after its effect and by the end of the bot.

The bot is ended after each cut and begun anew, and the time passes until nothing is left to be
tried: there is one instance, every day is where it belongs, and what was subscribed is. A table of
what happened is printed at the end.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest

from billing.services.instances import platform
from billing.services.operations import Operation
from billing.services.ports import Work
from tests.billing.services.days.people import a_firm
from tests.bot.gateways.beside import NAMES
from tests.scenarios.cuts import OPERATIONS, Scene, staged

ADAPTERS = ("embedded", *NAMES)
CUTS = ("before", "after", "killed")
# What a person has to do there.
BY_HAND = {
    "zapi": {Operation.KEEP, Operation.STOP, Operation.EXTEND},
    "whapi": {Operation.SUBSCRIBE},
}
# What an instance has been through before.
BEFORE = {
    Operation.CREATE: (),
    Operation.CANCEL: (Operation.SUBSCRIBE,),
    Operation.KEEP: (Operation.SUBSCRIBE, Operation.CANCEL),
    # At Z-API nothing else can be deleted.
    Operation.DELETE: (Operation.SUBSCRIBE, Operation.CANCEL),
}
TABLE: dict[tuple[str, str], dict[str, str]] = {}


async def promise(scene: Scene, operation: Operation, reference: str) -> None:
    """Let the desk want it, as a partner or the clock would."""

    async def unit(work: Work) -> None:
        instance = await work.instances.by_id(reference)
        assert instance is not None
        await platform.promise(work, operation, instance)

    if operation in {Operation.STOP, Operation.RESTART}:
        await scene.desk.world.store.write(unit)
    elif operation is Operation.EXTEND:
        await scene.firm.extend(30, reference, settle=False)
    else:
        await scene.desk.act(operation, reference)


async def prepare(scene: Scene, operation: Operation) -> str | None:
    """Bring an instance to where the operation is wanted; None where it is the creation itself."""
    scene.firm = scene.desk.firm
    if operation is Operation.EXTEND:
        await pay_for_days(scene)
    if operation is Operation.CREATE:
        return None
    (reference,) = await scene.desk.ask_for("loja-1")
    await scene.quiet()
    for before in BEFORE.get(operation, ()):
        await promise(scene, before, reference)
        await scene.quiet()
    if operation is Operation.STOP and scene.name == "evolution":
        for row in scene.stand.rows.values():
            row["connected"] = True
    return reference


async def pay_for_days(scene: Scene) -> None:
    """Have a partner with 90 days, on its own programme."""
    # The world settles with a platform of its own: there is nothing to be called yet.
    scene.firm = await a_firm(scene.desk.world, 12, "Days")
    await scene.firm.buys(90)
    scene.desk.firm = scene.firm


async def cut(scene: Scene, operation: Operation, kind: str) -> tuple[str, str]:
    """Return the instance, and what happened: with the bot ended and begun anew in between."""
    reference = await prepare(scene, operation)
    late = operation is Operation.DELETE and scene.name == "zapi"
    met = not late and scene.order(operation, kind)
    if reference is None:
        (reference,) = await scene.desk.ask_for("loja-1")
    else:
        await promise(scene, operation, reference)
    if late:
        # It is not taken for 40 days: the cut comes when it is.
        await scene.quiet()
        met = scene.order(operation, kind)
        await scene.later()
    if met and kind == "killed":
        await asyncio.wait_for(scene.line.reached.wait(), 5)
    else:
        await scene.quiet()
    if met:
        assert (await scene.last_call())["state"] == "open"
    await scene.restarted()
    await scene.over()
    return reference, "cut" if met else "no call"


async def check(scene: Scene, operation: Operation, reference: str) -> str:
    """Tell how it ended, after looking that nothing was lost and nothing is there twice."""
    call = await scene.last_call()
    there = await scene.held(reference)
    by_hand = operation in BY_HAND.get(scene.name, ())
    if by_hand:
        assert call["state"] == "open"
        assert call["by_hand_since"] is not None
    else:
        assert call["state"] == "done", dict(call)
    assert len(there) == (0 if operation is Operation.DELETE else 1)
    instance = await scene.desk.world.read(lambda work: work.instances.by_id(reference))
    if operation is Operation.CREATE:
        account = await scene.desk.world.read(lambda work: work.instances.account(reference))
        assert account.token is not None
        assert account.remote_id is not None
    if operation is Operation.EXTEND:
        assert await scene.firm.days() == 60
        await check_days(scene, there[0], instance.active_until)
    if scene.name == "zapi" and operation in {Operation.SUBSCRIBE, Operation.RESTART}:
        assert (there[0]["paymentStatus"], there[0]["subscriptions"]) == ("PAID", 1)
    if scene.name == "zapi" and operation is Operation.CANCEL:
        assert there[0]["paymentStatus"] == "CANCELED"
    return "a person's task" if by_hand else "done once"


async def check_days(scene: Scene, row: Any, ours: datetime) -> None:
    """As many days as we gave, and less than one more, were spent there."""
    if scene.name == "embedded":
        assert row.paid_until == ours
    elif scene.name == "whapi":
        theirs = datetime.fromtimestamp(row["activeTill"] / 1000, ours.tzinfo)
        assert timedelta(minutes=-5) <= theirs - ours < timedelta(days=1)
        assert len(row["extended"]) == 1


@pytest.mark.parametrize("kind", CUTS)
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "name", ["embedded", *(pytest.param(name, marks=pytest.mark.long) for name in NAMES)]
)
async def test_a_cut_loses_nothing_and_makes_nothing_twice(name, operation, kind):
    async with staged(name) as scene:
        reference, met = await cut(scene, operation, kind)
        ended = await check(scene, operation, reference)
        TABLE.setdefault((str(operation), kind), {})[name] = f"{ended} ({met})"


@pytest.mark.long
def test_the_table_of_it(capsys):
    """Say what happened in those that ran before."""
    rows = [f"{'operation':10} {'cut':7} " + " ".join(f"{name:26}" for name in ADAPTERS)]
    for (operation, kind), row in TABLE.items():
        told = " ".join(f"{row.get(name, '–'):26}" for name in ADAPTERS)
        rows.append(f"{operation:10} {kind:7} {told}")
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(rows) + "\n")
