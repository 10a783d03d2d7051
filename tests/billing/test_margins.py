"""What an instance costs is what it costs on the invoice; what it earns its partner said."""

from dataclasses import replace
from datetime import timedelta

from billing.calendar import Month
from billing.customers import Customer
from billing.days.allocations import Allocation
from billing.instances import State
from billing.margins import day_costs, days_used, margin, month_costs
from billing.money import Money
from billing.programmes import Settlement
from tests.billing.samples import INTEGRATOR, brl, creating, local

MARCH = Month(2026, 3)
START = local("2026-03-01 00:00")
ACTIVE = replace(creating("A"), state=State.ACTIVE, subscribed_at=local("2026-02-10 10:00"))


def price(band, month):
    assert (band, month) == (1, MARCH)
    return brl(5990)


def test_a_month_costs_its_whole_price_or_nothing():
    cancelled = replace(
        ACTIVE, id="C", state=State.CANCELLED, billable_until=local("2026-03-02 10:00")
    )
    before = replace(ACTIVE, id="B", state=State.ENDED, billable_until=START)
    trial = replace(creating("T"), state=State.TRIAL)
    costs = month_costs([ACTIVE, cancelled, before, trial], INTEGRATOR.calendar, MARCH, price)
    assert costs == {"A": brl(5990), "C": brl(5990)}


def test_days_cost_what_was_used_since_the_month_began_rounded_once_in_all():
    held = [
        Allocation("1", "A", "partner", 30, START - timedelta(days=10, hours=5), START),
        Allocation("2", "B", "partner", 1, START + timedelta(hours=1), START),
        Allocation("4", "B", "partner", 9, START + timedelta(days=1, hours=1), START),
        Allocation("3", "C", "partner", 5, START - timedelta(days=5), START),
    ]
    until = START + timedelta(days=2, hours=12)
    used = days_used(held, START, until)
    assert used == {"A": 2, "B": 3}
    instances = [replace(ACTIVE, id=one, settlement=Settlement.DAYS) for one in "ABC"]
    costs = day_costs(instances, used, MARCH, lambda days: brl(1000).share(days, 30))
    assert costs == {"A": brl(67), "B": brl(100)}


class TestAMargin:
    def test_is_what_customers_pay_less_what_instances_cost(self):
        other = replace(ACTIVE, id="B")
        found = margin(
            [ACTIVE, other], {"A": Customer("Bakery", brl(9900))}, {"A": brl(5990)}, "BRL"
        )
        assert [row.margin for row in found.rows] == [brl(3910), None]
        assert [row.customer for row in found.rows] == [Customer("Bakery", brl(9900)), None]
        assert (found.cost, found.earned, found.left) == (brl(5990), brl(9900), brl(3910))

    def test_knows_no_price_in_another_currency(self):
        whose = {"A": Customer("Bakery", Money(9900, "USD"))}
        (row,) = margin([ACTIVE], whose, {}, "BRL").rows
        assert (row.cost, row.earned, row.margin) == (brl(0), None, None)

    def test_has_of_those_that_are_gone_what_still_costs_something(self):
        gone, paid = (replace(ACTIVE, id=one, state=State.DELETED) for one in "GP")
        found = margin([gone, paid], {"G": Customer("Bakery", brl(1))}, {"G": brl(5990)}, "BRL")
        assert [(row.instance.id, row.earned) for row in found.rows] == [("G", None)]
