"""What only the platform knows becomes a partner's: as shown, once, with its id and token there."""

from datetime import date, timedelta

import pytest

from billing.adoption import AdoptionRefused
from billing.comparison import Mend
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.facts import micros
from billing.services.instances.creation import NameTaken
from billing.services.instances.subscriptions import TermsChanged
from billing.services.platforms import adopting, mending
from billing.services.ports import Account
from billing.services.ports.platforms import HeldState
from tests.billing.samples import local
from tests.billing.services.people import SAM
from tests.billing.services.platforms.there import There


@pytest.fixture
async def there(world, acme):
    """Return the platform, which holds Acme's loja-1 and loja-2 as they are."""
    platform = There(world)
    for made in await acme.new("loja-1", "loja-2"):
        platform.hold(made)
    world.clock.at += timedelta(minutes=1)
    return platform


class TestAdopting:
    async def adopted(self, there, whose, day=None):
        it = await there.only()
        staff = there.world.staff()
        shown = await staff.do(adopting.look, it.id, whose, day)
        taken = await staff.do(adopting.take, it.id, whose, shown.paid_until, terms=shown.terms)
        await there.world.settle()
        return taken

    async def test_keeps_its_id_and_token_there(self, world, acme, there):
        there.hold("x-1", reference="ZZZZ9", name="shop-ZZZZ9")
        await there.compare()
        taken = await self.adopted(there, "acme", date(2026, 3, 31))
        assert (taken.id, taken.name, taken.platform) == ("ZZZZ9", "shop", "embedded")
        account = await world.read(lambda work: work.instances.account("ZZZZ9"))
        assert account.remote_id == "x-1"
        assert world.store._vault.open(account.token) == "secret-x-1"
        assert ("create", "ZZZZ9") not in world.asked
        assert (await acme.get("ZZZZ9")).active_until == local("2026-04-01 00:00")
        world.clock.at += timedelta(minutes=1)
        there.change("x-1", state=HeldState.ACTIVE)
        assert await there.compare("2026-01-30") == 0

    async def test_gets_an_id_where_its_name_there_has_none(self, world, there):
        there.hold("x-1", reference=None, name="")
        await there.compare()
        taken = await self.adopted(there, "Acme", date(2026, 3, 31))
        assert (len(taken.id), taken.name) == (5, "adopted-x-1")

    async def test_runs_as_long_as_it_is_paid_for_there(self, world, there):
        paid = local("2026-02-20 10:00")
        there.hold("x-1", reference=None, name="shop", paid_until=micros(paid))
        await there.compare()
        taken = await self.adopted(there, "Acme")
        assert taken.active_until == local("2026-02-20 00:00")

    async def test_wants_to_know_until_when(self, there):
        there.hold("x-1", reference=None, name="shop")
        await there.compare()
        with pytest.raises(AdoptionRefused):
            await self.adopted(there, "Acme")
        with pytest.raises(NotFound):
            await self.adopted(there, "Nobody")

    async def test_is_shown_anew_where_it_would_come_otherwise(self, world, there):
        there.hold("x-1", reference=None, name="shop")
        await there.compare()
        it = await there.only()
        with pytest.raises(TermsChanged):
            await world.staff().do(adopting.take, it.id, "Acme", date(2026, 3, 31), terms="other")
        with pytest.raises(NoRight):
            await world.staff(SAM).do(adopting.look, it.id, "Acme")

    async def test_is_done_once(self, world, there):
        there.hold("x-1", reference="ZZZZ9", name="shop")
        await there.compare()
        it = await there.only()
        await self.adopted(there, "Acme", date(2026, 3, 31))
        with pytest.raises(AlreadyDone):
            await world.staff().do(adopting.look, it.id, "Acme")

    async def test_is_not_what_somebody_brought_in_meanwhile(self, world, acme, there):
        there.hold("x-1", reference=None, name="shop")
        await there.compare()
        one, _ = there.rows.keys() - {"x-1"}
        await world.write(lambda work: work.instances.keep_account(one, Account("t", "x-1")))
        for wanted in (Mend.ADOPT, Mend.DELETE_THERE):
            with pytest.raises(AlreadyDone):
                await world.staff().do(mending.ask, (await there.only()).id, wanted)

    async def test_refuses_a_name_that_is_taken(self, world, there):
        there.hold("x-1", reference=None, name="loja-1")
        await there.compare()
        with pytest.raises(NameTaken):
            await self.adopted(there, "Acme", date(2026, 3, 31))
