"""Instances of all partners; every question names the partner."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from billing.billable import Billed
from billing.calendar import BillingCalendar
from billing.instances import GONE, Instance, State
from billing.regular import Counted, Regular
from billing.services.ports import Account, Tally
from storage.engine.instants import to_micros
from storage.engine.rows import filled, listed, must_touch, there
from storage.engine.transaction import Row, Transaction
from storage.folding import fold
from storage.instances import accounts
from storage.instances.instance_rows import INSTANCE_COLUMNS, READ, instance_columns, read_instance
from storage.invoices import following, regular, unbilled


class Instances:
    """The instances, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, instance: Instance) -> bool:
        """Return False, changing nothing, if the id or the living name is taken."""
        # Id and living name are unique in the database; the insert itself finds out, so that
        # two that race for a name cannot both win.
        added = bool(
            await self._transaction.run(
                """
                INSERT INTO instances (
                    id, partner_id, name, folded_name, state, settlement, origin, band, token_id,
                    created_at, trial_ends_at, subscribed_at, cancelled_at, service_ends_at,
                    billable_until, stopped_at, ended_at, deleted_at, active_until, auto_extend,
                    paid_until, platform
                ) VALUES (
                    :id, :partner_id, :name, :folded_name, :state, :settlement, :origin, :band,
                    :token_id, :created_at, :trial_ends_at, :subscribed_at, :cancelled_at,
                    :service_ends_at, :billable_until, :stopped_at, :ended_at, :deleted_at,
                    :active_until, :auto_extend, :paid_until, :platform
                )
                ON CONFLICT DO NOTHING
                """,
                name=instance.name,
                folded_name=fold(instance.name),
                **instance_columns(instance),
            )
        )
        if added and instance.subscribed_at is not None:
            await following.mind(self._transaction, instance.id)
        return added

    async def id_taken(self, instance_id: str) -> bool:
        """Whether any instance ever had it: an id is never used again."""
        return await self.by_id(instance_id) is not None

    async def get(self, partner_id: str, instance_id: str) -> Instance | None:
        instance = await self.by_id(instance_id)
        return instance if instance is not None and instance.partner_id == partner_id else None

    async def by_id(self, instance_id: str) -> Instance | None:
        """For the clock and the platform, which act for no partner."""
        known = self._known(instance_id)
        if known is not None:
            return known
        row = await self._transaction.one(f"{READ} WHERE id = :id", id=instance_id)
        return None if row is None else self._read(row)

    async def of_ids(self, instance_ids: Iterable[str]) -> list[Instance]:
        """Those that there are, whoever's they are."""
        wanted = {it: self._known(it) for it in instance_ids}
        found = [one for one in wanted.values() if one is not None]
        if len(found) == len(wanted):
            return found
        marks, parameters = listed("id", [it for it, one in wanted.items() if one is None])
        rows = await self._transaction.all(
            filled(f"{READ} WHERE id IN (:ids)", ":ids", marks), **parameters
        )
        return found + [self._read(row) for row in rows]

    async def named(self, partner_id: str, name: str) -> Instance | None:
        """The living one of that name; case and accents are not told apart."""
        row = await self._transaction.one(
            f"""
            {READ}
             WHERE partner_id = :partner_id AND folded_name = :folded_name
               AND state NOT IN ('deleted', 'failed')
            """,
            partner_id=partner_id,
            folded_name=fold(name),
        )
        return None if row is None else self._read(row)

    async def of_partner(
        self, partner_id: str, states: Iterable[State] | None = None
    ) -> list[Instance]:
        """By name; without states all that are not gone (deleted, failed)."""
        wanted = [state for state in State if state not in GONE] if states is None else states
        marks, parameters = listed("state", wanted)
        rows = await self._transaction.all(
            filled(
                f"""
            {READ}
             WHERE partner_id = :partner_id AND state IN (:states)
             ORDER BY folded_name, id
            """,
                ":states",
                marks,
            ),
            partner_id=partner_id,
            **parameters,
        )
        return [self._read(row) for row in rows]

    async def counts(self, partner_id: str) -> dict[State, int]:
        rows = await self._transaction.all(
            """
            SELECT state, COUNT(*) AS n FROM instances WHERE partner_id = :partner_id
             GROUP BY state
            """,
            partner_id=partner_id,
        )
        return {State(row["state"]): row["n"] for row in rows}

    async def stopped(self, terms: Iterable[tuple[str, int]]) -> list[Instance]:
        """Those of partners under these programmes whose trial is over, the first one leading."""
        wanted = (f"{programme} {version}" for programme, version in terms)
        marks, parameters = listed("terms", wanted)
        rows = await self._transaction.all(
            filled(
                """
            SELECT instances.* FROM instances JOIN partners ON partners.id = instances.partner_id
             WHERE instances.state = 'stopped'
               AND partners.programme || ' ' || partners.programme_version IN (:terms)
             ORDER BY instances.stopped_at, instances.id
            """,
                ":terms",
                marks,
            ),
            **parameters,
        )
        return [read_instance(row) for row in rows]

    async def tally(self, start: datetime, end: datetime) -> Tally:
        """
        Count what happened to instances of all partners in that time, and what runs now.

        From `start` on and before `end`; creations that the platform refused never were.
        """
        row = await self._transaction.one(_TALLY, start=to_micros(start), end=to_micros(end))
        return Tally(**there(row, "a count"))

    async def save(self, instance: Instance) -> None:
        """Everything but the name, which `rename` alone changes."""
        before, names = self._known(instance.id), INSTANCE_COLUMNS
        if before is not None and before.partner_id == instance.partner_id:
            # An index moves with every column that a statement names, changed or not.
            names = tuple(it for it in names if getattr(before, it) != getattr(instance, it))
            if not names:
                return
        self._transaction.known.pop(("instance", instance.id), None)
        touched = await self._transaction.run(
            _saving(names), **instance_columns(instance, (*names, "id", "partner_id"))
        )
        must_touch(touched, f"instance {instance.id} of {instance.partner_id}")
        if before is None or _MINDED.intersection(names):
            await following.mind(self._transaction, instance.id)
        if before is not None and before.name == instance.name:
            self._transaction.known["instance", instance.id] = instance

    def _known(self, instance_id: str) -> Instance | None:
        found: Instance | None = self._transaction.known.get(("instance", instance_id))
        return found

    def _read(self, row: Row) -> Instance:
        instance = read_instance(row)
        self._transaction.known["instance", instance.id] = instance
        return instance

    async def rename(self, instance: Instance, name: str) -> bool:
        """Return False, changing nothing, if the living name is taken."""
        self._transaction.known.pop(("instance", instance.id), None)
        # One statement asks and writes: nobody takes the name in between.
        return bool(
            await self._transaction.run(
                """
                UPDATE instances SET name = :name, folded_name = :folded_name
                 WHERE id = :id AND partner_id = :partner_id
                   AND NOT EXISTS (SELECT 1 FROM instances AS other
                                    WHERE other.partner_id = :partner_id
                                      AND other.folded_name = :folded_name
                                      AND other.state NOT IN ('deleted', 'failed')
                                      AND other.id <> :id)
                """,
                id=instance.id,
                partner_id=instance.partner_id,
                name=name,
                folded_name=fold(name),
            )
        )

    async def counted(self, wanted: Mapping[str, Regular]) -> dict[str, Counted]:
        """Count, by partner, the regular ones of a month."""
        return await regular.counted(self._transaction, wanted)

    async def unbilled(
        self, partner_id: str, *, end: datetime, but: Regular | None = None
    ) -> list[Instance]:
        """
        Those subscribed before `end` that may have a line to come, by name, deleted ones too.

        One whose every billable month is on an invoice is left out once no month can follow, and
        so are the regular ones, `but` for which it was asked.
        """
        # The rest are candidates, whichever month they miss: a hole keeps `billed_until` before
        # it (see Invoices), so that none is forgotten.
        return await unbilled.unbilled(self._transaction, partner_id, end, but)

    async def billed_months(
        self, partner_id: str, calendar: BillingCalendar, *, but: Regular | None = None
    ) -> dict[str, Billed]:
        """
        Months that are on invoices that are not void, by instance id.

        Of instances that may have a line to come or are subscribed, `but` for regular ones.
        """
        return await unbilled.billed_months(self._transaction, partner_id, calendar, but)

    async def keep_account(self, instance_id: str, account: Account) -> None:
        """Keep what the platform made of it."""
        await accounts.keep(self._transaction, instance_id, account)

    async def account(self, instance_id: str) -> Account:
        """Return what the platform made of it; nothing is in it of what is not made yet."""
        return await accounts.of(self._transaction, instance_id)

    async def forget_account(self, instance_id: str) -> None:
        """What the platform had made of it is gone, and what it had confirmed."""
        await accounts.forget(self._transaction, instance_id)

    async def confirm(self, instance_id: str, until: datetime) -> None:
        """Keep until when the platform has confirmed that it runs."""
        await accounts.confirm(self._transaction, instance_id, until)


