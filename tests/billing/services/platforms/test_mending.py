"""What a person does about a difference: asked once, promised, never done twice."""

from datetime import timedelta

import pytest

from billing.comparison import A_DAY, Mend
from billing.instances import State
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.facts import micros
from billing.services.instances.subscriptions import TermsChanged
from billing.services.platforms import mending, removing
from billing.services.ports import Account, Standing
from billing.services.ports.platforms import HeldState
from tests.billing.samples import local
from tests.billing.services.days.people import DaysFirm
from tests.billing.services.people import GROUP, SAM
from tests.billing.services.platforms.there import There


@pytest.fixture
async def there(world, acme):
    """Return the platform, which holds Acme's loja-1 and loja-2 as they are."""
    platform = There(world)
    for made in await acme.new("loja-1", "loja-2"):
        platform.hold(made)
    world.clock.at += timedelta(minutes=1)
    return platform


async def mend(there, wanted, *, by=None):
    """Ask about the only difference and confirm it."""
    staff = there.world.staff(SAM) if by is None else by
    it = await there.only()
    asked = await staff.do(mending.ask, it.id, wanted)
    done = await staff.do(mending.mend, it.id, wanted, terms=asked.terms)
    await there.world.settle()
    return done


async def differing(there, kind_state, **more):
    """Let loja-1 differ there, and be compared."""
    one, _ = there.rows
    there.change(one, state=kind_state, **more)
    there.world.clock.at += timedelta(minutes=1)
    await there.compare()
    return one


async def on_days(world, bought):
    """Return a partner that is paid in days, and its instance, which has 30."""
    made = await world.enrolled(12, "Days Ltd", "days")
    firm = DaysFirm(world, 12, made.name, 12, made.partner_id)
    await firm.buys(bought)
    (one,) = await firm.new("shop-1")
    await firm.extend(30, one)
    return firm, one


def called(world, since):
    return [operation for operation, _ in world.asked[since:]]


