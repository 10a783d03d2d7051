"""Money put right through the door: /unpaid, /credit, /refund, and the second person."""

import pytest

from billing.invoices import InvoiceState
from billing.money import Money
from billing.services import finding
from bot.sandbox.html import parse
from tests.bot.chat.talk import ADMIN, BOT, FINANCE, STAFF_GROUP, SUPPORT, replying


def visible(said) -> str:
    return parse(said.text).text


async def standing(talk, number):
    return await talk.store.read(lambda work: finding.the_invoice(work, number))


async def told(talk, who, text, kind):
    """Say something in the staff group; return the answer of that kind."""
    said = await talk.say(who, text, STAFF_GROUP)
    return next(one for one in said if one.kind == kind)


async def pressed(talk, who, card, label, kind):
    said = await talk.press(who, card, label)
    return next(one for one in said if one.kind == kind)


async def unpay(talk, number, reason="bounced"):
    card = await told(talk, FINANCE, f"/unpaid {number} {reason}", "reversal")
    return await talk.press(FINANCE, card, "confirm")


async def pay(talk, number, reference="E2E1", amount="59,90"):
    said = await talk.say(FINANCE, f"/paid {number} {amount} {reference}", STAFF_GROUP)
    asked = next((one for one in said if one.kind == "paid_again"), None)
    if asked is not None:
        return await pressed(talk, FINANCE, asked, "confirm", "booked")
    return next(one for one in said if one.kind == "booked")


class TestUnpaid:
    async def test_takes_the_payment_back_and_tells_both(self, talk, number):
        await pay(talk, number)
        card = await told(talk, FINANCE, f"/unpaid {number} bounced", "reversal")
        assert "due again" in visible(card)
        assert (await standing(talk, number)).state is InvoiceState.PAID
        said = await talk.press(FINANCE, card, "confirm")
        staff = next(one for one in said if one.kind == "reversed")
        partner = next(one for one in said if one.kind == "payment_reversed")
        assert "due again" in visible(staff)
        assert "bounced" in visible(partner)
        assert (await standing(talk, number)).owed == Money(5990, "BRL")
        again = await talk.tell(FINANCE, f"/unpaid {number} bounced", STAFF_GROUP)
        assert again.facts["code"] == "nothing_to_reverse"

    async def test_leaves_the_reference_taken(self, talk, number):
        await pay(talk, number)
        await unpay(talk, number)
        refused = await talk.tell(FINANCE, f"/paid {number} 59,90 E2E1", STAFF_GROUP)
        assert refused.facts["code"] == "reference_taken"
        assert "taken back" in visible(refused)

    async def test_shows_a_shortfall_of_days_first_and_asks(self, talk, number):
        await talk.sql("UPDATE invoices SET kind = 'days', days = 30")
        await talk.sql("DELETE FROM invoice_lines")
        await pay(talk, number)
        await talk.sql("UPDATE balances SET amount = 18 WHERE account = 'balance:P1AAA'")
        card = await told(talk, FINANCE, f"/unpaid {number} bounced", "reversal")
        assert "12 of them are allocated" in visible(card)
        assert (await standing(talk, number)).state is InvoiceState.PAID
        await talk.sql("UPDATE balances SET amount = 10 WHERE account = 'balance:P1AAA'")
        anew = await pressed(talk, FINANCE, card, "confirm", "reversal")
        assert "20 of them are allocated" in visible(anew)
        assert (await standing(talk, number)).state is InvoiceState.PAID
        done = await pressed(talk, FINANCE, anew, "confirm", "reversed")
        assert (done.facts["days"], done.facts["shortfall"]) == (30, 20)
        assert (await standing(talk, number)).state is InvoiceState.DUE

    async def test_takes_aim_at_the_payment_that_was_shown_and_at_no_other(self, talk, number):
        await pay(talk, number)
        stale = await told(talk, FINANCE, f"/unpaid {number} bounced", "reversal")
        talk.later(minutes=1)
        await pay(talk, number, "E2E2", "10")
        refused = await pressed(talk, FINANCE, stale, "confirm", "refusal")
        assert refused.facts["code"] == "not_the_newest"
        assert "E2E2" in visible(refused)
        await unpay(talk, number)
        stale = await told(talk, FINANCE, f"/unpaid {number} bounced", "reversal")
        await unpay(talk, number)
        await pay(talk, number, "E2E4")
        refused = await pressed(talk, FINANCE, stale, "confirm", "refusal")
        assert refused.facts["code"] == "payment_gone"
        assert "E2E1, is taken back already" in visible(refused)
        assert (await standing(talk, number)).state is InvoiceState.PAID

    async def test_says_when_it_is_due_and_which_day_is_the_last(self, talk, number):
        await talk.sql("UPDATE invoices SET due_on = '2026-04-05', last_on = '2026-04-10'")
        await pay(talk, number)
        card = await told(talk, FINANCE, f"/unpaid {number} bounced", "reversal")
        assert "due Sun 5 Apr; last day Fri 10 Apr" in visible(card)

    async def test_says_what_of_it_is_gone_before_it_is_done(self, talk, number):
        await pay(talk, number, amount="159,90")
        await told(talk, FINANCE, "/refund Loja Norte 100,00 TED1", "paid_back")
        card = await told(talk, FINANCE, f"/unpaid {number} bounced", "reversal")
        assert "100.00 of the credit that it made was used or refunded" in visible(card)

    async def test_of_much_waits_for_a_second_person_who_sees_what_follows(self, talk, number):
        await talk.say(FINANCE, f"/paid {number} 6000,00 E2E6", STAFF_GROUP)
        booking = next(one for one in await talk.messages() if one.kind == "approval")
        await talk.press(ADMIN, booking, "confirm")
        said = await unpay(talk, number)
        card = next(one for one in said if one.kind == "approval")
        assert "due again" in visible(card)
        assert "5,940.10" in visible(card)
        assert (await standing(talk, number)).state is InvoiceState.PAID
        refused = await pressed(talk, FINANCE, card, "confirm", "refusal")
        assert refused.facts["code"] == "second_person_needed"
        done = await pressed(talk, ADMIN, card, "confirm", "reversed")
        assert done.facts["reference"] == "E2E6"
        assert (await standing(talk, number)).state is InvoiceState.DUE

    async def test_is_offered_on_the_invoice(self, talk, number):
        booked = await pay(talk, number)
        shown = await pressed(talk, FINANCE, booked, number, "invoice")
        asked = await pressed(talk, FINANCE, shown, "unpaid_payment", "ask")
        assert asked.facts["number"] == number


