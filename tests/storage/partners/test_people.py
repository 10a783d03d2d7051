"""Persons, members, staff, groups and applications are kept as they are."""

import asyncio
from dataclasses import replace

import pytest

from billing.partners import Role, StaffRole
from billing.services.messages import Button, Message
from billing.services.people import Application, ApplicationState, Member, Person
from tests.engines import Refused
from tests.storage.stocked import DAY, HOUR, NOW, partner

ANA = Person(7, "Ana", "pt-BR", "America/Sao_Paulo")


class TestPersons:
    async def test_are_replaced_whole(self, desk):
        await desk.write(lambda work: work.people.save_person(ANA, at=NOW))
        assert await desk.read(lambda work: work.people.person(7)) == ANA
        blocked = replace(ANA, name="Ana B.", zone=None, blocked_at=NOW)
        await desk.write(lambda work: work.people.save_person(blocked, at=NOW))
        assert await desk.read(lambda work: work.people.person(7)) == blocked

    async def test_are_found_by_name_however_it_is_spelt_unless_they_are_a_partners(self, desk):
        async def meet(work):
            for user_id, name, at in ((7, "José", NOW), (8, "jose", NOW + HOUR), (9, "JOSÉ", NOW)):
                await work.people.save_person(replace(ANA, user_id=user_id, name=name), at=at)
            await work.people.save_person(replace(ANA, user_id=10, name="Josefa"), at=NOW)
            await work.people.add_member(Member(9, "P1", Role.VIEWER), at=NOW)

        await desk.write(meet)
        found = await desk.read(lambda work: work.people.called("Jose"))
        assert [person.user_id for person in found] == [8, 7]

    async def test_never_seen_are_none(self, desk):
        assert await desk.read(lambda work: work.people.person(8)) is None


class TestMembers:
    async def test_are_listed_as_they_joined(self, desk):
        for user_id, joined in ((9, NOW), (3, NOW + HOUR), (5, NOW + DAY)):
            member = Member(user_id, "P1", Role.OWNER)
            await desk.write(lambda work, m=member, at=joined: work.people.add_member(m, at=at))
        members = await desk.read(lambda work: work.people.members("P1"))
        assert [member.user_id for member in members] == [9, 3, 5]

    async def test_belong_to_one_partner_whoever_asks_at_once(self, desk):
        await desk.write(lambda work: work.partners.add(partner("P2", "Outra")))

        def join(partner_id: str):
            member = Member(7, partner_id, Role.VIEWER)
            return desk.write(lambda work: work.people.add_member(member, at=NOW))

        joined = await asyncio.gather(*(join(f"P{place % 2 + 1}") for place in range(50)))
        assert sum(joined) == 1
        assert await desk.read(lambda work: work.people.member(7)) == Member(7, "P1", Role.VIEWER)


class TestStaff:
    async def test_is_listed_by_role_and_name(self, desk):
        async def hire(work):
            await work.people.save_person(ANA, at=NOW)
            await work.people.save_person(replace(ANA, user_id=8, name="Bia"), at=NOW)
            await work.people.save_staff(9, StaffRole.SUPPORT, by=None, at=NOW)
            await work.people.save_staff(8, StaffRole.ADMIN, by=None, at=NOW)
            await work.people.save_staff(7, StaffRole.ADMIN, by=8, at=NOW)
            await work.people.save_staff(6, StaffRole.FINANCE, by=8, at=NOW)

        await desk.write(hire)
        staff = await desk.read(lambda work: work.people.staff())
        assert [(person.name, role) for person, role in staff] == [
            ("Ana", StaffRole.ADMIN),
            ("Bia", StaffRole.ADMIN),
            ("", StaffRole.FINANCE),
            ("", StaffRole.SUPPORT),
        ]

    async def test_loses_a_role_at_once(self, desk):
        await desk.write(lambda w: w.people.save_staff(7, StaffRole.ADMIN, by=None, at=NOW))
        await desk.write(lambda w: w.people.save_staff(7, StaffRole.SUPPORT, by=1, at=NOW))
        assert await desk.read(lambda w: w.people.staff_role(7)) == StaffRole.SUPPORT
        await desk.write(lambda w: w.people.save_staff(7, None, by=1, at=NOW))
        assert await desk.read(lambda w: w.people.staff_role(7)) is None


