"""Stripe as a fast fake: objects that follow their life, and nothing but what the port asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from billing.cards import CardInvoice, Interval, Snapshot, Standing
from billing.money import Money
from billing.services.cards import calling, comparing, events
from billing.services.ports import Work
from billing.services.ports.cards import (
    CardsRefused,
    CardsSilent,
    ChargeSeen,
    Event,
    Returned,
    Session,
    SessionSeen,
    SessionState,
    Urls,
)
from tests.billing.services.cards.compared import compared

if TYPE_CHECKING:
    from tests.billing.services.world import World

URLS = Urls("https://desk.example/paid", "https://desk.example/left")
PERIOD = {
    Interval.MONTH: timedelta(days=30),
    Interval.HALF_YEAR: timedelta(days=182),
    Interval.YEAR: timedelta(days=365),
}


class Clock(Protocol):
    def now(self) -> datetime: ...


@dataclass
class FakeStripe:
    """`tells` is whether its events arrive; `said` are all that there are, heard or not."""

    clock: Clock
    live: bool = False
    tells: bool = True
    silent: set[str] = field(default_factory=set)
    # After the effect: the answer is lost.
    deaf: set[str] = field(default_factory=set)
    refusing: dict[str, str] = field(default_factory=dict)
    said: list[Event] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    customers: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, SessionSeen] = field(default_factory=dict)
    subscriptions: dict[str, Snapshot] = field(default_factory=dict)
    invoices: dict[str, CardInvoice] = field(default_factory=dict)
    charges: dict[str, ChargeSeen] = field(default_factory=dict)
    intervals: dict[str, Interval | None] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    heard: int = 0

    # The port.

    def _asked(self, what: str, about: str) -> None:
        if what in self.silent:
            raise CardsSilent("no answer")
        if what in self.refusing:
            raise CardsRefused(self.refusing[what], "code")
        self.asked.append((what, about))

    def _answer(self, what: str, answer: Any) -> Any:
        if what in self.deaf:
            self.deaf.discard(what)
            raise CardsSilent("cut after")
        return answer

    async def customer(self, key: str, *, partner_id: str, name: str, email: str | None) -> str:
        self._asked("customer", partner_id)
        if key not in self.kept:
            self.kept[key] = f"cus_{len(self.customers) + 1}"
            self.customers[self.kept[key]] = partner_id
        return str(self._answer("customer", self.kept[key]))

    async def find_customer(self, partner_id: str) -> str | None:
        found = [one for one, whose in self.customers.items() if whose == partner_id]
        return found[0] if found else None

    async def subscription_session(
        self, key: str, *, customer_id: str, amount: Money, interval: Interval, title: str,
        metadata: Mapping[str, str], urls: Urls,
    ) -> Session:  # fmt: skip
        self._asked("subscription_session", metadata["op"])
        return self._session(key, customer_id, amount, metadata, interval)

    async def payment_session(
        self, key: str, *, customer_id: str, amount: Money, title: str,
        metadata: Mapping[str, str], urls: Urls,
    ) -> Session:  # fmt: skip
        self._asked("payment_session", metadata["op"])
        return self._session(key, customer_id, amount, metadata, None)

    def _session(
        self, key: str, customer_id: str, amount: Money, metadata: Mapping[str, str],
        interval: Interval | None,
    ) -> Session:  # fmt: skip
        if key not in self.kept:
            session_id = f"cs_{len(self.sessions) + 1}"
            self.sessions[session_id] = SessionSeen(
                session_id, self.live, SessionState.OPEN, False, customer_id, amount, metadata
            )
            self.intervals[session_id] = interval
            ends = self.clock.now() + timedelta(days=1)
            self.kept[key] = Session(session_id, f"https://pay.example/{session_id}", ends)
        opened: Session = self._answer("session", self.kept[key])
        return opened

    async def expire(self, session_id: str) -> None:
        self._asked("expire", session_id)
        if self.sessions[session_id].state is SessionState.COMPLETE:
            raise CardsRefused("it is complete")
        self.sessions[session_id] = replace(self.sessions[session_id], state=SessionState.EXPIRED)

    async def portal(self, key: str, *, customer_id: str, return_url: str) -> str:
        self._asked("portal", customer_id)
        return f"https://portal.example/{customer_id}"

    async def cancel_at_period_end(self, key: str, subscription_id: str, *, on: bool) -> None:
        self._asked("cancel" if on else "keep", subscription_id)
        self._change(subscription_id, cancel_at_period_end=on)

    async def cancel_now(self, key: str, subscription_id: str) -> None:
        self._asked("end", subscription_id)
        if self.subscriptions[subscription_id].standing is not Standing.ENDED:
            self.ends(subscription_id)

    async def session(self, session_id: str) -> SessionSeen | None:
        self._asked("session", session_id)
        return self.sessions.get(session_id)

    async def subscription(self, subscription_id: str) -> Snapshot | None:
        self._asked("subscription", subscription_id)
        return self.subscriptions.get(subscription_id)

    async def invoice(self, invoice_id: str) -> CardInvoice | None:
        return self.invoices.get(invoice_id)

    async def charge(self, charge_id: str) -> ChargeSeen | None:
        return self.charges.get(charge_id)

    async def changed_since(self, instant: datetime) -> list[Event]:
        return [event for event in self.said if event.created_at >= instant]

    async def check(self) -> None:
        self._asked("check", "")

    # What happens there.

    def tell(self, kind: str, about: str, *, live: bool | None = None) -> Event:
        mode = self.live if live is None else live
        event = Event(f"evt_{len(self.said) + 1}", kind, self.clock.now(), mode, about, "{}")
        self.said.append(event)
        return event

    def subscribes(self, session_id: str) -> str:
        """Somebody pays on the page of a session: a subscription begins."""
        session, interval = self.sessions[session_id], self.intervals[session_id]
        assert interval is not None
        subscription_id = f"sub_{len(self.subscriptions) + 1}"
        self.subscriptions[subscription_id] = Snapshot(
            subscription_id, self.live, session.customer_id, Standing.ACTIVE, session.amount,
            interval, self.clock.now() + PERIOD[interval], False, session.metadata,
        )  # fmt: skip
        self.tell("customer.subscription.created", subscription_id)
        self._paid(subscription_id)
        self.sessions[session_id] = replace(
            session, state=SessionState.COMPLETE, paid=True, subscription_id=subscription_id
        )
        self.tell("checkout.session.completed", session_id)
        return subscription_id

    def pays(self, session_id: str) -> str:
        """Somebody pays once on the page of a session."""
        session = self.sessions[session_id]
        assert session.state is SessionState.OPEN
        payment_id = f"pi_{session_id}"
        self.sessions[session_id] = replace(
            session, state=SessionState.COMPLETE, paid=True, payment_id=payment_id
        )
        self.charges[f"ch_{session_id}"] = ChargeSeen(
            f"ch_{session_id}", self.live, session.customer_id, session.amount, payment_id
        )
        self.tell("checkout.session.completed", session_id)
        return f"ch_{session_id}"

    def expires(self, session_id: str) -> None:
        self.sessions[session_id] = replace(self.sessions[session_id], state=SessionState.EXPIRED)
        self.tell("checkout.session.expired", session_id)

    def renews(self, subscription_id: str) -> None:
        now = self.subscriptions[subscription_id]
        assert now.interval is not None
        self._change(subscription_id, standing=Standing.ACTIVE,
                     period_ends_at=now.period_ends_at + PERIOD[now.interval])  # fmt: skip
        self._paid(subscription_id)

    def fails(self, subscription_id: str) -> None:
        """A renewal is not paid: Stripe tries again."""
        now = self.subscriptions[subscription_id]
        assert now.interval is not None
        ends = now.period_ends_at + PERIOD[now.interval]
        self.subscriptions[subscription_id] = replace(
            now, standing=Standing.PAST_DUE, period_ends_at=ends
        )
        self.tell("invoice.payment_failed", self._invoice(subscription_id, paid=False).id)
        self.tell("customer.subscription.updated", subscription_id)

    def pays_late(self, subscription_id: str) -> None:
        """The next try succeeds."""
        self._change(subscription_id, standing=Standing.ACTIVE)
        self._paid(subscription_id)

    def ends(self, subscription_id: str) -> None:
        now = self.subscriptions[subscription_id]
        self.subscriptions[subscription_id] = replace(now, standing=Standing.ENDED)
        self.tell("customer.subscription.deleted", subscription_id)

    def returns(self, charge_id: str, returned: Returned) -> None:
        charge = self.charges[charge_id]
        others = tuple(one for one in charge.returned if one.id != returned.id)
        self.charges[charge_id] = replace(charge, returned=(*others, returned))
        self.tell("charge.refunded", charge_id)

    def _change(self, subscription_id: str, **changed: Any) -> None:
        self.subscriptions[subscription_id] = replace(
            self.subscriptions[subscription_id], **changed
        )
        self.tell("customer.subscription.updated", subscription_id)

    def _paid(self, subscription_id: str) -> None:
        invoice = self._invoice(subscription_id, paid=True)
        now = self.subscriptions[subscription_id]
        self.subscriptions[subscription_id] = replace(now, paid=(*now.paid, invoice))
        self.charges[f"ch_{invoice.id}"] = ChargeSeen(
            f"ch_{invoice.id}", self.live, now.customer_id, invoice.amount, None, invoice.id
        )
        self.tell("invoice.paid", invoice.id)

    def _invoice(self, subscription_id: str, *, paid: bool) -> CardInvoice:
        now = self.subscriptions[subscription_id]
        invoice = CardInvoice(
            f"in_{len(self.invoices) + 1}", self.live, now.customer_id, now.amount, paid,
            subscription_id, now.period_ends_at, self.clock.now() if paid else None,
        )  # fmt: skip
        self.invoices[invoice.id] = invoice
        return invoice

    # What carries between the desk and here.

    async def carry(self, world: World) -> bool:
        """Answer what is promised and process what was told, as the delivery does it."""
        done = await self._calls(world)
        while self.tells and self.heard < len(self.said):
            event = self.said[self.heard]
            self.heard += 1
            await world.write(lambda work: events.take(work, event))  # noqa: B023
            done = True
        return await self._events(world) or done

    async def _calls(self, world: World) -> bool:
        done = False
        for call in await world.read(lambda work: calling.open_by(work, work.now)):
            done = True
            request = await world.store.write(lambda work: calling.begin(work, call.id))  # noqa: B023
            if request is None:
                continue
            try:
                answer = await calling.ask(self, request, URLS)
            except CardsRefused as no:
                await world.write(partial(_refused, request=request, why=no.why))
            except CardsSilent as silent:
                until = self.clock.now() + timedelta(minutes=5)
                await world.write(partial(_put_off, request=request, why=silent.why, until=until))
            else:
                await world.write(lambda work: calling.succeeded(work, request, answer))  # noqa: B023
        return done

    async def _events(self, world: World) -> bool:
        waiting = await world.read(events.waiting)
        for event in waiting:
            await self.process(world, event)
        return bool(waiting)

    async def process(self, world: World, event: Event) -> None:
        """Process one event as it was stored."""
        try:
            found = await events.look(self, event)
        except CardsSilent:
            until = self.clock.now() + timedelta(minutes=5)
            await world.write(lambda work: events.put_off(work, event, "no answer", until=until))
        else:
            await world.write(lambda work: events.process(work, event, found))

    async def compare(self, world: World) -> None:
        """Make the hourly comparison, and what it leads to."""
        since = await world.read(comparing.due)
        assert since is not None, "it is not time"
        changed = await self.changed_since(since)
        asked_at = self.clock.now()
        await world.write(lambda work: compared(work, changed, asked_at=asked_at))
        await world.settle()


async def _refused(work: Work, *, request: calling.Request, why: str) -> None:
    await calling.refused(work, request, why, "code")


async def _put_off(work: Work, *, request: calling.Request, why: str, until: datetime) -> None:
    await calling.put_off(work, request, why, until=until)