class TestCredit:
    @pytest.mark.parametrize("words", ["59,90 sorry", "R$ 59,90 sorry", "BRL 59.90 sorry"])
    async def test_pays_what_is_owed(self, talk, number, words):
        given = await told(talk, FINANCE, f"/credit Loja Norte {words}", "given")
        assert given.facts["settled"][0]["number"] == number
        assert (await standing(talk, number)).state is InvoiceState.PAID

    async def test_of_days_needs_terms_that_know_days(self, talk, number):
        refused = await talk.tell(FINANCE, "/credit Loja Norte 30 days sorry", STAFF_GROUP)
        assert refused.facts["code"] == "days_refused"

    @pytest.mark.parametrize("days", ["0", "-3", "1.5", "1,5", "٣", "99999999"])
    async def test_of_days_is_whole_and_more_than_nothing(self, talk, number, days):
        await talk.sql("UPDATE partners SET programme = 'days', currency = 'USD', zone = 'UTC'")
        refused = await talk.tell(FINANCE, f"/credit Loja Norte {days} dias x", STAFF_GROUP)
        assert refused.facts["code"] == "days_refused"
        given = await told(talk, FINANCE, "/credit Loja Norte 30 dias desculpe", "given")
        assert given.facts["days"] == 30

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("0 sorry", "amount_refused"),
            ("US$ 5 sorry", "amount_refused"),
            ("-5 sorry", "amount_unclear"),
            ("1.234 sorry", "amount_unclear"),
        ],
    )
    async def test_is_refused_what_is_no_amount(self, talk, number, words, code):
        refused = await talk.tell(FINANCE, f"/credit Loja Norte {words}", STAFF_GROUP)
        assert refused.facts["code"] == code

    async def test_asks_for_the_reason(self, talk, number):
        asked = await talk.tell(FINANCE, "/credit Loja Norte 59,90", STAFF_GROUP)
        assert asked.kind == "ask"
        said = await talk.say(FINANCE, "sorry", STAFF_GROUP, **replying(BOT["id"]))
        assert "given" in {one.kind for one in said}


