from datetime import timedelta

import pytest

from bot.simulation.chance import Chance, OpenVault, SeededIds, StandingClock
from tests.billing.samples import local

HOUR = timedelta(hours=1)


def lots(*seed: object) -> list[object]:
    chance = Chance(*seed)
    return [
        chance.between(1, 6),
        chance.one_of("abc"),
        chance.weighed((("often", 0.9), ("rarely", 0.1))),
        chance.span(HOUR, 2 * HOUR),
        chance.gap(HOUR),
        chance.happens(0.5),
        SeededIds(chance).short(),
        SeededIds(chance).opaque(),
        SeededIds(chance).secret(),
    ]


def test_the_same_seed_draws_the_same_lots():
    assert lots(1, "weather") == lots(1, "weather")


@pytest.mark.parametrize("other", [(2, "weather"), (1, "partner", 0)])
def test_another_seed_draws_others(other):
    assert lots(1, "weather") != lots(*other)


def test_numbers_stay_between_their_bounds_and_reach_them():
    chance = Chance(1)
    assert {chance.between(1, 6) for _ in range(500)} == {1, 2, 3, 4, 5, 6}


def test_an_id_has_a_letter_and_the_length_that_is_asked_for():
    ids = SeededIds(Chance(1))
    found = [ids.short(2) for _ in range(500)]
    assert all(len(one) == 2 and not one.isdigit() for one in found)
    assert len(ids.opaque()) == 22


def test_choices_come_as_often_as_they_weigh():
    chance = Chance(1)
    found = [chance.weighed((("often", 3), ("rarely", 1))) for _ in range(4000)]
    assert 0.72 < found.count("often") / 4000 < 0.78


def test_a_gap_is_as_long_as_its_mean_on_average():
    chance = Chance(1)
    gaps = [chance.gap(HOUR) for _ in range(4000)]
    assert 0.95 * HOUR < sum(gaps, timedelta(0)) / 4000 < 1.05 * HOUR


def test_the_clock_never_goes_back():
    clock = StandingClock(local("2026-01-01"))
    clock.move_to(local("2026-01-02"))
    clock.move_to(local("2026-01-01"))
    assert clock.now() == local("2026-01-02")


def test_the_vault_locks_the_same_secret_alike():
    vault = OpenVault()
    assert vault.lock("secret") == vault.lock("secret")
    assert vault.open(vault.lock("secret")) == "secret"
    assert len(vault.hash("secret")) == 64
