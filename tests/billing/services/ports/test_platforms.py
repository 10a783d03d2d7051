"""What a platform that does not do it says, what it is asked about, and what never shows."""

from datetime import UTC, datetime

import pytest

from billing.services.ports.platforms import (
    Held,
    HeldState,
    Made,
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
    Remote,
    reference_in,
)


@pytest.mark.parametrize("kind", [PlatformRefused, PlatformSilent, PlatformUnable])
def test_a_failure_says_why(kind):
    failure = kind("no numbers left")
    assert failure.why == str(failure) == "no numbers left"


def test_one_that_may_be_asked_later_says_from_when():
    until = datetime(2026, 1, 5, tzinfo=UTC)
    failure = PlatformLater(until, "20 in 30 minutes")
    assert (failure.until, failure.why, str(failure)) == (until, *["20 in 30 minutes"] * 2)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("loja-7", "loja-7-7K2QM"),
        ("Loja São João", "loja-sao-joao-7K2QM"),
        ("магазин", "7K2QM"),  # nothing of it can be said in ASCII
        ("- a / b -", "a-b-7K2QM"),
        ("x" * 99, "x" * 54 + "-7K2QM"),
        ("x" * 53 + " y", "x" * 53 + "-7K2QM"),  # cut short at a gap
    ],
)
def test_an_instance_is_called_by_its_name_and_our_reference(name, label):
    remote = Remote("7K2QM", name)
    assert remote.label == label
    assert len(label) <= 60
    assert remote.goes_by(label)
    assert not Remote("7K2QN", name).goes_by(label)


def test_one_that_was_renamed_is_found_by_its_former_name():
    assert Remote("7K2QM", "loja-8").goes_by(Remote("7K2QM", "loja-7").label)


@pytest.mark.parametrize(
    ("label", "reference"),
    [
        ("loja-7-7K2QM", "7K2QM"),
        ("7K2QM", "7K2QM"),
        ("loja-7K2QMB", "7K2QMB"),
        ("loja7K2QM", None),  # no gap before it
        ("loja-7k2qm", None),
        ("loja-7K2Q", None),  # too short
        ("loja-7K2QU", None),  # no such sign
        ("7K2QM-loja", None),
        ("", None),
    ],
)
def test_our_reference_is_read_from_the_end_of_a_name(label, reference):
    assert reference_in(label) == reference


def test_no_token_shows():
    held = Held("r1", None, "loja", HeldState.UNKNOWN, None, None, token="top-secret")
    for shown in (Made("top-secret"), Remote("7K2QM", "loja", token="top-secret"), held):
        assert "top-secret" not in f"{shown!r} {shown}"
