"""What happens at Stripe because its instant has come."""

from __future__ import annotations

from collections.abc import Iterator

from tests.standins.stripe import checkout, renewals
from tests.standins.stripe.books import Books
from tests.standins.stripe.forms import Json


def live(books: Books, until: int) -> None:
    """Go on to `until` (seconds), one happening after the other, each at its own time."""
    while (found := min(_due(books), key=lambda one: one[0], default=None)) is not None:
        at, about = found
        if at > until:
            break
        books.at = max(books.at, at)
        if about["object"] == "checkout.session":
            checkout.expire(books, about, asked=False)
        else:
            renewals.live(books, about, books.get("invoice", about["latest_invoice"]))
    books.at = max(books.at, until)


def _due(books: Books) -> Iterator[tuple[int, Json]]:
    for session in books.all("checkout.session", lambda one: one["status"] == "open"):
        yield session["expires_at"], session
    for subscription in books.all("subscription"):
        invoice = books.get("invoice", subscription["latest_invoice"])
        at = renewals.next_instant(subscription, invoice)
        if at is not None:
            yield at, subscription
