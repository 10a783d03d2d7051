"""Whether the desk is well: each check, and what mends it."""

from datetime import timedelta

import pytest

from billing.refusals import NoRight
from billing.services import surroundings
from billing.services.desk import health, office, settings
from billing.services.desk.health import Level, Machine, Telegram
from billing.services.surroundings import Standing
from tests.billing.services.people import FRED, GROUP, SAM

ROOM = 100 * 1024**3


async def found(world, machine=Machine(), telegram=None):  # noqa: B008
    if telegram is None:
        checks = await world.staff(SAM).do(health.health, machine)
    else:
        checks = await world.read(lambda work: health.checks(work, machine, telegram))
    return {check.name: check for check in checks}


def bad(checks):
    return {name: check.mend for name, check in checks.items() if check.level is not Level.GOOD}


async def test_all_is_well_at_the_beginning(world, acme):
    checks = await found(world, Machine({"ticker": 3.0}, ROOM, 5 * 1024**2))
    assert bad(checks) == {}
    assert checks["database"].facts == {"megabytes": 5}
    assert checks["audit"].facts == {"night": None, "found": 0}
    assert {"part", "disk", "inbox", "due", "outbox", "platform", "telegram"} <= set(checks)


@pytest.mark.parametrize(
    ("machine", "level", "name", "mend"),
    [
        (Machine({"ticker": 121.0}), Level.WRONG, "part", "restart"),
        (Machine(disk_free=1024**3), Level.WARN, "disk", "disk"),
        (Machine(disk_free=1024**2), Level.WRONG, "disk", "disk"),
    ],
)
async def test_the_machine_is_looked_at(world, machine, level, name, mend):
    check = (await found(world, machine))[name]
    assert (check.level, check.mend) == (level, mend)


async def test_whether_platforms_answer_is_looked_at(world):
    machine = Machine(platforms={"zapi": None, "whapi": "HTTP 500"})
    checks = await world.staff(SAM).do(health.health, machine)
    told = [(it.facts, it.level, it.mend) for it in checks if it.name == "platform_answers"]
    assert told == [
        ({"platform": "whapi", "why": "HTTP 500"}, Level.WRONG, "platform_answers"),
        ({"platform": "zapi", "why": None}, Level.GOOD, None),
    ]


@pytest.mark.parametrize(
    ("unset", "to_look_at"),
    [
        ({"city"}, {}),
        # One way to pay is enough.
        ({"pix", "link"}, {}),
        ({"bank", "pix", "link"}, {"ways_to_pay": "ways_to_pay"}),
        ({"tax_id"}, {"issuer": "issuer"}),
    ],
)
async def test_what_partners_need_of_the_operator_is_looked_at(world, unset, to_look_at):
    checks = await found(world, Machine(unset=frozenset(unset)))
    assert bad(checks) == to_look_at
    assert checks["ways_to_pay"].facts["unset"] == sorted(unset & {"bank", "pix", "link"})


async def test_queues_that_stand_are_wrong(world, acme):
    await acme.new("loja-1")
    world.down_until("2026-01-30 14:00")
    checks = await found(world)
    assert bad(checks) == {"due": "due"}
    assert checks["due"].facts["count"] > 0
    world.telegram_is_down = True
    await world.settle()
    world.clock.at += timedelta(minutes=11)
    assert bad(await found(world))["outbox"] == "outbox"
    world.telegram_is_down = False
    await world.settle()
    assert bad(await found(world)) == {}


async def test_a_platform_that_does_not_answer_is_wrong(world, acme):
    world.silent.add("create")
    await acme.new("loja-1")
    await world.until_instant(world.clock.at + timedelta(minutes=20))
    checks = await found(world)
    assert bad(checks) == {"platform": "platform"}
    assert (checks["platform"].facts["count"], checks["platform"].facts["failing"]) == (1, 1)


async def test_what_was_kept_aside_or_lost_and_a_halt_are_to_look_at(world):
    await world.staff().do(office.halt, "maintenance")
    await world.sql(
        "INSERT INTO inbox (update_id, lane, body, received_at, state)"
        " VALUES (1, 'a', '{}', 1, 'quarantined')"
    )
    await world.write(lambda work: office.update_unreadable(work, 1, "odd"))
    await world.sql("UPDATE messages SET state = 'failed'")
    assert bad(await found(world)) == {
        "halted": "resume", "kept_aside": "kept_aside", "lost": "lost",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "level", "mend"),
    [
        ("2026-01-28 0", Level.GOOD, None),
        ("2026-01-20 0", Level.WARN, "audit_late"),
        ("2026-01-28 2", Level.WRONG, "audit"),
    ],
)
async def test_the_audit_comes_every_night_and_finds_nothing(world, kept, level, mend):
    await world.write(lambda work: work.state.set("audit_result", kept))
    check = (await found(world))["audit"]
    assert (check.level, check.mend) == (level, mend)


async def test_a_desk_without_a_group_is_wrong(world):
    await world.sql("DELETE FROM staff_groups")
    checks = await found(world, telegram=Telegram())
    assert bad(checks) == {"groups": "bind"}


class TestTelegram:
    async def test_that_is_not_reached_or_cannot_reach_us_is_wrong(self, world):
        assert bad(await found(world, telegram=Telegram(trouble="timed out")))["telegram"]
        hook = Telegram(username="desk_bot", webhook_trouble="Connection refused")
        assert bad(await found(world, telegram=hook)) == {"webhook": "webhook"}

    @pytest.mark.parametrize(
        ("standing", "reads_all", "mend"),
        [
            (Standing("administrator", forum=True, topics=True), False, None),
            (Standing("administrator"), False, None),
            (Standing("member"), True, None),
            (Standing("member"), False, None),
            (Standing("left"), True, "group_gone"),
            (Standing("administrator", forum=True), True, "topics"),
            (
                Standing("administrator", forum=True, topics=True, trouble="no"),
                True,
                "topic_trouble",
            ),
        ],
    )
    async def test_lets_the_bot_do_what_it_has_to_in_its_groups(
        self, world, standing, reads_all, mend
    ):
        asked = Telegram(reads_all=reads_all, groups={GROUP: standing})
        assert (await found(world, telegram=asked))["group"].mend == mend

    async def test_is_told_of_as_it_was_known_last(self, world):
        await world.write(lambda work: surroundings.note_bot(work, reads_all=False))
        await world.write(
            lambda work: surroundings.note(work, GROUP, status="member", forum=False, topics=False)
        )
        checks = await found(world)
        assert bad(checks) == {}
        assert checks["group"].facts["hears_all"] is False


async def test_the_terms_in_force_are_for_admins(world):
    programmes = await world.staff().do(settings.in_force)
    facts = {one["id"]: one for one in map(settings.told, programmes)}
    assert set(facts) == {"integrator", "integrator-classic", "days"}
    assert facts["integrator"]["file"] == "billing/programmes/integrator.toml"
    assert (facts["days"]["channel_days"], facts["days"]["prices"]) == (30, [])
    with pytest.raises(NoRight):
        await world.staff(FRED).do(settings.in_force)
