"""Buying days through the door: the quote, the request with its clock, the invoice."""

import pytest

from billing.money import Money
from tests.bot.chat.days_talk import balance, give, tick
from tests.bot.chat.talk import FINANCE, MANAGER, OWNER, PAYER, STAFF_GROUP, SUPPORT


def of(said, kind, chat=None):
    """Return the one message of that kind among those said."""
    found = [one for one in said if one.kind == kind and chat in {None, one.chat_id}]
    assert len(found) == 1, [one.kind for one in said]
    return found[0]


async def asked(talk, words="75 channels"):
    """Ask for days; return the card of who asked and that of the staff."""
    quote = await talk.tell(OWNER, f"/buy {words}")
    said = await talk.press(OWNER, quote, "confirm")
    return of(said, "day_asked"), of(said, "day_request")


class TestQuote:
    @pytest.mark.parametrize(
        ("words", "days", "channels", "minor"),
        [
            ("/buy 75 channels", 2250, 75, 225_000),
            ("/comprar 75 canais", 2250, 75, 225_000),
            ("/buy 2250 days", 2250, None, 225_000),
            ("/comprar 7 dias", 7, None, 700),
            ("buy 1 channel", 30, 1, 3000),
        ],
    )
    async def test_says_days_and_price(self, in_days, words, days, channels, minor):
        said = await in_days.tell(OWNER, words)
        assert (said.kind, said.facts["days"], said.facts["channels"], said.facts["total"]) == (
            "day_quote", days, channels, Money(minor, "USD"),
        )  # fmt: skip
        assert said.labels == ["confirm", "back"]

    @pytest.mark.parametrize(
        ("words", "code", "why"),
        [
            ("0 days", "day_count_refused", "not_positive"),
            ("-5 channels", "day_count_refused", "not_positive"),
            ("7,5 days", "day_count_refused", "fractional"),
            ("99999999 channels", "day_count_refused", "too_many"),
            ("٣٠ days", "days_unclear", "digits"),
            ("2.250 days", "days_unclear", "ambiguous"),
            ("many days", "days_unclear", "form"),
        ],
    )
    async def test_of_what_is_no_number_shows_the_balance_and_the_form(
        self, in_days, words, code, why
    ):
        await give(in_days, 12)
        said = await in_days.tell(OWNER, f"/buy {words}")
        assert (said.facts["code"], said.facts["facts"]["why"]) == (code, why)
        assert (said.facts["facts"]["balance"], said.facts["facts"]["possible"]) == (12, 12)
        assert "12 days" in said.text
        assert "Possible now" not in said.text
        assert "/buy 75 channels" in said.text

    async def test_of_a_mere_number_asks_back(self, in_days):
        said = await in_days.tell(OWNER, "/buy 75")
        assert (said.kind, said.facts["known"]) == ("ask", 75)
        quote = await in_days.tell(OWNER, "channels")
        assert quote.facts["channels"] == 75
        (quote,) = await in_days.press(OWNER, said, "so_many_days")
        assert (quote.facts["days"], quote.facts["channels"]) == (75, None)

    async def test_is_asked_for_and_answered_again_after_a_slip(self, in_days):
        assert (await in_days.tell(OWNER, "/buy")).facts["what"] == "buy"
        assert (await in_days.tell(OWNER, "0 days")).facts["code"] == "day_count_refused"
        assert (await in_days.tell(OWNER, "3 channels")).kind == "day_quote"

    async def test_is_not_for_managers(self, in_days):
        assert (await in_days.tell(MANAGER, "/buy 75 channels")).facts["code"] == "no_right"

    async def test_is_refused_where_instances_are_billed_by_the_month(self, talk):
        for words in ("/buy", "/buy 75 channels", "/days", "/extend all 30", "/auto all on"):
            assert (await talk.tell(OWNER, words)).facts["code"] == "no_days"

    async def test_is_shown_anew_when_the_price_has_changed(self, in_days):
        quote = await in_days.tell(OWNER, "/buy 75 channels")
        in_days.later(days=40)
        await in_days.say(FINANCE, "/price Loja Norte 20.00 from 2026-04-01", STAFF_GROUP)
        (anew,) = await in_days.press(OWNER, quote, "confirm")
        assert (anew.facts["changed"], anew.facts["total"]) == (True, Money(150_000, "USD"))
        assert await in_days.sql("SELECT * FROM day_requests") == []

    async def test_is_shown_anew_when_the_balance_has_changed(self, in_days):
        quote = await in_days.tell(OWNER, "/buy 75 channels")
        await give(in_days, 12)
        (anew,) = await in_days.press(OWNER, quote, "confirm")
        assert (anew.facts["changed"], anew.facts["balance"]) == (True, 12)

    async def test_is_shown_anew_when_the_promise_is_over(self, in_days):
        quote = await in_days.tell(OWNER, "/buy 75 channels")
        in_days.later(minutes=31)
        (anew,) = await in_days.press(OWNER, quote, "confirm")
        assert anew.facts["changed"]
        assert await in_days.sql("SELECT * FROM day_requests") == []
        in_days.later(minutes=29)
        assert of(await in_days.press(OWNER, anew, "confirm"), "day_asked")

    async def test_is_shown_anew_when_the_same_was_asked_for_since(self, in_days):
        stale = await in_days.tell(OWNER, "/buy 75 channels")
        in_days.later(minutes=1)
        _, theirs = await asked(in_days)
        await in_days.press(FINANCE, theirs, "prepare_invoice")
        (anew,) = await in_days.press(OWNER, stale, "confirm")
        assert anew.facts["changed"]
        assert len(await in_days.sql("SELECT * FROM day_requests")) == 1


