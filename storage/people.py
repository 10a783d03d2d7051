"""Persons, members, staff, staff groups, applications."""

from datetime import datetime

from billing.partners import Role, StaffRole
from billing.services.people import Application, ApplicationState, Member, Person
from storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.sending import Sending
from storage.transaction import Row, Transaction


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
        rows = await self._transaction.all(
            "SELECT * FROM members WHERE partner_id = :partner_id ORDER BY joined_at, user_id",
            partner_id=partner_id,
        )
        return [_member(row) for row in rows]

    async def add_member(self, member: Member, *, at: datetime) -> bool:
        """Return False, changing nothing, if the person belongs to a partner already."""
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
        await Sending(self._transaction).migrate(old, new)
        for statement in _FOLLOW:
            await self._transaction.run(statement, old=old, new=new)

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
                                      decided_by, decided_at, created_at)
            VALUES (:id, :user_id, :company, :migrate, :state, :programme, :reason,
                    :decided_by, :decided_at, :created_at)
            ON CONFLICT (id) DO UPDATE
               SET company = excluded.company, migrate = excluded.migrate,
                   state = excluded.state, programme = excluded.programme,
                   reason = excluded.reason, decided_by = excluded.decided_by,
                   decided_at = excluded.decided_at
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
        )

    async def waiting_applications(self) -> list[Application]:
        """The open ones, oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM applications WHERE state = 'open' ORDER BY created_at, id"
        )
        return [_application(row) for row in rows]


# Where the new chat has a row of its own already, that one stays and the old one goes.
_FOLLOW = (
    """
    UPDATE staff_groups SET chat_id = :new
     WHERE chat_id = :old AND NOT EXISTS (SELECT 1 FROM staff_groups WHERE chat_id = :new)
    """,
    "DELETE FROM staff_groups WHERE chat_id = :old",
    "UPDATE intents SET chat_id = :new WHERE chat_id = :old",
    """
    UPDATE questions SET chat_id = :new
     WHERE chat_id = :old
       AND user_id NOT IN (SELECT user_id FROM questions WHERE chat_id = :new)
    """,
    "DELETE FROM questions WHERE chat_id = :old",
    """
    UPDATE shown_lists SET chat_id = :new
     WHERE chat_id = :old
       AND user_id NOT IN (SELECT user_id FROM shown_lists WHERE chat_id = :new)
    """,
    "DELETE FROM shown_lists WHERE chat_id = :old",
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
    )