class TestOurs:
    async def test_gone_there_is_corrected_and_its_partner_told(self, world, acme, there):
        one, _ = there.rows
        there.lose(one)
        await there.compare()
        done = await mend(there, Mend.CORRECT_HERE)
        assert (done.state, done.outcome) == (Standing.CLOSED, Mend.CORRECT_HERE)
        assert (await acme.get(one)).state is State.DELETED
        assert world.last(11, "instance_gone").facts["name"] == "loja-1"
        assert await there.differences() == []
        (row,) = world.last(GROUP, "staff_comparison").facts["done"]
        assert (row["name"], row["by"]) == ("loja-1", "staff 3")

    async def test_gone_there_gives_its_days_back(self, world):
        await on_days(world, 30)
        world.clock.at += timedelta(minutes=1)
        there = There(world)
        await there.compare()
        asked = await world.staff().do(mending.ask, (await there.only()).id, Mend.CORRECT_HERE)
        assert asked.returns == 30
        await mend(there, Mend.CORRECT_HERE)
        assert world.last(12, "instance_gone").facts["returns"] == 30

    @pytest.mark.parametrize(
        ("act", "operations"),
        [
            (None, ["create"]),
            ("subscribe", ["create", "restart"]),
            ("cancel", ["create", "restart", "cancel"]),
        ],
    )
    async def test_gone_there_is_created_again_as_it_is_here(
        self, world, acme, there, act, operations
    ):
        one, _ = there.rows
        if act:
            await acme.subscribe(one)
        if act == "cancel":
            await acme.cancel(one)
        await world.write(lambda work: work.instances.keep_account(one, Account("t", "r-1")))
        world.clock.at += timedelta(minutes=1)
        there.lose(one)
        await there.compare()
        before = len(world.asked)
        await mend(there, Mend.CREATE_THERE)
        assert called(world, before) == operations
        account = await world.read(lambda work: work.instances.account(one))
        assert account.remote_id is None

    async def test_created_again_and_refused_gives_back_what_it_did_not_use(self, world):
        firm, one = await on_days(world, 40)
        begins = (await firm.get(one)).active_until - 30 * A_DAY
        await world.until_instant(begins + 9 * A_DAY + timedelta(hours=1))
        there = There(world)
        await there.compare()
        world.refusing["extend"] = "no channel"
        await mend(there, Mend.CREATE_THERE)
        assert await firm.days() == 30
        assert world.last(12, "extension_refused").facts["days"] == 20
        assert (await firm.get(one)).state is State.STOPPED

    async def test_stopped_is_created_again_and_stopped(self, world, there):
        await world.until("2026-01-30 12:30")
        one, other = there.rows
        there.change(other, state=HeldState.STOPPED)
        there.lose(one)
        await there.compare()
        before = len(world.asked)
        await mend(there, Mend.CREATE_THERE)
        assert called(world, before) == ["create", "stop"]

    async def test_is_let_run_there(self, world, acme, there):
        one, _ = there.rows
        await acme.subscribe(one)
        await differing(there, HeldState.TRIAL)
        before = len(world.asked)
        await mend(there, Mend.RUN_THERE)
        assert called(world, before) == ["restart"]

    async def test_what_a_card_pays_for_is_given_its_time_there(self, world):
        _, one = await on_days(world, 30)
        await world.sql("UPDATE instances SET settlement = 'card' WHERE id = :id", id=one)
        world.clock.at += timedelta(minutes=1)
        there = There(world)
        there.hold(one, state=HeldState.STOPPED)
        await there.compare()
        before = len(world.asked)
        await mend(there, Mend.RUN_THERE)
        assert called(world, before) == ["extend"]
        # No card ever paid for it, which the audit would find.
        await world.sql("UPDATE instances SET settlement = 'days' WHERE id = :id", id=one)

    async def test_is_extended_there(self, world):
        _, one = await on_days(world, 30)
        world.clock.at += timedelta(minutes=1)
        there = There(world)
        there.hold(one, state=HeldState.ACTIVE, paid_until=micros(world.clock.at))
        await there.compare()
        before = len(world.asked)
        await mend(there, Mend.RUN_THERE)
        assert called(world, before) == ["extend"]

    async def test_is_stopped_there(self, world, there):
        await world.until("2026-01-30 12:30")
        for one in there.rows:
            there.change(one, state=HeldState.STOPPED)
        await differing(there, HeldState.ACTIVE)
        before = len(world.asked)
        await mend(there, Mend.STOP_THERE)
        assert called(world, before) == ["stop"]

    async def test_is_cancelled_there(self, world, acme, there):
        one, _ = there.rows
        zapi = There(world, "zapi")
        await world.sql("UPDATE instances SET platform = 'zapi' WHERE id = :id", id=one)
        await acme.subscribe(one)
        await acme.cancel(one)
        world.clock.at += timedelta(minutes=1)
        zapi.hold(one, state=HeldState.ACTIVE)
        await zapi.compare()
        before = len(world.asked)
        await mend(zapi, Mend.CANCEL_THERE)
        assert called(world, before) == ["cancel"]

    async def test_is_asked_about_anew_where_it_has_changed(self, world, acme, there):
        one, _ = there.rows
        await acme.subscribe(one)
        await differing(there, HeldState.STOPPED)
        it = await there.only()
        await acme.cancel(one)
        staff = world.staff(SAM)
        with pytest.raises(TermsChanged):
            await staff.do(mending.mend, it.id, Mend.RUN_THERE, terms="active")
        assert (await there.only()).state is Standing.OPEN
        before = len(world.asked)
        await mend(there, Mend.RUN_THERE)
        assert called(world, before) == ["restart", "cancel"]

    async def test_is_done_once(self, world, there):
        one, _ = there.rows
        there.lose(one)
        await there.compare()
        it = await there.only()
        await mend(there, Mend.CORRECT_HERE)
        for wanted in (Mend.CORRECT_HERE, Mend.CREATE_THERE):
            with pytest.raises(AlreadyDone):
                await world.staff().do(mending.ask, it.id, wanted)
        with pytest.raises(AlreadyDone):
            await world.staff().do(mending.leave, it.id)

    async def test_does_only_what_fits(self, world, there):
        there.hold("ZZZZ9")
        await there.compare()
        with pytest.raises(AlreadyDone):
            await world.staff().do(mending.ask, (await there.only()).id, Mend.CORRECT_HERE)
        with pytest.raises(NotFound):
            await world.staff().do(mending.look, "nothing")

    async def test_is_left_as_it_is_until_it_is_another(self, world, there):
        there.hold("ZZZZ9")
        await there.compare()
        it = await there.only()
        left = await world.staff(SAM).do(mending.leave, it.id)
        assert left.state is Standing.LEFT
        await there.compare("2026-01-30")
        assert await there.differences() == []
        # Who thinks better of it still can.
        assert (await world.staff().do(mending.ask, it.id, Mend.ADOPT)).difference.id == it.id

    async def test_is_nobody_elses(self, world, acme, there):
        there.hold("ZZZZ9")
        await there.compare()
        with pytest.raises(NoRight):
            await acme.do(mending.look, (await there.only()).id)


