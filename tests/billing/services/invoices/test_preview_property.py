"""Whatever happened before: the preview is what the close draws up, at the prices quoted."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from hypothesis import given, settings, strategies

from billing.calendar import Month
from billing.instances import State
from billing.money import total
from billing.partners import Agreement
from billing.refusals import Refusal
from billing.services import access
from billing.services.instances import subscriptions
from billing.services.invoices import corrections, foreseeing, invoicing
from billing.services.operations import Operation
from tests.billing.samples import brl
from tests.billing.services.people import FRED
from tests.billing.services.world import living

OPERATIONS = (Operation.SUBSCRIBE, Operation.CANCEL, Operation.KEEP, Operation.DELETE)
STEPS = strategies.lists(
    strategies.one_of(
        strategies.tuples(
            strategies.sampled_from(("new", "run", "run")), strategies.integers(1, 2)
        ),
        strategies.tuples(strategies.sampled_from(OPERATIONS), strategies.integers(0, 5)),
        strategies.tuples(strategies.just("wait"), strategies.integers(1, 20 * 24)),
        strategies.tuples(strategies.just("pay"), strategies.integers(1, 30_000)),
        strategies.tuples(strategies.just("void"), strategies.just(0)),
        strategies.tuples(strategies.just("agree"), strategies.integers(1, 9_999)),
    ),
    min_size=2,
    max_size=10,
)


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_the_preview_is_what_the_close_draws_up(steps):
    asyncio.run(_history(steps))


async def _history(steps):
    async with living() as world:
        acme = await world.enrolled()
        await acme.running("loja-1", "loja-2")
        for count, (what, much) in enumerate(steps):
            await _step(world, acme, what, much, count)
            await _quotes_agree(acme)
            await _preview_is_the_close(world, acme)


async def _step(world, acme, what, much, count):
    match what:
        case "new":
            await _tried(acme.new(*(f"loja-{count}-{place}" for place in range(much))))
        case "run":
            await _tried(acme.running(*(f"loja-{count}-{place}" for place in range(much))))
        case "void":
            for invoice in await acme.invoices():
                await _tried(world.staff(FRED).do(corrections.void, invoice.number, "tried"))
        case "wait":
            await world.until_instant(world.clock.at + timedelta(hours=much))
        case "pay":
            for invoice in await acme.invoices():
                if invoice.owed:
                    await acme.pays(str(invoice.period), much, f"step-{count}")
                    break
        case "agree":
            agreed = Agreement(brl(much), world.clock.at)
            await world.write(
                lambda w: w.partners.add_agreement(acme.partner_id, agreed, by=1, at=w.now)
            )
        case operation:
            living_ones = await world.read(lambda w: w.instances.of_partner(acme.partner_id))
            if living_ones:
                chosen = living_ones[much % len(living_ones)].id
                await _tried(acme.act(operation, chosen))


async def _tried(doing):
    with suppress(Refusal):
        await doing


async def _quotes_agree(acme):
    """One more costs, foreseen, what it is quoted; two instances of a band cost twice as much."""
    trials = await acme.world.read(lambda w: w.instances.of_partner(acme.partner_id, [State.TRIAL]))
    if not trials or (await acme.partner()).stopped_at is not None:
        return
    chosen = min(trials, key=lambda trial: (trial.trial_ends_at, trial.id))
    quote = await acme.do(subscriptions.quote, Operation.SUBSCRIBE, [chosen.id])
    first = (await acme.do(foreseeing.subscribe, 1)).coming[0]
    before = first.as_is.total.minor if first.as_is else 0
    assert first.would_be.total.minor - before == quote.total.minor


async def _preview_is_the_close(world, acme):
    """At any moment, as if the month closed now: tried, compared, and taken back."""
    preview = await acme.do(invoicing.preview)
    whatif = (await acme.do(foreseeing.add, 1)).coming[0]
    assert whatif.as_is == preview.draft

    class Enough(Exception):
        pass

    async def close(work):
        await invoicing.close(work, access.by_clock("test"), acme.partner_id, preview.month)
        found = await work.invoices.of_period(acme.partner_id, preview.month)
        raise Enough(found, await work.invoices.lines(found.id) if found else [])

    try:
        await world.store.write(close)
    except Enough as drawn:
        invoice, lines = drawn.args
    _same(preview, invoice, lines)


def _same(preview, invoice, lines):
    draft = preview.draft
    if draft is None:
        assert invoice is None
        return
    assert invoice is not None
    assert isinstance(preview.month, Month)
    key = lambda line: (line.instance_id, line.period)  # noqa: E731
    assert sorted(lines, key=key) == sorted(draft.lines, key=key)
    assert (invoice.total, invoice.settled) == (draft.total, draft.credit)
    assert total((line.price for line in lines), draft.total.currency) == invoice.total
