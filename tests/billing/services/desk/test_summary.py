"""The staff's morning: once a day, in their zone, and nothing where there is nothing."""

from dataclasses import replace
from datetime import timedelta

from billing.services import clockwork, finding
from billing.services.desk import office
from billing.services.partners import enrolment
from tests.billing.services.people import GROUP, SOFIA


async def begun(world):
    await world.write(clockwork.plan_nights)
    await world.settle()


async def test_says_what_waits_is_due_and_is_to_come(world, acme):
    await begun(world)
    await acme.subscribe(*await acme.new("loja-1"))
    await world.until("2026-02-04 12:00")
    await world.person(71).do(enrolment.apply, "Padaria")
    await world.until("2026-02-05 08:59")
    before = len(world.heard(GROUP, "staff_summary"))
    await world.until("2026-02-05 09:00")
    (said,) = world.heard(GROUP, "staff_summary")[before:]
    assert said == ("2026-02-05 09:00", "staff_summary")
    facts = world.last(GROUP, "staff_summary").facts
    assert [(one["kind"], one["count"], one["late"]) for one in facts["waits"]] == [
        ("applications", 1, 0)
    ]
    assert (facts["due"]["count"], facts["overdue"], facts["stops"]) == (1, None, 0)
    assert facts["audit"]["found"] == 0
    assert await world.labels("staff:summary") == {"queue", "debts"}


async def test_counts_stops_and_deletions_of_the_next_day(world, acme):
    await begun(world)
    await acme.subscribe(*await acme.new("loja-1"))
    await world.until("2026-02-16 12:00")
    said = {
        sent.facts["day"]["$date"]: (sent.facts["stops"], sent.facts["deletions"])
        for sent in world.sent
        if sent.kind == "staff_summary"
    }
    assert said["2026-02-09"] == (0, 0)
    assert said["2026-02-10"] == (1, 0)
    assert said["2026-02-14"] == (0, 1)
    overdue = world.last(GROUP, "staff_summary").facts["overdue"]
    assert overdue["count"] == 1


async def test_counts_no_stop_nor_deletion_of_a_partner_that_has_nothing_left(world, acme):
    await begun(world)
    (loja,) = await acme.new("loja-1")
    await acme.subscribe(loja)
    await world.until("2026-02-05 12:00")
    await acme.delete(loja)
    await world.until("2026-02-16 12:00")
    summaries = [sent.facts for sent in world.sent if sent.kind == "staff_summary"]
    assert any(facts["overdue"] for facts in summaries)
    assert not any(facts["stops"] or facts["deletions"] for facts in summaries)


async def test_says_once_a_day_that_the_books_agree_and_nothing_before_the_first_audit(world, acme):
    await begun(world)
    await acme.new("loja-1")
    await world.sql("DELETE FROM due WHERE kind = 'audit'")
    await world.until("2026-01-30 12:00")
    assert world.heard(GROUP, "staff_summary") == []
    await world.write(clockwork.plan_nights)
    await world.until("2026-01-31 12:00")
    assert world.heard(GROUP, "staff_summary") == [("2026-01-31 09:00", "staff_summary")]
    facts = world.last(GROUP, "staff_summary").facts
    assert (facts["waits"], facts["audit"]["found"]) == ([], 0)
    assert (facts["audit"]["entries"], len(facts["audit"]["audit_head"])) == (0, 64)
    assert [key for _, key in await world.due("summary:%")] == ["summary:2026-02-01"]


async def test_goes_by_the_first_admins_own_zone(world):
    async def move(work):
        person = await work.people.person(SOFIA)
        await work.people.save_person(replace(person, zone="Europe/Lisbon"), at=work.now)

    assert await world.read(finding.staff_zone) == "America/Sao_Paulo"
    await world.write(move)
    assert await world.read(finding.staff_zone) == "Europe/Lisbon"
    await begun(world)
    assert await world.due("summary:%") == [("2026-01-29 06:00", "summary:2026-01-29")]


async def test_of_a_day_that_is_over_is_not_said(world):
    await begun(world)
    await world.staff().do(office.halt, "maintenance")
    world.down_until("2026-01-31 10:00")
    await world.settle()
    assert world.heard(GROUP, "staff_summary") == []
    await world.until("2026-02-01 09:30")
    (said,) = world.heard(GROUP, "staff_summary")
    assert said[0] == "2026-02-01 09:00"
    assert world.last(GROUP, "staff_summary").facts["halted"] == "maintenance"


async def test_told_late_on_its_day_is_told_once(world):
    await begun(world)
    await world.staff().do(office.halt, "maintenance")
    world.down_until("2026-01-29 15:00")
    await world.settle()
    await world.write(clockwork.plan_nights)
    await world.until_instant(world.clock.at + timedelta(hours=2))
    assert len(world.heard(GROUP, "staff_summary")) == 1


async def test_names_what_the_audit_found_even_if_nothing_else_is_there(world, acme):
    await begun(world)
    await world.until("2026-01-29 08:00")
    await world.write(lambda work: work.state.set("audit_result", "2026-01-29 3"))
    await world.until("2026-01-29 09:30")
    facts = world.last(GROUP, "staff_summary").facts
    assert facts["audit"]["found"] == 3
