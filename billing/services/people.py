"""Persons and what they are: strangers, members of a partner, staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.partners import Right, Role, StaffRole


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram user; `language` and `zone` are the person's own choice."""

    user_id: int
    name: str
    language: str
    zone: str | None
    blocked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person who acts for a partner."""

    user_id: int
    partner_id: str
    role: Role


class ApplicationState(StrEnum):
    """Where an application stands."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Application:
    """
    A person asks to become a partner; `migrate` moves active prepaid instances (never later).

    `card` is the key of the message that shows it to the applicant.
    """

    id: str
    user_id: int
    company: str
    migrate: bool
    state: ApplicationState
    created_at: datetime
    programme: str | None = None
    reason: str | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    card: str | None = None


class Channel(StrEnum):
    """Through which door something came."""

    BOT = "bot"
    CLOCK = "clock"
    PLATFORM = "platform"
    STRIPE = "stripe"


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who does something, from where, with which rights; `cause` is the update, row or call.

    The clock and the platform act with no rights of a person: what they do is not asked for.
    `on_behalf`: a person of the staff acts for the partner, at its wish.
    """

    channel: Channel
    cause: str
    user_id: int | None = None
    name: str = ""
    chat_id: int | None = None
    partner_id: str | None = None
    role: Role | None = None
    staff: StaffRole | None = None
    rights: frozenset[Right] = frozenset()
    on_behalf: bool = False
