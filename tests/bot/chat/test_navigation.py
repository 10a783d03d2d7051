"""From every card that is reached by buttons there is a way back by a button."""

import pytest

from tests.bot.chat.talk import OWNER, VIEWER

# What leads on to somewhere else: a list, a card of its own, the beginning.
LEADS = {"home", "list", "show", "invoices", "invoice", "days", "token", "team", "notices", "help"}
# Files and secrets stand below the card that they belong to.
BELOW = {"document", "secret"}
# Has its effect at once, and can be had back by the button beside it.
CHANGES = {"language", "timezone", "group_unbind"}


async def intents(talk, card):
    """Return what the buttons of a card stand for, those alone that change nothing."""
    found = []
    for button in (one for row in card.buttons for one in row):
        (row,) = await talk.sql("SELECT * FROM intents WHERE id = :id", id=button["intent"])
        found.append(row)
    return [row for row in found if not row["once"] and row["action"] not in CHANGES]


async def at(talk, user, path):
    """Return the cards to which a way from the beginning leads: each a press more."""
    (card,) = await talk.say(user, "/start")
    cards = [card]
    for action in path:
        here = cards[0]
        chosen = next((row for row in await intents(talk, here) if row["action"] == action), None)
        if chosen is None:
            return []
        cards = await talk.press_id(user, chosen["id"], here.chat_id)
        assert cards, f"nothing is answered at {path}"
    return cards


async def walked(talk, user):
    """Go every way once; return the cards without a way back, and the ways."""
    ways, seen, stuck = [()], set(), {}
    while ways:
        path = ways.pop(0)
        for card in [one for one in await at(talk, user, path) if one.chat_id == user]:
            what = card.facts.get("what") or card.facts.get("code")
            found = await intents(talk, card)
            actions = list(dict.fromkeys(row["action"] for row in found))
            if card.kind not in BELOW and not set(actions) & LEADS:
                stuck[card.kind, what] = [*path, actions]
            for action in actions:
                if (card.kind, what, action) not in seen:
                    seen.add((card.kind, what, action))
                    ways.append((*path, action))
    return stuck, seen


@pytest.mark.parametrize("user", [OWNER, VIEWER])
async def test_every_card_has_a_way_back(talk, number, user):
    await talk.create("loja-2", *(f"trial-{n}" for n in range(11)))
    stuck, seen = await walked(talk, user)
    assert len(seen) > (60 if user == OWNER else 20)
    assert stuck == {}
