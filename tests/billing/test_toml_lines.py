"""The line that a refused programme file is to be mended in."""

import pytest

from billing.toml_lines import line_of

TEXT = """\
id = "mine"  # hours = 9

[trial]
hours = 48
[[tiers]]
name = "first"
[[tiers]]
  name = "second"
steps.first = 1
[days.price]
minor = 1
[[days.steps.price]]
minor = 2"""


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ((), 1),
        (("id",), 1),
        (("trial",), 3),
        (("trial", "hours"), 4),
        (("tiers", 0, "name"), 6),
        (("tiers", 1), 7),
        (("tiers", 1, "name"), 8),
        (("tiers", 1, "steps", "first"), 9),
        (("days", "price", "minor"), 11),
        (("days", "steps", "price", 0, "minor"), 13),
        (("trial", "afterwards"), 3),  # not there: its table
        (("trial", "hours", 2), 4),  # within a value: its key
        (("zone",), 1),
    ],
)
def test_is_that_of_the_entry_or_of_what_it_would_be_in(entry, line):
    assert line_of(TEXT, entry) == line
