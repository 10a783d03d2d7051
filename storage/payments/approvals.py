"""What waits for a second person."""

from billing.money import Money
from billing.services import facts
from billing.services.ports import Approval, ApprovalState
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import there
from storage.engine.transaction import Row, Transaction


class Approvals:
    """The approvals, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def ask(self, approval: Approval) -> Approval | None:
        """Insert; if the very same waits, change nothing and return that."""
        args = facts.dump(approval.args)
        asked = await self._transaction.run(
            """
            INSERT INTO approvals (id, kind, args, terms, partner_id, amount_minor, currency,
                                   asked_by, asked_at, state)
            VALUES (:id, :kind, :args, :terms, :partner_id, :amount_minor, :currency,
                    :asked_by, :asked_at, 'waiting')
            ON CONFLICT (partner_id, kind, args) WHERE state = 'waiting' DO NOTHING
            """,
            id=approval.id,
            kind=approval.kind,
            args=args,
            terms=approval.terms,
            partner_id=approval.partner_id,
            amount_minor=approval.amount.minor,
            currency=approval.amount.currency,
            asked_by=approval.asked_by,
            asked_at=to_micros(approval.asked_at),
        )
        if asked:
            return None
        row = await self._transaction.one(
            """
            SELECT * FROM approvals
             WHERE partner_id = :partner_id AND kind = :kind AND args = :args
               AND state = 'waiting'
            """,
            partner_id=approval.partner_id,
            kind=approval.kind,
            args=args,
        )
        return _read(there(row, f"the {approval.kind} of {approval.partner_id} that waits"))

    async def get(self, approval_id: str) -> Approval | None:
        row = await self._transaction.one("SELECT * FROM approvals WHERE id = :id", id=approval_id)
        return None if row is None else _read(row)

    async def waiting(self) -> list[Approval]:
        """Oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM approvals WHERE state = 'waiting' ORDER BY asked_at, id"
        )
        return [_read(row) for row in rows]

    async def decide(self, approval: Approval) -> bool:
        """Save who decided what, conditionally: False if it does not wait."""
        return bool(
            await self._transaction.run(
                """
                UPDATE approvals SET state = :state, decided_by = :by, decided_at = :at
                 WHERE id = :id AND state = 'waiting'
                """,
                id=approval.id,
                state=approval.state,
                by=approval.decided_by,
                at=maybe_to_micros(approval.decided_at),
            )
        )


def _read(row: Row) -> Approval:
    return Approval(
        id=row["id"],
        kind=row["kind"],
        args=facts.load(row["args"]),
        terms=row["terms"],
        partner_id=row["partner_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        asked_by=row["asked_by"],
        asked_at=from_micros(row["asked_at"]),
        state=ApprovalState(row["state"]),
        decided_by=row["decided_by"],
        decided_at=maybe_from_micros(row["decided_at"]),
    )