class TestRequest:
    async def test_is_one_card_from_the_wish_to_the_days(self, in_days):
        mine, theirs = await asked(in_days)
        assert "received 13:00" in mine.text
        assert "13:30" in mine.text
        assert theirs.labels == ["claim", "prepare_invoice", "partner"]

        said = await in_days.press(SUPPORT, theirs, "claim")
        assert of(said, "day_asked").key == mine.key
        assert "Sue" in of(said, "day_asked").text
        said = await in_days.press(SUPPORT, of(said, "day_request"), "hand_over")
        said = await in_days.press(FINANCE, of(said, "day_request"), "prepare_invoice")
        number = of(said, "day_asked").facts["number"]
        assert of(said, "day_request").facts["claimed_by"] == "Fin"
        assert of(said, "day_asked").labels == ["pay", "invoice"]
        assert of(said, "day_invoice", PAYER).facts["owed"] == Money(225_000, "USD")
        assert await balance(in_days) == 0

        said = await in_days.say(FINANCE, f"/paid {number} 2250.00 W-1", STAFF_GROUP)
        assert of(said, "day_asked").facts["state"] == "credited"
        assert of(said, "day_request").facts["state"] == "credited"
        assert await balance(in_days) == 2250

    async def test_is_withdrawn_from_its_card_or_from_the_days(self, in_days):
        mine, _ = await asked(in_days)
        said = await in_days.press(OWNER, mine, "withdraw")
        assert {one.kind for one in said} == {"day_asked", "day_request"}
        assert of(said, "day_asked").facts["state"] == "withdrawn"
        assert of(said, "day_request").labels == ["partner"]

        await asked(in_days, "30 days")
        card = await in_days.tell(OWNER, "/days")
        said = await in_days.press(OWNER, card, "withdraw")
        assert of(said, "days").facts["requests"] == []

    async def test_is_told_apart_from_another_on_the_buttons(self, in_days):
        await asked(in_days, "30 days")
        in_days.later(minutes=3)
        await asked(in_days, "7 days")
        card = await in_days.tell(OWNER, "/days")
        assert card.labels.count("withdraw_one") == 2
        queue = await in_days.tell(SUPPORT, "/queue", STAFF_GROUP)
        assert queue.labels.count("day_request") == 2

    async def test_is_not_made_twice(self, in_days):
        await asked(in_days)
        quote = await in_days.tell(OWNER, "/buy 75 channels")
        await in_days.press(OWNER, quote, "confirm")
        assert len(await in_days.sql("SELECT * FROM day_requests")) == 1

    async def test_is_confirmed_once(self, in_days):
        quote = await in_days.tell(OWNER, "/buy 75 channels")
        confirm = quote.intent("confirm")
        await in_days.press_id(OWNER, confirm, OWNER)
        await in_days.press_id(OWNER, confirm, OWNER)
        assert in_days.bot.toasts[-1]
        assert len(await in_days.sql("SELECT * FROM day_requests")) == 1

    async def test_is_prepared_by_whoever_may_book(self, in_days):
        _, theirs = await asked(in_days)
        await in_days.press(SUPPORT, theirs, "prepare_invoice")
        assert await in_days.sql("SELECT * FROM invoices") == []
        said = await in_days.press(SUPPORT, theirs, "claim")
        # Who prepares it has taken it over.
        said = await in_days.press(FINANCE, of(said, "day_request"), "prepare_invoice")
        assert of(said, "day_request").facts["claimed_by"] == "Fin"

    async def test_is_escalated_with_ten_minutes_left_and_when_they_are_over(self, in_days):
        _, theirs = await asked(in_days)
        in_days.later(minutes=19)
        assert await tick(in_days) == []
        in_days.later(minutes=1)
        soon = of(await tick(in_days), "staff_day_request_soon")
        in_days.later(minutes=10)
        over = of(await tick(in_days), "staff_day_request_over")
        assert {soon.chat_id, over.chat_id} == {STAFF_GROUP}
        said = await in_days.press(FINANCE, over, "prepare_invoice")
        assert {"day_request", "staff_day_request_over"} <= {one.kind for one in said}
        assert theirs.key in {one.key for one in said}

    async def test_stands_in_the_queue_with_its_clock(self, in_days):
        await asked(in_days)
        in_days.later(minutes=12)
        queue = await in_days.tell(SUPPORT, "/queue", STAFF_GROUP)
        assert [kind["count"] for kind in queue.facts["kinds"]] == [1]
        assert "18 minutes left" in queue.text
        said = await in_days.press(SUPPORT, queue, "day_request")
        shown = of(said, "day_request")
        said = await in_days.press(SUPPORT, shown, "claim")
        assert {one.kind for one in said} == {"day_request", "day_asked"}
        said = await in_days.press(
            FINANCE, next(one for one in said if one.key == shown.key), "prepare_invoice"
        )
        assert "day_invoice" in {one.kind for one in said}


