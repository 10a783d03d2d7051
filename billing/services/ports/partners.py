"""Rows of people and partners."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from billing.company import Company
from billing.partners import Agreement, Partner, StaffRole
from billing.services.people import Application, Member, Person
from billing.services.ports.rows import LinkCode, Move, TokenRequest
from billing.tokens import Token


class People(Protocol):
    """Persons, members, staff, staff groups, applications."""

    async def person(self, user_id: int) -> Person | None: ...
    async def save_person(self, person: Person, *, at: datetime) -> None:
        """Insert or replace."""

    async def member(self, user_id: int) -> Member | None: ...
    async def members(self, partner_id: str) -> list[Member]:
        """In the order in which they joined."""

    async def add_member(self, member: Member, *, at: datetime) -> bool:
        """Return False, changing nothing, if the person belongs to a partner already."""

    async def give_role(self, member: Member) -> None:
        """The member has that role from now on."""

    async def remove_member(self, user_id: int) -> None:
        """The person acts for no partner any more."""

    async def forget(self, user_id: int) -> None:
        """Name, language and zone of a person go, and what it was asked and shown."""

    async def staff_role(self, user_id: int) -> StaffRole | None: ...
    async def staff(self) -> list[tuple[Person, StaffRole]]:
        """By role (admin, finance, support), then name; persons never seen have an empty name."""

    async def called(self, name: str) -> list[Person]:
        """Who belongs to no partner and has that name, however it is spelt; seen last first."""

    async def save_staff(
        self, user_id: int, role: StaffRole | None, *, by: int | None, at: datetime
    ) -> None:
        """Give a role, or take it away with None."""

    async def groups(self) -> list[int]:
        """Chat ids of the bound staff groups, oldest first."""

    async def left_out(self) -> dict[int, frozenset[str]]:
        """The sorts of cards that each bound group does not take; groups oldest first."""

    async def leave_out(self, chat_id: int, sorts: Collection[str]) -> None:
        """Let a bound group take all sorts of cards but these."""

    async def bind_group(self, chat_id: int, *, by: int | None, at: datetime) -> bool:
        """Return False if it is bound already."""

    async def rename_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: groups, messages, intents and questions follow."""

    async def application(self, application_id: str) -> Application | None: ...
    async def open_application(self, user_id: int) -> Application | None: ...
    async def save_application(self, application: Application) -> None:
        """Insert or replace."""

    async def waiting_applications(self) -> list[Application]:
        """The open ones, oldest first."""


class Kept(Protocol):
    """What there is about one person, for that person."""

    async def about(self, user_id: int) -> dict[str, list[dict[str, Any]]]:
        """Rows by what they are; instants are microseconds since 1970, UTC."""


class PartnerGroups(Protocol):
    """Partners' own groups, one each."""

    async def owner(self, chat_id: int) -> str | None:
        """The id of the partner whose group it is."""

    async def of_partner(self, partner_id: str) -> int | None:
        """The chat id of the partner's group."""

    async def all(self) -> list[int]:
        """Their chat ids."""

    async def bind(self, chat_id: int, partner_id: str, *, by: int | None, at: datetime) -> None:
        """It is the partner's group from now on, instead of the one before."""

    async def unbind(self, chat_id: int) -> None: ...


class NoticeChoices(Protocol):
    """
    What members, and the partner's group, chose to be told.

    A reader is a user id as text, or `group`; what nobody chose is as the role has it.
    """

    async def of_partner(self, partner_id: str) -> dict[tuple[str, str], bool]:
        """Whether it is wanted, by reader and family."""

    async def choose(self, partner_id: str, reader: str, family: str, *, wanted: bool) -> None: ...
    async def forget(self, partner_id: str, reader: str) -> None:
        """As the role has it again."""


