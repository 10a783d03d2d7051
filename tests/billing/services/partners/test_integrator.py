"""The integrator token: how much of it is left, its secret, the next tier."""

import asyncio
from datetime import timedelta

import pytest

from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.desk import overview, waiting
from billing.services.partners import integrator
from billing.tokens import NextTierNotYet, NoNextTier
from tests.billing.services.people import FRED, GROUP, SAM


async def tokens(world, firm):
    return await world.sql(
        "SELECT * FROM tokens WHERE partner_id = :id ORDER BY tier", id=firm.partner_id
    )


class TestTheSecret:
    async def test_is_shown_until_it_is_saved_and_then_only_its_hash_is_left(self, world, acme):
        assert await acme.do(integrator.waiting_secret) is None
        key = await acme.do(integrator.issue_secret)
        assert await acme.do(integrator.waiting_secret) == key
        card = await acme.do(integrator.look)
        assert (card.has_secret, card.unsaved) == (True, True)

        async def reveal(work):
            ciphertext = await work.tokens.secret(key)
            return ciphertext, work.vault.open(ciphertext)

        ciphertext, secret = await world.read(reveal)
        assert secret.startswith(f"pd_live_{card.token.id}_")
        assert secret not in ciphertext
        await acme.do(integrator.saved, [key])
        card = await acme.do(integrator.look)
        assert (card.has_secret, card.unsaved) == (True, False)
        rows = [row for table in (await world.kept()).values() for row in table]
        assert secret not in str(rows)
        (token,) = await tokens(world, acme)
        assert token["secret_hash"] == await world.read(_hashed(secret))

    async def test_that_is_rotated_works_for_a_day_more_and_keeps_tier_and_quota(self, world, acme):
        await acme.new("loja-1")
        await acme.do(integrator.issue_secret)
        (before,) = await tokens(world, acme)
        world.clock.at += timedelta(hours=1)
        await acme.do(integrator.issue_secret)
        (after,) = await tokens(world, acme)
        assert after["old_secret_hash"] == before["secret_hash"]
        assert after["secret_hash"] != before["secret_hash"]
        assert after["old_until"] - after["rotated_at"] == 24 * 3600 * 1_000_000
        assert (after["tier"], after["created"]) == (1, 1)
        accepted = await world.sql("SELECT user_id, version FROM acceptances")
        assert [(row["user_id"], row["version"]) for row in accepted] == [
            (acme.user_id, integrator.RESPONSIBILITY)
        ] * 2
        assert (await world.actions(after["id"])).count("token_secret") == 2

    async def test_is_the_owners_alone(self, world, acme):
        manager = await acme.joined(21, "manager")
        for use_case in (integrator.issue_secret, integrator.waiting_secret):
            with pytest.raises(NoRight):
                await manager.do(use_case)

    async def test_of_somebody_else_cannot_be_forgotten(self, world, acme):
        other = await world.enrolled(12, "Bolt")
        key = await acme.do(integrator.issue_secret)
        await other.do(integrator.saved, [key, "nothing:x"])
        (loja,) = await acme.new("loja-1")
        with pytest.raises(NotFound):
            await other.do(integrator.saved, [f"instance:{loja}"])
        assert await acme.do(integrator.waiting_secret) == key
        assert await acme.do(integrator.instance_secrets, [loja]) == [loja]

    async def test_of_an_instance_is_shown_until_it_is_saved_and_kept_to_be_used(self, world, acme):
        (first, second) = await acme.new("loja-1", "loja-2")
        assert await acme.do(integrator.instance_secrets, [first, second]) == [first, second]
        assert (await acme.do(overview.instance_card, first)).has_secret
        await acme.do(integrator.saved, [f"instance:{first}"])
        assert await acme.do(integrator.instance_secrets, [first, second]) == [second]
        assert not (await acme.do(overview.instance_card, first)).has_secret

        async def kept(work):
            return work.vault.open((await work.instances.account(first)).token)

        assert await world.read(kept) == f"tok-{first}"


