"""Partners and their agreements."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from billing.company import Company
from billing.money import Money
from billing.partners import Agreement, Partner, Past
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import beyond, filled, listed, must_touch, remembered, there
from storage.engine.transaction import Parameter, Row, Transaction
from storage.folding import fold

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
                                  day_limit, standing_order, migrates, quiet)
            VALUES (:id, :name, :folded_name, :programme, :programme_version, :currency,
                    :zone, :created_at, :frozen_at, :frozen_reason, :stopped_at, :left_at,
                    :day_limit, :standing_order, :migrates, :quiet)
            """,
            **_columns(partner),
        )

    async def get(self, partner_id: str) -> Partner | None:
        known: Partner | None = self._transaction.known.get(("partner", partner_id))
        if known is not None:
            return known
        row = await self._transaction.one(_GET, id=partner_id)
        return None if row is None else await self._read(row)

    async def lock(self, partner_id: str) -> Partner:
        """
        Return the partner, held until the transaction ends.

        :raises RowMissing: if there is no such partner.
        """
        if ("locked", partner_id) in self._transaction.known:
            held = await self.get(partner_id)
            assert held is not None, "a partner is never deleted"
            return held
        (partner,) = await self.lock_all([partner_id])
        return partner

    async def lock_all(self, partner_ids: Sequence[str]) -> list[Partner]:
        """
        Return the partners in that order, held until the transaction ends.

        :raises RowMissing: if there is one that is no partner.
        """
        # An UPDATE holds the row on either engine, where a SELECT would read what another
        # transaction is about to change.
        names, parameters = listed("partner", partner_ids)
        rows = await self._transaction.all(filled(_LOCK, ":partners", names), **parameters)
        found = {row["id"]: row for row in rows}
        self._transaction.known.update({("locked", partner_id): True for partner_id in found})
        return [
            await self._read(there(found.get(partner_id), f"partner {partner_id}"))
            for partner_id in partner_ids
        ]

    async def save(self, partner: Partner) -> None:
        self._transaction.known.pop(("partner", partner.id), None)
        touched = await self._transaction.run(
            """
            UPDATE partners
               SET name = :name, folded_name = :folded_name, programme = :programme,
                   programme_version = :programme_version, currency = :currency, zone = :zone,
                   created_at = :created_at, frozen_at = :frozen_at,
                   frozen_reason = :frozen_reason, stopped_at = :stopped_at,
                   left_at = :left_at, migrates = :migrates, day_limit = :day_limit,
                   standing_order = :standing_order, quiet = :quiet,
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

    async def company(self, partner_id: str) -> Company:
        """What stands on its invoices from now on."""
        row = await self._transaction.one(
            "SELECT legal_name, tax_id, address, email FROM partners WHERE id = :id", id=partner_id
        )
        return Company(**there(row, f"partner {partner_id}"))

    async def save_company(self, partner_id: str, company: Company) -> None:
        touched = await self._transaction.run(
            """
            UPDATE partners
               SET legal_name = :legal_name, tax_id = :tax_id, address = :address, email = :email,
                   changes = changes + 1
             WHERE id = :id
            """,
            id=partner_id,
            legal_name=company.legal_name,
            tax_id=company.tax_id,
            address=company.address,
            email=company.email,
        )
        must_touch(touched, f"partner {partner_id}")

    async def agreements(self, partner_id: str) -> list[Agreement]:
        """Oldest first."""
        return (await self.all_agreements([partner_id]))[partner_id]

    async def all_agreements(self, partner_ids: Collection[str]) -> dict[str, list[Agreement]]:
        """Each partner's, oldest first."""
        names, parameters = listed("partner", partner_ids)
        rows = await self._transaction.all(
            filled(
                """
            SELECT partner_id, since, price_minor, currency FROM agreements
             WHERE partner_id IN (:partners) AND withdrawn_at IS NULL
             ORDER BY partner_id, since, nth
            """,
                ":partners",
                names,
            ),
            **parameters,
        )
        found: dict[str, list[Agreement]] = {partner_id: [] for partner_id in partner_ids}
        for row in rows:
            price = Money(row["price_minor"], row["currency"])
            found[row["partner_id"]].append(Agreement(price, from_micros(row["since"])))
        return found

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

    async def withdraw_agreement(self, partner_id: str, since: datetime, *, at: datetime) -> None:
        """The last one from that instant, which has not begun, counts no more."""
        touched = await self._transaction.run(
            """
            UPDATE agreements SET withdrawn_at = :at
             WHERE partner_id = :partner_id AND since = :since AND since > :at
               AND nth = (SELECT MAX(nth) FROM agreements
                           WHERE partner_id = :partner_id AND since = :since
                             AND withdrawn_at IS NULL)
            """,
            partner_id=partner_id,
            since=to_micros(since),
            at=to_micros(at),
        )
        must_touch(touched, f"agreement of {partner_id} from {since}")

    async def _read(self, row: Row) -> Partner:
        partner = _partner(row)
        # Few were ever moved, and the rest cost no question.
        if row["moved"]:
            partner = replace(partner, past=await self._past(partner.id))
        self._transaction.known["partner", partner.id] = partner
        return partner

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
        "quiet": partner.quiet,
    }


# Without what changes with every lock: a row that is the same is not read again.
_READ = """id, name, programme, programme_version, currency, zone, created_at, frozen_at,
           frozen_reason, stopped_at, left_at, migrates, day_limit, standing_order, quiet, moved"""

_GET = "SELECT :columns FROM partners WHERE id = :id".replace(":columns", _READ)
_LOCK = """
UPDATE partners SET changes = changes + 1 WHERE id IN (:partners) RETURNING :columns
""".replace(":columns", _READ)


@remembered
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
        quiet=row["quiet"],
    )