class TestDayInvoice:
    async def test_is_unpaid_on_the_card_that_staff_see_of_the_partner(self, in_days):
        _, theirs = await asked(in_days)
        await in_days.press(FINANCE, theirs, "prepare_invoice")
        (row,) = await in_days.sql("SELECT number FROM invoices")
        card = await in_days.tell(FINANCE, "/partner Loja Norte", STAFF_GROUP)
        assert [one["number"] for one in card.facts["unpaid"]] == [row["number"]]
        assert {"mark_paid", "void"} <= set(card.labels)
        assert "Nothing unpaid" not in card.text

    async def test_shows_days_and_channels_and_cannot_be_held(self, in_days):
        _, theirs = await asked(in_days)
        await in_days.press(FINANCE, theirs, "prepare_invoice")
        (row,) = await in_days.sql("SELECT number FROM invoices")
        for words in ("/invoices", f"/invoice {row['number']}", "/pay"):
            said = await in_days.tell(OWNER, words)
            assert row["number"] in said.text
        shown = await in_days.tell(OWNER, "/invoice")
        assert "75 channels, 2,250 days" in shown.text
        assert "lapses" in (await in_days.tell(OWNER, "/pay")).text
        card = await in_days.tell(FINANCE, "/partner Loja Norte", STAFF_GROUP)
        assert card.facts["days"]["balance"] == 0

    async def test_is_reminded_of_and_lapses(self, in_days):
        _, theirs = await asked(in_days)
        await in_days.press(FINANCE, theirs, "prepare_invoice")
        in_days.later(days=3)
        reminder = of(await tick(in_days), "notice_day_invoice_unpaid", OWNER)
        said = await in_days.press(OWNER, reminder, "pay")
        assert of(said, "pay").facts["days"] == 2250
        in_days.later(days=12)
        said = await tick(in_days)
        assert of(said, "day_asked").facts["state"] == "void"


class TestStandingOrder:
    async def test_is_switched_by_words_and_by_its_button(self, in_days):
        asked_once = await in_days.tell(OWNER, "/buy monthly on")
        assert (asked_once.kind, asked_once.facts["total"]) == ("standing_quote", None)
        assert (await in_days.tell(OWNER, "/days")).facts["standing"] is False
        (card,) = await in_days.press(OWNER, asked_once, "confirm")
        assert (card.kind, card.facts["standing"]) == ("days", True)
        (card,) = await in_days.press(OWNER, card, "standing_off")
        assert card.facts["standing"] is False
        assert (await in_days.tell(OWNER, "/comprar mensal")).facts["standing"] is False
        said = await in_days.tell(OWNER, "/buy monthly off")
        assert said.facts["code"] == "already_done"

    async def test_says_before_what_it_costs_for_what_runs_now_and_when(self, in_days):
        await give(in_days, 60)
        await in_days.create("loja-1", "loja-2")
        for name in ("loja-1", "loja-2"):
            await in_days.tell(OWNER, f"/extend {name} 30")
        await in_days.carry_out()
        card = await in_days.tell(OWNER, "/days")
        (quote,) = await in_days.press(OWNER, card, "standing_on")
        assert (quote.facts["channels"], quote.facts["total"]) == (2, Money(6000, "USD"))
        assert "1 Apr" in quote.text

    async def test_is_neither_on_nor_off_by_other_words(self, in_days):
        said = await in_days.tell(OWNER, "/buy monthly maybe")
        assert (said.facts["code"], said.facts["facts"]["why"]) == ("days_unclear", "switch")
        assert "/buy monthly on" in said.text
        assert (await in_days.tell(OWNER, "/days")).facts["standing"] is False


async def test_a_quote_that_was_left_by_cancel_can_not_be_confirmed(in_days):
    quote = await in_days.tell(OWNER, "/buy 75 channels")
    confirm = quote.intent("confirm")
    await in_days.say(OWNER, "/cancel")
    await in_days.press_id(OWNER, confirm, OWNER)
    assert await in_days.sql("SELECT * FROM day_requests") == []
