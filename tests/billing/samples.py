"""Values that the tests of the rules start from."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import settings, strategies

from billing import delays, instances, invoices, partners, subscriptions
from billing.billable import billable_months
from billing.calendar import Month
from billing.catalogue import load
from billing.instances import Instance, Origin, State
from billing.invoices import Draft, Invoice
from billing.money import Money
from billing.programmes import Cancellation, Programme, Settlement

PROGRAMMES = load()
INTEGRATOR = PROGRAMMES.get("integrator", 1)
CLASSIC = PROGRAMMES.get("integrator-classic", 1)
DAYS = PROGRAMMES.get("days", 1)
SAO_PAULO = "America/Sao_Paulo"

# Where clocks change, at midnight or elsewhere, and where they do not.
ZONES = (
    SAO_PAULO,
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "UTC",
)

quick = settings(deadline=None, max_examples=150)


def local(text: str, zone: str = SAO_PAULO) -> datetime:
    """Read a local date and time; the instant is UTC, as the core wants it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def there(at: datetime, zone: str = SAO_PAULO) -> str:
    """Write an instant as the clock on the wall showed it."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(" ", "minutes")


def months(text: str) -> list[Month]:
    return [Month.parse(word) for word in text.split()]


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


def instants(start: str = "2024-01-01", end: str = "2033-12-31") -> strategies.SearchStrategy:
    return strategies.datetimes(
        datetime.fromisoformat(start), datetime.fromisoformat(end), timezones=strategies.just(UTC)
    )


def terms(programme: Programme = INTEGRATOR, *, zone: str | None = None, **changes) -> Programme:
    """Return the programme with another zone and other terms of cancellation."""
    known = programme.cancellation.model_dump()
    cancellation = Cancellation.model_validate(known | changes)
    return programme.model_copy(
        update={"cancellation": cancellation, "zone": zone or programme.zone}
    )


def creating(instance_id: str = "K7Q2M", *, band: int = 1, origin: Origin = Origin.BOT) -> Instance:
    return Instance(
        id=instance_id,
        partner_id="partner",
        name=f"loja {instance_id}",
        state=State.CREATING,
        settlement=Settlement.POSTPAID,
        origin=origin,
        band=band,
        created_at=local("2026-01-01 00:00"),
    )


def on_trial(at: datetime, instance_id: str = "K7Q2M", **how) -> Instance:
    return instances.created(creating(instance_id, **how), at=at, trial=INTEGRATOR.trial)


def subscribed(at: datetime, instance_id: str = "K7Q2M", *, band: int = 1) -> Instance:
    trial = on_trial(at, instance_id, band=band)
    return subscriptions.subscribe(trial, at=at, programme=INTEGRATOR)


def cancelled(instance: Instance, at: datetime, programme: Programme = INTEGRATOR) -> Instance:
    return subscriptions.cancel(
        instance, at=at, terms=programme.cancellation, calendar=programme.calendar
    )


def billed(instance: Instance, through: str, programme: Programme = INTEGRATOR) -> list[Month]:
    return billable_months(instance, programme.calendar, through=Month.parse(through))


class Books:
    """Closes one month after the other, and remembers which months are on invoices."""

    def __init__(self, programme: Programme = INTEGRATOR) -> None:
        self.programme = programme
        self.lines: dict[str, list[Month]] = {}

    def close(
        self,
        month: str,
        running: Iterable[Instance],
        *,
        credit: int = 0,
        agreements: Sequence[partners.Agreement] = (),
    ) -> Draft | None:
        draft = self.preview(month, running, credit=credit, agreements=agreements)
        for line in draft.lines if draft else ():
            self.lines.setdefault(line.instance_id, []).append(line.period)
        return draft

    def preview(self, month, running, *, credit=0, agreements=()) -> Draft | None:
        return invoices.draw_up(
            running,
            month=Month.parse(month),
            programme=self.programme,
            billed=lambda instance_id: frozenset(self.lines.get(instance_id, ())),
            price=self._prices(agreements),
            credit=brl(credit),
        )

    def _prices(self, agreements: Sequence[partners.Agreement]) -> Callable[[int, Month], Money]:
        return lambda band, month: partners.price(
            self.programme, agreements, band=band, month=month
        )


def invoice(
    period: str = "2026-05",
    *,
    at: datetime | None = None,
    programme: Programme = INTEGRATOR,
    minor: int = 5990,
    credit: int = 0,
    number: str = "INT-2026-000001",
) -> Invoice:
    month = Month.parse(period)
    draft = Draft(month, (), brl(minor), brl(credit))
    return invoices.issue(
        draft,
        invoice_id=f"{programme.id}:{period}",
        number=number,
        partner_id="partner",
        programme=programme,
        at=programme.calendar.end(month) if at is None else at,
    )


def hold(
    document: Invoice,
    until: str,
    at: str = "2026-06-09 12:00",
    reason: str = "bank strike",
) -> Invoice:
    return delays.hold(
        document,
        until=date.fromisoformat(until),
        reason=reason,
        at=local(at),
        calendar=INTEGRATOR.calendar,
    )
