"""Many rows at once: looked at and taken back, then done; each stands for itself."""

import pytest

from billing.partners import PartnerFrozen
from billing.refusals import NoRight
from billing.services.desk import office
from billing.services.instances import bulk
from billing.services.instances.bulk import Row
from billing.services.instances.creation import NameTaken, TooManyAtOnce
from billing.services.instances.customers import CustomerUnnamed, Told
from billing.services.instances.subscriptions import TermsChanged
from billing.tokens import TokenUsedUp

ROWS = [Row("a", told=Told("Bakery")), Row("a"), Row("b"), Row("c", unread=NameTaken(name="c"))]


async def carried_out(firm, operation, rows, terms):
    return await firm.do(bulk.carry_out, operation, rows, terms=terms, message_key="answer:bulk")


def codes(found):
    return [result.refusal and result.refusal.code for result in found.results]


async def test_what_is_looked_at_is_what_comes_of_it(world, acme):
    before = await world.kept()
    shown = await acme.do(bulk.look, "create", ROWS)
    assert await world.kept() == before
    assert codes(shown) == [None, "name_taken", None, "name_taken"]
    assert (shown.left, len(shown.done), len(shown.refused)) == (23, 2, 2)
    clear = [result.row for result in shown.results if result.row.unread is None]
    done = await carried_out(acme, "create", clear, shown.terms)
    assert codes(done) == [None, "name_taken", None]
    await world.settle()
    assert await acme.states() == {"a": "trial", "b": "trial"}
    calls = await world.read(lambda work: work.calls.of_message("answer:bulk"))
    assert [call.state for call in calls] == ["done", "done"]
    assert list((await world.read(lambda w: w.customers.of_partner(acme.partner_id))).values())


async def test_what_changed_meanwhile_is_not_done(world, acme):
    shown = await acme.do(bulk.look, "create", ROWS[:1])
    await acme.new("a")
    with pytest.raises(TermsChanged):
        await carried_out(acme, "create", ROWS[:1], shown.terms)


async def test_beyond_the_quota_nothing_comes_of_a_row(acme):
    found = await acme.do(bulk.look, "create", [Row(f"n{n}x") for n in range(27)])
    assert [type(result.refusal) for result in found.refused] == [TokenUsedUp] * 2
    assert found.left == 0


async def test_customers_are_told_where_that_is_possible(acme):
    first, second = await acme.new("a", "b")
    rows = [Row("a", first, Told("Bakery")), Row("b", second, Told(minor=100))]
    shown = await acme.do(bulk.look, "customer", rows)
    assert [type(result.refusal) for result in shown.refused] == [CustomerUnnamed]
    done = await carried_out(acme, "customer", rows, shown.terms)
    assert len(done.done) == 1


@pytest.mark.parametrize("operation", ["create", "customer"])
async def test_too_many_are_refused_and_so_is_who_may_not(acme, operation):
    with pytest.raises(TooManyAtOnce) as refused:
        await acme.do(bulk.look, operation, [Row("a")] * 201)
    assert refused.value.facts == {"asked": 201, "most": 200}
    viewer = await acme.joined(31, "viewer")
    for use_case in ((bulk.look, operation, ROWS),):
        with pytest.raises(NoRight):
            await viewer.do(*use_case)


async def test_nothing_is_created_for_who_may_not_begin(world, acme):
    await world.staff().do(office.freeze, acme.partner_id, "late")
    with pytest.raises(PartnerFrozen):
        await acme.do(bulk.look, "create", ROWS)
    assert (await acme.do(bulk.look, "customer", [])).results == ()
