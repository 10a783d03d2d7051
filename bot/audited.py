"""
`partnerdesk audit`: proves the books of a database file, of one that is in use as well.

It only looks. Whoever has the file and a tool can change anything in it and compute the chains
anew; the heads that the staff group was posted are what such a file differs from (`--posted`).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet

from billing import catalogue
from billing.services import clockwork
from billing.services.books import proving
from billing.services.books.rounds import Finding, Round, Stage
from billing.services.ports import Store, Work
from billing.services.ports.proofs import Check, Head
from bot.chat.formats import Speech, plain
from bot.chat.languages import SOURCE
from bot.chat.replies.books import finding
from bot.clock import StoppedClock
from bot.ids import RandomIds
from bot.starting import StartRefused
from bot.vault import Vault
from storage.engine.onlooking import Looking
from storage.unit_of_work import DeskStore

# As of when nothing is that nothing was written into.
DAWN = datetime(2000, 1, 1, tzinfo=UTC)
# So many of each kind are told.
MOST_TOLD = 50
NO_DATABASE = "SQLITE_NOTADB"

LOOKED_FOR: Mapping[Check, str] = {
    Check.CHAIN_BROKEN: "every row of the books and of the audit is as it was written",
    Check.HEAD_DIFFERS: "the chains agree with the heads that were posted",
    Check.ENTRY_UNBALANCED: "every entry sums to nothing",
    Check.BOOKS_UNBALANCED: "all balances sum to nothing",
    Check.BALANCE_WRONG: "every kept balance is the sum of its postings",
    Check.INVOICE_WRONG: "every invoice owes what the books say",
    Check.CARD_WRONG: "cards brought what the books say",
    Check.LINE_TWICE: "no month of an instance is billed twice",
    Check.DAYS_LOST: "no day came from nowhere or got lost",
    Check.INSTANCE_UNSEEN: "every instance's state is in the audit",
    Check.INVOICE_UNSEEN: "every invoice's state is in the audit",
    Check.TRIAL_ALIVE: "no trial runs on after its end",
    Check.DAYS_OVER: "nothing runs whose days are over",
    Check.CARD_OVER: "nothing runs whose card was not charged",
    Check.STOP_MISSED: "nothing runs whose invoice is unpaid past its last day",
    Check.CALL_STUCK: "no call to the platform waits for more than a day",
    Check.TASK_FORGOTTEN: "nothing at a platform is left to a person for more than a week",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What is to be audited, as of when; `posted` are heads to compare with, by the chain's name.

    `at` None is the instant of the last row of the audit: in the sandbox time is what it says.
    """

    database: Path
    at: datetime | None
    posted: Mapping[str, Head]


async def audit(wanted: Wanted, say: Callable[[str], None]) -> bool:
    """
    Look at everything, say what was found, and return whether all is as it has to be.

    :raises StartRefused: if there is no such database.
    """
    try:
        looking = Looking(wanted.database)
    except (sqlite3.Error, OSError) as error:
        raise StartRefused(f"{wanted.database} cannot be opened: {error}.") from None
    try:
        return await _audit(wanted, looking, say)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) or error.sqlite_errorname == NO_DATABASE:
            why = f"{wanted.database} is no database of partnerdesk: {error}."
            raise StartRefused(why) from None
        say(f"WRONG  the file cannot be read to its end: {error}")
        return False
    finally:
        looking.close()


async def _audit(wanted: Wanted, looking: Looking, say: Callable[[str], None]) -> bool:
    at = wanted.at
    if at is None:
        at = await _store(looking, DAWN).read(_last_at)
    store = _store(looking, at)
    say(f"{wanted.database}, as of {at:%Y-%m-%d %H:%M} UTC")
    damage = await looking.damage()
    say(f"{'WRONG' if damage else 'ok':6} the file is sound")
    for line in damage:
        say(f"       {line}")
    ended, found = await _everything(store, wanted.posted)
    speech = Speech(SOURCE, "UTC", at)
    for check, promise in LOOKED_FOR.items():
        if check is Check.HEAD_DIFFERS and not wanted.posted:
            continue
        say(f"{'WRONG' if found[check] else 'ok':6} {promise}")
        for one in found[check][:MOST_TOLD]:
            say(f"       {plain(finding(asdict(one), speech))}")
        if len(found[check]) > MOST_TOLD:
            say(f"       … and {len(found[check]) - MOST_TOLD} more")
    for name, head in ended.heads.items():
        say(f"{name} {head.length} {head.hash}")
    total = sum(map(len, found.values())) + len(damage)
    say(f"{total} found; {ended.partners} partners")
    return not total


async def _everything(
    store: Store, posted: Mapping[str, Head]
) -> tuple[Round, dict[Check, list[Finding]]]:
    """Go through all steps, each in a state of the database of its own."""
    found: dict[Check, list[Finding]] = defaultdict(list)
    current = Round()
    while current.stage is not Stage.OVER:

        async def unit(work: Work, current: Round = current) -> proving.Stepped:
            halted = bool(await clockwork.held_kinds(work))
            return await proving.step(work, current, halted=halted)

        current, wrong = await store.read(unit)
        for one in wrong:
            found[one.check].append(one)
    for name, head in posted.items():

        async def differs(work: Work, name: str = name, head: Head = head) -> list[Finding]:
            return await proving.compare(work, name, head)

        found[Check.HEAD_DIFFERS] += await store.read(differs)
    return current, found


async def _last_at(work: Work) -> datetime:
    rows = await work.audit.about(None, limit=1)
    return rows[0].at if rows else DAWN


def _store(looking: Looking, at: datetime) -> Store:
    return DeskStore(
        looking,
        clock=StoppedClock(at),
        programmes=catalogue.load(),
        ids=RandomIds(),
        # Nothing is opened: no secret is looked at.
        vault=Vault(Fernet.generate_key().decode()),
    )
