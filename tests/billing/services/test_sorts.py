"""Several staff groups, each with the sorts of cards that it takes."""

import ast
from pathlib import Path

import pytest

from billing.refusals import NoRight
from billing.services import sorts
from billing.services.desk import health, office, settings
from billing.services.desk.health import Machine
from billing.services.partners import enrolment
from billing.services.sorts import Sort
from billing.services.support import relaying
from billing.services.support.cards import Original
from tests.billing.services.people import GROUP, SAM, SOFIA, Human

SECOND = -300


@pytest.fixture
async def second(world):
    """Return Sofia as she speaks in a second staff group."""
    sofia = Human(world, SOFIA, "Sofia", SECOND)
    await sofia.do(office.bind, "", in_group=True)
    return sofia


def test_every_card_of_the_staffs_is_of_a_sort():
    said = set()
    for path in Path("billing").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("tell_staff"):
                said |= {
                    one.value for one in ast.walk(node.args[1]) if isinstance(one, ast.Constant)
                }
    assert len(said) > 15
    assert said <= set(sorts.SORTS)


class TestAGroup:
    async def test_takes_all_until_somebody_chooses(self, world, second):
        await world.person(71).do(enrolment.apply, "Padaria")
        await world.settle()
        assert len(world.heard(GROUP, "application")) == 1
        assert len(world.heard(SECOND, "application")) == 1
        assert await second.do(settings.left_out) == frozenset()

    async def test_gets_what_it_takes_alone(self, world, acme, second):
        before = len(world.heard(GROUP, "application"))
        await second.do(settings.take, Sort.APPLICATIONS, taken=False)
        await world.person(71).do(enrolment.apply, "Padaria")
        await acme.do(relaying.ask, Original("Help!", acme.chat_id, 5))
        await world.settle()
        assert world.heard(SECOND, "application") == []
        assert len(world.heard(GROUP, "application")) == before + 1
        assert len(world.heard(SECOND, "support_card")) == 1
        await second.do(settings.take, Sort.APPLICATIONS, taken=True)
        await second.do(settings.take, Sort.APPLICATIONS, taken=True)
        await world.person(72).do(enrolment.apply, "Mercado")
        await world.settle()
        assert len(world.heard(SECOND, "application")) == 1
        assert (await world.actions()).count("group_takes") == 1

    async def test_sees_a_card_that_it_has_go_on(self, world, second):
        applied = await world.person(71).do(enrolment.apply, "Padaria")
        await world.settle()
        await second.do(settings.take, Sort.APPLICATIONS, taken=False)
        await world.staff().do(enrolment.decline, applied.application.id, "no")
        await world.settle()
        assert world.last(SECOND, "application").facts["state"] == "declined"

    async def test_gets_what_no_group_takes_and_health_says_so(self, world, second):
        for speaker in (world.staff(), second):
            await speaker.do(settings.take, Sort.APPLICATIONS, taken=False)
        await world.person(71).do(enrolment.apply, "Padaria")
        await world.settle()
        assert len(world.heard(GROUP, "application")) == 1
        assert len(world.heard(SECOND, "application")) == 1
        checks = await world.staff(SAM).do(health.health, Machine())
        (check,) = [one for one in checks if one.name == "sorts"]
        assert (check.facts, check.mend) == ({"sorts": ["applications"]}, "sorts")

    async def test_is_chosen_for_by_admins(self, world):
        with pytest.raises(NoRight):
            await world.staff(SAM).do(settings.take, Sort.MONEY, taken=False)
        assert await world.read(sorts.untaken) == []
