"""What the home card offers and says, by how the partner stands."""

import pytest

from tests.bot.chat.days_talk import PARTNER, in_days
from tests.bot.chat.talk import ADMIN, FINANCE, MANAGER, OWNER, PAYER, STAFF_GROUP, VIEWER


async def stop(talk):
    await talk.sql("UPDATE partners SET stopped_at = created_at WHERE id = 'P1AAA'")


async def freeze(talk):
    await talk.sql("UPDATE partners SET frozen_at = created_at, frozen_reason = 'papers'")


class TestPay:
    async def test_leads_the_card_to_the_one_invoice_that_is_unpaid(self, talk, number):
        home = await talk.tell(PAYER, "/start")
        assert home.buttons[0][0]["label"] == "pay"
        [pay] = await talk.press(PAYER, home, "pay")
        assert (pay.kind, pay.facts["number"]) == ("pay", number)

    async def test_leads_to_the_list_of_several(self, talk, number):
        talk.later(days=30)
        await talk.close(2026, 4)
        [listed] = await talk.press(OWNER, await talk.tell(OWNER, "/start"), "pay")
        assert (listed.kind, len(listed.facts["invoices"])) == ("invoices", 2)

    async def test_is_offered_to_nobody_who_may_not_or_need_not(self, talk, number):
        assert "pay" not in (await talk.tell(MANAGER, "/start")).labels
        await talk.sql("UPDATE invoices SET state = 'paid', settled_minor = total_minor")
        assert "pay" not in (await talk.tell(PAYER, "/start")).labels


class TestOverdue:
    async def test_invoice_tells_what_is_past_as_past(self, talk, number):
        coming = (await talk.tell(OWNER, "/start")).text
        assert "last day of service" in coming
        assert "was due" not in coming
        await talk.sql("UPDATE invoices SET due_on = '2026-03-30'")
        late = (await talk.tell(OWNER, "/start")).text
        assert "was due on Mon 30 Mar; last day of service" in late
        await talk.sql("UPDATE invoices SET last_on = '2026-03-31'")
        over = (await talk.tell(OWNER, "/start")).text
        assert "was due on Mon 30 Mar; service ended on Tue 31 Mar" in over
        assert "was due on Mon 30 Mar" in (await talk.tell(OWNER, "/invoices")).text
        assert "it was due on <b>Mon 30 Mar" in (await talk.tell(OWNER, f"/invoice {number}")).text

    @pytest.mark.parametrize("hinder", [stop, freeze])
    async def test_partner_is_not_promised_as_many_as_it_likes(self, talk, hinder):
        assert "🔑" in (await talk.tell(OWNER, "/start")).text
        await hinder(talk)
        assert "🔑" not in (await talk.tell(OWNER, "/start")).text


class TestNewInstance:
    async def test_is_offered_to_whoever_may_create_one(self, talk):
        assert "new" in (await talk.tell(MANAGER, "/start")).labels
        assert "new" not in (await talk.tell(VIEWER, "/start")).labels
        assert "new" not in (await talk.tell(VIEWER, "/list")).labels

    @pytest.mark.parametrize(
        ("hinder", "code"), [(stop, "partner_stopped"), (freeze, "partner_frozen")]
    )
    async def test_is_refused_at_once_while_nothing_may_begin(self, talk, hinder, code):
        before = await talk.tell(OWNER, "/start")
        await hinder(talk)
        assert "new" not in (await talk.tell(OWNER, "/start")).labels
        assert "new" not in (await talk.tell(OWNER, "/list")).labels
        assert (await talk.tell(OWNER, "/new")).facts["code"] == code
        [refused] = await talk.press(OWNER, before, "new")
        assert refused.facts["code"] == code
        assert "speak to us" not in refused.text
        assert (await talk.tell(OWNER, "loja-9")).kind == "not_understood"


