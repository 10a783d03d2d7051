"""One-time codes that make a person the owner of a partner."""

from datetime import timedelta

import pytest

from billing.partners import StaffRole
from billing.refusals import AlreadyDone, NoRight
from billing.services.desk import office
from billing.services.partners import linking
from billing.services.partners.enrolment import AlreadyPartner, StaffCannotApply
from billing.services.partners.import_rows import Row
from billing.services.partners.linking import CodeRefused
from billing.services.people import Actor, Channel
from storage.partners.link_codes import LinkCodes
from tests.billing.services.partners.test_importing import bring
from tests.billing.services.people import FRED, GROUP, SOFIA


async def opened(world, key):
    """Return the code that waits to be shown."""

    async def look(work):
        return work.vault.open(await work.tokens.secret(key))

    return await world.read(look)


class TestACode:
    async def made(self, world):
        done = await bring(world, Row(1, "Padaria", "integrator"))
        [(partner, key, _)] = done.codes
        return partner, key, await opened(world, key)

    async def test_links_a_person_as_owner_once_and_everybody_hears(self, world):
        partner, key, code = await self.made(world)
        olga = world.person(71)
        assert (await olga.do(linking.link, code)).id == partner.id
        await world.settle()
        members = await world.read(lambda work: work.people.members(partner.id))
        assert [(member.user_id, member.role) for member in members] == [(71, "owner")]
        assert world.last(71, "linked").facts["you"]
        assert world.heard(GROUP, "staff_linked")
        with pytest.raises(CodeRefused):
            await world.person(72).do(linking.link, code)
        with pytest.raises(CodeRefused):
            await olga.do(linking.link, code)
        assert await world.read(lambda work: work.tokens.secret(key)) is None

    async def test_is_over_after_fifteen_minutes(self, world):
        _, key, code = await self.made(world)
        await world.until_instant(world.clock.at + timedelta(minutes=15))
        assert await world.read(lambda work: work.tokens.secret(key)) is None
        with pytest.raises(CodeRefused):
            await world.person(71).do(linking.link, code)

    async def test_is_not_used_up_by_who_cannot_use_it(self, world, acme):
        _, _, code = await self.made(world)
        with pytest.raises(AlreadyPartner):
            await acme.do(linking.link, code)
        with pytest.raises(StaffCannotApply):
            await world.staff().do(linking.link, code)
        await world.person(71).do(linking.link, code)

    async def test_is_not_looked_at_after_five_wrong_ones_in_an_hour(self, world):
        _, _, code = await self.made(world)
        olga = world.person(71)
        actor = Actor(channel=Channel.BOT, cause="update:1", user_id=71)

        async def deny(work):
            await work.audit.record(actor, "start", at=work.now, outcome="denied")

        for _ in range(linking.GUESSES):
            with pytest.raises(CodeRefused):
                await olga.do(linking.link, "guess")
            # What the chat writes down of everything that it denies.
            await world.write(deny)
        with pytest.raises(CodeRefused):
            await olga.do(linking.link, code)
        # It is good for somebody else, and an hour later for her, too.
        assert (await world.person(72).do(linking.link, code)).name == "Padaria"
        await world.until_instant(world.clock.at + linking.WITHIN + timedelta(minutes=1))
        _, key, _ = (await bring(world, Row(1, "Bolo", "integrator"))).codes[0]
        assert (await olga.do(linking.link, await opened(world, key))).name == "Bolo"

    async def test_that_somebody_used_in_between_links_nobody_else(self, world, monkeypatch):
        partner, _, code = await self.made(world)
        unused = await world.read(lambda work: work.codes.get(work.vault.hash(code)))
        await world.person(71).do(linking.link, code)

        # A database with several writers: looked at just before the other was committed.
        async def get(self, hashed):
            return unused

        monkeypatch.setattr(LinkCodes, "get", get)
        with pytest.raises(CodeRefused):
            await world.person(72).do(linking.link, code)
        members = await world.read(lambda work: work.people.members(partner.id))
        assert [member.user_id for member in members] == [71]

    async def test_of_ones_own_partner_is_done_already(self, world, acme):
        key = (await world.staff().do(linking.offer, acme.partner_id))[1]
        code = await opened(world, key)
        with pytest.raises(AlreadyDone):
            await acme.do(linking.link, code)

    async def test_ends_with_the_role_of_who_made_it(self, world, acme):
        code = await opened(world, (await world.staff().do(linking.offer, acme.partner_id))[1])
        await world.staff().do(office.appoint, FRED, StaffRole.ADMIN)
        await world.staff(FRED).do(office.appoint, SOFIA, StaffRole.SUPPORT)
        with pytest.raises(CodeRefused):
            await world.person(71).do(linking.link, code)

    async def test_is_hashed_at_rest(self, world):
        _, _, code = await self.made(world)
        rows = await world.kept()
        assert code not in str(rows)

    async def test_is_for_admins_to_make(self, world, acme):
        with pytest.raises(NoRight):
            await world.staff(FRED).do(linking.offer, acme.partner_id)
