"""Everything that people, the clock and bad luck can do to a desk, in any order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from datetime import date, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from billing import ledger
from billing.calendar import local_date
from billing.catalogue import Programmes
from billing.days.extensions import ByDays, ToRemaining, UntilDate
from billing.invoices import Invoice
from billing.money import Money
from billing.refusals import Refusal
from billing.services.days import auto_extending, buying, extending, handling
from billing.services.desk import office
from billing.services.invoices import corrections
from billing.services.operations import Operation
from billing.services.partners import agreeing, integrator, leaving, moving
from billing.services.payments import approvals, booking, giving, reversals
from billing.services.ports import Approval
from billing.services.ports.proofs import Check
from bot.simulation.chance import Chance, OpenVault, SeededIds
from storage.engine.inline import InlineDatabase
from storage.unit_of_work import DeskStore
from tests.billing.samples import SAO_PAULO, local
from tests.billing.services.people import FRED, SOFIA, Firm
from tests.billing.services.world import HandClock, World, audited

T = TypeVar("T")

FIRMS = (("Acme", "integrator"), ("Boa", "integrator-classic"), ("Cedo", "days"))
OPERATIONS = (Operation.SUBSCRIBE, Operation.CANCEL, Operation.KEEP, Operation.DELETE)
HOURS = (0.02, 1, 23, 49, 24 * 4, 24 * 9, 24 * 31)

firms = st.integers(0, len(FIRMS) - 1)
postpaid = st.integers(0, 1)
places = st.integers(0, 4)


def run(steps: Coroutine[Any, Any, T]) -> T:
    """Drive what never suspends: the database is in this thread, and the clock stands."""
    try:
        steps.send(None)
    except StopIteration as finished:
        found: T = finished.value
        return found
    raise RuntimeError("it suspended")


class InlineWorld(World):
    """A world whose ids come from a seed, and which is looked at when a step is over."""

    def set_programmes(self, programmes: Programmes) -> None:
        self.programmes = programmes
        self.store = DeskStore(
            self.database,
            clock=self.clock,
            programmes=programmes,
            ids=SeededIds(Chance("state machine", self.causes)),
            vault=OpenVault(),
        )

    async def check(self) -> None:
        """Not after every transaction: a step is many."""

    async def check_now(self) -> None:
        await super().check()
        found = [one for one in await self.read(audited) if one.check is not Check.CALL_STUCK]
        assert not found, found


class Machine(RuleBasedStateMachine):
    """Three partners, one under each programme; a refusal is an answer like any other."""

    @initialize()
    def begin(self) -> None:
        self.world = InlineWorld(InlineDatabase(), HandClock(local("2026-01-28 12:00")))  # type: ignore[arg-type]
        run(self.world.settle_in())
        self.names = 0
        self.firms: list[Firm] = [
            run(self.world.enrolled(11 + nth, company, programme))
            for nth, (company, programme) in enumerate(FIRMS)
        ]
        # So that there is something to begin with, whatever comes first.
        for firm in self.firms:
            self.make(firm, 2)
        self.take(self.firms[0], Operation.SUBSCRIBE, 0)
        self.take(self.firms[1], Operation.SUBSCRIBE, 0)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.database.close()

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "world"):
            run(self.world.check_now())

    # Steps that others are made of.

    def attempt(self, steps: Coroutine[Any, Any, T]) -> T | None:
        """Do something that may be refused, and all that follows from it at once."""
        try:
            done = run(steps)
        except Refusal:
            done = None
        run(self.world.settle())
        return done

    def make(self, firm: Firm, count: int) -> None:
        self.names += count
        names = [f"line {self.names - nth}" for nth in range(count)]
        self.attempt(firm.new(*names))

    def take(self, firm: Firm, operation: Operation, place: int) -> None:
        if ids := self.some(firm, place):
            self.attempt(firm.act(operation, *ids))

    def some(self, firm: Firm, place: int) -> list[str]:
        """Return one of a partner's instances; from the place beyond them all of them."""
        rows = run(
            self.world.sql(
                "SELECT id FROM instances WHERE partner_id = :id AND state <> 'failed'"
                " ORDER BY (state = 'deleted'), created_at, id",
                id=firm.partner_id,
            )
        )
        ids = [row["id"] for row in rows]
        return ids[place : place + 1] or ids

    def any_invoice(self, firm: Firm, place: int) -> Invoice | None:
        found = run(firm.invoices())[::-1]
        return found[place % len(found)] if found else None

    def staff(self, use_case: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        """Let staff do it; what wants a second person is confirmed."""
        done = self.attempt(self.world.staff(FRED).do(use_case, *args, **named))
        if isinstance(done, Approval):
            return self.attempt(self.world.staff(SOFIA).do(approvals.confirm, done.id))
        return done

    # What partners do.

    @rule(firm=firms, count=st.integers(1, 3))
    def create(self, firm: int, count: int) -> None:
        self.make(self.firms[firm], count)

    @rule(firm=firms, operation=st.sampled_from(OPERATIONS), place=places)
    def act(self, firm: int, operation: Operation, place: int) -> None:
        self.take(self.firms[firm], operation, place)

    @rule(firm=firms)
    def next_token(self, firm: int) -> None:
        if self.attempt(self.firms[firm].do(integrator.request_next)) is not None:
            self.staff(integrator.grant, self.firms[firm].partner_id)

    @rule(channels=st.integers(1, 4), firm=st.just(2), prepared=st.booleans())
    def buy(self, channels: int, firm: int, prepared: bool) -> None:
        quote = self.attempt(self.firms[firm].do(buying.quote, channels=channels))
        if quote is None:
            return
        asked = self.attempt(
            self.firms[firm].do(buying.request, channels=channels, terms=quote.terms)
        )
        if asked is not None and prepared:
            self.staff(handling.prepare, asked.request.id)
        elif asked is not None:
            self.attempt(self.firms[firm].do(buying.withdraw, asked.request.id))

    @rule(
        firm=st.just(2),
        form=st.one_of(
            st.integers(1, 40).map(ByDays),
            st.integers(1, 40).map(ToRemaining),
            st.dates(date(2026, 2, 1), date(2026, 9, 1)).map(UntilDate),
        ),
        place=places,
    )
    def extend(self, firm: int, form: Any, place: int) -> None:
        partner, ids = self.firms[firm], self.some(self.firms[firm], place)
        quote = self.attempt(partner.do(extending.quote, form, ids))
        if quote is not None:
            self.attempt(
                partner.do(extending.carry_out, form, ids, terms=quote.terms, message_key="said")
            )

    @rule(firm=st.just(2), on=st.booleans(), by=st.integers(1, 30), place=places)
    def auto_extend(self, firm: int, on: bool, by: int, place: int) -> None:
        partner = self.firms[firm]
        self.attempt(partner.do(auto_extending.switch, self.some(partner, place), on=on, by=by))

    @rule(firm=firms, sure=st.sampled_from((False, False, False, False, True)))
    def leave(self, firm: int, sure: bool) -> None:
        partner = self.firms[firm]
        shown = self.attempt(partner.do(leaving.look))
        if sure and shown is not None:
            self.attempt(partner.do(leaving.leave, terms=shown.terms, message_key="gone"))

    # What staff do.

    @rule(firm=firms, place=places, hundredths=st.sampled_from((100, 100, 40, 1, 150)))
    def pay(self, firm: int, place: int, hundredths: int) -> None:
        invoice = self.any_invoice(self.firms[firm], place)
        if invoice is None:
            return
        amount = Money(max(invoice.owed.minor * hundredths // 100, 1), invoice.total.currency)
        self.staff(booking.book, invoice.number, amount, f"{invoice.number} {amount.minor}")

    @rule(firm=firms, place=places)
    def unpay(self, firm: int, place: int) -> None:
        if invoice := self.any_invoice(self.firms[firm], place):
            self.staff(reversals.reverse, invoice.number, "bounced")

    @rule(firm=firms, place=places, anew=st.booleans())
    def void(self, firm: int, place: int, anew: bool) -> None:
        if invoice := self.any_invoice(self.firms[firm], place):
            self.staff(corrections.void, invoice.number, "wrong")
            if anew:
                self.staff(corrections.reissue, invoice.number)

    @rule(firm=firms, place=places, days=st.integers(0, 25))
    def hold(self, firm: int, place: int, days: int) -> None:
        if invoice := self.any_invoice(self.firms[firm], place):
            until = local_date(self.world.clock.now(), SAO_PAULO) + timedelta(days=days)
            self.staff(booking.hold, invoice.number, until, "asked")

    @rule(firm=firms, minor=st.integers(1, 600_000), back=st.booleans())
    def give(self, firm: int, minor: int, back: bool) -> None:
        partner = run(self.firms[firm].partner())
        use_case = giving.refund if back else giving.give
        amount = Money(minor, partner.currency)
        self.staff(use_case, partner.id, amount, f"because {self.world.causes}")

    @rule(firm=firms, minor=st.integers(0, 9_000), months=st.integers(-1, 2))
    def price(self, firm: int, minor: int, months: int) -> None:
        partner = run(self.firms[firm].partner())
        since = local_date(self.world.clock.now(), SAO_PAULO) + timedelta(days=31 * months)
        self.staff(agreeing.agree, partner.id, Money(minor, partner.currency), since)

    @rule(limit=st.one_of(st.none(), st.integers(0, 90)))
    def day_limit(self, limit: int | None) -> None:
        partner_id = self.firms[2].partner_id
        account = ledger.balance(partner_id)
        have = run(self.world.read(lambda work: work.ledger.balance(account, ledger.DAYS)))
        # What was used under a higher limit is beyond a lower one, and no fault.
        if limit is None or limit >= -have:
            self.staff(handling.set_limit, partner_id, limit)

    @rule(firm=firms, frozen=st.booleans())
    def freeze(self, firm: int, frozen: bool) -> None:
        partner_id = self.firms[firm].partner_id
        if frozen:
            self.staff(office.freeze, partner_id, "to be looked at")
        else:
            self.staff(office.unfreeze, partner_id)

    @rule(firm=postpaid, programme=st.sampled_from(("integrator", "integrator-classic")))
    def move(self, firm: int, programme: str) -> None:
        admin = self.world.staff(SOFIA)
        self.attempt(admin.do(moving.plan, self.firms[firm].partner_id, programme))

    @rule(halted=st.booleans())
    def halt(self, halted: bool) -> None:
        does, reason = (office.halt, ["a drill"]) if halted else (office.resume, [])
        self.attempt(self.world.staff(SOFIA).do(does, *reason))

    # What nobody does.

    @rule(hours=st.sampled_from(HOURS))
    def wait(self, hours: float) -> None:
        run(self.world.until_instant(self.world.clock.now() + timedelta(hours=hours)))

    @rule(hours=st.sampled_from(HOURS))
    def be_away(self, hours: float) -> None:
        self.world.clock.at += timedelta(hours=hours)
        run(self.world.settle())

    @rule()
    def restart(self) -> None:
        self.world.causes += 1
        self.world.set_programmes(self.world.programmes)

    @rule(operation=st.sampled_from(tuple(Operation)), silent=st.booleans())
    def platform_silent(self, operation: Operation, silent: bool) -> None:
        (self.world.silent.add if silent else self.world.silent.discard)(operation)

    @rule(operation=st.sampled_from(tuple(Operation)), refuses=st.booleans())
    def platform_refuses(self, operation: Operation, refuses: bool) -> None:
        self.world.refusing.pop(operation, None)
        if refuses:
            self.world.refusing[operation] = "no room"

    @rule(down=st.booleans())
    def telegram(self, down: bool) -> None:
        self.world.telegram_is_down = down
        run(self.world.settle())

    @rule(firm=firms, blocked=st.booleans())
    def block(self, firm: int, blocked: bool) -> None:
        chat_id = self.firms[firm].chat_id
        (self.world.blocked.add if blocked else self.world.blocked.discard)(chat_id)
