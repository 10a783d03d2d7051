"""What is said unasked: once, together where it belongs together, and only while it matters."""

from billing.notices import NoticeKind
from billing.services import noticing, reaching
from billing.services.noticing import SAYS
from billing.services.partners import preferences
from billing.services.ports import Due
from tests.billing.services.people import GROUP, SOFIA

TRIAL = ("notice_trial",)


def names(world, chat_id, kind):
    return [
        [item["name"] for item in sent.facts["instances"]]
        for sent in world.sent
        if (sent.chat_id, sent.kind) == (chat_id, kind)
    ]


def test_every_kind_of_notice_can_be_said():
    assert set(SAYS) == set(NoticeKind)


class TestTrialsThatEndTogether:
    async def test_are_one_notice_a_day_before_if_they_end_within_six_hours(self, world, acme):
        for at, name in (("12:00", "a"), ("15:00", "b"), ("18:00", "c"), ("18:01", "d")):
            await world.until(f"2026-01-28 {at}")
            await acme.new(name)
        await world.until("2026-01-29 23:00")
        assert names(world, acme.chat_id, "notice_trial_24h") == [["a", "b", "c"], ["d"]]
        await world.until("2026-01-30 17:30")
        assert names(world, acme.chat_id, "notice_trial_3h") == [["a"], ["b"], ["c", "d"]]
        await world.until("2026-01-31 12:00")
        assert names(world, acme.chat_id, "notice_trial_ended") == [["a"], ["b"], ["c"], ["d"]]

    async def test_are_one_notice_three_hours_before_if_they_end_within_one(self, world, acme):
        for at, name in (("12:00", "a"), ("12:59", "b"), ("13:01", "c")):
            await world.until(f"2026-01-28 {at}")
            await acme.new(name)
        await world.until("2026-01-30 11:59")
        assert acme.heard("notice_trial_3h") == [
            ("2026-01-30 09:00", "notice_trial_3h"), ("2026-01-30 10:01", "notice_trial_3h"),
        ]  # fmt: skip
        assert names(world, acme.chat_id, "notice_trial_3h") == [["a", "b"], ["c"]]

    async def test_are_taken_by_their_ends_and_not_by_where_the_night_puts_the_notice(
        self, world, acme
    ):
        for at, name in (("20:00", "a"), ("23:00", "b")):
            await world.until(f"2026-01-28 {at}")
            await acme.new(name)
        await world.until("2026-01-30 12:00")
        # b ends three hours after a; alone it would have been told at 08:00.
        assert acme.heard("notice_trial_24h") == [("2026-01-29 20:00", "notice_trial_24h")]
        assert names(world, acme.chat_id, "notice_trial_24h") == [["a", "b"]]

    async def test_are_said_together_in_the_morning(self, world, acme):
        await world.until("2026-01-28 23:00")
        await acme.new("a")
        await world.until("2026-01-29 07:30")
        await acme.new("b")
        await world.until("2026-01-31 12:00")
        assert acme.heard("notice_trial_24h", "notice_trial_ended") == [
            ("2026-01-30 08:00", "notice_trial_24h"),
            ("2026-01-31 08:00", "notice_trial_ended"),
        ]
        assert names(world, acme.chat_id, "notice_trial_24h") == [["a", "b"]]
        assert names(world, acme.chat_id, "notice_trial_ended") == [["a", "b"]]

    async def test_are_listed_by_name(self, world, acme):
        await acme.new("Zebra", "ameixa", "Bola")
        await world.until("2026-01-29 12:00")
        expected = ["ameixa", "Bola", "Zebra"]
        assert names(world, acme.chat_id, "notice_trial_24h") == [expected]
        progress = world.last(acme.chat_id, "progress").facts["items"]
        assert [item["name"] for item in progress] == expected

    async def test_leave_out_what_was_subscribed_since(self, world, acme):
        a, *_ = await acme.new("a", "b", "c")
        await acme.subscribe(a)
        await world.until("2026-01-29 12:00")
        assert [set(said) for said in names(world, acme.chat_id, "notice_trial_24h")] == [
            {"b", "c"}
        ]
        assert await world.due(f"%trial%{a}%") == []

    async def test_leave_out_those_whose_next_notice_has_come(self, world, acme):
        await acme.new("early")
        await world.until("2026-01-28 20:00")
        await acme.new("late")
        world.down_until("2026-01-30 09:30")
        await world.settle()
        # early ends in less than three hours, and hears that and nothing staler.
        assert names(world, acme.chat_id, "notice_trial_24h") == [["late"]]
        assert names(world, acme.chat_id, "notice_trial_3h") == [["early"]]

    async def test_leave_out_those_too_that_stand_beside_them_in_the_morning(
        self, world, acme, monkeypatch
    ):
        ids = iter(["ZZZZ2", "AAAA2"])
        monkeypatch.setattr("bot.ids.RandomIds.short", lambda *_: next(ids))
        await world.until("2026-01-28 23:00")
        await acme.new("early")
        await world.until("2026-01-29 06:00")
        await acme.new("late")
        await world.until("2026-01-30 07:00")
        world.down_until("2026-01-30 20:30")
        await world.settle()
        assert names(world, acme.chat_id, "notice_trial_24h") == [["late"]]
        assert names(world, acme.chat_id, "notice_trial_3h") == [["early"]]

    async def test_are_of_one_partner(self, world, acme):
        other = await world.enrolled(12, "Bolt")
        await acme.new("a")
        await other.new("b")
        await world.until("2026-01-29 12:00")
        assert names(world, acme.chat_id, "notice_trial_24h") == [["a"]]
        assert names(world, other.chat_id, "notice_trial_24h") == [["b"]]

    async def test_do_not_count_one_that_is_in_another_state(self, world, acme):
        _, b = await acme.new("a", "b")
        await acme.subscribe(b)
        row = Due(f"notice:trial_24h:{b}", "notice:trial_24h", b, acme.partner_id, world.clock.at)
        await world.write(lambda work: work.due.plan(row))
        await world.settle()
        assert names(world, acme.chat_id, "notice_trial_24h") == []
        await world.write(
            lambda work: work.due.plan(
                Due("notice:x", "notice:trial_24h", b, acme.partner_id, row.at.replace(day=29))
            )
        )
        await world.until("2026-01-29 12:00")
        assert names(world, acme.chat_id, "notice_trial_24h") == [["a"]]