class TestRefund:
    async def test_goes_up_to_the_credit_and_a_reference_counts_once(self, talk, number):
        none = await talk.tell(FINANCE, "/refund Loja Norte 10 TED1", STAFF_GROUP)
        assert none.facts["code"] == "credit_too_small"
        await told(talk, FINANCE, "/credit Loja Norte 100,00 sorry", "given")
        done = await told(talk, FINANCE, "/refund Loja Norte 10,00 TED1", "paid_back")
        assert done.facts["credit"] == Money(3010, "BRL")
        again = await talk.tell(FINANCE, "/refund Loja Norte 10,00 TED1", STAFF_GROUP)
        assert again.facts["code"] == "already_done"
        other = await talk.tell(FINANCE, "/refund Loja Norte 11,00 TED1", STAFF_GROUP)
        assert other.facts["code"] == "reference_taken"


class TestASecondPerson:
    async def ask(self, talk, text="/credit Loja Norte 5000,01 sorry"):
        said = await talk.say(FINANCE, text, STAFF_GROUP)
        assert {"said", "approval"} == {one.kind for one in said}
        return next(one for one in said if one.kind == "approval")

    async def test_confirms_and_the_card_says_who_did_what(self, talk, number):
        card = await self.ask(talk)
        assert "Fin" in visible(card)
        said = await talk.press(ADMIN, card, "confirm")
        assert {"given", "credit_given", "approval"} <= {one.kind for one in said}
        after = next(one for one in said if one.kind == "approval")
        assert "Ada" in visible(after)
        assert after.buttons == []

    async def test_is_not_the_first(self, talk, number):
        card = await self.ask(talk)
        refused = await pressed(talk, FINANCE, card, "confirm", "refusal")
        assert refused.facts["code"] == "second_person_needed"
        assert "Fin" in visible(refused)
        assert (await standing(talk, number)).owed

    async def test_is_not_one_without_the_right(self, talk, number):
        card = await self.ask(talk)
        await talk.press(SUPPORT, card, "confirm")
        assert (await standing(talk, number)).owed
        assert await talk.denied() == 1

    async def test_finds_it_in_the_queue(self, talk, number):
        card = await self.ask(talk, f"/paid {number} 6000,00 E2E9")
        queue = await talk.tell(ADMIN, "/queue", STAFF_GROUP)
        assert "E2E9" in visible(queue)
        said = await talk.press(ADMIN, queue, "Loja Norte")
        copy = next(one for one in said if one.key == queue.key)
        booked = await pressed(talk, ADMIN, copy, "confirm", "booked")
        assert booked.facts["reference"] == "E2E9"
        assert card.facts["number"] == number

    async def test_is_shown_anew_what_changed_and_nothing_is_booked(self, talk, number):
        first = await self.ask(talk, f"/paid {number} 6000,00 z1")
        second = await self.ask(talk, f"/paid {number} 6000,00 z2")
        await pressed(talk, ADMIN, second, "confirm", "booked")
        anew = await pressed(talk, ADMIN, first, "confirm", "approval")
        assert f"It changed in the meantime: invoice {number} is paid" in visible(anew)
        assert [row["reference"] for row in await talk.sql("SELECT reference FROM payments")] == [
            "z2"
        ]
        queue = await talk.tell(ADMIN, "/queue", STAFF_GROUP)
        assert "It changed in the meantime" in visible(queue)
        booked = await pressed(talk, ADMIN, anew, "confirm", "booked")
        assert booked.facts["credit"] == Money(600_000, "BRL")

    async def test_is_told_what_can_no_longer_be_taken_back(self, talk, number):
        await pay(talk, number)
        await talk.sql("UPDATE payments SET amount_minor = 600000")
        card = await self.unpay_much(talk, number)
        await talk.sql("UPDATE payments SET reversed_at = 1, reversed_by = 1, reversal_reason='x'")
        anew = await pressed(talk, ADMIN, card, "confirm", "approval")
        assert "cannot be taken back any more" in visible(anew)
        refused = await pressed(talk, ADMIN, anew, "confirm", "refusal")
        assert "taken back already" in visible(refused)

    async def unpay_much(self, talk, number):
        said = await unpay(talk, number)
        return next(one for one in said if one.kind == "approval")

    async def test_may_decline(self, talk, number):
        card = await self.ask(talk)
        said = await talk.press(ADMIN, card, "decline")
        assert "approval_dropped" in {one.facts.get("what") for one in said}
        await talk.press(ADMIN, card, "confirm")
        assert (await standing(talk, number)).owed

    async def test_is_not_needed_below(self, talk, number):
        assert await told(talk, FINANCE, "/credit Loja Norte 5000,00 sorry", "given")
