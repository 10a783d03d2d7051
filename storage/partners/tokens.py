"""Integrator tokens, their requests, and secrets that wait to be saved."""

from datetime import datetime

from billing.services.ports import TokenRequest
from billing.tokens import Token
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Row, Transaction


class Tokens:
    """The tokens of all partners, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, token: Token, *, at: datetime) -> None:
        """Becomes the partner's present token."""
        await self._transaction.run(
            "UPDATE tokens SET present = 0 WHERE partner_id = :partner_id AND present = 1",
            partner_id=token.partner_id,
        )
        await self._transaction.run(
            """
            INSERT INTO tokens (id, partner_id, tier, created, allowed, present, granted_at)
            VALUES (:id, :partner_id, :tier, :created, :allowed, 1, :at)
            """,
            id=token.id,
            partner_id=token.partner_id,
            tier=token.tier,
            created=token.created,
            allowed=token.allowed,
            at=to_micros(at),
        )

    async def present(self, partner_id: str) -> Token | None:
        row = await self._transaction.one(
            "SELECT * FROM tokens WHERE partner_id = :partner_id AND present = 1",
            partner_id=partner_id,
        )
        return None if row is None else _token(row)

    async def take(self, token_id: str, count: int) -> bool:
        """Use up `count` creations if so many are left, in one statement; else False."""
        if count < 1:
            raise ValueError("at least one creation is taken")
        # Taken only if there are so many left, in one statement: two that race for the last
        # one cannot both win.
        return bool(
            await self._transaction.run(
                """
                UPDATE tokens SET created = created + :count
                 WHERE id = :id AND (allowed IS NULL OR created + :count <= allowed)
                """,
                id=token_id,
                count=count,
            )
        )

    async def move(self, token: Token) -> None:
        """Its tier and what it allows are those of other terms now; its secret stays."""
        touched = await self._transaction.run(
            "UPDATE tokens SET tier = :tier, allowed = :allowed WHERE id = :id",
            id=token.id,
            tier=token.tier,
            allowed=token.allowed,
        )
        must_touch(touched, f"token {token.id}")

    async def give_back(self, token_id: str, count: int) -> None:
        """A creation failed at the platform and is no use of the token."""
        touched = await self._transaction.run(
            "UPDATE tokens SET created = created - :count WHERE id = :id AND created >= :count",
            id=token_id,
            count=count,
        )
        must_touch(touched, f"{count} creations of token {token_id}")

    async def rotate(
        self, token_id: str, secret_hash: str, *, old_until: datetime, at: datetime
    ) -> None:
        """Set the secret's hash; the one before stays valid until `old_until`."""
        # On the right of SET stand the values of before, on either engine.
        touched = await self._transaction.run(
            """
            UPDATE tokens
               SET old_secret_hash = secret_hash,
                   old_until = CASE WHEN secret_hash IS NULL THEN NULL ELSE :old_until END,
                   secret_hash = :secret_hash, rotated_at = :at
             WHERE id = :id
            """,
            id=token_id,
            secret_hash=secret_hash,
            old_until=to_micros(old_until),
            at=to_micros(at),
        )
        must_touch(touched, f"token {token_id}")

    async def has_secret(self, token_id: str) -> bool:
        row = await self._transaction.one(
            "SELECT 1 AS found FROM tokens WHERE id = :id AND secret_hash IS NOT NULL", id=token_id
        )
        return row is not None

    async def record_acceptance(
        self, partner_id: str, user_id: int, version: str, *, at: datetime
    ) -> None:
        await self._transaction.run(
            """
            INSERT INTO acceptances (partner_id, user_id, version, accepted_at)
            VALUES (:partner_id, :user_id, :version, :at)
            ON CONFLICT (partner_id, user_id, version, accepted_at) DO NOTHING
            """,
            partner_id=partner_id,
            user_id=user_id,
            version=version,
            at=to_micros(at),
        )

    async def request(self, partner_id: str) -> TokenRequest | None:
        """The open request, if any."""
        row = await self._transaction.one(
            "SELECT * FROM token_requests WHERE partner_id = :partner_id AND granted IS NULL",
            partner_id=partner_id,
        )
        return None if row is None else _request(row)

    async def last_request(self, partner_id: str) -> TokenRequest | None:
        """The newest one, decided or not."""
        row = await self._transaction.one(
            """
            SELECT * FROM token_requests WHERE partner_id = :partner_id
             ORDER BY created_at DESC, id DESC LIMIT 1
            """,
            partner_id=partner_id,
        )
        return None if row is None else _request(row)

    async def requests(self) -> list[TokenRequest]:
        """All open ones, oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM token_requests WHERE granted IS NULL ORDER BY created_at, id"
        )
        return [_request(row) for row in rows]

    async def save_request(self, request: TokenRequest) -> None:
        """Insert or replace; a partner's second open one is refused by the database."""
        await self._transaction.run(
            """
            INSERT INTO token_requests (id, partner_id, tier, user_id, created_at, granted,
                                        decided_by, decided_at, reason)
            VALUES (:id, :partner_id, :tier, :user_id, :created_at, :granted,
                    :decided_by, :decided_at, :reason)
            ON CONFLICT (id) DO UPDATE
               SET granted = excluded.granted, decided_by = excluded.decided_by,
                   decided_at = excluded.decided_at, reason = excluded.reason
            """,
            id=request.id,
            partner_id=request.partner_id,
            tier=request.tier,
            user_id=request.user_id,
            created_at=to_micros(request.created_at),
            granted=None if request.granted is None else int(request.granted),
            decided_by=request.decided_by,
            decided_at=maybe_to_micros(request.decided_at),
            reason=request.reason,
        )

    async def keep_secret(
        self, key: str, partner_id: str, ciphertext: str, *, at: datetime
    ) -> None:
        """Keep an encrypted secret until it is forgotten; the same key again replaces it."""
        await self._transaction.run(
            """
            INSERT INTO secrets (key, partner_id, ciphertext, kept_at)
            VALUES (:key, :partner_id, :ciphertext, :at)
            ON CONFLICT (key) DO UPDATE
               SET partner_id = excluded.partner_id, ciphertext = excluded.ciphertext,
                   kept_at = excluded.kept_at
            """,
            key=key,
            partner_id=partner_id,
            ciphertext=ciphertext,
            at=to_micros(at),
        )

    async def secret(self, key: str) -> str | None:
        """The ciphertext, or None once it was forgotten."""
        row = await self._transaction.one(
            "SELECT ciphertext FROM secrets WHERE key = :key", key=key
        )
        return None if row is None else str(row["ciphertext"])

    async def forget_secret(self, key: str) -> None:
        await self._transaction.run("DELETE FROM secrets WHERE key = :key", key=key)


def _token(row: Row) -> Token:
    return Token(
        id=row["id"],
        partner_id=row["partner_id"],
        tier=row["tier"],
        created=row["created"],
        allowed=row["allowed"],
    )


def _request(row: Row) -> TokenRequest:
    return TokenRequest(
        id=row["id"],
        partner_id=row["partner_id"],
        tier=row["tier"],
        user_id=row["user_id"],
        created_at=from_micros(row["created_at"]),
        granted=None if row["granted"] is None else bool(row["granted"]),
        decided_by=row["decided_by"],
        decided_at=maybe_from_micros(row["decided_at"]),
        reason=row["reason"] or "",
    )
