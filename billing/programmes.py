"""
The terms under which partners work, as data.

A programme is a TOML file, read by `billing.catalogue` and checked here; every reading of the
programmes' own documents that had to be chosen is a value in it, so that an operator changes it
without touching code.
A partner keeps the version it enrolled under. Rules: "The three programmes that ship".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from billing.calendar import BillingCalendar, Earlier, zone_named
from billing.money import CURRENCIES, Money

Positive = Annotated[int, Field(gt=0)]
DayOfMonth = Annotated[int, Field(ge=1, le=28)]


class Contradiction(ValueError):
    """Entries of a programme that cannot both hold; `entry` is where to look, from within."""

    def __init__(self, said: str, *entry: str | int) -> None:
        super().__init__(said)
        self.entry = entry


class Settlement(StrEnum):
    """How one instance is paid for."""

    POSTPAID = "postpaid"
    DAYS = "days"
    CARD = "card"


class CancellationRule(StrEnum):
    """When a cancelled instance ends (rules, "Service end")."""

    THIRTY_DAYS = "thirty_days"
    UNTIL_EXPIRY = "until_expiry"
    END_OF_CYCLE = "end_of_cycle"


class CancellationBill(StrEnum):
    """Which months a cancelled instance is still billed for."""

    MONTH_OF_CANCELLATION = "month_of_cancellation"
    EVERY_MONTH_OF_SERVICE = "every_month_of_service"


class AfterTrial(StrEnum):
    """What becomes of an instance whose trial ended without a subscription."""

    DELETE = "delete"
    STAFF_TASK = "staff_task"


class Terms(BaseModel):
    """A part of a programme: frozen, and strict about what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Trial(Terms):
    """How long a trial lasts and what follows it; hours are elapsed time."""

    hours: Positive
    afterwards: Annotated[AfterTrial, Field(strict=False)]
    delete_after_hours: Positive = 24
    most_open: Positive = 50

    @property
    def length(self) -> timedelta:
        """The elapsed time from the creation to the end."""
        return timedelta(hours=self.hours)


class Tier(Terms):
    """A token's tier: its creations (None = unlimited) and the band that they are billed in."""

    name: str = Field(pattern=r"^[a-z]{1,20}$")
    allowed: Positive | None = None
    next_from: Positive | None = None
    band: Annotated[int, Field(ge=1)] = 1


class Cancellation(Terms):
    """How a cancellation works out; `days` counts for `thirty_days` alone."""

    rule: Annotated[CancellationRule, Field(strict=False)]
    days: Positive = 30
    bill: Annotated[CancellationBill, Field(strict=False)] = CancellationBill.MONTH_OF_CANCELLATION


class Deadlines(Terms):
    """Days of the month after the billed one, and the hour at which people are told."""

    due_day: DayOfMonth = 5
    last_day: DayOfMonth = 10
    delete_day: DayOfMonth = 15
    days_after_reversal: Positive = 2
    day_hour: Annotated[int, Field(ge=8, le=21)] = 9

    @model_validator(mode="after")
    def _in_order(self) -> Deadlines:
        # Four full days lie between a stop and the deletion.
        if not (self.due_day <= self.last_day and self.last_day + 5 <= self.delete_day):
            raise Contradiction(
                "due_day ≤ last_day and last_day + 5 ≤ delete_day must hold", "delete_day"
            )
        return self


class DayMode(StrEnum):
    """Whether days are paid for before they are allocated, or after they were used."""

    ADVANCE = "advance"
    ARREARS = "arrears"


class DayTerms(Terms):
    """
    What days cost: a channel is so many days at so much; and how they are invoiced.

    A day invoice that is unpaid is reminded of and lapses so many days after its issue; staff
    hear so many minutes before the promised time that a request still waits.
    """

    channel_price_minor: Positive
    channel_days: Positive = 30
    mode: Annotated[DayMode, Field(strict=False)] = DayMode.ADVANCE
    invoice: str = Field(default="staff", pattern=r"^(auto|staff)$")
    invoice_within_minutes: Positive = 30
    escalate_minutes_before: Positive = 10
    remind_after_days: Positive = 3
    lapse_after_days: Positive = 14
    low_balance_days: Positive = 7

    @model_validator(mode="after")
    def _in_order(self) -> DayTerms:
        if self.remind_after_days >= self.lapse_after_days:
            raise Contradiction(
                "remind_after_days < lapse_after_days must hold", "remind_after_days"
            )
        if self.escalate_minutes_before >= self.invoice_within_minutes:
            raise Contradiction(
                "escalate_minutes_before < invoice_within_minutes must hold",
                "invoice_within_minutes",
            )
        return self


