"""Days: requests, allocations, what was credited, whose balance is low."""

from datetime import datetime

from billing import ledger
from billing.days.allocations import Allocation
from billing.days.requests import DayRequest
from billing.services.people import Channel
from billing.services.ports import Movement
from storage.days.day_rows import allocation_columns, read_allocation, read_request, request_columns
from storage.engine.instants import from_micros, maybe_to_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Transaction


class Days:
    """The rows, within one transaction; the balances are in the ledger."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add_request(self, request: DayRequest) -> None:
        await self._transaction.run(
            """
            INSERT INTO day_requests (id, partner_id, days, channels, total_minor, currency, state,
                                      requested_by, requested_at, promised_by, standing,
                                      claimed_by, claimed_at, invoice_id)
            VALUES (:id, :partner_id, :days, :channels, :total_minor, :currency, :state,
                    :requested_by, :requested_at, :promised_by, :standing,
                    :claimed_by, :claimed_at, :invoice_id)
            """,
            **request_columns(request),
        )

    async def request(self, request_id: str) -> DayRequest | None:
        row = await self._transaction.one(
            "SELECT * FROM day_requests WHERE id = :id", id=request_id
        )
        return None if row is None else read_request(row)

    async def request_of(self, invoice_id: str) -> DayRequest | None:
        """The one that led to an invoice; none did to that of a month."""
        row = await self._transaction.one(
            "SELECT * FROM day_requests WHERE invoice_id = :id", id=invoice_id
        )
        return None if row is None else read_request(row)

    async def save_request(self, request: DayRequest) -> None:
        """What becomes of it; what was asked for stays."""
        touched = await self._transaction.run(
            """
            UPDATE day_requests
               SET state = :state, claimed_by = :claimed_by, claimed_at = :claimed_at,
                   invoice_id = :invoice_id
             WHERE id = :id
            """,
            id=request.id,
            state=request.state,
            claimed_by=request.claimed_by,
            claimed_at=maybe_to_micros(request.claimed_at),
            invoice_id=request.invoice_id,
        )
        must_touch(touched, f"day request {request.id}")

    async def requests(self, partner_id: str, *, limit: int = 20) -> list[DayRequest]:
        """Of a partner, newest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM day_requests WHERE partner_id = :partner_id
             ORDER BY requested_at DESC, id LIMIT :limit
            """,
            partner_id=partner_id,
            limit=limit,
        )
        return [read_request(row) for row in rows]

    async def waiting(self) -> list[DayRequest]:
        """Of all partners those that wait for their invoice, the one promised first leading."""
        rows = await self._transaction.all(
            "SELECT * FROM day_requests WHERE state = 'waiting' ORDER BY promised_by, id"
        )
        return [read_request(row) for row in rows]

    async def allocate(self, allocation: Allocation) -> None:
        await self._transaction.run(
            """
            INSERT INTO day_allocations (id, instance_id, partner_id, days, starts_at, ends_at,
                                         returned, used, allocated_at)
            VALUES (:id, :instance_id, :partner_id, :days, :starts_at, :ends_at,
                    :returned, :used, :allocated_at)
            """,
            **allocation_columns(allocation),
        )

    async def save_allocation(self, allocation: Allocation) -> None:
        """What was returned of it, and what the books have of it as used."""
        touched = await self._transaction.run(
            """
            UPDATE day_allocations SET returned = :returned, used = :used, ends_at = :ends_at
             WHERE id = :id
            """,
            id=allocation.id,
            returned=allocation.returned,
            used=allocation.used,
            ends_at=to_micros(allocation.ends_at),
        )
        must_touch(touched, f"allocation {allocation.id}")

    async def of_instance(self, instance_id: str) -> list[Allocation]:
        """Oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM day_allocations WHERE instance_id = :instance_id
             ORDER BY starts_at, id
            """,
            instance_id=instance_id,
        )
        return [read_allocation(row) for row in rows]

    async def open(self, partner_id: str) -> list[Allocation]:
        """Those with days that the books do not have as used; by instance, then oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM day_allocations
             WHERE partner_id = :partner_id AND used < days - returned
             ORDER BY instance_id, starts_at, id
            """,
            partner_id=partner_id,
        )
        return [read_allocation(row) for row in rows]

    async def ending_after(self, partner_id: str, since: datetime | None) -> list[Allocation]:
        """Those whose last day ends after an instant, or all of them; oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM day_allocations
             WHERE partner_id = :partner_id AND ends_at > :since
             ORDER BY starts_at, id
            """,
            partner_id=partner_id,
            since=-1 if since is None else to_micros(since),
        )
        return [read_allocation(row) for row in rows]

    async def mark_credited(
        self, invoice_id: str, partner_id: str, days: int, *, at: datetime
    ) -> bool:
        """Return False, changing nothing, if the invoice's days are credited already."""
        return bool(
            await self._transaction.run(
                """
                INSERT INTO day_credits (invoice_id, partner_id, days, credited_at)
                VALUES (:invoice_id, :partner_id, :days, :at)
                ON CONFLICT (invoice_id) DO NOTHING
                """,
                invoice_id=invoice_id,
                partner_id=partner_id,
                days=days,
                at=to_micros(at),
            )
        )

    async def take_credit_back(self, invoice_id: str) -> int:
        """The days of an invoice are not credited any more; return how many they were, or 0."""
        row = await self._transaction.one(
            "DELETE FROM day_credits WHERE invoice_id = :id RETURNING days", id=invoice_id
        )
        return 0 if row is None else int(row["days"])

    async def note_low(self, partner_id: str, *, at: datetime) -> bool:
        """The balance is low: True only if it was not before."""
        return bool(
            await self._transaction.run(
                """
                INSERT INTO day_lows (partner_id, since) VALUES (:partner_id, :at)
                ON CONFLICT (partner_id) DO NOTHING
                """,
                partner_id=partner_id,
                at=to_micros(at),
            )
        )

    async def forget_low(self, partner_id: str) -> None:
        """The balance is not low any more: the next time is another occasion."""
        await self._transaction.run(
            "DELETE FROM day_lows WHERE partner_id = :partner_id", partner_id=partner_id
        )

    async def movements(self, partner_id: str, *, limit: int) -> list[Movement]:
        """What moved the balance, newest first."""
        account = ledger.balance(partner_id)
        rows = await self._transaction.all(
            """
            SELECT entries.at, entries.kind, entries.reference, entries.actor, postings.amount,
                   (SELECT amount FROM balances
                     WHERE account = :account AND unit = 'days') AS balance
              FROM postings JOIN entries ON entries.id = postings.entry_id
             WHERE postings.account = :account AND postings.unit = 'days'
             ORDER BY postings.entry_id DESC, postings.line DESC LIMIT :limit
            """,
            account=account,
            limit=limit,
        )
        found, balance = [], rows[0]["balance"] if rows else 0
        for row in rows:
            # The kept balance is what it was after the newest: going back, each is taken off.
            moved = Movement(
                at=from_micros(row["at"]),
                kind=row["kind"],
                reference=row["reference"],
                days=row["amount"],
                balance=balance,
                by_clock=row["actor"] == Channel.CLOCK,
            )
            found.append(moved)
            balance -= moved.days
        return found
