import pytest

from billing.tokens import (
    NextTierNotYet,
    NoNextTier,
    Token,
    check_next_tier,
    moved,
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
        [
            (19, 25, False),
            (20, 25, True),
            (25, 25, True),
            (39, 50, False),
            (10_000, None, False),
            (799, 1000, False),
        ],
    )
    def test_is_told_at_eighty_percent(self, created, allowed, owed):
        assert token(1, created, allowed).nearly_used is owed


class TestUnderOtherTerms:
    """What was granted is not taken away, whichever programme a partner is moved to."""

    @pytest.mark.parametrize(
        ("before", "given", "after", "tier", "allowed"),
        [
            (INTEGRATOR, (1, 7, 25), CLASSIC, 1, 25),  # the first tier has its name in both
            (INTEGRATOR, (1, 7, 40), CLASSIC, 1, 40),  # more than usual was granted
            (CLASSIC, (4, 300, None), INTEGRATOR, 2, None),  # definitive in both
            (CLASSIC, (2, 25, 25), INTEGRATOR, 1, 25),  # no second one: the last that is limited
            (CLASSIC, (3, 9, 50), INTEGRATOR, 1, 50),
            (INTEGRATOR, (1, 7, 25), DAYS, 1, None),  # that has none that is limited
            (INTEGRATOR, (2, 99, None), DAYS, 1, None),
            (DAYS, (1, 99, None), CLASSIC, 4, None),
        ],
    )
    def test_has_the_tier_of_its_name_or_else_of_its_kind(
        self, before, given, after, tier, allowed
    ):
        found = moved(token(*given), before, after)
        assert found == token(tier, given[1], allowed)

    def test_unlimited_where_all_are_limited_gets_the_last_and_at_least_what_it_used(self):
        limited = CLASSIC.model_copy(update={"tiers": CLASSIC.tiers[:3]})
        assert moved(token(2, 7, None), INTEGRATOR, limited) == token(3, 7, 50)
        assert moved(token(2, 99, None), INTEGRATOR, limited) == token(3, 99, 99)

    def test_goes_by_the_name_before_the_number(self):
        other = CLASSIC.model_copy(update={"tiers": CLASSIC.tiers[1:]})
        assert moved(token(2, 3, 25), CLASSIC, other) == token(1, 3, 25)

    def test_of_another_name_keeps_its_number_where_that_is_limited(self):
        renamed = tuple(
            tier.model_copy(update={"name": "x" * at}) for at, tier in enumerate(CLASSIC.tiers, 1)
        )
        other = CLASSIC.model_copy(update={"tiers": renamed})
        assert moved(token(2, 3, 25), CLASSIC, other) == token(2, 3, 25)
