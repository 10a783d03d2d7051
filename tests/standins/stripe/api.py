"""Stripe's API, as far as the bot asks it: operation by operation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from tests.standins.stripe import checkout, renewals
from tests.standins.stripe.books import Books
from tests.standins.stripe.forms import Json, Wrong, check, flag, missing, need, whole

MOST_LISTED, LISTED = 100, 10
BY_METADATA = re.compile(r"""metadata\[["'](\w+)["']\]:["']([^"']*)["']""")


def _last(answer: Callable[..., Json], words: tuple[str, ...], given: Json) -> Json:
    return answer(given, *words)


class Api:
    """Answers a method and a path; `base` is where the stand-in is reached."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.base = ""
        word = r"([\w]+)"
        self._routes: list[tuple[str, re.Pattern[str], str, Callable[..., Json]]] = [
            (method, re.compile(path), operation, answer)
            for method, path, operation, answer in (
                ("POST", "/v1/customers", "customer", self._customer),
                ("GET", "/v1/customers/search", "read", self._search),
                ("POST", "/v1/checkout/sessions", "session", self._session),
                ("GET", f"/v1/checkout/sessions/{word}", "read", self._get("checkout.session")),
                ("POST", f"/v1/checkout/sessions/{word}/expire", "expire", self._expire),
                ("POST", "/v1/billing_portal/sessions", "portal", self._portal),
                ("POST", f"/v1/subscriptions/{word}", "change", self._change),
                ("DELETE", f"/v1/subscriptions/{word}", "end", self._end),
                ("GET", f"/v1/subscriptions/{word}", "read", self._get("subscription")),
                ("GET", "/v1/invoices", "read", self._invoices),
                ("GET", f"/v1/invoices/{word}", "read", self._get("invoice")),
                ("GET", "/v1/invoice_payments", "read", self._payments),
                ("GET", f"/v1/charges/{word}", "read", self._get("charge")),
                ("GET", "/v1/refunds", "read", self._of_charge("refund")),
                ("GET", "/v1/disputes", "read", self._of_charge("dispute")),
                ("GET", "/v1/events", "read", self._events),
            )
        ]

    def find(self, method: str, path: str) -> tuple[str, Callable[[Json], Json]]:
        """
        Return what is asked for, by name, and what answers it.

        :raises Wrong: if Stripe has no such thing, as far as this goes.
        """
        for wanted, pattern, operation, answer in self._routes:
            found = pattern.fullmatch(path) if wanted == method else None
            if found is not None:
                return operation, partial(_last, answer, found.groups())
        raise Wrong(404, f"Unrecognized request URL ({method}: {path}).")

    def _get(self, kind: str) -> Callable[[Json, str], Json]:
        def get(given: Json, id_: str) -> Json:
            check(given, ())
            return self._expanded(self.books.get(kind, id_), given)

        return get

    def _expanded(self, found: Json, given: Json) -> Json:
        shown = dict(found)
        for name in given.get("expand", ()):
            if name not in shown:
                raise Wrong(400, f"This property cannot be expanded ({name}).", param="expand")
            shown[name] = self.books.objects.get(shown[name], shown[name])
        return shown

    def _customer(self, given: Json) -> Json:
        check(given, ("name", "email", "description", "preferred_locales"))
        return self.books.add(
            "cus",
            name=given.get("name"),
            email=given.get("email"),
            metadata=given.get("metadata", {}),
        )

    def _search(self, given: Json) -> Json:
        check(given, ("query", "limit", "page"))
        found = BY_METADATA.fullmatch(need(given, "query"))
        if found is None:
            raise Wrong(400, "We were unable to parse your search query.", param="query")
        key, value = found.groups()
        hits = list(self.books.all("customer", lambda one: one["metadata"].get(key) == value))
        limit = whole(given, "limit", LISTED)
        return {
            "object": "search_result",
            "data": hits[:limit],
            "has_more": len(hits) > limit,
            "next_page": None,
            "url": "/v1/customers/search",
        }

    def _session(self, given: Json) -> Json:
        return checkout.create(self.books, given, self.base)

    def _expire(self, given: Json, id_: str) -> Json:
        check(given, ())
        session = self.books.get("checkout.session", id_)
        checkout.expire(self.books, session)
        return session

    def _portal(self, given: Json) -> Json:
        check(given, ("customer", "return_url", "locale"))
        customer = self.books.get("customer", need(given, "customer"))
        made = self.books.add("bps", customer=customer["id"], return_url=given.get("return_url"))
        made["url"] = f"{self.base}/portal/{made['id']}"
        return made

    def _change(self, given: Json, id_: str) -> Json:
        check(given, ("cancel_at_period_end",))
        found = self._alive(id_)
        if "cancel_at_period_end" in given:
            ending = flag(given["cancel_at_period_end"])
            ends = found["items"]["data"][0]["current_period_end"]
            found["cancel_at_period_end"] = ending
            found["cancel_at"] = ends if ending else None
            found["canceled_at"] = self.books.at if ending else None
            self.books.happened("customer.subscription.updated", found)
        return found

    def _end(self, given: Json, id_: str) -> Json:
        check(given, ("invoice_now", "prorate"))
        found = self._alive(id_)
        renewals.end(self.books, found)
        return found

    def _alive(self, id_: str) -> Json:
        found = self.books.get("subscription", id_)
        if found["status"] == "canceled":
            # What is over can be looked at, not changed.
            raise missing("subscription", id_)
        return found

    def _invoices(self, given: Json) -> Json:
        check(given, ("subscription", "status", "customer", "limit", "starting_after"))
        wanted = given.get("subscription")
        if wanted is not None:
            self.books.get("subscription", wanted)

        def fits(one: Json) -> bool:
            of = one["parent"]["subscription_details"]["subscription"]
            return wanted in (None, of) and given.get("status") in (None, one["status"])

        return self._list(self.books.all("invoice", fits), given, "/v1/invoices")

    def _payments(self, given: Json) -> Json:
        check(given, ("payment", "invoice", "limit", "starting_after"))
        wanted = given.get("payment", {})

        def fits(one: Json) -> bool:
            same = wanted.get("payment_intent") == one["payment"]["payment_intent"]
            return given.get("invoice") in (None, one["invoice"]) and (not wanted or same)

        return self._list(self.books.all("invoice_payment", fits), given, "/v1/invoice_payments")

    def _of_charge(self, kind: str) -> Callable[[Json], Json]:
        def listed(given: Json) -> Json:
            check(given, ("charge", "limit", "starting_after"))
            of = given.get("charge")
            found = self.books.all(kind, lambda one: of in (None, one["charge"]))
            return self._list(found, given, f"/v1/{kind}s")

        return listed

    def _events(self, given: Json) -> Json:
        check(given, ("created", "types", "type", "limit", "starting_after"))
        since = whole(given.get("created", {}), "gte", 0)
        types = given.get("types")
        found = [
            one
            for one in self.books.recent_events()
            if one["created"] >= since and (types is None or one["type"] in types)
        ]
        return self._list(found, given, "/v1/events")

    def _list(self, found: Iterable[Json], given: Json, url: str) -> Json:
        limit = whole(given, "limit", LISTED)
        if not 1 <= limit <= MOST_LISTED:
            raise Wrong(400, f"This value must be from 1 to {MOST_LISTED}.", param="limit")
        all_: list[Any] = list(found)
        after = given.get("starting_after")
        if after is not None:
            at = next((n for n, one in enumerate(all_) if one["id"] == after), None)
            all_ = [] if at is None else all_[at + 1 :]
        more = len(all_) > limit
        return {"object": "list", "data": all_[:limit], "has_more": more, "url": url}
