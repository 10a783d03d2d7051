"""What a platform that does not do it says, and why."""

import pytest

from billing.services.ports.platforms import PlatformRefused, PlatformSilent


@pytest.mark.parametrize("kind", [PlatformRefused, PlatformSilent])
def test_a_failure_says_why(kind):
    failure = kind("no numbers left")
    assert failure.why == str(failure) == "no numbers left"
