"""What one invoice leaves for the next."""

from billing.calendar import Month
from billing.invoices import Draft, Line, LineKind
from billing.services.invoices.drafting import Basis
from tests.billing.samples import INTEGRATOR, brl, local, subscribed

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)


def basis(*instances, usage=(), credit=0):
    return Basis(
        programme=INTEGRATOR,
        instances=instances,
        billed={},
        price=lambda *_: brl(5990),
        credit=brl(credit),
        usage=usage,
    )


def used(instance, days):
    """Return the line of days that an instance used before it was subscribed."""
    return Line(
        instance_id=instance.id,
        name=instance.name,
        period=JANUARY,
        price=brl(200 * days),
        band=1,
        subscribed_at=local("2026-01-05"),
        cancelled_at=None,
        service_ends_at=None,
        kind=LineKind.DAYS,
        days=days,
    )


class TestAfterAnInvoice:
    def test_its_months_are_billed_and_its_credit_is_used(self):
        before = basis(subscribed(local("2026-01-20")), credit=7000)
        after = before.after(before.draw_up(JANUARY))
        assert (after.credit, after.draw_up(JANUARY)) == (brl(1010), None)
        assert [line.period for line in after.draw_up(FEBRUARY).lines] == [FEBRUARY]

    def test_used_days_are_owed_no_more_and_no_month_is_billed_by_them(self):
        instance = subscribed(local("2026-01-20"))
        usage = (used(instance, 15),)
        drawn = Draft(JANUARY, usage, brl(3000), brl(0))
        then = basis(instance, usage=usage).after(drawn).draw_up(FEBRUARY)
        assert [(line.period, line.kind) for line in then.lines] == [
            (JANUARY, LineKind.MONTH), (FEBRUARY, LineKind.MONTH),
        ]  # fmt: skip

    def test_that_there_was_none_all_is_as_before(self):
        before = basis(subscribed(local("2026-01-20")))
        assert before.after(None) is before
