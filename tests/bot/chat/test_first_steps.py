"""What somebody who read nothing tries first, and where it leads."""

import pytest

from bot.chat.commands import COMMANDS, command_named
from tests.bot.chat.talk import ADMIN, OWNER, STAFF_GROUP, STRANGER


@pytest.mark.parametrize("word", ["/equipe", "/equipo", "equipe"])
async def test_a_partners_word_for_its_people_leads_to_them(talk, word):
    assert (await talk.tell(OWNER, word)).kind == "team"


async def test_the_same_word_is_the_staffs_in_their_group(talk):
    assert (await talk.tell(ADMIN, "/equipe", STAFF_GROUP)).kind == "staff_list"
    assert command_named("equipe") is COMMANDS["staff"]


async def test_an_applicant_hears_that_what_was_asked_for_was_not_done(talk):
    await talk.say(STRANGER, "/apply Padaria Sol")
    said = await talk.tell(STRANGER, "/support How long does it take?")
    assert said.kind == "applied"
    assert "nothing was done or sent" in said.text
    assert "nothing was done" not in (await talk.tell(STRANGER, "/apply Padaria Lua")).text


async def test_an_applicants_greeting_offers_to_change_the_application(talk):
    await talk.say(STRANGER, "/apply Padaria Sol")
    assert (await talk.tell(STRANGER, "/start")).labels[0] == "apply_edit"


async def test_home_leads_to_the_staff_and_their_thanks_back(talk):
    home = await talk.tell(OWNER, "/start")
    [asked] = await talk.press(OWNER, home, "ask_us")
    assert asked.facts["what"] == "support"
    assert (await talk.tell(OWNER, "It does not connect")).labels == ["home"]
