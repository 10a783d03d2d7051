"""Invoices voided through the door: /void shows what follows and asks once."""

from billing.invoices import InvoiceState
from billing.money import Money
from tests.bot.chat.talk import BOT, FINANCE, OWNER, STAFF_GROUP, SUPPORT, replying
from tests.bot.chat.test_correcting import pressed, standing, told, visible


async def void(talk, number):
    asked = await told(talk, FINANCE, f"/void {number} wrong price", "voiding")
    return await pressed(talk, FINANCE, asked, "confirm", "voided")


class TestVoid:
    async def test_is_done_by_words_and_issued_anew_by_a_button(self, talk, number):
        asked = await told(talk, FINANCE, f"/void {number.lower()} wrong price", "voiding")
        assert number in visible(asked)
        assert "wrong price" in visible(asked)
        assert (await standing(talk, number)).state is InvoiceState.DUE
        said = await talk.press(FINANCE, asked, "confirm")
        voided = next(one for one in said if one.kind == "voided")
        partner = next(one for one in said if one.kind == "invoice_voided")
        assert number in visible(voided)
        assert "wrong price" in visible(partner)
        assert voided.facts["note"] in visible(partner)
        issued = await pressed(talk, FINANCE, voided, "reissue", "reissued")
        again = await standing(talk, issued.facts["number"])
        assert (again.state, again.total) == (InvoiceState.DUE, Money(5990, "BRL"))
        assert (await standing(talk, number)).state is InvoiceState.VOID
        await talk.press(FINANCE, voided, "reissue")
        assert talk.bot.toasts[-1] is not None

    async def test_shows_the_credit_note_to_its_partner(self, talk, number):
        voided = await void(talk, number)
        note = await talk.tell(OWNER, f"/invoice {voided.facts['note']}")
        assert f"voids invoice {number}" in visible(note)
        listed = await talk.tell(OWNER, "/invoices")
        assert f"credit note for {number}" in visible(listed)

    async def test_asks_for_what_is_missing(self, talk, number):
        asked = await talk.tell(FINANCE, "/void", STAFF_GROUP)
        assert (asked.kind, asked.facts["what"]) == ("ask", "void")
        asked = await talk.tell(FINANCE, f"/void {number}", STAFF_GROUP)
        reply = replying(BOT["id"])
        said = await talk.say(FINANCE, "wrong price", STAFF_GROUP, **reply)
        assert "voiding" in {one.kind for one in said}

    async def test_of_a_paid_invoice_says_what_to_do_instead(self, talk, number):
        await told(talk, FINANCE, f"/paid {number} 59,90 E2E1", "booked")
        refused = await talk.tell(FINANCE, f"/void {number} x", STAFF_GROUP)
        assert refused.facts["code"] == "void_refused"
        assert f"/unpaid {number}" in visible(refused)
        assert "/credit" in visible(refused)

    async def test_twice_shows_the_first(self, talk, number):
        voided = await void(talk, number)
        again = await talk.tell(FINANCE, f"/void {number} x", STAFF_GROUP)
        assert voided.facts["note"] in visible(again)

    async def test_is_nothing_for_support(self, talk, number):
        refused = await talk.tell(SUPPORT, f"/void {number} x", STAFF_GROUP)
        assert refused.facts["code"] == "no_right"

    async def test_is_shown_anew_where_credit_has_paid_a_part_since(self, talk, number):
        asked = await told(talk, FINANCE, f"/void {number} wrong price", "voiding")
        await told(talk, FINANCE, "/credit Loja Norte 10,00 outage", "given")
        anew = await pressed(talk, FINANCE, asked, "confirm", "voiding")
        assert "changed" in visible(anew)
        assert "R$10.00" in visible(anew)
        assert (await standing(talk, number)).state is InvoiceState.DUE
        await pressed(talk, FINANCE, anew, "confirm", "voided")

    async def test_confirmed_twice_is_done_once(self, talk, number):
        asked = await told(talk, FINANCE, f"/void {number} x", "voiding")
        await void(talk, number)
        await talk.press(FINANCE, asked, "confirm")
        assert talk.bot.toasts[-1] is not None
        notes = await talk.sql("SELECT number FROM invoices WHERE corrects = :it", it=number)
        assert len(notes) == 1

    async def test_cannot_be_undone_and_says_so_of_days_too(self, talk, number):
        asked = await told(talk, FINANCE, f"/void {number} x", "voiding")
        assert "cannot be taken back" in visible(asked)
        await talk.press(FINANCE, asked, "confirm")
        refused = await talk.tell(FINANCE, "/undo", STAFF_GROUP)
        assert "Days: the partner asks for them again" in visible(refused)
