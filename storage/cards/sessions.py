"""Checkout sessions."""

from billing.money import Money
from billing.services.ports.card_rows import CardSession, SessionKind, SessionStep
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Parameter, Row, Transaction


class CardSessions:
    """The sessions, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, session: CardSession) -> None:
        await self._transaction.run(_ADD, **_columns(session))

    async def save(self, session: CardSession) -> None:
        touched = await self._transaction.run(_SAVE, **_changing(session))
        must_touch(touched, f"card session {session.id}")

    async def get(self, op: str) -> CardSession | None:
        row = await self._transaction.one("SELECT * FROM card_sessions WHERE id = :id", id=op)
        return None if row is None else _read(row)

    async def of_subject(self, subject: str) -> list[CardSession]:
        """Those about a subscription or an invoice, oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM card_sessions WHERE subject = :subject ORDER BY asked_at, id",
            subject=subject,
        )
        return [_read(row) for row in rows]

    async def open(self, *, after: str, limit: int) -> list[CardSession]:
        """Those that are open at Stripe, by id after one."""
        rows = await self._transaction.all(
            """
            SELECT * FROM card_sessions WHERE state = 'open' AND id > :after
             ORDER BY id LIMIT :limit
            """,
            after=after,
            limit=limit,
        )
        return [_read(row) for row in rows]


_ADD = """
INSERT INTO card_sessions (id, kind, subject, partner_id, amount_minor, currency, state,
                           session_id, url, expires_at, wanted, asked_at, card_key)
VALUES (:id, :kind, :subject, :partner_id, :amount_minor, :currency, :state, :session_id, :url,
        :expires_at, :wanted, :asked_at, :card_key)
"""

_SAVE = """
UPDATE card_sessions
   SET state = :state, session_id = :session_id, url = :url, expires_at = :expires_at,
       wanted = :wanted, card_key = :card_key
 WHERE id = :id
"""


def _changing(one: CardSession) -> dict[str, Parameter]:
    return {
        "id": one.id,
        "state": one.state,
        "session_id": one.session_id,
        "url": one.url,
        "expires_at": maybe_to_micros(one.expires_at),
        "wanted": int(one.wanted),
        "card_key": one.card_key,
    }


def _columns(one: CardSession) -> dict[str, Parameter]:
    return {
        **_changing(one),
        "kind": one.kind,
        "subject": one.subject,
        "partner_id": one.partner_id,
        "amount_minor": one.amount.minor,
        "currency": one.amount.currency,
        "asked_at": to_micros(one.asked_at),
    }


def _read(row: Row) -> CardSession:
    return CardSession(
        id=row["id"],
        kind=SessionKind(row["kind"]),
        subject=row["subject"],
        partner_id=row["partner_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        state=SessionStep(row["state"]),
        asked_at=from_micros(row["asked_at"]),
        session_id=row["session_id"],
        url=row["url"],
        expires_at=maybe_from_micros(row["expires_at"]),
        wanted=bool(row["wanted"]),
        card_key=row["card_key"],
    )
