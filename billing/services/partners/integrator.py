"""
The integrator token: seeing how much of it is left, its secret, the next tier.

Whoever used the token, the partner owes: that is shown and accepted with the first secret and
at each rotation. A secret is kept, encrypted, until it was saved; after that only its hash.
Rules: "Words", "Enrolment and tokens".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from billing import tokens
from billing.partners import Partner, Right
from billing.programmes import Tier
from billing.refusals import AlreadyDone, NotFound
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.messages import Button, Urgency
from billing.services.partners import token_requests
from billing.services.people import Actor
from billing.services.ports import TokenRequest, Work
from billing.tokens import Token

# Which wording of the responsibility was accepted; a new wording is a new version.
RESPONSIBILITY = "2026-01"
OLD_SECRET_WORKS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TokenCard:
    """
    The present token. `has_secret`: one was made; `unsaved`: it can still be shown.

    `can_request`: the next tier may be asked for now; `requested`: it was.
    """

    token: Token
    tier: Tier
    next_tier: str | None
    next_from: int | None
    can_request: bool
    requested: bool
    has_secret: bool
    unsaved: bool


@requires(Right.VIEW)
async def look(work: Work, actor: Actor) -> TokenCard:
    """Return the partner's present token, and what can be done with it."""
    partner = await finding.own_partner(work, actor)
    programme = finding.programme_of(work, partner)
    token = await _present(work, partner.id)
    tier = programme.tier(token.tier)
    return TokenCard(
        token=token,
        tier=tier,
        next_tier=tokens.next_tier_name(token, programme),
        next_from=tier.next_from,
        can_request=tier.next_from is not None and token.created >= tier.next_from,
        requested=await work.tokens.request(partner.id) is not None,
        has_secret=await work.tokens.has_secret(token.id),
        unsaved=await work.tokens.secret(secret_key(token)) is not None,
    )


@requires(Right.OWN)
async def issue_secret(work: Work, actor: Actor) -> str:
    """
    Accept the responsibility and make a secret; the old one works for 24 hours more.

    Returns the key under which it waits, encrypted, to be shown until it is saved. Done again,
    it is a rotation: one more secret, and the one before is the old one.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    token = await _present(work, partner.id)
    secret = f"pd_live_{token.id}_{work.ids.secret()}"
    await work.tokens.record_acceptance(partner.id, actor.user_id or 0, RESPONSIBILITY, at=work.now)
    await work.tokens.rotate(
        token.id,
        work.vault.hash(secret),
        old_until=work.now + OLD_SECRET_WORKS,
        at=work.now,
    )
    key = secret_key(token)
    await work.tokens.keep_secret(key, partner.id, work.vault.lock(secret), at=work.now)
    await work.audit.record(
        actor,
        "token_secret",
        at=work.now,
        kind="token",
        object_id=token.id,
        partner_id=partner.id,
        after=f"accepted {RESPONSIBILITY}",
    )
    return key


@requires(Right.OWN)
async def waiting_secret(work: Work, actor: Actor) -> str | None:
    """Return the key of a secret that was made and not saved yet, to be shown again."""
    token = await _present(work, finding.own_partner_id(actor))
    key = secret_key(token)
    return key if await work.tokens.secret(key) is not None else None


@requires(Right.OPERATE)
async def instance_secrets(work: Work, actor: Actor, instance_ids: list[str]) -> list[str]:
    """
    Return those of the instances whose own token can still be shown.

    :raises NotFound: one is not the partner's.
    """
    partner_id = finding.own_partner_id(actor)
    waiting = []
    for instance_id in instance_ids:
        instance = await finding.the_instance(work, partner_id, instance_id)
        if await work.tokens.secret(f"instance:{instance.id}") is not None:
            waiting.append(instance.id)
    return waiting


@requires(Right.OPERATE)
async def saved(work: Work, actor: Actor, keys: list[str]) -> None:
    """
    Forget secrets that their owner has saved; again, nothing happens.

    A token's key that is not the partner's is passed over.

    :raises NotFound: an instance's that is not the partner's.
    """
    partner_id = finding.own_partner_id(actor)
    for key in keys:
        kind, _, subject = key.partition(":")
        if kind == "instance":
            await finding.the_instance(work, partner_id, subject)
        elif key != secret_key(await _present(work, partner_id)):
            continue
        await work.tokens.forget_secret(key)


@requires(Right.OWN)
async def request_next(work: Work, actor: Actor) -> TokenRequest:
    """
    Ask the staff for the next tier.

    :raises NoNextTier, NextTierNotYet:
    :raises AlreadyDone: it was asked for and waits. Facts: `tier`.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    programme = finding.programme_of(work, partner)
    token = await _present(work, partner.id)
    tier = tokens.check_next_tier(token, programme)
    if await work.tokens.request(partner.id) is not None:
        raise AlreadyDone(action="token_next", tier=programme.tier(tier).name)
    request = TokenRequest(work.ids.short(8), partner.id, tier, actor.user_id or 0, work.now)
    await work.tokens.save_request(request)
    await work.audit.record(
        actor,
        "token_next",
        at=work.now,
        kind="token",
        object_id=token.id,
        partner_id=partner.id,
        before=programme.tier(token.tier).name,
        after=programme.tier(tier).name,
    )
    await token_requests.show(work, request, partner)
    return request


