import pytest

from billing.tokens import (
    NextTierNotYet,
    NoNextTier,
    Token,
    check_next_tier,
    next_tier_name,
    used_up,
)
from tests.billing.samples import CLASSIC, DAYS, INTEGRATOR


def token(tier: int, created: int, allowed: int | None) -> Token:
    return Token("token", "partner", tier, created, allowed)


class TestTheNextTier:
    @pytest.mark.parametrize(
        ("programme", "tier", "created", "allowed"),
        [
            (INTEGRATOR, 1, 10, 25),  # from the 10th creation on, with 15 still left
            (INTEGRATOR, 1, 25, 25),
            (CLASSIC, 1, 25, 25),
            (CLASSIC, 2, 25, 25),
            (CLASSIC, 3, 50, 50),
        ],
    )
    def test_can_be_requested(self, programme, tier, created, allowed):
        assert check_next_tier(token(tier, created, allowed), programme) == tier + 1

    @pytest.mark.parametrize(
        ("programme", "tier", "created", "wanted_from", "following"),
        [
            (INTEGRATOR, 1, 9, 10, "definitive"),
            (CLASSIC, 1, 24, 25, "second"),
            (CLASSIC, 2, 0, 25, "third"),
            (CLASSIC, 3, 49, 50, "definitive"),
        ],
    )
    def test_has_to_wait_for_its_creations(self, programme, tier, created, wanted_from, following):
        with pytest.raises(NextTierNotYet) as refused:
            check_next_tier(token(tier, created, 50), programme)
        assert refused.value.facts == {
            "created": created,
            "wanted_from": wanted_from,
            "next_tier": following,
        }

    @pytest.mark.parametrize(("programme", "tier"), [(INTEGRATOR, 2), (CLASSIC, 4), (DAYS, 1)])
    def test_does_not_exist_above_the_definitive_one(self, programme, tier):
        definitive = token(tier, 1000, None)
        assert next_tier_name(definitive, programme) is None
        with pytest.raises(NoNextTier) as refused:
            check_next_tier(definitive, programme)
        assert refused.value.facts == {"tier": "definitive"}


class TestTheQuota:
    def test_that_is_used_up_names_the_count_the_limit_and_what_is_next(self):
        refusal = used_up(token(1, 25, 25), CLASSIC)
        assert refusal.code == "token_used_up"
        assert refusal.facts == {"created": 25, "allowed": 25, "asked": 1, "next_tier": "second"}

    def test_counts_what_is_left(self):
        assert token(1, 24, 25).left == 1
        assert token(2, 24, None).left is None

    @pytest.mark.parametrize(
        ("created", "allowed", "owed"),
        [(19, 25, False), (20, 25, True), (25, 25, True), (39, 50, False), (10_000, None, False)],
    )
    def test_is_told_at_eighty_percent(self, created, allowed, owed):
        assert token(1, created, allowed).nearly_used is owed
