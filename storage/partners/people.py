"""Persons, members, staff, staff groups, applications."""

from collections.abc import Collection
from datetime import datetime

from billing.partners import Role, StaffRole
from billing.services.people import Application, ApplicationState, Member, Person
from storage.desk import moved_chats
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Row, Transaction
from storage.folding import fold


class People:
    """Who there is, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def person(self, user_id: int) -> Person | None:
        row = await self._transaction.one(
            "SELECT * FROM persons WHERE user_id = :user_id", user_id=user_id
        )
        return None if row is None else _person(row)

    async def save_person(self, person: Person, *, at: datetime) -> None:
        """Insert or replace; `at` is when the person was seen."""
        await self._transaction.run(
            """
            INSERT INTO persons (user_id, name, language, zone, blocked_at, seen_at)
            VALUES (:user_id, :name, :language, :zone, :blocked_at, :at)
            ON CONFLICT (user_id) DO UPDATE
               SET name = excluded.name, language = excluded.language, zone = excluded.zone,
                   blocked_at = excluded.blocked_at, seen_at = excluded.seen_at
            """,
            user_id=person.user_id,
            name=person.name,
            language=person.language,
            zone=person.zone,
            blocked_at=maybe_to_micros(person.blocked_at),
            at=to_micros(at),
        )

    async def member(self, user_id: int) -> Member | None:
        row = await self._transaction.one(
            "SELECT * FROM members WHERE user_id = :user_id", user_id=user_id
        )
        return None if row is None else _member(row)

    async def members(self, partner_id: str) -> list[Member]:
        """In the order in which they joined."""
        known = self._transaction.known
        if ("members", partner_id) not in known:
            rows = await self._transaction.all(
                "SELECT * FROM members WHERE partner_id = :partner_id ORDER BY joined_at, user_id",
                partner_id=partner_id,
            )
            known["members", partner_id] = tuple(map(_member, rows))
        return list(known["members", partner_id])

    async def add_member(self, member: Member, *, at: datetime) -> bool:
        """Return False, changing nothing, if the person belongs to a partner already."""
        self._transaction.known.clear()
        # A person belongs to one partner: two invitations that race cannot both win.
        return bool(
            await self._transaction.run(
                """
                INSERT INTO members (user_id, partner_id, role, joined_at)
                VALUES (:user_id, :partner_id, :role, :at)
                ON CONFLICT (user_id) DO NOTHING
                """,
                user_id=member.user_id,
                partner_id=member.partner_id,
                role=member.role,
                at=to_micros(at),
            )
        )

    async def give_role(self, member: Member) -> None:
        """The member has that role from now on."""
        self._transaction.known.clear()
        touched = await self._transaction.run(
            """
            UPDATE members SET role = :role
             WHERE user_id = :user_id AND partner_id = :partner_id
            """,
            user_id=member.user_id,
            partner_id=member.partner_id,
            role=member.role,
        )
        must_touch(touched, f"member {member.user_id}")

    async def remove_member(self, user_id: int) -> None:
        """The person acts for no partner any more."""
        self._transaction.known.clear()
        await self._transaction.run("DELETE FROM members WHERE user_id = :id", id=user_id)

    async def forget(self, user_id: int) -> None:
        """Name, language and zone of a person go, and what it was asked and shown."""
        for statement in _FORGET:
            await self._transaction.run(statement, user_id=user_id)

    async def staff_role(self, user_id: int) -> StaffRole | None:
        row = await self._transaction.one(
            "SELECT role FROM staff WHERE user_id = :user_id", user_id=user_id
        )
        return None if row is None else StaffRole(row["role"])

    async def staff(self) -> list[tuple[Person, StaffRole]]:
        """By role (admin, finance, support), then name; persons never seen have an empty name."""
        rows = await self._transaction.all(
            """
            SELECT staff.user_id, staff.role, COALESCE(persons.name, '') AS name,
                   COALESCE(persons.language, 'en') AS language, persons.zone, persons.blocked_at
              FROM staff LEFT JOIN persons ON persons.user_id = staff.user_id
             ORDER BY staff.role, name, staff.user_id
            """
        )
        return [(_person(row), StaffRole(row["role"])) for row in rows]

    async def called(self, name: str) -> list[Person]:
        """Who belongs to no partner and has that name, however it is spelt; seen last first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM persons
             WHERE NOT EXISTS (SELECT 1 FROM members WHERE members.user_id = persons.user_id)
             ORDER BY seen_at DESC, user_id
            """
        )
        return [_person(row) for row in rows if fold(row["name"]) == fold(name)]

    async def save_staff(
        self, user_id: int, role: StaffRole | None, *, by: int | None, at: datetime
    ) -> None:
        """Give a role, or take it away with None."""
        if role is None:
            await self._transaction.run(
                "DELETE FROM staff WHERE user_id = :user_id", user_id=user_id
            )
            return
        await self._transaction.run(
            """
            INSERT INTO staff (user_id, role, given_by, given_at)
            VALUES (:user_id, :role, :by, :at)
            ON CONFLICT (user_id) DO UPDATE
               SET role = excluded.role, given_by = excluded.given_by,
                   given_at = excluded.given_at
            """,
            user_id=user_id,
            role=role,
            by=by,
            at=to_micros(at),
        )

    async def groups(self) -> list[int]:
        """Chat ids of the bound staff groups, oldest first."""
        rows = await self._transaction.all(
            "SELECT chat_id FROM staff_groups ORDER BY bound_at, chat_id"
        )
        return [row["chat_id"] for row in rows]

    async def left_out(self) -> dict[int, frozenset[str]]:
        """The sorts of cards that each bound group does not take; groups oldest first."""
        rows = await self._transaction.all(
            "SELECT chat_id, leaves_out FROM staff_groups ORDER BY bound_at, chat_id"
        )
        return {row["chat_id"]: frozenset(row["leaves_out"].split()) for row in rows}

    async def leave_out(self, chat_id: int, sorts: Collection[str]) -> None:
        """Let a bound group take all sorts of cards but these."""
        await self._transaction.run(
            "UPDATE staff_groups SET leaves_out = :sorts WHERE chat_id = :chat_id",
            chat_id=chat_id,
            sorts=" ".join(sorted(sorts)),
        )

    async def bind_group(self, chat_id: int, *, by: int | None, at: datetime) -> bool:
        """Return False if it is bound already."""
        return bool(
            await self._transaction.run(
                """
                INSERT INTO staff_groups (chat_id, bound_by, bound_at) VALUES (:chat_id, :by, :at)
                ON CONFLICT (chat_id) DO NOTHING
                """,
                chat_id=chat_id,
                by=by,
                at=to_micros(at),
            )
        )

    async def rename_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: all that names the old chat follows; twice is once."""
        await moved_chats.follow(self._transaction, old, new)

    async def application(self, application_id: str) -> Application | None:
        row = await self._transaction.one(
            "SELECT * FROM applications WHERE id = :id", id=application_id
        )
        return None if row is None else _application(row)

    async def open_application(self, user_id: int) -> Application | None:
        row = await self._transaction.one(
            "SELECT * FROM applications WHERE user_id = :user_id AND state = 'open'",
            user_id=user_id,
        )
        return None if row is None else _application(row)

    async def save_application(self, application: Application) -> None:
        """Insert or replace; a person's second open one is refused by the database."""
        await self._transaction.run(
            """
            INSERT INTO applications (id, user_id, company, migrate, state, programme, reason,
                                      decided_by, decided_at, created_at, card)
            VALUES (:id, :user_id, :company, :migrate, :state, :programme, :reason,
                    :decided_by, :decided_at, :created_at, :card)
            ON CONFLICT (id) DO UPDATE
               SET company = excluded.company, migrate = excluded.migrate,
                   state = excluded.state, programme = excluded.programme,
                   reason = excluded.reason, decided_by = excluded.decided_by,
                   decided_at = excluded.decided_at, card = excluded.card
            """,
            id=application.id,
            user_id=application.user_id,
            company=application.company,
            migrate=int(application.migrate),
            state=application.state,
            programme=application.programme,
            reason=application.reason,
            decided_by=application.decided_by,
            decided_at=maybe_to_micros(application.decided_at),
            created_at=to_micros(application.created_at),
            card=application.card,
        )

    async def waiting_applications(self) -> list[Application]:
        """The open ones, oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM applications WHERE state = 'open' ORDER BY created_at, id"
        )
        return [_application(row) for row in rows]


_FORGET = (
    "DELETE FROM persons WHERE user_id = :user_id",
    "DELETE FROM questions WHERE user_id = :user_id",
    "DELETE FROM shown_lists WHERE user_id = :user_id",
)


def _person(row: Row) -> Person:
    return Person(
        user_id=row["user_id"],
        name=row["name"],
        language=row["language"],
        zone=row["zone"],
        blocked_at=maybe_from_micros(row["blocked_at"]),
    )


def _member(row: Row) -> Member:
    return Member(row["user_id"], row["partner_id"], Role(row["role"]))


def _application(row: Row) -> Application:
    return Application(
        id=row["id"],
        user_id=row["user_id"],
        company=row["company"],
        migrate=bool(row["migrate"]),
        state=ApplicationState(row["state"]),
        created_at=from_micros(row["created_at"]),
        programme=row["programme"],
        reason=row["reason"],
        decided_by=row["decided_by"],
        decided_at=maybe_from_micros(row["decided_at"]),
        card=row["card"],
    )
