"""A bank's statement: proposed, then booked row by row."""

from datetime import date

import pytest

from billing.invoices import InvoiceState
from billing.matching import How, Incoming, Why
from billing.refusals import AlreadyDone, NoRight
from billing.services.instances.subscriptions import TermsChanged
from billing.services.payments import booking, matching
from billing.services.payments.matching import Outcome
from billing.services.ports import ApprovalState
from tests.billing.samples import brl
from tests.billing.services.people import FRED, SAM

DAY = date(2026, 2, 2)


@pytest.fixture
async def due(world, acme):
    """Return an invoice of two instances, 119.80, on the second of February."""
    await acme.running("loja-1", "loja-2")
    await world.until("2026-02-02 12:00")
    return await acme.invoice("2026-01")


def row(line: int, minor: int, reference: str, text: str = "", on: date = DAY) -> Incoming:
    return Incoming(line, on, minor, None, reference, text)


async def entered(world, *rows):
    fred = world.staff(FRED)
    shown = await fred.do(matching.propose, rows)
    return await fred.do(matching.enter, rows, terms=shown.terms)


class TestAStatement:
    async def test_is_looked_at_and_nothing_changes(self, world, acme, due):
        fred = world.staff(FRED)
        await fred.do(booking.book, due.number, brl(980), "OLD")
        rows = [row(2, 980, " old "), row(3, 11000, "E1"), row(4, 5, "E2"), row(5, 7, "")]
        shown = await fred.do(matching.propose, rows)
        (known,) = shown.known
        assert (known.row.line, known.number, known.payment.amount) == (2, due.number, brl(980))
        (matched,) = shown.matched
        assert (matched.found.by, matched.invoice.id, matched.waits) == (How.SUM, due.id, False)
        assert matched.partner.id == acme.partner_id
        whys = [one.by for one in shown.unmatched]
        assert whys == [Why.NOTHING, Why.NO_REFERENCE]
        assert await acme.balance() == (11000, 0)

    async def test_is_booked_row_by_row_each_once(self, world, acme, due):
        rows = [
            row(2, 11000, "E1", due.number),
            row(3, 980, "E2", due.number),
            row(4, 100, "E3", due.number, on=date(2026, 2, 9)),
            row(5, 100, "E4"),
        ]
        done = await entered(world, *rows)
        assert [one.came for one in done.outcomes] == ["booked", "booked", "refused"]
        assert [one.owed.minor for one in done.proposal.matched] == [11980, 980, 0]
        assert done.outcomes[2].refusal.code == "date_refused"
        assert [one.row.line for one in done.proposal.unmatched] == [5]
        assert (await acme.invoice("2026-01")).state is InvoiceState.PAID
        assert await acme.balance() == (0, 0)
        again = await entered(world, *rows)
        assert again.outcomes == ()
        assert [one.row.line for one in again.proposal.known] == [2, 3]
        assert await acme.balance() == (0, 0)

    async def test_that_is_otherwise_by_now_is_not_booked(self, world, acme, due):
        fred = world.staff(FRED)
        rows = [row(2, 11980, "E1", due.number)]
        shown = await fred.do(matching.propose, rows)
        await fred.do(booking.book, due.number, brl(100), "HAND")
        with pytest.raises(TermsChanged):
            await fred.do(matching.enter, rows, terms=shown.terms)
        assert await acme.balance() == (11880, 0)

    async def test_above_the_limit_waits_for_a_second_person(self, world, acme, due):
        rows = [row(2, 600000, "E1", due.number)]
        shown = await world.staff(FRED).do(matching.propose, rows)
        assert shown.matched[0].waits
        done = await entered(world, *rows)
        assert [one.came for one in done.outcomes] == ["waits"]
        (waiting,) = await world.read(lambda work: work.approvals.waiting())
        assert (waiting.state, waiting.amount) == (ApprovalState.WAITING, brl(600000))
        assert await acme.balance() == (11980, 0)

    async def test_of_what_was_booked_in_between_says_so(self, world, acme, due, monkeypatch):
        async def booked_before(*_args, **_named):
            raise AlreadyDone(action="paid")

        monkeypatch.setattr(booking, "book", booked_before)
        done = await entered(world, row(2, 11980, "E1"))
        assert [(one.came, one.refusal.code) for one in done.outcomes] == [
            ("already", "already_done")
        ]
        assert isinstance(done.outcomes[0], Outcome)

    async def test_is_for_who_may_book(self, world, acme):
        for use_case, more in ((matching.propose, {}), (matching.enter, {"terms": ""})):
            with pytest.raises(NoRight):
                await world.staff(SAM).do(use_case, [], **more)
            with pytest.raises(NoRight):
                await acme.do(use_case, [], **more)