class TestANotice:
    async def test_that_is_stale_is_dropped(self, world, acme):
        await acme.running("loja-1")
        world.down_until("2026-02-04 12:00")
        await world.settle()
        assert acme.heard("notice") == [("2026-02-04 12:00", "notice_invoice_issued")]

    async def test_has_no_button_that_its_reader_may_not_press(self, world, acme):
        manager = await acme.joined(21, "manager")
        await acme.running("loja-1")
        await world.until("2026-02-16 12:00")
        actions = {}
        for reader in (acme.user_id, manager.user_id):
            key = world.last(reader, "notice_stopped").key
            [row] = await world.sql("SELECT buttons FROM messages WHERE key = :key", key=key)
            actions[reader] = {"pay", "invoice"} & set(row["buttons"].split('"'))
        assert actions[acme.user_id] == {"pay", "invoice"}
        assert actions[manager.user_id] == {"invoice"}

    async def test_goes_to_those_whom_it_concerns(self, world, acme):
        members = {
            role: await acme.joined(21 + n, role)
            for n, role in enumerate(("viewer", "manager", "finance"))
        }
        (loja, _) = await acme.new("loja-1", "loja-2")
        await acme.subscribe(loja)
        await world.until("2026-02-16 12:00")
        kinds = {
            role: {kind.removeprefix("notice_") for _, kind in member.heard("notice")}
            for role, member in members.items()
        }
        trial = {"trial_24h", "trial_3h", "trial_ended", "trial_deleted"}
        everybody = {"stopped", "deleted"}
        assert kinds["manager"] == trial | everybody
        assert kinds["viewer"] == everybody
        assert kinds["finance"] > everybody
        assert not kinds["finance"] & trial

    async def test_moves_with_the_zone_in_which_the_partner_lives(self, world, acme):
        await world.until("2026-01-28 23:00")
        await acme.new("loja-1")
        await acme.do(preferences.live_in, "Asia/Tokyo")
        await world.until("2026-01-31 12:00")
        assert acme.heard(*TRIAL) == [
            ("2026-01-29 23:00", "notice_trial_24h"),
            ("2026-01-30 20:00", "notice_trial_3h"),
            ("2026-01-30 23:00", "notice_trial_ended"),
        ]
        world.nobody_was_woken(acme.chat_id, "Asia/Tokyo")

    async def test_of_a_cancellation_moves_too_but_none_of_one_that_is_over(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.cancel(loja)
        await acme.pays_on_time("2026-01")
        await acme.do(preferences.live_in, "Asia/Tokyo")
        await world.until("2026-02-28 12:00")
        # 12:00 in São Paulo is midnight in Tokyo: the morning there, 20:00 here.
        assert acme.heard("notice_service") == [
            ("2026-02-24 20:00", "notice_service_ends_soon"),
            ("2026-02-27 20:00", "notice_service_ended"),
        ]

    async def test_of_a_stop_that_was_paid_in_the_night_is_not_said(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-11 01:00")
        await acme.pays("2026-01")
        await world.until("2026-02-11 12:00")
        assert acme.heard("notice_stopped") == []

    async def test_of_what_is_owed_no_more_is_not_said(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        invoice = await acme.invoice("2026-01")
        await acme.pays("2026-01")
        for kind in (
            NoticeKind.INVOICE_DUE, NoticeKind.INVOICE_OVERDUE, NoticeKind.INVOICE_ISSUED,
        ):  # fmt: skip
            row = Due(
                f"notice:{kind}:x", f"notice:{kind}", invoice.id, acme.partner_id, world.clock.at
            )
            await world.write(lambda work: work.due.plan(row))  # noqa: B023
        # The very first word of it has been said, and is not said twice.
        await world.settle()
        assert acme.heard("notice_invoice") == [("2026-02-01 09:00", "notice_invoice_issued")]
        assert world.heard(GROUP, "staff_overdue") == []

    async def test_of_an_invoice_that_is_void_is_not_said(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-01 08:00")
        await world.sql("UPDATE invoices SET state = 'void', settled_minor = 0")
        await world.sql("UPDATE invoice_lines SET void = 1")
        invoice = await world.sql("SELECT id FROM invoices")
        row = Due(
            "notice:x", "notice:invoice_due", invoice[0]["id"], acme.partner_id, world.clock.at
        )
        await world.store.write(lambda work: noticing.say(work, row))
        assert acme.heard("notice") == []
        await world.sql("UPDATE invoices SET state = 'due'")


class TestWhoeverCannotBeReached:
    async def test_is_known_to_staff_once_per_notice(self, world, acme):
        world.blocked.add(acme.chat_id)
        await acme.new("loja-1")
        await world.until("2026-01-30 12:00")
        told = [s.facts["notice"] for s in world.sent if s.kind == "staff_unreachable"]
        assert told == ["trial_24h", "trial_3h", "trial_ended"]
        assert len(world.heard(GROUP, "staff_unreachable")) == 3

    async def test_is_staffs_own_affair_where_it_is_no_member_or_no_notice(self, world, acme):
        for chat_id, key in ((SOFIA, "notice:x:1"), (acme.chat_id, "answer:1")):
            await world.write(lambda w: reaching.unreachable(w, chat_id, key, "blocked"))  # noqa: B023
        await world.settle()
        assert world.heard(GROUP, "staff_unreachable") == []

    async def test_is_named_as_far_as_it_is_known(self, world, acme):
        nameless = await acme.joined(99, "owner")
        await world.write(lambda w: reaching.unreachable(w, 99, "notice:x:y:99", "blocked"))
        await world.settle()
        assert world.last(GROUP, "staff_unreachable").facts["person"] == "99"
        assert nameless.heard() == []


class TestAStop:
    async def test_that_is_over_is_not_told_any_more(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        invoice = await acme.invoice("2026-01")
        row = Due("notice:x", "notice:stopped", invoice.id, acme.partner_id, world.clock.at)
        await world.store.write(lambda work: noticing.say(work, row))
        assert acme.heard("notice_stopped") == []
