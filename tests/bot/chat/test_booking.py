"""Invoices and payments through the door."""

import pytest

from billing.calendar import Month
from billing.money import Money
from bot.sandbox.html import parse
from tests.bot.chat.talk import (
    ADMIN,
    BOT,
    FINANCE,
    OTHER_OWNER,
    OWNER,
    PAYER,
    STAFF_GROUP,
    replying,
)
from tests.bot.chat.test_talking import arrived, replies


async def owed(talk) -> Money:
    shown = await talk.tell(OWNER, "/invoice")
    return shown.facts["owed"]


def written(amount: Money) -> str:
    return f"{amount.minor // 100},{amount.minor % 100:02}"


class TestPartner:
    async def test_sees_its_invoices_and_how_to_pay(self, talk, number):
        listed = await talk.tell(PAYER, "/faturas")
        assert listed.labels[0] == number
        [shown] = await talk.press(PAYER, listed, number)
        [pay] = await talk.press(PAYER, shown, "pay")
        assert (pay.facts["number"], pay.facts["pix"]) == (number, "pix@desk")
        assert (await talk.tell(PAYER, "/pay")).kind == "pay"
        assert (await talk.tell(PAYER, f"/pay {number.lower()}")).kind == "pay"
        assert (await talk.tell(PAYER, "/preview")).kind == "preview"

    async def test_finds_no_invoice_of_another(self, talk, number):
        theirs = await talk.tell(OTHER_OWNER, f"/invoice {number}")
        none = await talk.tell(OTHER_OWNER, "/invoice INT-2026-99999")
        assert theirs.facts["code"] == none.facts["code"] == "not_found"
        assert (await talk.tell(OTHER_OWNER, "/pay")).kind == "unpaid"

    async def test_names_unpaid_instances_by_the_filter(self, talk, number):
        listed = await talk.tell(OWNER, "/list unpaid")
        assert [item["name"] for item in listed.facts["items"]] == ["loja-1"]
        assert (await talk.tell(OWNER, "/cancel unpaid")).kind == "confirm"


class TestStaff:
    async def test_books_by_words(self, talk, number):
        amount = await owed(talk)
        said = await talk.tell(FINANCE, f"/paid {number} {written(amount)} E2E 1", STAFF_GROUP)
        assert (said.kind, said.facts["amount"], said.facts["reference"]) == (
            "booked", amount, "E2E 1",
        )  # fmt: skip
        again = await talk.tell(FINANCE, f"/paid {number} {written(amount)} E2E 1", STAFF_GROUP)
        assert again.facts["code"] == "already_done"
        assert len(await talk.sql("SELECT id FROM payments")) == 1
        [shown] = await talk.press(FINANCE, said, number)
        assert (shown.kind, shown.facts["staff"]) == ("invoice", True)

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("US$ 50,00 E2E1", "amount_refused"),
            ("-50,00 E2E1", "amount_unclear"),
            ("0 E2E1", "amount_refused"),
            ("1.234 E2E1", "amount_unclear"),
            ("٥٠ E2E1", "amount_unclear"),
            ("50,00 E2E1 2027-01-01", "date_refused"),
            ("50,00 E2E1 09/04/2026", "date_unclear"),  # English: either April or September
        ],
    )
    async def test_is_refused_what_cannot_be_booked(self, talk, number, words, code):
        said = await talk.tell(FINANCE, f"/paid {number} {words}", STAFF_GROUP)
        assert said.facts["code"] == code
        assert await talk.sql("SELECT id FROM payments") == []

    async def test_books_and_holds_by_button_and_reply(self, talk, number):
        partner = await talk.tell(FINANCE, "/partner Loja Norte", STAFF_GROUP)
        [question] = await talk.press(FINANCE, partner, "hold")
        assert (question.facts["what"], question.key != partner.key) == ("hold", True)
        reply = replying(BOT["id"])
        refused = await talk.tell(FINANCE, "soon please", STAFF_GROUP, **reply)
        assert refused.facts["code"] == "date_unclear"
        held = await talk.say(FINANCE, "2026-04-20 bank strike", STAFF_GROUP, **reply)
        assert {said.kind for said in held} >= {"said", "held"}
        await talk.press(FINANCE, partner, "mark_paid")
        amount = await owed(talk)
        said = await talk.say(FINANCE, f"{written(amount)} E2E1", STAFF_GROUP, **reply)
        assert "booked" in {one.kind for one in said}

    async def test_miss_the_question_and_answer_either_message(self, talk, number):
        partner = await talk.tell(FINANCE, "/partner Loja Norte", STAFF_GROUP)
        [question] = await talk.press(FINANCE, partner, "mark_paid")
        await arrived(talk, question.key, 90)
        again = await talk.tell(FINANCE, "abc", STAFF_GROUP, **replies(STAFF_GROUP, 90))
        assert "no amount in “abc”" in again.text
        assert "59.90 E2E-12345" in again.text
        await arrived(talk, again.key, 91)
        amount = written(await owed(talk))
        said = await talk.say(FINANCE, f"{amount} E2E1", STAFF_GROUP, **replies(STAFF_GROUP, 90))
        assert "booked" in {one.kind for one in said}

    async def test_card_hides_money_from_support(self, talk, number):
        by_admin = await talk.tell(ADMIN, "/partner P1AAA", STAFF_GROUP)
        by_support = await talk.tell(13, "/partner P1AAA", STAFF_GROUP)
        assert "mark_paid" in by_admin.labels
        assert "mark_paid" not in by_support.labels

    async def test_sees_report_and_dry_run(self, talk, number):
        report = await talk.tell(FINANCE, "/report", STAFF_GROUP)
        assert (report.facts["month"], report.facts["invoices"]) == (Month(2026, 4), 1)
        [before] = await talk.press(FINANCE, report, "month")
        assert before.key == report.key
        dry = await talk.tell(FINANCE, "/dryrun 2026-04", STAFF_GROUP)
        assert dry.facts["rows"][0]["partner"] == "Loja Norte"
        audit = await talk.tell(ADMIN, f"/audit {number}", STAFF_GROUP)
        assert audit.facts["rows"][0]["action"] == "invoice"


