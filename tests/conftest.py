import os
import shutil

import pytest
from hypothesis import Phase, settings

from tests import engines

# `make mutants`: the same examples at each run, and what kills a mutant need not be made smaller.
settings.register_profile(
    "mutants", settings.get_profile("ci"), phases=(Phase.explicit, Phase.generate)
)


def pytest_configure(config: pytest.Config) -> None:
    """Start the PostgreSQL server that the tests want, once for all their processes."""
    if not hasattr(config, "workerinput"):
        engines.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    engines.end(leading=not hasattr(config, "workerinput"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a mutant with examples first: they take far less time than properties."""
    if os.environ.get("MUTANT_UNDER_TEST"):
        items.sort(key=lambda item: hasattr(getattr(item, "obj", None), "hypothesis"))


CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium; without one the page's tests are skipped, under CI failed."""
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    reason = "no Chromium in PATH and none could be installed: the sandbox's page is not tested"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