@requires(Right.SERVE)
async def grant(work: Work, actor: Actor, partner_id: str, tier: int | None = None) -> Token:
    """
    Give a partner a token of a higher tier, by default the next one.

    :raises NoNextTier: there is none above.
    :raises NotFound: the programme has no such tier.
    :raises AlreadyDone: the partner has that tier or a higher one. Facts: `tier`.
    """
    partner = await work.partners.lock(partner_id)
    programme = finding.programme_of(work, partner)
    token = await _present(work, partner.id)
    if tier is None:
        if token.tier == len(programme.tiers):
            raise tokens.NoNextTier(tier=programme.tier(token.tier).name)
        tier = token.tier + 1
    if not 1 <= tier <= len(programme.tiers):
        raise NotFound(what="tier", wanted=str(tier))
    if tier <= token.tier:
        raise AlreadyDone(action="grant", tier=programme.tier(token.tier).name)
    granted = Token(work.ids.short(8), partner.id, tier, 0, programme.tier(tier).allowed)
    await work.tokens.add(granted, at=work.now)
    await close_request(work, actor, partner, granted=True)
    await work.audit.record(
        actor,
        "grant",
        at=work.now,
        kind="token",
        object_id=granted.id,
        partner_id=partner.id,
        before=programme.tier(token.tier).name,
        after=programme.tier(tier).name,
    )
    await _tell_granted(work, partner, granted, programme.tier(tier))
    return granted


async def _tell_granted(work: Work, partner: Partner, granted: Token, tier: Tier) -> None:
    await telling.tell_partner(
        work,
        partner.id,
        "token_granted",
        {"tier": tier.name, "allowed": granted.allowed},
        key=f"notice:token_granted:{granted.id}",
        roles=telling.OPERATORS,
        buttons=[[Button("token", "token"), Button("new", "new")]],
        urgency=Urgency.REPLY,
        quiet_zone=partner.night,
    )


@requires(Right.SERVE)
async def refuse_request(work: Work, actor: Actor, partner_id: str, reason: str = "") -> None:
    """
    Decline the open request of a partner; its owners hear of it, and the reason.

    :raises AlreadyDone: none is open. Facts: `partner`.
    """
    partner = await work.partners.lock(partner_id)
    request = await work.tokens.request(partner.id)
    if request is None:
        raise AlreadyDone(action="decide", partner=partner.name)
    await close_request(work, actor, partner, granted=False, reason=reason.strip()[:500])
    await recording.of_partner(work, actor, "token_refused", partner.id, after=reason.strip()[:500])
    await telling.tell_partner(
        work,
        partner.id,
        "token_refused",
        {"reason": reason.strip()[:500]},
        key=f"notice:token_refused:{request.id}",
        roles=telling.OWNERS,
        urgency=Urgency.REPLY,
    )


def secret_key(token: Token) -> str:
    """The key under which a token's secret waits to be saved."""
    return f"token:{token.id}"


async def _present(work: Work, partner_id: str) -> Token:
    token = await work.tokens.present(partner_id)
    assert token is not None, "a partner has a token from its approval on"
    return token


async def close_request(
    work: Work, actor: Actor, partner: Partner, *, granted: bool, reason: str = ""
) -> None:
    """Decide the open request, if there is one, and show its card so."""
    request = await work.tokens.request(partner.id)
    if request is None:
        return
    decided = replace(
        request,
        granted=granted,
        decided_by=actor.user_id,
        decided_at=work.now,
        reason=reason,
    )
    await work.tokens.save_request(decided)
    await work.claims.drop(token_requests.KIND, partner.id)
    await token_requests.show(work, decided, partner)