async def test_deletion_task_is_done_from_the_queue(talk):
    await talk.create("loja-1")
    await talk.sql("UPDATE partners SET programme = 'integrator-classic'")
    await talk.sql("UPDATE instances SET state = 'stopped', stopped_at = created_at")
    talk.later(hours=50)
    queue = await talk.tell(ADMIN, "/queue", STAFF_GROUP)
    said = await talk.press(ADMIN, queue, "loja-1")
    copy = next(one for one in said if one.key == queue.key)
    done = await talk.press(ADMIN, copy, "done")
    assert "said" in {one.kind for one in done}
    assert await talk.states() == {"loja-1": "deleted"}


class TestTooMuch:
    async def book(self, talk, number, amount, reference):
        said = await talk.say(FINANCE, f"/paid {number} {amount} {reference}", STAFF_GROUP)
        staff = next(one for one in said if one.kind == "booked")
        partner = next(
            one for one in said if (one.kind, one.chat_id) == ("payment_received", OWNER)
        )
        return staff, partner

    async def test_is_told_to_both_as_the_other_invoices_it_went_to(self, talk, number):
        talk.later(days=30)
        other = await talk.close(2026, 4)
        amount = await owed(talk)
        staff, partner = await self.book(talk, number, written(amount + amount), "E2E1")
        assert f"went to invoice {other}" in visible(staff)
        assert f"went to invoice {other}" in visible(partner)
        assert "credit" not in visible(staff)

    async def test_of_a_paid_invoice_is_told_to_both_as_credit(self, talk, number):
        amount = written(await owed(talk))
        _, partner = await self.book(talk, number, amount, "E2E1")
        assert "Thank you" in visible(partner)
        asked = await talk.tell(FINANCE, f"/paid {number} {amount} E2E2", STAFF_GROUP)
        assert (asked.kind, "is paid already" in visible(asked)) == ("paid_again", True)
        assert len(await talk.sql("SELECT * FROM payments")) == 1
        said = await talk.press(FINANCE, asked, "confirm")
        staff, partner = (
            next(one for one in said if one.kind == kind) for kind in ("booked", "payment_received")
        )
        assert "was paid already" in visible(staff)
        assert "kept as credit" in visible(staff)
        assert "was paid already" in visible(partner)
        assert "credit" in visible(partner)

    async def test_for_another_alone_says_what_is_left_of_that(self, talk, number):
        talk.later(days=30)
        other = await talk.close(2026, 4)
        amount = await owed(talk)
        staff, _ = await self.book(talk, number, f"{amount.minor // 100 + 1},00", "E2E1")
        left = next(one for one in staff.facts["also"] if one["number"] == other)["owed"]
        assert left
        assert f"{left.minor / 100:.2f}" in visible(staff)


def visible(said) -> str:
    return parse(said.text).text
