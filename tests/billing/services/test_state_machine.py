"""Whatever is done in whatever order, the invariants hold after every step."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.billing.services.machine import Machine

FREE = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
}


def test_the_invariants_hold_after_every_step():
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            derandomize=True,
            # What fails is shown as it was found: to make it shorter takes minutes.
            phases=(Phase.generate,),
            **FREE,
        ),
    )


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_invariants_hold_after_every_step_of_many_lives():
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=600, stateful_step_count=60, **FREE)
    )
