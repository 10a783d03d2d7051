"""
Many instances at once, as a list or a table has them: created, or told whose they are.

Looked at first: everything is done and taken back again, so that what is shown is what would come
of it. Each row stands for itself: one that is refused does not hold up the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from billing.partners import Right, check_may_begin
from billing.refusals import Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.instances import creation, customers
from billing.services.instances.creation import TooManyAtOnce
from billing.services.instances.customers import Told
from billing.services.instances.subscriptions import TermsChanged
from billing.services.people import Actor
from billing.services.ports import Work

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row: a name for a new instance, or which instance is meant; `unread`: why it is not clear.

    `instance_id` is there where one is meant, `told` where something is said of its customer.
    """

    name: str
    instance_id: str | None = None
    told: Told | None = None
    unread: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a row, or would: `refusal` None means that it is done."""

    row: Row
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Bulk:
    """
    What came of all rows, or would; `terms` stand for what is shown of it.

    `left` creations the token allows then; None: as many as one likes.
    """

    results: tuple[Result, ...]
    left: int | None
    terms: str

    @property
    def done(self) -> list[Row]:
        """The rows of which something came."""
        return [result.row for result in self.results if result.refusal is None]

    @property
    def refused(self) -> list[Result]:
        """The others."""
        return [result for result in self.results if result.refusal is not None]


class _OnlyLooking(Exception):
    """Take back what was tried."""


Act = Callable[[Work, Actor, Row, str], Awaitable[None]]


@requires(Right.OPERATE)
async def look(work: Work, actor: Actor, operation: str, rows: Sequence[Row]) -> Bulk:
    """
    Say what would come of the rows; changes nothing. `operation` is `create` or `customer`.

    :raises PartnerFrozen, PartnerStopped, TooManyAtOnce:
    """
    found: list[Bulk] = []
    try:
        async with work.savepoint():
            found.append(await _carry_out(work, actor, operation, rows, ""))
            raise _OnlyLooking
    except _OnlyLooking:
        return found[0]


@requires(Right.OPERATE)
async def carry_out(
    work: Work, actor: Actor, operation: str, rows: Sequence[Row], *, terms: str, message_key: str
) -> Bulk:
    """
    Do what was shown; the message under `message_key` shows how far the platform is.

    :raises TermsChanged: what was shown is no longer true; take back what was done.
    :raises: as `look` does.
    """
    done = await _carry_out(work, actor, operation, rows, message_key)
    if done.terms != terms:
        raise TermsChanged(operation=operation)
    return done


async def _carry_out(
    work: Work, actor: Actor, operation: str, rows: Sequence[Row], message_key: str
) -> Bulk:
    if len(rows) > MOST_ROWS:
        raise TooManyAtOnce(asked=len(rows), most=MOST_ROWS)
    partner = await work.partners.lock(finding.own_partner_id(actor))
    if operation == "create":
        check_may_begin(partner)
    results = tuple(
        [Result(row, await _try(work, actor, ACTS[operation], row, message_key)) for row in rows]
    )
    token = await work.tokens.present(partner.id)
    left = token.left if token else 0
    return Bulk(results, left, _terms(operation, results))


async def _try(work: Work, actor: Actor, act: Act, row: Row, message_key: str) -> Refusal | None:
    if row.unread is not None:
        return row.unread
    try:
        async with work.savepoint():
            await act(work, actor, row, message_key)
    except Refusal as refusal:
        return refusal
    return None


async def _create(work: Work, actor: Actor, row: Row, message_key: str) -> None:
    (made,) = await creation.create(work, actor, [row.name], message_key=message_key)
    if row.told is not None:
        await customers.tell(work, actor, made.id, row.told)


async def _customer(work: Work, actor: Actor, row: Row, message_key: str) -> None:
    del message_key
    assert row.instance_id is not None, "else it is not clear which is meant"
    assert row.told is not None, "else nothing is told"
    await customers.tell(work, actor, row.instance_id, row.told)


ACTS: dict[str, Act] = {"create": _create, "customer": _customer}


def _terms(operation: str, results: Sequence[Result]) -> str:
    """Say what is shown in a form that changes when it does, and stays short for hundreds."""
    shown = "\n".join(
        f"{result.row.name}:{result.refusal.code if result.refusal else ''}"
        for result in results
        if result.row.unread is None
    )
    return f"{operation} {hashlib.sha256(shown.encode()).hexdigest()[:16]}"
