"""Creating and naming: quota, names, ids, and the promise to the platform."""

import asyncio

import pytest

from billing.partners import NameRefused, PartnerFrozen
from billing.refusals import NoRight, NotFound
from billing.services.desk import office
from billing.services.instances import creation
from billing.services.instances.creation import NameTaken, TooManyAtOnce, TooManyTrials
from billing.tokens import TokenUsedUp
from tests.billing.services.people import SAM


def create(firm, *names, key="m"):
    return firm.do(creation.create, names, message_key=key)


async def used(world, firm):
    token = await world.read(lambda work: work.tokens.present(firm.partner_id))
    return token.created


class TestCreating:
    async def test_promises_the_platform_and_begins_the_trial_when_it_is_there(self, world, acme):
        made = await create(acme, "loja-1", "  loja   dois ")
        assert await acme.states() == {"loja dois": "creating", "loja-1": "creating"}
        assert await used(world, acme) == 2
        await world.settle()
        assert set((await acme.states()).values()) == {"trial"}
        assert sorted(world.asked) == sorted(("create", instance.id) for instance in made)
        assert await world.actions(made[0].id) == ["create", "platform.create"]

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("", "empty"),
            ("x" * 65, "too_long"),
            ("a\x00b", "control"),
            ("12", "number"),
            ("-5", "number"),
            ("3-5", "number"),
            ("Trial", "filter"),
            ("K7Q2M", "id"),
        ],
    )
    async def test_refuses_a_name_that_would_mean_something_else(self, world, acme, name, why):
        before = await world.kept()
        with pytest.raises(NameRefused) as refused:
            await create(acme, "loja-1", name)
        assert refused.value.facts["why"] == why
        assert {**await world.kept(), "partners": []} == {**before, "partners": []}

    async def test_refuses_a_name_that_is_an_id_in_lower_case(self, world, acme):
        (loja,) = await acme.new("loja-1")
        with pytest.raises(NameRefused) as refused:
            await create(acme, loja.lower())
        assert refused.value.facts["why"] == "id"

    async def test_is_all_or_nothing(self, world, acme):
        (loja,) = await acme.new("loja-1")
        with pytest.raises(NameTaken) as refused:
            await create(acme, "loja-2", "LOJA-1")
        assert refused.value.facts == {"name": "LOJA-1", "instance": loja}
        with pytest.raises(NameTaken):
            await create(acme, "loja-2", "loja-2")
        assert await acme.states() == {"loja-1": "trial"}
        assert await used(world, acme) == 1

    async def test_gives_the_name_of_a_deleted_one_again_but_never_its_id(
        self, world, acme, monkeypatch
    ):
        (loja,) = await acme.new("loja-1")
        await acme.delete(loja)
        ids = iter([loja, "LOJA2", "N3W1D"])
        await acme.new("loja2")
        monkeypatch.setattr("bot.ids.RandomIds.short", lambda *_: next(ids))
        (made,) = await create(acme, "loja-1")
        assert made.id == "N3W1D"

    async def test_gives_up_where_no_id_is_free(self, acme, monkeypatch):
        (loja,) = await acme.new("loja-1")
        monkeypatch.setattr("bot.ids.RandomIds.short", lambda *_: loja)
        with pytest.raises(RuntimeError):
            await create(acme, "loja-2")

    async def test_is_not_for_whoever_is_frozen_or_may_only_look(self, world, acme):
        viewer = await acme.joined(21, "viewer")
        with pytest.raises(NoRight):
            await create(viewer, "loja-1")
        await world.staff(SAM).do(office.freeze, acme.partner_id, "fraud")
        with pytest.raises(PartnerFrozen):
            await create(acme, "loja-1")

    async def test_is_of_fifty_at_once_at_most_and_of_fifty_trials(self, world, acme):
        await acme.granted()
        with pytest.raises(TooManyAtOnce):
            await create(acme, *(f"a {n}" for n in range(51)))
        await create(acme, *(f"a {n}" for n in range(49)))
        with pytest.raises(TooManyTrials) as refused:
            await create(acme, "b", "c")
        assert refused.value.facts == {"open": 49, "asked": 2, "most": 50}
        await create(acme, "b")
        await world.settle()
        with pytest.raises(TooManyTrials):
            await create(acme, "c")


class TestTheQuota:
    async def test_ends_with_the_count_the_limit_and_the_next_tier(self, world, acme):
        ids = await acme.new(*(f"a {n}" for n in range(24)))
        # A deleted one was a use of the token, too.
        await acme.delete(ids[0])
        with pytest.raises(TokenUsedUp) as refused:
            await create(acme, "b", "c")
        assert refused.value.facts == {
            "created": 24, "allowed": 25, "asked": 2, "next_tier": "definitive",
        }  # fmt: skip
        await create(acme, "b")
        with pytest.raises(TokenUsedUp):
            await create(acme, "c")

    async def test_is_told_at_80_percent_and_at_its_end_and_each_once(self, world, acme):
        await acme.new(*(f"a {n}" for n in range(19)))
        assert acme.heard("token") == []
        await acme.new("b")
        await acme.new("c")
        assert [kind for _, kind in acme.heard("token")] == ["token_nearly_used"]
        await acme.new("d", "e", "f", "g")
        with pytest.raises(TokenUsedUp):
            await acme.new("h")
        assert [kind for _, kind in acme.heard("token")] == ["token_nearly_used", "token_used_up"]

    async def test_has_its_last_one_for_one_of_two_hundred(self, world, acme):
        await acme.new(*(f"a {n}" for n in range(24)))
        outcomes = await asyncio.gather(
            *(create(acme, f"b {n}", key=f"m{n}") for n in range(200)), return_exceptions=True
        )
        made = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
        assert len(made) == 1
        assert {type(o) for o in outcomes if isinstance(o, Exception)} == {TokenUsedUp}
        assert await used(world, acme) == 25

    async def test_gets_back_what_the_platform_refused(self, world, acme):
        await acme.new(*(f"a {n}" for n in range(24)))
        world.refusing["create"] = "no numbers left"
        await acme.new("b")
        assert await used(world, acme) == 24
        assert (await acme.states())["b"] == "failed"
        world.refusing.clear()
        await acme.new("b")

    async def test_is_without_an_end_in_the_definitive_tier(self, world, acme):
        await acme.granted()
        await acme.new(*(f"a {n}" for n in range(30)))
        assert acme.heard("token_nearly", "token_used") == []


class TestRenaming:
    async def test_changes_the_name_and_nothing_else(self, world, acme):
        (loja,) = await acme.new("loja-1")
        renamed = await acme.do(creation.rename, loja, " Filial  Sul ")
        assert renamed.name == "Filial Sul"
        assert await acme.states() == {"Filial Sul": "trial"}
        assert (await world.actions(loja))[-1] == "rename"

    async def test_refuses_a_name_that_is_taken(self, world, acme):
        first, second = await acme.new("loja-1", "loja-2")
        with pytest.raises(NameTaken) as refused:
            await acme.do(creation.rename, second, "Loja-1")
        assert refused.value.facts == {"name": "Loja-1", "instance": first}

    async def test_of_another_partners_is_not_found(self, world, acme):
        other = await world.enrolled(12, "Bolt")
        (loja,) = await acme.new("loja-1")
        with pytest.raises(NotFound):
            await other.do(creation.rename, loja, "mine")