class TestStopped:
    async def test_promises_that_all_runs_again_only_of_what_was_stopped(self, talk, number):
        await stop(talk)
        await talk.sql("UPDATE instances SET state = 'overdue'")
        assert "runs again as soon as" in (await talk.tell(OWNER, "/start")).text
        await talk.sql("UPDATE instances SET state = 'deleted', deleted_at = created_at")
        home = await talk.tell(OWNER, "/start")
        assert "runs again" not in home.text
        assert "Your instances were deleted" in home.text
        assert number in home.text
        assert "/new" not in home.text

    async def test_says_nothing_of_an_unpaid_invoice_once_all_is_paid(self, talk):
        await stop(talk)
        await freeze(talk)
        home = await talk.tell(OWNER, "/start")
        assert "unpaid" not in home.text
        assert "All is paid" in home.text
        assert "as soon as our staff end the freeze" in home.text

    async def test_hints_at_no_creation_that_is_barred(self, talk):
        await stop(talk)
        assert "/new" not in (await talk.tell(OWNER, "/list")).text


class TestCounts:
    async def test_agree_with_their_number_in_portuguese(self, talk):
        await talk.say(OWNER, "/start", language="pt-br")
        await talk.create("loja-1", "loja-2", "loja-3")
        await talk.sql("UPDATE instances SET state = 'stopped' WHERE name != 'loja-3'")
        await talk.sql("UPDATE instances SET state = 'cancelled' WHERE name = 'loja-3'")
        home = await talk.tell(OWNER, "/start")
        assert "2 paradas depois do teste, 1 cancelada (ainda funcionando)" in home.text


class TestUnpaidInvoice:
    async def test_threatens_with_nothing_that_has_happened(self, talk, number):
        for days, threat in ((1, "stop when"), (12, "stopped instances are deleted"), (10, None)):
            talk.later(days=days)
            for command in ("/pay", "/invoice"):
                told = (await talk.tell(OWNER, command)).text
                assert threat in told if threat else "deleted" not in told

    async def test_names_the_day_until_which_it_is_held(self, talk, number):
        assert "you have until" not in (await talk.tell(OWNER, "/start")).text
        await talk.say(FINANCE, f"/hold {number} 2026-04-20 strike", STAFF_GROUP)
        assert "you have until Mon 20 Apr" in (await talk.tell(OWNER, "/start")).text

    async def test_of_a_partner_tells_staff_of_the_partners_instances(self, talk, number):
        partner = await talk.tell(FINANCE, "/partner Loja Norte", STAFF_GROUP)
        [shown] = await talk.press(FINANCE, partner, number)
        assert "the partner's instances stop" in shown.text
        assert "your" not in shown.text


class TestHelp:
    async def test_has_for_whom_is_billed_by_the_month_nothing_about_days(self, talk):
        listed = (await talk.tell(OWNER, "/help")).facts["commands"]
        assert {"subscribe", "cancel", "keep", "preview", "whatif"} <= set(listed)
        assert not {"days", "buy", "extend", "auto"} & set(listed)

    async def test_has_for_whom_pays_in_days_nothing_about_months(self, talk):
        await in_days(talk)
        listed = (await talk.tell(OWNER, "/help")).facts["commands"]
        assert {"days", "buy", "extend", "auto", "delete", "invoices"} <= set(listed)
        assert not {"subscribe", "cancel", "keep", "preview", "whatif"} & set(listed)

    async def test_has_the_coming_invoice_for_whom_pays_for_days_afterwards(self, talk):
        await in_days(talk)
        await talk.sql(
            "UPDATE partners SET day_limit = 100 WHERE id = :id RETURNING id", id=PARTNER
        )
        assert "preview" in (await talk.tell(OWNER, "/help")).facts["commands"]


class TestWhileStopsAreHalted:
    SAYS = "nothing is stopped or deleted by itself"

    async def test_cards_with_dates_of_stops_say_so(self, talk, number):
        await talk.create("loja-9")
        said = (
            (OWNER, "/start", None),
            (OWNER, "/show loja-9", None),
            (OWNER, f"/invoice {number}", None),
            (FINANCE, "/partner Loja Norte", STAFF_GROUP),
            (FINANCE, f"/hold {number} 2026-04-20 bank strike", STAFF_GROUP),
        )
        for who, words, where in said[:-1]:
            assert self.SAYS not in (await talk.say(who, words, where))[-1].text
        await talk.say(ADMIN, "/halt storm", STAFF_GROUP)
        for who, words, where in said:
            assert any(self.SAYS in one.text for one in await talk.say(who, words, where)), words
        assert self.SAYS not in (await talk.tell(OWNER, "/invoices")).text