class Partners(Protocol):
    """Partners and their agreements."""

    async def add(self, partner: Partner) -> None: ...
    async def get(self, partner_id: str) -> Partner | None: ...
    async def lock(self, partner_id: str) -> Partner:
        """
        Return the partner, held until the transaction ends: one change of a partner at a time.

        A statement, not an agreement among callers: an UPDATE of the row on either engine.
        """

    async def lock_all(self, partner_ids: Sequence[str]) -> list[Partner]:
        """The same of several at once, in their order."""

    async def save(self, partner: Partner) -> None: ...
    async def find(self, words: str) -> list[Partner]:
        """By id, else by exact folded name, else by the beginning of it; by name, at most 20."""

    async def named(self, name: str) -> list[Partner]:
        """By id, else those of exactly that name; case and accents are not told apart."""

    async def all(self) -> list[Partner]:
        """By name."""

    async def company(self, partner_id: str) -> Company:
        """What stands on its invoices from now on."""

    async def save_company(self, partner_id: str, company: Company) -> None: ...
    async def agreements(self, partner_id: str) -> list[Agreement]:
        """Oldest first; of the same instant in the order in which they were added."""

    async def all_agreements(self, partner_ids: Collection[str]) -> Mapping[str, list[Agreement]]:
        """The same of several partners at once."""

    async def add_agreement(
        self, partner_id: str, agreement: Agreement, *, by: int | None, at: datetime
    ) -> None:
        """Add one; nothing that has begun is ever changed or taken away."""

    async def withdraw_agreement(self, partner_id: str, since: datetime, *, at: datetime) -> None:
        """The last one from that instant, which has not begun, counts no more."""


class Moves(Protocol):
    """Moves of partners from the terms they are under to others."""

    async def waiting(self, partner_id: str) -> Move | None: ...
    async def ask(self, move: Move) -> None:
        """Let it wait; a partner's second waiting one is refused by the database."""

    async def settle(self, move: Move, state: str) -> None:
        """To `done`, `refused` or `taken_back`: it waits no more."""


class LinkCodes(Protocol):
    """One-time codes that link a person to a partner."""

    async def add(self, code: LinkCode) -> None: ...
    async def get(self, hashed: str) -> LinkCode | None:
        """Used ones too."""

    async def use(self, hashed: str, *, by: int, at: datetime) -> bool:
        """Use it up, conditionally: False if it was."""


class Tokens(Protocol):
    """Integrator tokens, their requests, and secrets that wait to be saved."""

    async def add(self, token: Token, *, at: datetime) -> None:
        """Becomes the partner's present token."""

    async def present(self, partner_id: str) -> Token | None: ...
    async def take(self, token_id: str, count: int) -> bool:
        """Use up `count` creations if so many are left, in one statement; else False."""

    async def move(self, token: Token) -> None:
        """Its tier and what it allows are those of other terms now; its secret stays."""

    async def give_back(self, token_id: str, count: int) -> None:
        """A creation failed at the platform and is no use of the token."""

    async def rotate(
        self, token_id: str, secret_hash: str, *, old_until: datetime, at: datetime
    ) -> None:
        """Set the secret's hash; the one before stays valid until `old_until`."""

    async def has_secret(self, token_id: str) -> bool: ...
    async def record_acceptance(
        self, partner_id: str, user_id: int, version: str, *, at: datetime
    ) -> None: ...

    async def request(self, partner_id: str) -> TokenRequest | None:
        """The open request, if any."""

    async def last_request(self, partner_id: str) -> TokenRequest | None:
        """The newest one, decided or not."""

    async def requests(self) -> list[TokenRequest]:
        """All open ones, oldest first."""

    async def save_request(self, request: TokenRequest) -> None:
        """Insert or replace."""

    async def keep_secret(
        self, key: str, partner_id: str, ciphertext: str, *, at: datetime
    ) -> None:
        """Keep an encrypted secret until it is forgotten; the same key again replaces it."""

    async def secret(self, key: str) -> str | None:
        """The ciphertext, or None once it was forgotten."""

    async def forget_secret(self, key: str) -> None: ...