class CardTerms(Terms):
    """What an instance costs that is paid for by card: a channel's price, less this for a year."""

    annual_discount_percent: Annotated[int, Field(ge=0, le=99)] = 0


class Programme(Terms):
    """One version of the terms."""

    id: str = Field(pattern=r"^[a-z][a-z-]{1,30}$")
    version: Positive = 1
    document: str
    invoice_prefix: str = Field(pattern=r"^[A-Z]{2,5}$")
    currency: str
    zone: str
    settlements: tuple[Annotated[Settlement, Field(strict=False)], ...] = Field(
        min_length=1, strict=False
    )
    entry_instances: Positive | None = None
    adopts_panel_instances: bool = True
    prices_minor: tuple[Positive, ...] = Field(default=(), strict=False)
    trial: Trial
    tiers: tuple[Tier, ...] = Field(min_length=1, strict=False)
    cancellation: Cancellation | None = None
    deadlines: Deadlines = Deadlines()
    delete_ended_after_days: Positive = 10
    # What staff book, give or pay back above it waits for a second person.
    second_person_above_minor: Positive = 500_000
    days: DayTerms | None = None
    card: CardTerms | None = None
    _earlier: Earlier | None = PrivateAttr(default=None)  # of a partner that was moved

    @model_validator(mode="after")
    def _whole(self) -> Programme:
        if self.currency not in CURRENCIES:
            raise Contradiction(f"{self.currency!r} is not one of {sorted(CURRENCIES)}", "currency")
        try:
            zone_named(self.zone)
        except (KeyError, ValueError):
            raise Contradiction(f"{self.zone!r} is no time zone", "zone") from None
        if self.postpaid and (self.cancellation is None or not self.prices_minor):
            raise Contradiction("postpaid needs prices_minor and [cancellation]", "settlements")
        if Settlement.DAYS in self.settlements and self.days is None:
            raise Contradiction("what is settled in days needs [days]", "settlements")
        if Settlement.CARD in self.settlements and (self.days is None or self.card is None):
            raise Contradiction("what is paid by card needs [days] and [card]", "settlements")
        self._check_tiers()
        return self

    def _check_tiers(self) -> None:
        last = len(self.tiers) - 1
        for place, tier in enumerate(self.tiers):
            if self.postpaid and tier.band > len(self.prices_minor):
                raise Contradiction(f"band {tier.band} has no price", "tiers", place, "band")
            if (tier.next_from is None) != (place == last):
                raise Contradiction("belongs to all but the last tier", "tiers", place, "next_from")
            if tier.allowed is None and place != last:
                raise Contradiction("the last tier alone is unlimited", "tiers", place, "allowed")
            if tier.allowed is not None and (tier.next_from or 0) > tier.allowed:
                raise Contradiction("is beyond what it allows", "tiers", place, "next_from")

    @property
    def postpaid(self) -> bool:
        """Whether instances can be settled by the monthly invoice."""
        return Settlement.POSTPAID in self.settlements

    @property
    def settlement(self) -> Settlement:
        """The settlement of an instance for which none was chosen."""
        return self.settlements[0]

    # Asked for several times for each invoice of a close.
    @cached_property
    def calendar(self) -> BillingCalendar:
        """The instants of this programme's months."""
        at = self.deadlines
        return BillingCalendar(
            zone=self.zone,
            due_day=at.due_day,
            last_day=at.last_day,
            delete_day=at.delete_day,
            day_hour=at.day_hour,
            earlier=self._earlier,
        )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with other terms where they are given; its calendar is its own."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("calendar", None)
        return copied

    def following(self, earlier: Earlier) -> Programme:
        """Return these terms as they are for a partner that another calendar held for before."""
        moved = self.model_copy()
        moved._earlier = earlier
        return moved

    def price(self, band: int) -> Money:
        """Return the monthly price in a band, from 1; one of another programme: in the last."""
        return Money(self.prices_minor[min(band, len(self.prices_minor)) - 1], self.currency)

    def tier(self, number: int) -> Tier:
        """Return a tier, counted from 1."""
        return self.tiers[number - 1]
