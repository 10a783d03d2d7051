"""Who did what: rows are only ever added, by force of the database."""

from collections.abc import Sequence
from datetime import datetime

from billing.money import Money
from billing.services.people import Actor
from billing.services.ports import AuditRow, Deed
from storage.actors import named
from storage.books.chains import Chain
from storage.engine.instants import from_micros, to_micros
from storage.engine.rows import there
from storage.engine.transaction import Parameter, Row, Transaction


class Audit:
    """The audit, within one transaction."""

    def __init__(self, transaction: Transaction, chain: Chain) -> None:
        self._transaction = transaction
        self._chain = chain

    async def record(
        self,
        actor: Actor,
        action: str,
        *,
        at: datetime,
        kind: str = "",
        object_id: str = "",
        partner_id: str | None = None,
        before: str = "",
        after: str = "",
        amount: Money | None = None,
        outcome: str = "done",
    ) -> None:
        """Add a row; refused attempts are rows too."""
        deed = Deed(actor, action, kind, object_id, partner_id, before, after, amount, outcome)
        await self.record_all([deed], at=at)

    async def record_all(self, deeds: Sequence[Deed], *, at: datetime) -> None:
        """Add several in their order."""
        rows = [_columns(deed, at) for deed in deeds]
        links = await self._chain.add(self._transaction, [(row, None) for row in rows])
        for link, row in zip(links, rows, strict=True):
            row |= {"id": link.id, "hash": link.hash}
        await self._transaction.many(_RECORD, rows)

    async def denied(self, action: str, *, user_id: int, since: datetime) -> int:
        """Count how often that was denied to a person from then on."""
        row = await self._transaction.one(
            """
            SELECT COUNT(*) AS n FROM audit
             WHERE user_id = :user_id AND action = :action AND outcome = 'denied' AND at >= :since
            """,
            user_id=user_id,
            action=action,
            since=to_micros(since),
        )
        return int(there(row, "a count")["n"])

    async def given(
        self, partner_id: str, *, user_id: int, currency: str, since: datetime
    ) -> Money:
        """Sum up credits and refunds that a person alone gave a partner from then on."""
        row = await self._transaction.one(
            _GIVEN,
            partner_id=partner_id,
            user_id=user_id,
            currency=currency,
            since=to_micros(since),
        )
        return Money(int(there(row, "a sum")["minor"]), currency)

    async def last_acts(self, user_id: int, since: datetime) -> list[AuditRow]:
        """What a person did with the last update that had an effect since then, in its order."""
        rows = await self._transaction.all(_LAST_ACTS, user_id=user_id, since=to_micros(since))
        return [_row(row) for row in rows]

    async def about(self, wanted: str | None, *, limit: int) -> list[AuditRow]:
        """Newest first; `wanted` is a partner's or an object's id, or an invoice's number."""
        if wanted is None:
            rows = await self._transaction.all(
                "SELECT * FROM audit ORDER BY id DESC LIMIT :limit", limit=limit
            )
        else:
            rows = await self._transaction.all(
                _ABOUT, wanted=wanted, number=wanted.upper(), limit=limit
            )
        return [_row(row) for row in rows]


def _columns(deed: Deed, at: datetime) -> dict[str, Parameter]:
    actor, amount = deed.actor, deed.amount
    return {
        "at": to_micros(at),
        "actor": named(actor),
        "user_id": actor.user_id,
        "chat_id": actor.chat_id,
        "channel": actor.channel,
        "action": deed.action,
        "kind": deed.kind,
        "object_id": deed.object_id,
        "partner_id": deed.partner_id,
        "before": deed.before,
        "after": deed.after,
        "amount_minor": None if amount is None else amount.minor,
        "currency": None if amount is None else amount.currency,
        "outcome": deed.outcome,
        "cause": actor.cause,
    }


_RECORD = """
INSERT INTO audit (id, at, actor, user_id, chat_id, channel, action, kind, object_id, partner_id,
                   before, after, amount_minor, currency, outcome, cause, hash)
VALUES (:id, :at, :actor, :user_id, :chat_id, :channel, :action, :kind, :object_id, :partner_id,
        :before, :after, :amount_minor, :currency, :outcome, :cause, :hash)
"""

# Read from the end, and no further back than what was done before that instant.
_LAST_ACTS = """
WITH recent AS (
     SELECT id, cause FROM audit
      WHERE user_id = :user_id AND outcome = 'done'
        AND id > COALESCE((SELECT id FROM audit WHERE at < :since ORDER BY id DESC LIMIT 1), 0))
SELECT audit.* FROM audit
 WHERE id IN (SELECT id FROM recent
               WHERE cause = (SELECT cause FROM recent ORDER BY id DESC LIMIT 1))
 ORDER BY id
"""

# Each half is the end of one index: what is read does not grow with the audit.
_ABOUT = """
SELECT * FROM audit
 WHERE id IN (
       SELECT id FROM (SELECT id FROM audit WHERE object_id = :wanted
                        ORDER BY id DESC LIMIT :limit) AS of_object
       UNION
       SELECT id FROM (SELECT id FROM audit WHERE partner_id = :wanted
                        ORDER BY id DESC LIMIT :limit) AS of_partner
       UNION
       SELECT id FROM (SELECT audit.id FROM audit
                         JOIN invoices ON invoices.id = audit.object_id
                        WHERE invoices.number = :number
                        ORDER BY audit.id DESC LIMIT :limit) AS of_invoice)
 ORDER BY id DESC LIMIT :limit
"""

# What a second person confirmed has the row of that under the same cause.
_GIVEN = """
SELECT COALESCE(SUM(amount_minor), 0) AS minor FROM audit
 WHERE partner_id = :partner_id AND user_id = :user_id AND currency = :currency AND at >= :since
   AND action IN ('credit', 'credit_days', 'refund') AND outcome = 'done'
   AND NOT EXISTS (SELECT 1 FROM audit AS confirmed
                    WHERE confirmed.partner_id = audit.partner_id
                      AND confirmed.cause = audit.cause AND confirmed.action = 'second_person')
"""


def _row(row: Row) -> AuditRow:
    amount = None
    if row["amount_minor"] is not None:
        amount = Money(row["amount_minor"], row["currency"])
    return AuditRow(
        at=from_micros(row["at"]),
        actor=row["actor"],
        action=row["action"],
        kind=row["kind"],
        object_id=row["object_id"],
        partner_id=row["partner_id"],
        before=row["before"],
        after=row["after"],
        amount=amount,
        outcome=row["outcome"],
        cause=row["cause"],
    )