# What it follows from that an instance owes lines, or follows its partner.
_MINDED = frozenset({"settlement", "subscribed_at", "billable_until"})


@lru_cache(maxsize=128)
def _saving(names: tuple[str, ...]) -> str:
    changed = ", ".join(f"{name} = :{name}" for name in names if name not in {"id", "partner_id"})
    return _SAVE.replace(":changed", changed)


_SAVE = "UPDATE instances SET :changed WHERE id = :id AND partner_id = :partner_id"

# Each count is a stretch of an index of its own.
_TALLY = """
SELECT (SELECT COUNT(*) FROM instances
         WHERE created_at >= :start AND created_at < :end AND state <> 'failed') AS created,
       (SELECT COUNT(*) FROM instances
         WHERE created_at >= :start AND created_at < :end AND state <> 'failed'
           AND subscribed_at IS NOT NULL) AS converted,
       (SELECT COUNT(*) FROM instances
         WHERE subscribed_at >= :start AND subscribed_at < :end
           AND state <> 'failed') AS subscribed,
       (SELECT COUNT(*) FROM instances
         WHERE cancelled_at >= :start AND cancelled_at < :end
           AND state <> 'failed') AS cancelled,
       (SELECT COUNT(*) FROM instances
         WHERE deleted_at >= :start AND deleted_at < :end AND state <> 'failed') AS deleted,
       (SELECT COUNT(*) FROM instances
         WHERE state IN ('trial', 'active', 'cancelled')) AS running
"""
