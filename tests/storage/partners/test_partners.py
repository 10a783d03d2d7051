"""Partners are found by what people type, and changed one at a time."""

import asyncio
from dataclasses import replace

import pytest

from billing.money import Money
from billing.partners import Agreement
from storage.engine.rows import RowMissing
from tests.storage.stocked import CURRENCY, DAY, NOW, partner


class TestPartners:
    async def test_come_back_as_they_were_saved(self, desk):
        changed = partner(
            name="Nova", zone="Europe/Lisbon", frozen_at=NOW, frozen_reason="why", stopped_at=NOW
        )
        await desk.write(lambda work: work.partners.save(changed))
        assert await desk.read(lambda work: work.partners.get("P1")) == changed
        assert await desk.read(lambda work: work.partners.get("P9")) is None

    async def test_that_are_not_there_are_not_saved_in_silence(self, desk):
        with pytest.raises(RowMissing):
            await desk.write(lambda work: work.partners.save(partner("P9")))
        with pytest.raises(RowMissing):
            await desk.write(lambda work: work.partners.lock("P9"))

    async def test_are_all_listed_by_name(self, desk):
        for partner_id, name in (("P2", "Zebra"), ("P3", "água"), ("P4", "Beta")):
            new = partner(partner_id, name)
            await desk.write(lambda work, new=new: work.partners.add(new))
        listed = await desk.read(lambda work: work.partners.all())
        assert [found.name for found in listed] == ["água", "Beta", "Loja Ação", "Zebra"]

    async def test_have_their_agreements_oldest_first(self, desk):
        later, first = (
            Agreement(Money(4000, CURRENCY), NOW),
            Agreement(Money(1, CURRENCY), NOW - DAY),
        )
        for agreement in (later, first):
            await desk.sql(
                "INSERT INTO agreements (partner_id, since, price_minor, currency, agreed_at)"
                " VALUES ('P1', :since, :price, :currency, 0)",
                since=int(agreement.since.timestamp()) * 1_000_000,
                price=agreement.price.minor,
                currency=agreement.price.currency,
            )
        assert await desk.read(lambda work: work.partners.agreements("P1")) == [first, later]


class TestLock:
    async def test_lets_one_change_at_a_time_see_the_one_before(self, desk):
        async def count_up(work):
            held = await work.partners.lock("P1")
            number = int(held.frozen_reason or 0)
            await work.partners.save(replace(held, frozen_reason=str(number + 1)))

        await asyncio.gather(*(desk.write(count_up) for _ in range(50)))
        held = await desk.write(lambda work: work.partners.lock("P1"))
        assert held.frozen_reason == "50"


class TestFind:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("p2", ["P2"]),  # an id, in any case
            ("LOJA acao", ["P1"]),  # the whole name beats the beginnings
            ("loja", ["P1", "P2"]),
            ("  Ação ", []),  # not the middle of a name
            ("xyz", []),
            ("loj%", []),  # no wildcard
        ],
    )
    async def test_takes_ids_names_and_beginnings(self, desk, words, found):
        await desk.write(lambda work: work.partners.add(partner("P2", "Loja Ação Sul")))
        partners = await desk.read(lambda work: work.partners.find(words))
        assert [one.id for one in partners] == found

    async def test_shows_at_most_twenty(self, desk):
        for number in range(30):
            new = partner(f"Q{number}", f"Rede {number:02}")
            await desk.write(lambda work, new=new: work.partners.add(new))
        found = await desk.read(lambda work: work.partners.find("rede"))
        assert [one.name for one in found] == [f"Rede {number:02}" for number in range(20)]
