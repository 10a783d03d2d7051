"""One message for each chat that it concerns, once per key."""

from datetime import timedelta

from billing.notices import Notice, NoticeKind
from billing.services import telling
from billing.services.messages import Urgency
from tests.billing.services.people import GROUP


class TestAPartner:
    async def test_is_told_member_by_member_and_not_again(self, world, acme):
        await acme.joined(21, "manager")
        await acme.joined(22, "viewer")

        async def tell(work, text):
            await telling.tell_partner(
                work, acme.partner_id, "hello", {"text": text}, key="hello:1",
                roles=telling.OPERATORS, urgency=Urgency.REPLY,
            )  # fmt: skip

        await world.write(lambda work: tell(work, "first"))
        await acme.joined(23, "owner")
        await world.write(lambda work: tell(work, "second"))
        await world.settle()
        told = {sent.chat_id: sent.facts["text"] for sent in world.sent if sent.kind == "hello"}
        assert told == {11: "first", 21: "first", 23: "second"}


class TestStaff:
    async def test_see_one_card_in_every_group_edited_in_place(self, world):
        await world.write(lambda work: work.people.bind_group(-200, by=None, at=work.now))
        for state in ("open", "done"):
            await world.write(
                lambda work: telling.tell_staff(work, "approval", {"state": state}, key="x:1")  # noqa: B023
            )
            await world.settle()
        said = [(s.chat_id, s.facts["state"], s.edit) for s in world.sent if s.kind == "approval"]
        assert sorted(said) == [
            (-200, "done", True), (-200, "open", False),
            (GROUP, "done", True), (GROUP, "open", False),
        ]  # fmt: skip


class TestANotice:
    async def test_that_is_stale_is_not_planned(self, world, acme):
        now = world.clock.at
        stale = Notice(NoticeKind.TRIAL_3H, "K7Q2M", now, now)
        fresh = Notice(NoticeKind.TRIAL_24H, "K7Q2M", now, now + timedelta(hours=1))
        for notice in (stale, fresh):
            await world.write(lambda w: telling.plan_notice(w, acme.partner_id, notice))  # noqa: B023
        assert [key for _, key in await world.due("notice%")] == ["notice:trial_24h:K7Q2M"]
        dropped = [(NoticeKind.TRIAL_24H, "K7Q2M")]
        await world.write(lambda w: telling.drop_notices(w, dropped))
        assert await world.due("notice%") == []

    async def test_of_what_has_just_happened_waits_for_the_morning(self, world, acme):
        await world.until("2026-01-28 23:00")
        await world.write(
            lambda work: telling.announce(
                work, acme.partner_id, "America/Sao_Paulo", NoticeKind.STOPPED, "x"
            )
        )
        assert await world.due("notice%") == [("2026-01-29 08:00", "notice:stopped:x")]
