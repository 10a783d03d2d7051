"""
Who speaks, and what they may do.

Every use case that a person can ask for declares its right with `requires`; one that declares
none fails the tests. Membership of a group gives no right, and neither does a username.
Rules: "Who may do what".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from billing.partners import MEMBER_RIGHTS, STAFF_RIGHTS, STRANGERS_RIGHTS, Right
from billing.refusals import NoRight
from billing.services.people import Actor, Channel, Person
from billing.services.ports import Work

P = ParamSpec("P")
T = TypeVar("T")
UseCase = Callable[Concatenate[Work, Actor, P], Awaitable[T]]

# GroupAnonymousBot, Channel Bot and Telegram itself: each stands for thousands of people.
SHARED_IDS = frozenset({1087968824, 136817688, 777000})

RIGHTS: dict[str, Right] = {}


def requires(right: Right) -> Callable[[UseCase[P, T]], UseCase[P, T]]:
    """Let only actors with that right in; the others get `NoRight`, and nothing happens."""

    def declare(use_case: UseCase[P, T]) -> UseCase[P, T]:
        RIGHTS[f"{use_case.__module__}.{use_case.__qualname__}"] = right

        @wraps(use_case)
        async def checked(work: Work, actor: Actor, /, *args: P.args, **named: P.kwargs) -> T:
            check(actor, right)
            return await use_case(work, actor, *args, **named)

        return checked

    return declare


def check(actor: Actor, right: Right) -> None:
    """
    Refuse an actor without that right.

    :raises NoRight:
    """
    if right not in actor.rights:
        raise NoRight(right=right)


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was heard where, in which topic of the chat; `cause` names the update."""

    user_id: int
    name: str
    language: str
    chat_id: int
    private: bool
    cause: str
    thread_id: int | None = None


async def recognise(work: Work, heard: Heard) -> tuple[Actor, Person]:
    """
    Return who speaks with the rights that hold now and here, noting a person never seen.

    A member acts for the partner in private and in the partner's own group, where nobody else
    may do anything; staff act in a bound staff group. A role that was taken away has no effect
    from the next update on.
    """
    person = await _known(work, heard)
    actor = Actor(
        channel=Channel.BOT,
        cause=heard.cause,
        user_id=heard.user_id,
        name=heard.name,
        chat_id=heard.chat_id,
        rights=STRANGERS_RIGHTS,
    )
    if heard.user_id in SHARED_IDS:
        return replace(actor, rights=frozenset()), person
    owner = None if heard.private else await work.groups.owner(heard.chat_id)
    if owner is not None:
        actor = replace(actor, rights=frozenset())
    staff = await work.people.staff_role(heard.user_id)
    if staff is not None and owner is not None:
        return replace(actor, staff=staff), person
    if staff is not None:
        in_group = heard.chat_id in await work.people.groups()
        rights = STAFF_RIGHTS[staff] if in_group else STRANGERS_RIGHTS
        return replace(actor, staff=staff, rights=rights), person
    member = await work.people.member(heard.user_id)
    if member is None:
        return actor, person
    at_home = heard.private or owner == member.partner_id
    rights = MEMBER_RIGHTS[member.role] if at_home else actor.rights
    actor = replace(actor, partner_id=member.partner_id, role=member.role, rights=rights)
    return actor, person


async def _known(work: Work, heard: Heard) -> Person:
    person = await work.people.person(heard.user_id)
    if person is None:
        person = Person(heard.user_id, heard.name, heard.language, None)
    elif person.name == heard.name and person.blocked_at is None:
        return person
    else:
        person = replace(person, name=heard.name, blocked_at=None)
    if heard.user_id not in SHARED_IDS:
        await work.people.save_person(person, at=work.now)
    return person


def by_clock(cause: str) -> Actor:
    """Return the clock as an actor; `cause` is the row that had come."""
    return Actor(channel=Channel.CLOCK, cause=cause, name="clock")


def by_platform(cause: str) -> Actor:
    """Return the messaging platform as an actor; `cause` is the call it answered."""
    return Actor(channel=Channel.PLATFORM, cause=cause, name="platform")


def by_stripe(cause: str) -> Actor:
    """Return Stripe as an actor; `cause` is the event, or the call that it answered."""
    return Actor(channel=Channel.STRIPE, cause=cause, name="stripe")