def _hashed(secret):
    async def unit(work):
        return work.vault.hash(secret)

    return unit


class TestTheNextTier:
    async def test_can_be_requested_from_the_tenth_creation_on(self, world, acme):
        await acme.new(*(f"a {n}" for n in range(9)))
        card = await acme.do(integrator.look)
        assert (card.next_tier, card.next_from, card.can_request) == ("definitive", 10, False)
        with pytest.raises(NextTierNotYet) as refused:
            await acme.do(integrator.request_next)
        assert refused.value.facts["created"] == 9
        await acme.new("b")
        assert (await acme.do(integrator.look)).can_request
        request = await acme.do(integrator.request_next)
        assert (await acme.do(integrator.look)).requested
        with pytest.raises(AlreadyDone):
            await acme.do(integrator.request_next)
        await world.settle()
        assert len(world.heard(GROUP, "token_request")) == 1
        queue = await world.staff(SAM).do(waiting.queue)
        (asked,) = queue.kinds["token_requests"]
        assert (asked.facts["partner"], asked.since) == ("Acme", request.created_at)

    async def test_is_granted_once_and_told(self, world, acme):
        await acme.new(*(f"a {n}" for n in range(10)))
        await acme.do(integrator.request_next)
        granted = await world.staff(SAM).do(integrator.grant, acme.partner_id)
        assert (granted.tier, granted.created, granted.allowed) == (2, 0, None)
        await world.settle()
        assert [kind for _, kind in acme.heard("token")] == ["token_granted"]
        assert world.last(GROUP, "token_request").facts["granted"] is True
        with pytest.raises(NoNextTier):
            await world.staff(SAM).do(integrator.grant, acme.partner_id)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(integrator.grant, acme.partner_id, 2)
        with pytest.raises(NoNextTier):
            await acme.do(integrator.request_next)
        assert not (await acme.do(integrator.look)).can_request
        assert (await world.staff(SAM).do(waiting.queue)).kinds["token_requests"] == []

    async def test_pressed_by_two_of_staff_at_once_is_granted_once(self, world, acme):
        outcomes = await asyncio.gather(
            *(
                world.staff(who).do(integrator.grant, acme.partner_id, 2)
                for who in (SAM, FRED) * 10
            ),
            return_exceptions=True,
        )
        assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
        assert len(await tokens(world, acme)) == 2

    @pytest.mark.parametrize("tier", [0, 3])
    async def test_that_is_none_is_not_found(self, world, acme, tier):
        with pytest.raises(NotFound):
            await world.staff(SAM).do(integrator.grant, acme.partner_id, tier)

    async def test_is_declined_once_and_told(self, world, acme):
        await acme.new(*(f"a {n}" for n in range(10)))
        await acme.do(integrator.request_next)
        await world.staff(SAM).do(integrator.refuse_request, acme.partner_id)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(integrator.refuse_request, acme.partner_id)
        await world.settle()
        assert [kind for _, kind in acme.heard("token")] == ["token_refused"]
        assert world.last(GROUP, "token_request").facts["granted"] is False
        await acme.do(integrator.request_next)

    async def test_of_classic_follows_when_the_one_before_is_used_up(self, world):
        firm = await world.enrolled(programme="integrator-classic")
        await firm.new(*(f"a {n}" for n in range(24)))
        with pytest.raises(NextTierNotYet):
            await firm.do(integrator.request_next)
        (loja,) = await firm.new("b")
        await firm.do(integrator.request_next)
        await world.staff(SAM).do(integrator.grant, firm.partner_id)
        (second,) = await firm.new("c")
        assert [(await firm.get(one)).band for one in (loja, second)] == [1, 2]
        # Straight to the definitive one: the fourth tier, of the third band.
        granted = await world.staff(SAM).do(integrator.grant, firm.partner_id, 4)
        assert granted.allowed is None
        (third,) = await firm.new("d")
        assert (await firm.get(third)).band == 3

    async def test_is_staffs_to_grant(self, acme):
        with pytest.raises(NoRight):
            await acme.do(integrator.grant, acme.partner_id)
