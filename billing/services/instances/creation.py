"""
Creating and naming instances: quota, names, ids, the promise to the platform.

Rules: "Life of an instance", "Enrolment and tokens".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from billing import tokens
from billing.instances import Instance, Origin, State
from billing.partners import NameRefused, Partner, Right, check_may_begin, checked_name
from billing.refusals import Refusal
from billing.services import finding, telling
from billing.services.access import requires
from billing.services.instances import platform
from billing.services.messages import Button, Urgency
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Work
from billing.tokens import Token

MOST_AT_ONCE = 50
# Words that mean several instances can never name one.
FILTER_WORDS = frozenset(
    {"all", "trial", "stopped", "active", "cancelled", "overdue", "unpaid", "ended"}
)
# Shown ids are upper case, so a name that looks like one is refused only in upper case.
LIKE_AN_ID = re.compile(r"(?=.*[0-9])(?=.*[A-Z])[0-9A-HJKMNP-TV-Z]{5,8}")


class NameTaken(Refusal):
    """A living instance of the partner has that name. Facts: `name`, `instance`."""

    code = "name_taken"


class TooManyTrials(Refusal):
    """The partner's open trials are at their limit. Facts: `open`, `asked`, `most`."""

    code = "too_many_trials"


class TooManyAtOnce(Refusal):
    """More instances than one request may make. Facts: `asked`, `most`."""

    code = "too_many_at_once"


async def checked_instance_name(work: Work, partner_id: str, name: str) -> str:
    """
    Return the name tidied.

    :raises NameRefused: also for a number, a filter word, an id or what looks like one.
    """
    tidy = checked_name(name)
    if re.fullmatch(r"[-−–+]?[0-9]+(-[0-9]+)?", tidy):
        raise NameRefused(why="number", name=tidy)
    if tidy.casefold() in FILTER_WORDS:
        raise NameRefused(why="filter", name=tidy)
    if LIKE_AN_ID.fullmatch(tidy) or await work.instances.get(partner_id, tidy.upper()):
        raise NameRefused(why="id", name=tidy)
    return tidy


@requires(Right.OPERATE)
async def create(
    work: Work, actor: Actor, names: Sequence[str], *, message_key: str
) -> list[Instance]:
    """
    Create instances, all or none; each begins its trial when the platform has made it.

    Each is one use of the token, given back where the platform refuses. The message under
    `message_key` shows how far they are.

    :raises PartnerFrozen, PartnerStopped, TokenUsedUp, TooManyTrials, TooManyAtOnce:
    :raises NameRefused, NameTaken:
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    check_may_begin(partner)
    if len(names) > MOST_AT_ONCE:
        raise TooManyAtOnce(asked=len(names), most=MOST_AT_ONCE)
    wanted = [await checked_instance_name(work, partner.id, name) for name in names]
    await _check_trials(work, partner, len(wanted))
    token = await _take(work, partner, len(wanted))
    made = [await _add(work, actor, partner, token, name) for name in wanted]
    for instance in made:
        await platform.promise(work, Operation.CREATE, instance, message_key=message_key)
    await _tell_of_quota(work, partner, token)
    return made


@requires(Right.OPERATE)
async def rename(work: Work, actor: Actor, instance_id: str, name: str) -> Instance:
    """
    Rename an instance; the platform keeps the name under which it was made.

    :raises NotFound, NameRefused, NameTaken:
    """
    partner_id = finding.own_partner_id(actor)
    instance = await finding.the_instance(work, partner_id, instance_id)
    tidy = await checked_instance_name(work, partner_id, name)
    if not await work.instances.rename(instance, tidy):
        raise await taken(work, partner_id, tidy)
    await work.audit.record(
        actor,
        "rename",
        at=work.now,
        kind="instance",
        object_id=instance.id,
        partner_id=partner_id,
        before=instance.name,
        after=tidy,
    )
    return replace(instance, name=tidy)


async def _check_trials(work: Work, partner: Partner, asked: int) -> None:
    counts = await work.instances.counts(partner.id)
    running = counts.get(State.TRIAL, 0) + counts.get(State.CREATING, 0)
    most = finding.programme_of(work, partner).trial.most_open
    if running + asked > most:
        raise TooManyTrials(open=running, asked=asked, most=most)


async def _take(work: Work, partner: Partner, count: int) -> Token:
    token = await work.tokens.present(partner.id)
    assert token is not None, "a partner has a token from its approval on"
    if not await work.tokens.take(token.id, count):
        raise tokens.used_up(token, finding.programme_of(work, partner), asked=count)
    return replace(token, created=token.created + count)


async def _add(work: Work, actor: Actor, partner: Partner, token: Token, name: str) -> Instance:
    programme = finding.programme_of(work, partner)
    instance = Instance(
        id=await new_id(work, partner),
        partner_id=partner.id,
        name=name,
        state=State.CREATING,
        settlement=programme.settlement,
        origin=Origin.BOT,
        band=programme.tier(token.tier).band,
        created_at=work.now,
        token_id=token.id,
        platform=work.platform_for(programme.id),
    )
    if not await work.instances.add(instance):
        raise await taken(work, partner.id, name)
    await work.audit.record(
        actor,
        "create",
        at=work.now,
        kind="instance",
        object_id=instance.id,
        partner_id=partner.id,
        after=instance.state,
    )
    return instance


async def new_id(work: Work, partner: Partner) -> str:
    """Return an id that was never used and that none of the partner's names reads like."""
    for attempt in range(100):
        candidate = work.ids.short(5 + attempt // 10)
        named = await work.instances.named(partner.id, candidate)
        if named is None and not await work.instances.id_taken(candidate):
            return candidate
    raise RuntimeError("a hundred ids in a row were taken")


async def taken(work: Work, partner_id: str, name: str) -> NameTaken:
    """Return the refusal of a name that a living instance has."""
    other = await work.instances.named(partner_id, name)
    return NameTaken(name=name, instance=other.id if other else None)


async def _tell_of_quota(work: Work, partner: Partner, token: Token) -> None:
    """Say once per token that 80 % are used, and once that all are."""
    if not token.nearly_used:
        return
    kind = "token_used_up" if token.left == 0 else "token_nearly_used"
    following = tokens.next_tier_name(token, finding.programme_of(work, partner))
    await telling.tell_partner(
        work,
        partner.id,
        kind,
        {"created": token.created, "allowed": token.allowed, "next_tier": following},
        key=f"notice:{kind}:{token.id}",
        roles=telling.OPERATORS,
        buttons=[[Button("request_next_token", "token_next"), Button("token", "token")]],
        urgency=Urgency.REMINDER,
        quiet_zone=partner.night,
    )
