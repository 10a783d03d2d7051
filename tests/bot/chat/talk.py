"""People who talk with the bot: raw updates in, rows of messages out, no network."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from cryptography.fernet import Fernet
from telegram import Bot, User
from telegram.error import BadRequest

from billing import catalogue
from billing.calendar import Month
from billing.partners import Partner, Role, StaffRole
from billing.services import access
from billing.services.facts import load
from billing.services.instances import answered
from billing.services.invoices import invoicing
from billing.services.people import Member
from billing.services.ports import Work
from billing.services.ports.platforms import Made
from billing.tokens import Token
from bot.chat.cards.invoices import WaysToPay
from bot.chat.chat import Chat
from bot.chat.replies import Replies
from bot.delivery.transport import AiohttpRequest
from bot.documents import Documents
from bot.documents.kinds import KINDS
from bot.ids import RandomIds
from bot.settings import Operator
from bot.vault import Vault
from storage.delivery.inbox import Inbox
from storage.engine.database import Database
from storage.unit_of_work import DeskStore

NOW = datetime(2026, 3, 2, 13, tzinfo=UTC)
BOT = {"id": 7_000_000, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}
STAFF_GROUP = -1001
FOREIGN_GROUP = -1002
# Of the first partner, and of the second.
OWN_GROUP, OTHERS_GROUP = -1003, -1004
ADMIN, FINANCE, SUPPORT = 11, 12, 13
OWNER, MANAGER, VIEWER, PAYER = 21, 22, 23, 24
OTHER_OWNER, STRANGER = 31, 41
NAMES = {
    ADMIN: "Ada", FINANCE: "Fin", SUPPORT: "Sue", OWNER: "Olga", MANAGER: "Max",
    VIEWER: "Vera", PAYER: "Paul", OTHER_OWNER: "Otto", STRANGER: "Steve",
}  # fmt: skip
STAFF = {ADMIN: StaffRole.ADMIN, FINANCE: StaffRole.FINANCE, SUPPORT: StaffRole.SUPPORT}
MEMBERS = {
    OWNER: Role.OWNER,
    MANAGER: Role.MANAGER,
    VIEWER: Role.VIEWER,
    PAYER: Role.FINANCE,
}


@dataclass
class StandingClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


class RecordingBot(Bot):
    """A bot that sends nothing and remembers what it was asked to send."""

    def __init__(self) -> None:
        super().__init__(
            "7000000:" + "A" * 35,
            request=AiohttpRequest(),
            get_updates_request=AiohttpRequest(),
        )
        self._bot_user = User(**BOT)
        self._unfreeze()
        self.toasts: list[str | None] = []
        self.fails = False
        self.menus: list[tuple[Any, str | None, list[str]]] = []

    async def answer_callback_query(self, query_id, text=None, **rest):
        if self.fails:
            raise BadRequest("query is too old")
        self.toasts.append(text)
        return True

    async def set_my_commands(self, commands, scope=None, language_code=None, **rest):
        if self.fails:
            raise BadRequest("chat not found")
        self.menus.append((scope, language_code, [command.command for command in commands]))
        return True


@dataclass
class Said:
    """A message as it stands in the outbox."""

    key: str
    chat_id: int
    kind: str
    facts: dict[str, Any]
    buttons: list[list[dict[str, Any]]]
    version: int
    reader: int | None
    text: str = ""
    doubts: int = 0

    @property
    def labels(self) -> list[str]:
        return [one["args"].get("name", one["label"]) for row in self.buttons for one in row]

    def intent(self, label: str) -> str:
        return next(
            one["intent"]
            for row in self.buttons
            for one in row
            if label in {one["label"], one["args"].get("name"), one["args"].get("programme")}
        )


@dataclass
class Talk:
    """A desk with two partners, their members, staff and a staff group."""

    database: Database
    clock: StandingClock = field(default_factory=StandingClock)
    bot: RecordingBot = field(default_factory=RecordingBot)
    ids: Any = field(default_factory=lambda: count(1000))
    last_update: int = 0

    def __post_init__(self) -> None:
        self.store = DeskStore(
            self.database,
            clock=self.clock,
            programmes=catalogue.load(),
            ids=RandomIds(),
            vault=Vault(Fernet.generate_key().decode()),
        )
        self.replies = Replies(
            self.store, secret=_found, documents=Documents(self.store, KINDS, Operator())
        )
        self.chat = Chat(self.store, self.bot, WaysToPay("Desk Ltda", "Banco 1", "pix@desk"))

    async def set_up(self) -> None:
        async def unit(work: Work) -> None:
            for partner_id, name in (("P1AAA", "Loja Norte"), ("P2BBB", "Loja Sul")):
                programme = work.programmes.newest("integrator")
                assert programme is not None
                await work.partners.add(
                    Partner(
                        id=partner_id,
                        name=name,
                        programme=programme.id,
                        programme_version=programme.version,
                        currency=programme.currency,
                        zone="America/Sao_Paulo",
                        created_at=work.now,
                    )
                )
                await work.tokens.add(
                    Token(f"T{partner_id}", partner_id, 1, 0, programme.tier(1).allowed),
                    at=work.now,
                )
            for user_id, role in MEMBERS.items():
                await work.people.add_member(Member(user_id, "P1AAA", role), at=work.now)
            await work.people.add_member(Member(OTHER_OWNER, "P2BBB", Role.OWNER), at=work.now)
            for user_id, role in STAFF.items():
                await work.people.save_staff(user_id, role, by=None, at=work.now)
            await work.people.bind_group(STAFF_GROUP, by=ADMIN, at=work.now)

        await self.store.write(unit)

    async def bind_groups(self) -> None:
        """Give each partner a group of its own."""

        async def unit(work: Work) -> None:
            await work.groups.bind(OWN_GROUP, "P1AAA", by=OWNER, at=work.now)
            await work.groups.bind(OTHERS_GROUP, "P2BBB", by=OTHER_OWNER, at=work.now)

        await self.store.write(unit)

    async def receive(self, update: dict[str, Any]) -> list[Said]:
        """Give the bot an update; return the messages that it said or said anew, oldest first."""
        self.last_update = next(self.ids)
        raw = {"update_id": self.last_update, **update}
        row = (self.last_update, "lane", json.dumps(raw))
        await self.database.write(lambda tx: Inbox(tx).store([row], self.clock.at))
        return await self.again(raw)

    async def again(self, raw: dict[str, Any]) -> list[Said]:
        before = {said.key: said.version for said in await self.messages()}
        await self.chat.handle(raw["update_id"], raw)
        new = [said for said in await self.messages() if before.get(said.key) != said.version]
        for said in new:
            said.text = (await self.replies.render(said)).text_html
        return new

    async def say(self, user: int, text: str, chat: int | None = None, **more: Any) -> list[Said]:
        return await self.receive({"message": message(user, text, chat or user, **more)})

    async def tell(self, user: int, text: str, chat: int | None = None, **more: Any) -> Said:
        """Say something to which one answer is expected there; files below it are left out."""
        there = [said for said in await self.say(user, text, chat, **more)
                 if said.chat_id == (chat or user)]  # fmt: skip
        there = [said for said in there if said.kind != "document"] or there
        assert len(there) == 1, [said.kind for said in there]
        return there[0]

    async def press(self, user: int, said: Said, label: str) -> list[Said]:
        return await self.press_id(user, said.intent(label), said.chat_id)

    async def press_id(self, user: int, data: str, chat: int) -> list[Said]:
        query = {
            "id": "1",
            "from": person(user),
            "chat_instance": "1",
            "data": data,
            "message": message(BOT["id"], "a card", chat),
        }
        return await self.receive({"callback_query": query})

    async def messages(self) -> list[Said]:
        rows = await self.sql("SELECT * FROM messages ORDER BY created_at, rowid")
        return [
            Said(
                row["key"], row["chat_id"], row["kind"], load(row["facts"]),
                json.loads(row["buttons"]), row["version"], row["reader"],
            )
            for row in rows
        ]  # fmt: skip

    async def carry_out(self) -> None:
        """Let the platform answer everything that was promised."""

        async def unit(work: Work) -> None:
            for _ in range(4):
                for call in await work.calls.open_by(work.now):
                    await answered.succeeded(work, call, Made(f"secret-{call.instance_id}"))

        await self.store.write(unit)

    async def create(self, *names: str, user: int = OWNER) -> None:
        await self.say(user, "/new " + ", ".join(names) + ",")
        await self.carry_out()

    async def close(self, year: int, month: int) -> str:
        """Draw up the first partner's invoice of a month; return its number."""

        async def unit(work: Work) -> str:
            clock = access.by_clock("test")
            drawn = await invoicing.close(work, clock, "P1AAA", Month(year, month))
            assert drawn is not None
            return drawn.number

        return await self.store.write(unit)

    async def ids_by_name(self) -> dict[str, str]:
        rows = await self.sql("SELECT id, name FROM instances")
        return {row["name"]: row["id"] for row in rows}

    async def states(self) -> dict[str, str]:
        rows = await self.sql("SELECT name, state FROM instances")
        return {row["name"]: row["state"] for row in rows}

    async def denied(self) -> int:
        rows = await self.sql("SELECT id FROM audit WHERE outcome = 'denied'")
        return len(rows)

    async def sql(self, text: str, **parameters: Any) -> list[Any]:
        return await self.database.write(lambda tx: tx.all(text, **parameters))

    def later(self, **span: float) -> None:
        self.clock.at += timedelta(**span)


async def _found(key: str) -> str | None:
    return f"secret of {key}"


def person(user_id: int, language: str = "en") -> dict[str, Any]:
    if user_id == BOT["id"]:
        return dict(BOT)
    return {
        "id": user_id,
        "is_bot": user_id == 1087968824,
        "first_name": NAMES.get(user_id, "Group"),
        "language_code": language,
    }


def place(chat_id: int) -> dict[str, Any]:
    if chat_id > 0:
        return {"id": chat_id, "type": "private", "first_name": NAMES.get(chat_id, "")}
    return {"id": chat_id, "type": "supergroup", "title": "A group"}


def message(
    user: int, text: str, chat: int, *, language: str = "en", **more: Any
) -> dict[str, Any]:
    return {
        "message_id": 5,
        "date": int(NOW.timestamp()),
        "chat": place(chat),
        "from": person(user, language),
        "text": text,
        **more,
    }


def forwarded() -> dict[str, Any]:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
    return {"forward_origin": origin}


def replying(to: int) -> dict[str, Any]:
    return {"reply_to_message": message(to, "before", STAFF_GROUP)}
