"""
The terms that a partner is under, was under, and the one calendar that follows from them.

Rules: "Moved to another programme".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from billing import partners
from billing.calendar import Earlier, Month
from billing.catalogue import Programmes
from billing.money import Money
from billing.partners import Agreement, Partner
from billing.programmes import Programme


def present(programmes: Programmes, partner: Partner) -> Programme:
    """Return the terms of now; their calendar has the months under the earlier terms as well."""
    if not partner.past:
        return programmes.get(partner.programme, partner.programme_version)
    *_, (programme, _) = _all(programmes, partner)
    return programme


def in_month(programmes: Programmes, partner: Partner, month: Month) -> Programme:
    """Return the terms that a partner was under in a month, their calendar as it was then."""
    if not partner.past:
        return programmes.get(partner.programme, partner.programme_version)
    # The present terms have no end.
    return next(
        programme
        for programme, earlier in _all(programmes, partner)
        if earlier is None or month <= earlier.last
    )


def pricing(
    programmes: Programmes, partner: Partner, agreements: Sequence[Agreement], programme: Programme
) -> Callable[[int, Month], Money]:
    """
    Return what an instance of a band costs in a month, for an invoice under `programme`.

    Each month by the terms of then; where those were in another currency, or had no price of a
    month, by these.
    """

    def price(band: int, month: Month) -> Money:
        then = in_month(programmes, partner, month)
        if then.currency != programme.currency or not then.postpaid:
            then = programme
        return partners.price(then, agreements, band=band, month=month)

    return price


def _all(programmes: Programmes, partner: Partner) -> Iterator[tuple[Programme, Earlier | None]]:
    """Yield all terms of a partner, oldest first, and where each ended; None: it holds now."""
    before: Earlier | None = None
    for past in partner.past:
        programme = _after(programmes.get(past.programme, past.version), before)
        before = Earlier(programme.calendar, past.until)
        yield programme, before
    yield _after(programmes.get(partner.programme, partner.programme_version), before), None


def _after(programme: Programme, earlier: Earlier | None) -> Programme:
    return programme if earlier is None else programme.following(earlier)
