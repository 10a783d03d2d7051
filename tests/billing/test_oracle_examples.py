"""The day-by-day walk on the worked examples of the rules: the second opinion is itself right."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.billing import oracle
from tests.billing.oracle import Terms, YearMonth
from tests.billing.samples import SAO_PAULO, local, there

INTEGRATOR = Terms(SAO_PAULO, "thirty_days")
CLASSIC = Terms(SAO_PAULO, "until_expiry")


def walked(terms: Terms, subscribed: str, cancelled: str | None, through: YearMonth) -> list[str]:
    ended = None if cancelled is None else local(cancelled)
    found = oracle.months_billed(terms, local(subscribed), ended, through=through)
    return [f"{year}-{month:02}" for year, month in found]


WORKED = [
    ("2026-01-31 23:30", "2026-03-01 10:00", "2026-03-31 10:00", "2026-01 2026-02 2026-03"),
    ("2026-02-01 00:10", "2026-03-02 00:01", "2026-04-01 00:01", "2026-02 2026-03"),
    ("2028-01-30 10:00", "2028-01-30 10:00", "2028-02-29 10:00", "2028-01"),
]


@pytest.mark.parametrize(("subscribed", "cancelled", "ends", "billed"), WORKED)
def test_the_walk_finds_the_table_of_worked_examples(subscribed, cancelled, ends, billed) -> None:
    assert there(oracle.service_end(SAO_PAULO, "thirty_days", local(cancelled))) == ends
    assert walked(INTEGRATOR, subscribed, cancelled, (2028, 12)) == billed.split()


def test_the_walk_bills_the_second_example_for_april_too_if_every_month_of_service_counts() -> None:
    terms = INTEGRATOR._replace(bill="every_month_of_service")
    found = walked(terms, "2026-02-01 00:10", "2026-03-02 00:01", (2026, 12))
    assert found == ["2026-02", "2026-03", "2026-04"]


@pytest.mark.parametrize(
    ("subscribed", "first", "issued", "late"),
    [
        ("2026-01-31 23:30", "2026-01", "2026-02-01 00:00", "2026-02-06 00:00"),
        ("2026-02-01 00:10", "2026-02", "2026-03-01 00:00", "2026-03-06 00:00"),
    ],
)
def test_the_walk_issues_the_first_invoice_when_the_month_of_the_subscription_closes(
    subscribed, first, issued, late
) -> None:
    assert walked(INTEGRATOR, subscribed, None, (2026, 4))[0] == first
    found = oracle.deadlines(SAO_PAULO, (2026, int(first[-2:])))
    assert (there(found.closes), there(found.due_ends)) == (issued, late)


@pytest.mark.parametrize(
    ("bill", "lines"),
    [("month_of_cancellation", [51, 51, 41]), ("every_month_of_service", [51, 51, 51])],
)
def test_the_walk_counts_51_51_and_41_lines(bill: str, lines: list[int]) -> None:
    terms = INTEGRATOR._replace(bill=bill)
    running = {"2026-04-01 08:00": 40, "2026-05-01 00:00": 1}
    running |= {"2026-05-10 10:00": 2, "2026-05-15 10:00": 5, "2026-05-20 10:00": 3}
    counted = Counter()
    for subscribed, many in running.items():
        for number in range(many):
            cancelled = "2026-06-10 10:00" if many == 40 and number < 10 else None
            counted.update(walked(terms, subscribed, cancelled, (2026, 7)))
    assert [counted[month] for month in ("2026-05", "2026-06", "2026-07")] == lines
    assert there(oracle.service_end(SAO_PAULO, "thirty_days", local("2026-06-10 10:00"))) == (
        "2026-07-10 10:00"
    )


@pytest.mark.parametrize("cancelled", ["2026-03-15 12:00", "2026-03-03 12:00"])
def test_the_walk_serves_the_classic_to_the_end_of_10_april_and_bills_march(cancelled) -> None:
    assert there(oracle.service_end(SAO_PAULO, "until_expiry", local(cancelled))) == (
        "2026-04-11 00:00"
    )
    assert walked(CLASSIC, "2026-02-10 12:00", cancelled, (2026, 9)) == ["2026-02", "2026-03"]


@pytest.mark.parametrize(
    ("cancelled", "ends", "touched"),
    [
        ("2026-01-31 10:00", "2026-03-02 10:00", 3),  # all of February lies between
        ("2028-01-31 10:00", "2028-03-01 10:00", 3),  # of a leap year too
        ("2026-01-30 00:00", "2026-03-01 00:00", 2),  # March begins when the service ends
        ("2026-04-01 10:00", "2026-05-01 10:00", 2),  # 30 days
        ("2026-05-01 10:00", "2026-05-31 10:00", 1),  # 31
        ("2026-12-31 10:00", "2027-01-30 10:00", 2),
    ],
)
def test_the_walk_knows_how_long_months_are(cancelled: str, ends: str, touched: int) -> None:
    assert there(oracle.service_end(SAO_PAULO, "thirty_days", local(cancelled))) == ends
    every = INTEGRATOR._replace(bill="every_month_of_service")
    assert len(walked(every, cancelled, cancelled, (2029, 1))) == touched
    assert walked(INTEGRATOR, cancelled, cancelled, (2029, 1)) == [cancelled[:7]]


@pytest.mark.parametrize(
    ("zone", "month", "begins_utc"),
    [
        ("America/Havana", (2026, 11), "2026-11-01T04:00"),  # the first of two midnights
        (SAO_PAULO, (2026, 2), "2026-02-01T03:00"),
        ("Pacific/Kiritimati", (2026, 1), "2025-12-31T10:00"),
    ],
)
def test_the_walk_begins_a_month_at_its_first_instant(zone, month, begins_utc) -> None:
    before = (month[0], month[1] - 1) if month[1] > 1 else (month[0] - 1, 12)
    assert oracle.deadlines(zone, before).closes == datetime.fromisoformat(begins_utc + "Z")


def test_the_walk_ends_a_due_date_when_the_gap_at_its_midnight_ends() -> None:
    due_ends = oracle.deadlines("America/Santiago", (2026, 8)).due_ends
    assert there(due_ends, "America/Santiago") == "2026-09-06 01:00"
    assert due_ends == datetime(2026, 9, 6, 4, tzinfo=UTC)