class TestDeletingThere:
    async def test_of_what_nobody_knows_goes_by_its_id_there(self, world, there):
        there.hold("x-1", reference="ZZZZ9", name="old-ZZZZ9")
        await there.compare()
        await mend(there, Mend.DELETE_THERE)
        assert (await there.only()).state is Standing.ASKED
        assert await there.remove() == 1
        (remote,) = there.deleted
        assert (remote.reference, remote.remote_id, remote.token) == ("x-1", "x-1", "secret-x-1")
        assert await there.differences() == []
        (row,) = world.last(GROUP, "staff_comparison").facts["done"]
        assert row["outcome"] == Mend.DELETE_THERE

    async def test_of_a_second_one_leaves_ours_alone(self, world, there):
        one, _ = there.rows
        await world.write(lambda work: work.instances.keep_account(one, Account("t", one)))
        there.hold("x-1", reference=one, name=f"loja-1-{one}")
        await there.compare()
        await mend(there, Mend.DELETE_THERE)
        await there.remove()
        (remote,) = there.deleted
        assert (remote.reference, remote.remote_id) == ("x-1", "x-1")

    async def test_of_what_is_deleted_here_says_since_when(self, world, acme, there):
        one, _ = there.rows
        await acme.delete(one)
        world.clock.at += timedelta(minutes=1)
        await there.compare()
        await mend(there, Mend.DELETE_THERE)
        await there.remove()
        (remote,) = there.deleted
        assert (remote.reference, remote.ended_at) == (one, local("2026-01-28 12:01"))

    async def test_is_asked_for_again_where_the_platform_refuses(self, world, there):
        there.hold("ZZZZ9")
        await there.compare()
        it = await mend(there, Mend.DELETE_THERE)
        later = world.clock.at + timedelta(hours=1)
        await world.write(lambda work: removing.put_off(work, it.id, "HTTP 500", until=later))
        assert await there.remove() == 0
        assert world.clock.at < later
        await world.write(lambda work: removing.failed(work, it.id, "only when it is cancelled"))
        again = await there.only()
        assert (again.state, again.error) == (Standing.OPEN, "only when it is cancelled")
        await mend(there, Mend.DELETE_THERE)
        assert await there.remove() == 1

    async def test_that_is_not_wanted_any_more_changes_nothing(self, world, there):
        there.hold("ZZZZ9")
        await there.compare()
        it = await there.only()
        before = await world.kept()
        assert await world.write(lambda work: removing.started(work, it.id)) is None
        await world.write(lambda work: removing.done(work, it.id))
        await world.write(lambda work: removing.failed(work, it.id, "no"))
        await world.write(lambda work: removing.put_off(work, it.id, "no", until=work.now))
        assert await world.kept() == before