class TestGroups:
    async def test_are_bound_once(self, desk):
        assert await desk.write(lambda work: work.people.bind_group(-2, by=7, at=NOW))
        assert await desk.write(lambda work: work.people.bind_group(-1, by=7, at=NOW + HOUR))
        assert not await desk.write(lambda work: work.people.bind_group(-2, by=8, at=NOW))
        assert await desk.read(lambda work: work.people.groups()) == [-2, -1]


class TestRenameChat:
    async def test_takes_all_that_named_the_old_one_along(self, desk):
        async def fill(work):
            await work.people.bind_group(-5, by=7, at=NOW)
            await work.conversations.ask(-5, 7, "company", {"a": 1})
            await work.conversations.show_list(-5, 7, ["K7Q2M"])
            await work.messages.say(
                Message("card", -5, "card", {}, buttons=[[Button("ok", "approve")]]), at=NOW
            )

        await desk.write(fill)
        for _ in range(2):  # told by a message and by an error: twice is once
            await desk.write(lambda work: work.people.rename_chat(-5, -1005))
        assert await desk.read(lambda work: work.people.groups()) == [-1005]
        assert await desk.read(lambda work: work.conversations.question(-1005, 7)) == (
            "company",
            {"a": 1},
        )
        assert await desk.read(lambda work: work.conversations.shown_list(-1005, 7)) == ["K7Q2M"]
        assert await desk.read(lambda work: work.conversations.shown_list(-5, 7)) == []
        assert (await desk.read(lambda work: work.messages.get("card"))).chat_id == -1005
        assert await desk.sql("SELECT chat_id FROM intents") == [{"chat_id": -1005}]

    async def test_leaves_what_the_new_chat_has(self, desk):
        async def fill(work):
            for chat_id in (-5, -1005):
                await work.people.bind_group(chat_id, by=7, at=NOW)
                await work.conversations.ask(chat_id, 7, f"of {chat_id}", {})
                await work.conversations.show_list(chat_id, 7, [f"of {chat_id}"])

        await desk.write(fill)
        await desk.write(lambda work: work.people.rename_chat(-5, -1005))
        assert await desk.read(lambda work: work.people.groups()) == [-1005]
        question = await desk.read(lambda work: work.conversations.question(-1005, 7))
        assert question == ("of -1005", {})
        shown = await desk.read(lambda work: work.conversations.shown_list(-1005, 7))
        assert shown == ["of -1005"]


class TestApplications:
    OPEN = Application("A1", 7, "Loja", True, ApplicationState.OPEN, NOW)

    async def test_go_from_open_to_decided(self, desk):
        await desk.write(lambda work: work.people.save_application(self.OPEN))
        assert await desk.read(lambda work: work.people.open_application(7)) == self.OPEN
        assert await desk.read(lambda work: work.people.waiting_applications()) == [self.OPEN]
        decided = replace(
            self.OPEN,
            state=ApplicationState.DECLINED,
            programme="integrator",
            reason="no",
            decided_by=1,
            decided_at=NOW + HOUR,
        )
        await desk.write(lambda work: work.people.save_application(decided))
        assert await desk.read(lambda work: work.people.application("A1")) == decided
        assert await desk.read(lambda work: work.people.open_application(7)) is None
        assert await desk.read(lambda work: work.people.waiting_applications()) == []

    async def test_are_open_once_per_person(self, desk):
        await desk.write(lambda work: work.people.save_application(self.OPEN))
        second = replace(self.OPEN, id="A2")
        with pytest.raises(Refused):
            await desk.write(lambda work: work.people.save_application(second))
