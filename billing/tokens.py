"""The integrator token: tiers, quota, what a creation uses up (rules, "Enrolment and tokens")."""

from __future__ import annotations

from dataclasses import dataclass, replace

from billing.programmes import Programme
from billing.refusals import Refusal

NOTICE_AT_PERCENT = 80


class TokenUsedUp(Refusal):
    """The token allows no further creation. Facts: `created`, `allowed`, `asked`, `next_tier`."""

    code = "token_used_up"


class NextTierNotYet(Refusal):
    """The next tier cannot be requested yet. Facts: `created`, `wanted_from`, `next_tier`."""

    code = "next_tier_not_yet"


class NoNextTier(Refusal):
    """The token is the definitive one. Facts: `tier`."""

    code = "no_next_tier"


@dataclass(frozen=True, slots=True)
class Token:
    """A partner's token of one tier (counted from 1); `allowed` None is unlimited."""

    id: str
    partner_id: str
    tier: int
    created: int
    allowed: int | None

    @property
    def left(self) -> int | None:
        """Creations that are left; None where there is no limit."""
        return None if self.allowed is None else self.allowed - self.created

    @property
    def nearly_used(self) -> bool:
        """Whether the 80 % notice is owed."""
        if self.allowed is None:
            return False
        return self.created * 100 >= self.allowed * NOTICE_AT_PERCENT


def moved(token: Token, before: Programme, after: Programme) -> Token:
    """
    Return the token under other terms: what was granted is not taken away.

    Of the tier of the same name; where there is none, of the highest that is limited as it is.
    """
    was = before.tier(token.tier)
    named = [number for number, tier in enumerate(after.tiers, 1) if tier.name == was.name]
    limited = [number for number, tier in enumerate(after.tiers, 1) if tier.allowed is not None]
    if named:
        number = named[0]
    elif token.allowed is None or not limited:
        number = len(after.tiers)
    else:
        number = min(token.tier, limited[-1])
    allowed = after.tier(number).allowed
    if allowed is not None:
        allowed = max(token.created, allowed) if token.allowed is None else token.allowed
    return replace(token, tier=number, allowed=allowed)


def next_tier_name(token: Token, programme: Programme) -> str | None:
    """Return the name of the tier above, or None at the top."""
    return programme.tier(token.tier + 1).name if token.tier < len(programme.tiers) else None


def used_up(token: Token, programme: Programme, *, asked: int = 1) -> TokenUsedUp:
    """Return the refusal of `asked` creations, with the count and the limit."""
    return TokenUsedUp(
        created=token.created,
        allowed=token.allowed,
        asked=asked,
        next_tier=next_tier_name(token, programme),
    )


def check_next_tier(token: Token, programme: Programme) -> int:
    """
    Return the tier that can be requested now.

    :raises NoNextTier: the token is of the last tier.
    :raises NextTierNotYet: too few creations so far.
    """
    tier = programme.tier(token.tier)
    if tier.next_from is None:
        raise NoNextTier(tier=tier.name)
    if token.created < tier.next_from:
        raise NextTierNotYet(
            created=token.created,
            wanted_from=tier.next_from,
            next_tier=next_tier_name(token, programme),
        )
    return token.tier + 1
