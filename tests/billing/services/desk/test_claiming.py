"""Who sees to a card: shown on it, left to others, gone once it is decided."""

import pytest

from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.desk import claiming, office, waiting
from billing.services.messages import Message
from billing.services.partners import enrolment, integrator
from tests.billing.services.people import FRED, GROUP, SAM, SOFIA


@pytest.fixture
async def application(world):
    applied = await world.person(71).do(enrolment.apply, "Padaria", card="answer:1")
    await world.settle()
    return applied.application


async def trial_over(world):
    """Return an instance of `integrator-classic` whose deletion is a task."""
    firm = await world.enrolled(13, "Classic", "integrator-classic")
    (loja,) = await firm.new("loja-1")
    await world.until("2026-01-30 14:00")
    return firm, loja


class TestAClaim:
    async def test_is_on_the_card_and_in_the_queue_and_can_be_handed_over(self, world, application):
        sam = world.staff(SAM)
        await sam.do(claiming.claim, "application", application.id)
        await world.settle()
        card = world.last(GROUP, "application")
        assert (card.facts["claimed_by"], card.edit) == ("staff 3", True)
        assert "hand_over" in await world.labels("application")
        (row,) = (await sam.do(waiting.queue)).kinds["applications"]
        assert row.claimed_by == "staff 3"
        await world.staff(FRED).do(claiming.hand_over, "application", application.id)
        await world.settle()
        assert world.last(GROUP, "application").facts["claimed_by"] is None
        assert await world.actions(application.id) == ["apply", "claim", "hand_over"]

    async def test_is_one_persons(self, world, application):
        await world.staff(SAM).do(claiming.claim, "application", application.id)
        with pytest.raises(AlreadyDone) as refused:
            await world.staff(FRED).do(claiming.claim, "application", application.id)
        assert refused.value.facts["by"] == "staff 3"
        await world.staff(SAM).do(claiming.hand_over, "application", application.id)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(claiming.hand_over, "application", application.id)

    async def test_keeps_nobody_from_deciding_and_is_gone_then(self, world, application):
        await world.staff(SAM).do(claiming.claim, "application", application.id)
        await world.staff(FRED).do(enrolment.decline, application.id, "no tax id")
        await world.settle()
        facts = world.last(GROUP, "application").facts
        assert (facts["claimed_by"], facts["decided_by"]) == (None, "staff 2")
        assert await world.sql("SELECT * FROM claims") == []
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(claiming.claim, "application", application.id)

    async def test_is_not_for_others_nor_of_what_is_not_there(self, world, application):
        with pytest.raises(NoRight):
            await world.person(71).do(claiming.claim, "application", application.id)
        for kind in ("application", "deletion", "nonsense"):
            with pytest.raises(NotFound):
                await world.staff(SAM).do(claiming.claim, kind, "ZZZZ9")

    async def test_of_a_token_request_ends_with_the_reason_against_it(self, world, acme):
        await acme.new(*(f"a {n}" for n in range(10)))
        await acme.do(integrator.request_next)
        await world.staff(SAM).do(claiming.claim, "token_request", acme.partner_id)
        await world.settle()
        assert world.last(GROUP, "token_request").facts["claimed_by"] == "staff 3"
        await world.staff(SAM).do(integrator.refuse_request, acme.partner_id, "not yet ")
        await world.settle()
        facts = world.last(GROUP, "token_request").facts
        assert (facts["claimed_by"], facts["decided_by"], facts["reason"]) == (
            None, "staff 3", "not yet",
        )  # fmt: skip
        assert world.last(acme.chat_id, "token_refused").facts == {"reason": "not yet"}
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(claiming.claim, "token_request", acme.partner_id)


class TestADeletion:
    async def test_done_by_hand_shows_by_whom(self, world):
        _, loja = await trial_over(world)
        await world.staff(SAM).do(claiming.claim, "deletion", loja)
        await world.settle()
        assert world.last(GROUP, "staff_delete_task").facts["claimed_by"] == "staff 3"
        (row,) = (await world.staff(SAM).do(waiting.queue)).kinds["deletions"]
        assert (row.facts["name"], row.claimed_by) == ("loja-1", "staff 3")
        await world.staff(SOFIA).do(office.deletion_done, loja)
        await world.settle()
        facts = world.last(GROUP, "staff_delete_task").facts
        assert (facts["state"], facts["by"], facts["claimed_by"]) == ("deleted", "staff 1", None)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(claiming.claim, "deletion", loja)

    async def test_that_is_no_longer_wanted_shows_what_the_partner_did(self, world):
        firm, loja = await trial_over(world)
        await firm.subscribe(loja)
        await world.settle()
        facts = world.last(GROUP, "staff_delete_task").facts
        assert (facts["state"], facts["by"]) == ("active", firm.name)
        assert await world.labels("task:delete") == set()


class TestTheApplicantsCard:
    async def test_follows_the_claim_and_the_decision(self, world):
        carla = world.person(72)

        async def applies(work, actor):
            made = await enrolment.apply(work, actor, "Bolt", card="answer:9")
            shown = {"company": "Bolt", "migrate": False, "edited": False}
            await work.messages.say(Message("answer:9", 72, "applied", shown), at=work.now)
            return made.application

        made = await carla.do(applies)
        await world.settle()
        await world.staff(SAM).do(claiming.claim, "application", made.id)
        await world.settle()
        assert world.last(72, "applied").facts["claimed_by"] == "staff 3"
        assert "apply_edit" in await world.labels("answer")
        await world.staff(SAM).do(enrolment.decline, made.id, "no tax id")
        await world.settle()
        card = world.last(72, "applied")
        assert (card.facts["state"], card.facts["reason"]) == ("declined", "no tax id")
        assert card.edit
        assert await world.labels("answer") == set()
