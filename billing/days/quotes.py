"""
Days that partners buy: how many, at what price, and how far a balance goes.

Rules: "Days", 1 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billing.money import Money
from billing.programmes import DayMode, DayTerms
from billing.refusals import Refusal

# Far more than any request, and few enough for every date that follows from them.
MOST_DAYS = 1_000_000


class DayCountRefused(Refusal):
    """
    That is no number of days, or of channels, that can be asked for.

    Facts: `why` (not_positive, fractional, too_many, too_few), `asked`, `balance`, `possible`.
    """

    code = "day_count_refused"


class NotEnoughDays(Refusal):
    """
    The balance does not hold so many days, nor does the limit reach.

    Facts: `asked`, `balance`, `possible`, `limit`.
    """

    code = "not_enough_days"


class LimitRefused(Refusal):
    """
    A limit that cannot be agreed. Facts: `why` (negative, too_many, unpaid), `limit`.

    `unpaid`: in advance nothing that is owed for used days may be left.
    """

    code = "limit_refused"


@dataclass(frozen=True, slots=True)
class Funds:
    """
    The days that a partner may allocate.

    `limit` is how far below nothing the balance may go: 0 in `advance`.
    """

    balance: int
    mode: DayMode = DayMode.ADVANCE
    limit: int = 0

    @property
    def possible(self) -> int:
        """How many days can be allocated now."""
        return max(0, self.balance + self.limit)

    @property
    def floor(self) -> int:
        """The balance below which no allocation may lead."""
        return -self.limit

    def lack(self, days: int) -> int:
        """Return how many of so many days are not there."""
        return max(0, days - self.possible)

    def check(self, days: int) -> None:
        """
        Refuse an allocation that the balance does not reach.

        :raises NotEnoughDays:
        """
        if self.lack(days):
            raise NotEnoughDays(
                asked=days, balance=self.balance, possible=self.possible, limit=self.limit
            )


@dataclass(frozen=True, slots=True)
class DayQuote:
    """So many days and what they cost; `channels` if they were asked for as channels."""

    days: int
    channels: int | None
    channel_price: Money
    channel_days: int
    total: Money


def funds(terms: DayTerms, *, balance: int, limit: int | None) -> Funds:
    """
    Return what a partner may allocate; `limit` is the one agreed with it, which means arrears.

    In arrears the balance may go down to the agreed limit: to nothing unless one was agreed.
    """
    if limit is None:
        return Funds(balance, terms.mode)
    return Funds(balance, DayMode.ARREARS, limit)


def whole(asked: int | Decimal, have: Funds, *, most: int = MOST_DAYS) -> int:
    """
    Return what was asked for as a number of days or channels.

    :raises DayCountRefused: it is not positive, not whole, or more than `most`.
    """
    number = Decimal(asked)
    why = None
    if not number.is_finite() or number > most:
        why = "too_many"
    elif number <= 0:
        why = "not_positive"
    elif number != int(number):
        why = "fractional"
    if why is not None:
        raise DayCountRefused(
            why=why, asked=str(asked)[:40], balance=have.balance, possible=have.possible
        )
    return int(number)


def of_channels(asked: int | Decimal, price: Money, terms: DayTerms, have: Funds) -> DayQuote:
    """
    Quote whole channels at the agreed price each.

    :raises DayCountRefused:
    """
    channels = whole(asked, have, most=MOST_DAYS // terms.channel_days)
    days = channels * terms.channel_days
    return DayQuote(days, channels, price, terms.channel_days, price.times(channels))


def of_days(asked: int | Decimal, price: Money, terms: DayTerms, have: Funds) -> DayQuote:
    """
    Quote any number of days at their share of a channel's price, rounded once on the total.

    :raises DayCountRefused: also of so few that they would cost nothing.
    """
    days = whole(asked, have)
    total = price.share(days, terms.channel_days)
    if not total:
        raise DayCountRefused(
            why="too_few", asked=str(asked)[:40], balance=have.balance, possible=have.possible
        )
    return DayQuote(days, None, price, terms.channel_days, total)


def checked_limit(limit: int) -> int:
    """
    Return a limit that can be agreed.

    :raises LimitRefused:
    """
    if limit < 0:
        raise LimitRefused(why="negative", limit=limit)
    if limit > MOST_DAYS:
        raise LimitRefused(why="too_many", limit=limit)
    return limit
