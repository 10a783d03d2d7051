"""A token's quota cannot be overdrawn, its requests and secrets are kept."""

import asyncio
from dataclasses import replace

import pytest

from billing.services.ports import TokenRequest
from storage.engine.rows import RowMissing
from tests.engines import Refused
from tests.storage.stocked import DAY, HOUR, NOW, partner, token


@pytest.fixture
async def held(desk):
    await desk.write(lambda work: work.tokens.add(token(), at=NOW))
    return desk


class TestTake:
    async def test_gives_the_last_place_to_one_of_two_hundred(self, held):
        assert await held.write(lambda work: work.tokens.take("T1", 24))
        taken = await asyncio.gather(
            *(held.write(lambda work: work.tokens.take("T1", 1)) for _ in range(200))
        )
        assert sum(taken) == 1
        present = await held.read(lambda work: work.tokens.present("P1"))
        assert (present.created, present.left) == (25, 0)

    async def test_takes_all_that_is_asked_or_nothing(self, held):
        assert not await held.write(lambda work: work.tokens.take("T1", 26))
        assert await held.write(lambda work: work.tokens.take("T1", 25))

    async def test_has_no_end_where_there_is_no_limit(self, desk):
        await desk.write(lambda work: work.tokens.add(token(allowed=None), at=NOW))
        assert await desk.write(lambda work: work.tokens.take("T1", 10_000))

    async def test_refuses_to_take_less_than_one(self, held):
        with pytest.raises(ValueError, match="at least one"):
            await held.write(lambda work: work.tokens.take("T1", -1))

    async def test_is_undone_by_giving_back_what_was_taken_and_no_more(self, held):
        await held.write(lambda work: work.tokens.take("T1", 2))
        await held.write(lambda work: work.tokens.give_back("T1", 1))
        assert (await held.read(lambda work: work.tokens.present("P1"))).created == 1
        with pytest.raises(RowMissing):
            await held.write(lambda work: work.tokens.give_back("T1", 2))


class TestPresent:
    async def test_is_the_token_added_last(self, held):
        second = token("T2", tier=2, allowed=100)
        await held.write(lambda work: work.tokens.add(second, at=NOW + DAY))
        assert await held.read(lambda work: work.tokens.present("P1")) == second
        assert await held.read(lambda work: work.tokens.present("P2")) is None
        # An instance made under the old one gives back to the old one.
        assert await held.write(lambda work: work.tokens.take("T1", 1))


class TestRotate:
    async def test_keeps_the_secret_of_before_for_a_while(self, held):
        assert not await held.read(lambda work: work.tokens.has_secret("T1"))
        for name in ("first", "second"):
            await held.write(
                lambda work, name=name: work.tokens.rotate("T1", name, old_until=NOW + DAY, at=NOW)
            )
            (row,) = await held.sql("SELECT secret_hash, old_secret_hash, old_until FROM tokens")
            assert row["secret_hash"] == name
            assert (row["old_secret_hash"] is None) == (row["old_until"] is None)
        assert row["old_secret_hash"] == "first"
        assert await held.read(lambda work: work.tokens.has_secret("T1"))

    async def test_of_no_token_is_an_error(self, held):
        with pytest.raises(RowMissing):
            await held.write(lambda work: work.tokens.rotate("T9", "x", old_until=NOW, at=NOW))


class TestRequests:
    OPEN = TokenRequest("R1", "P1", 2, 7, NOW)

    async def test_are_open_until_they_are_decided(self, held):
        await held.write(lambda work: work.partners.add(partner("P2")))
        other = TokenRequest("R2", "P2", 2, 8, NOW - HOUR)
        await held.write(lambda work: work.tokens.save_request(self.OPEN))
        await held.write(lambda work: work.tokens.save_request(other))
        assert await held.read(lambda work: work.tokens.request("P1")) == self.OPEN
        assert await held.read(lambda work: work.tokens.requests()) == [other, self.OPEN]
        decided = replace(self.OPEN, granted=False, decided_by=1, decided_at=NOW)
        await held.write(lambda work: work.tokens.save_request(decided))
        assert await held.read(lambda work: work.tokens.request("P1")) is None
        assert await held.read(lambda work: work.tokens.requests()) == [other]

    async def test_are_open_once_per_partner(self, held):
        await held.write(lambda work: work.tokens.save_request(self.OPEN))
        with pytest.raises(Refused):
            await held.write(lambda w: w.tokens.save_request(replace(self.OPEN, id="R2")))


class TestSecrets:
    async def test_are_kept_until_they_are_forgotten(self, held):
        for text in ("one", "two"):
            await held.write(
                lambda work, text=text: work.tokens.keep_secret("k", "P1", text, at=NOW)
            )
        assert await held.read(lambda work: work.tokens.secret("k")) == "two"
        await held.write(lambda work: work.tokens.forget_secret("k"))
        assert await held.read(lambda work: work.tokens.secret("k")) is None


async def test_an_acceptance_is_a_row_with_its_version(held):
    for _ in range(2):  # the same tap twice
        await held.write(lambda work: work.tokens.record_acceptance("P1", 7, "v1", at=NOW))
    rows = await held.sql("SELECT user_id, version FROM acceptances")
    assert rows == [{"user_id": 7, "version": "v1"}]
