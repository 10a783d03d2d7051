"""Claiming and handing over, on the cards and on the copies that the queue shows."""

from billing.services.desk import claiming, undoing, waiting
from bot.chat.handlers import claiming as handlers
from bot.chat.replies import undoing as undone
from bot.chat.replies import waiting as replies
from tests.bot.chat.talk import ADMIN, OWNER, STAFF_GROUP, STRANGER, SUPPORT


async def test_a_copy_from_the_queue_shows_who_sees_to_it(talk):
    await talk.say(STRANGER, "/apply Padaria Sol")
    queue = await talk.tell(ADMIN, "/queue", STAFF_GROUP)
    assert "0 minutes" in queue.text
    [copy] = await talk.press(ADMIN, queue, "Padaria Sol")
    said = await talk.press(SUPPORT, copy, "claim")
    shown = next(one for one in said if one.key == queue.key)
    assert (shown.facts["claimed_by"], shown.labels) == ("Sue", ["approve", "decline", "hand_over"])
    assert "Sue" in shown.text
    assert "Sue" in (await talk.tell(ADMIN, "/queue", STAFF_GROUP)).text
    card = next(one for one in said if one.key.startswith("application:"))
    [again, own] = await talk.press(ADMIN, card, "hand_over")
    assert (again.key, again.facts["claimed_by"], own.kind) == (card.key, None, "applied")


async def test_a_partner_gets_no_claim(talk):
    await talk.say(STRANGER, "/apply Padaria Sol")
    card = next(one for one in await talk.messages() if one.kind == "application")
    assert await talk.press(OWNER, card, "claim") == []
    assert await talk.sql("SELECT * FROM claims") == []


async def test_a_token_request_is_declined_only_while_it_waits(talk):
    await talk.sql("UPDATE tokens SET created = allowed")
    await talk.press(OWNER, await talk.tell(OWNER, "/token"), "request_next_token")
    card = next(said for said in await talk.messages() if said.kind == "token_request")
    shown = await talk.tell(SUPPORT, "/partner Loja Norte", STAFF_GROUP)
    await talk.press(SUPPORT, card, "approve")
    said = await talk.press(SUPPORT, shown, "decline")
    assert [one.kind for one in said if one.kind == "ask"] == []


def test_each_kind_of_the_queue_has_words_and_each_claim_a_copy_to_show():
    assert set(waiting.KINDS) == set(replies.KINDS)
    assert set(claiming.CLAIMABLE) == set(handlers.COPIES)


def test_each_act_that_can_be_undone_has_words_and_each_other_an_advice():
    assert set(undoing.UNDOABLE) == set(undone.UNDONE)
    assert set(undoing.INSTEAD.values()) <= set(undone.INSTEAD)
    assert not set(undoing.UNDOABLE) & set(undoing.INSTEAD)
