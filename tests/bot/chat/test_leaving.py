"""/leave through the door."""

from tests.bot.chat.talk import FINANCE, MANAGER, OWNER, PAYER, STAFF_GROUP


async def test_it_shows_what_it_means_and_asks_once(talk):
    await talk.create("loja-1", "loja-2")
    card = await talk.tell(OWNER, "/subscribe loja-1")
    await talk.press(OWNER, card, "confirm")
    await talk.carry_out()
    shown = await talk.tell(OWNER, "/leave")
    assert [one["name"] for one in shown.facts["cancelled"]] == ["loja-1"]
    assert [one["name"] for one in shown.facts["deleted"]] == ["loja-2"]
    assert "cannot be taken back" in shown.text
    said = await talk.press(OWNER, shown, "confirm")
    told = {(one.chat_id, one.kind) for one in said}
    assert {kind for chat, kind in told if chat == OWNER} == {"farewell_done"}
    assert (MANAGER, "partnership_ended") in told
    assert (STAFF_GROUP, "staff_left") in told
    assert await talk.states() == {"loja-1": "cancelled", "loja-2": "deleted"}
    again = await talk.tell(OWNER, "/sair")
    assert (again.facts["code"], again.facts["facts"]["action"]) == ("already_done", "leave")


async def test_afterwards_one_reads_and_pays_and_begins_nothing(talk):
    await talk.press(OWNER, await talk.tell(OWNER, "/leave"), "confirm")
    refused = await talk.tell(OWNER, "/new loja-3")
    assert refused.facts["code"] == "partner_left"
    assert refused.labels == ["invoices"]
    home = await talk.tell(MANAGER, "/start")
    assert "new" not in home.labels
    assert "ended" in home.text
    assert (await talk.tell(PAYER, "/preview")).kind == "preview"
    card = await talk.tell(FINANCE, "/partner Loja Norte", STAFF_GROUP)
    assert "Left" in card.text


async def test_what_changed_meanwhile_is_shown_anew(talk):
    shown = await talk.tell(OWNER, "/leave")
    await talk.create("loja-9")
    [anew] = await talk.press(OWNER, shown, "confirm")
    assert (anew.kind, anew.facts["changed"]) == ("farewell", True)
    assert await talk.states() == {"loja-9": "trial"}


async def test_cancel_alone_leaves_the_question(talk):
    shown = await talk.tell(OWNER, "/leave")
    await talk.say(OWNER, "/cancel")
    await talk.press(OWNER, shown, "confirm")
    assert await talk.sql("SELECT id FROM partners WHERE left_at IS NOT NULL") == []


async def test_it_is_the_owners(talk):
    assert (await talk.tell(MANAGER, "/leave")).facts["code"] == "no_right"
