"""Partners and their agreements."""

from dataclasses import replace
from datetime import datetime

from billing.money import Money
from billing.partners import Agreement, Partner, Past
from storage.folding import fold
from storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.rows import beyond, must_touch, there
from storage.transaction import Parameter, Row, Transaction

FOUND_AT_MOST = 20


class Partners:
    """The partners, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, partner: Partner) -> None:
        await self._transaction.run(
            """
            INSERT INTO partners (id, name, folded_name, programme, programme_version, currency,
                                  zone, created_at, frozen_at, frozen_reason, stopped_at, left_at,
                                  day_limit, standing_order, migrates)
            VALUES (:id, :name, :folded_name, :programme, :programme_version, :currency,
                    :zone, :created_at, :frozen_at, :frozen_reason, :stopped_at, :left_at,
                    :day_limit, :standing_order, :migrates)
            """,
            **_columns(partner),
        )

    async def get(self, partner_id: str) -> Partner | None:
        row = await self._transaction.one("SELECT * FROM partners WHERE id = :id", id=partner_id)
        return None if row is None else await self._read(row)

    async def lock(self, partner_id: str) -> Partner:
        """
        Return the partner, held until the transaction ends.

        :raises RowMissing: if there is no such partner.
        """
        # An UPDATE holds the row on either engine, where a SELECT would read what another
        # transaction is about to change.
        row = await self._transaction.one(
            "UPDATE partners SET changes = changes + 1 WHERE id = :id RETURNING *", id=partner_id
        )
        return await self._read(there(row, f"partner {partner_id}"))

    async def save(self, partner: Partner) -> None:
        touched = await self._transaction.run(
            """
            UPDATE partners
               SET name = :name, folded_name = :folded_name, programme = :programme,
                   programme_version = :programme_version, currency = :currency, zone = :zone,
                   created_at = :created_at, frozen_at = :frozen_at,
                   frozen_reason = :frozen_reason, stopped_at = :stopped_at,
                   left_at = :left_at, migrates = :migrates, day_limit = :day_limit,
                   standing_order = :standing_order,
                   changes = changes + 1
             WHERE id = :id
            """,
            **_columns(partner),
        )
        must_touch(touched, f"partner {partner.id}")

    async def find(self, words: str) -> list[Partner]:
        """By id, else by exact folded name, else by the beginning of it; by name, at most 20."""
        by_id = await self.get(words.strip().upper())
        if by_id is not None:
            return [by_id]
        folded = fold(words)
        return await self._named(folded, folded) or await self._named(folded, beyond(folded))

    async def named(self, name: str) -> list[Partner]:
        """By id, else those of exactly that name; case and accents are not told apart."""
        by_id = await self.get(name.strip().upper())
        return [by_id] if by_id is not None else await self._named(fold(name), fold(name))

    async def _named(self, first: str, last: str) -> list[Partner]:
        rows = await self._transaction.all(
            """
            SELECT * FROM partners WHERE folded_name BETWEEN :first AND :last
             ORDER BY folded_name, id LIMIT :limit
            """,
            first=first,
            last=last,
            limit=FOUND_AT_MOST,
        )
        return [await self._read(row) for row in rows]

    async def all(self) -> list[Partner]:
        """By name."""
        rows = await self._transaction.all("SELECT * FROM partners ORDER BY folded_name, id")
        return [await self._read(row) for row in rows]

    async def agreements(self, partner_id: str) -> list[Agreement]:
        """Oldest first."""
        rows = await self._transaction.all(
            """
            SELECT since, price_minor, currency FROM agreements
             WHERE partner_id = :partner_id ORDER BY since, nth
            """,
            partner_id=partner_id,
        )
        return [
            Agreement(Money(row["price_minor"], row["currency"]), from_micros(row["since"]))
            for row in rows
        ]

    async def add_agreement(
        self, partner_id: str, agreement: Agreement, *, by: int | None, at: datetime
    ) -> None:
        """Add one; another one from the same instant stays, and the last one added counts."""
        await self._transaction.run(
            """
            INSERT INTO agreements (partner_id, since, nth, price_minor, currency, agreed_by,
                                    agreed_at)
            SELECT :partner_id, :since, COUNT(*) + 1, :price_minor, :currency, :by, :at
              FROM agreements WHERE partner_id = :partner_id AND since = :since
            """,
            partner_id=partner_id,
            since=to_micros(agreement.since),
            price_minor=agreement.price.minor,
            currency=agreement.price.currency,
            by=by,
            at=to_micros(at),
        )

    async def _read(self, row: Row) -> Partner:
        partner = _partner(row)
        # Few were ever moved, and the rest cost no question.
        return replace(partner, past=await self._past(partner.id)) if row["moved"] else partner

    async def _past(self, partner_id: str) -> tuple[Past, ...]:
        rows = await self._transaction.all(
            """
            SELECT was_programme, was_version, since FROM moves
             WHERE partner_id = :partner_id AND state = 'done' ORDER BY since
            """,
            partner_id=partner_id,
        )
        return tuple(
            Past(row["was_programme"], row["was_version"], from_micros(row["since"]))
            for row in rows
        )


def _columns(partner: Partner) -> dict[str, Parameter]:
    return {
        "id": partner.id,
        "name": partner.name,
        "folded_name": fold(partner.name),
        "programme": partner.programme,
        "programme_version": partner.programme_version,
        "currency": partner.currency,
        "zone": partner.zone,
        "created_at": to_micros(partner.created_at),
        "frozen_at": maybe_to_micros(partner.frozen_at),
        "frozen_reason": partner.frozen_reason,
        "stopped_at": maybe_to_micros(partner.stopped_at),
        "left_at": maybe_to_micros(partner.left_at),
        "migrates": None if partner.migrates is None else int(partner.migrates),
        "day_limit": partner.day_limit,
        "standing_order": int(partner.standing_order),
    }


def _partner(row: Row) -> Partner:
    return Partner(
        id=row["id"],
        name=row["name"],
        programme=row["programme"],
        programme_version=row["programme_version"],
        currency=row["currency"],
        zone=row["zone"],
        created_at=from_micros(row["created_at"]),
        frozen_at=maybe_from_micros(row["frozen_at"]),
        frozen_reason=row["frozen_reason"],
        stopped_at=maybe_from_micros(row["stopped_at"]),
        left_at=maybe_from_micros(row["left_at"]),
        migrates=None if row["migrates"] is None else bool(row["migrates"]),
        day_limit=row["day_limit"],
        standing_order=bool(row["standing_order"]),
    )
