"""A message is put into words when it is sent: for its reader, with what its reader wants then."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from billing.money import Money
from billing.services.facts import dump
from billing.services.people import Person
from bot.chat.commands import TABLE
from bot.chat.formats import Html, visible_length
from bot.chat.languages import LANGUAGES, SOURCE
from bot.chat.replies import Replies, Words
from bot.chat.replies.past_the_outbox import TOASTS
from bot.chat.replies.rendering import LONGEST, decoded, fitted
from tests.bot.chat.replies.samples import AT, DAY, MARCH
from tests.bot.chat.talk import ADMIN, OWNER, STAFF_GROUP, STRANGER, SUPPORT, Talk

TRIAL = {"instances": [{"id": "K7Q2M", "name": "loja", "trial_ends_at": AT}], "in_days": False}


@dataclass
class Row:
    kind: str = "notice_trial_24h"
    facts: Any = field(default_factory=lambda: TRIAL)
    chat_id: int = OWNER
    reader: int | None = OWNER
    buttons: Any = ()
    doubts: int = 0


async def save(talk: Talk, *people: Person) -> None:
    async def unit(work):
        for person in people:
            await work.people.save_person(person, at=work.now)

    await talk.store.write(unit)


async def test_a_partner_is_spoken_to_in_its_language_by_its_clock(talk):
    await save(talk, Person(OWNER, "Olga", "pt-br", None))
    rendered = await talk.replies.render(Row())
    assert "qui. 05/03 às 09:00" in rendered.text_html
    assert (rendered.document, rendered.photo) == (None, None)


async def test_who_changes_the_language_is_spoken_to_so_from_then_on(talk):
    await save(talk, Person(OWNER, "Olga", "pt_BR", None))
    before = await talk.replies.render(Row())
    await save(talk, Person(OWNER, "Olga", "en", None))
    after = await talk.replies.render(Row())
    assert "O teste" in before.text_html
    assert "The trial" in after.text_html


async def test_the_chat_is_the_reader_where_none_is_named(talk):
    await save(talk, Person(OWNER, "Olga", "pt_BR", None))
    assert "O teste" in (await talk.replies.render(Row(reader=None))).text_html


async def test_a_group_is_spoken_to_as_its_first_admin_is(talk):
    row = Row(chat_id=STAFF_GROUP, reader=None)
    assert "The trial" in (await talk.replies.render(row)).text_html
    await save(
        talk, Person(ADMIN, "Ada", "pt_BR", "Asia/Tokyo"), Person(SUPPORT, "Sue", "en", None)
    )
    rendered = await talk.replies.render(row)
    assert "O teste" in rendered.text_html
    assert "21:00" in rendered.text_html


async def test_a_stranger_is_told_times_by_the_zone_chosen_or_else_the_programmes(talk):
    row = Row(chat_id=STRANGER, reader=STRANGER)
    assert "09:00" in (await talk.replies.render(row)).text_html
    await save(talk, Person(STRANGER, "Steve", "en", "Europe/Berlin"))
    assert "13:00" in (await talk.replies.render(row)).text_html


async def test_a_secret_is_put_in_when_it_is_sent_and_gone_once_forgotten(talk):
    kept = {"token:1": "pd_live_<secret>"}

    async def secret(key: str) -> str | None:
        return kept.get(key)

    replies = Replies(talk.store, secret=secret, documents=talk.replies._documents)
    row = Row("secret", {"keys": ["token:1"], "names": []})
    assert "<code>pd_live_&lt;secret&gt;</code>" in (await replies.render(row)).text_html
    kept.clear()
    assert "pd_live" not in (await replies.render(row)).text_html


async def test_buttons_carry_their_words_and_their_intent(talk):
    button = {"label": "subscribe", "args": {"instances": ["K7Q2M"]}, "intent": "x" * 22}
    rendered = await talk.replies.render(replace(Row(), buttons=[[button]]))
    assert rendered.keyboard == ((("Subscribe", "x" * 22),),)


async def test_a_kind_without_words_is_a_fault_that_is_seen(talk):
    with pytest.raises(KeyError):
        await talk.replies.render(Row("no_such_kind", {}))


def test_facts_are_read_whether_they_still_are_json_or_not():
    facts = {"owed": Money(5990, "BRL"), "at": AT, "day": DAY, "rows": [{"month": MARCH}]}
    assert decoded(facts) == facts
    assert decoded(json.loads(dump(facts))) == facts


def test_a_text_that_is_too_long_loses_its_end_and_its_markup():
    text = fitted(Html("<b>" + "💥&lt;" * 3000 + "</b>"))
    assert visible_length(text) <= LONGEST
    assert "<b>" not in text
    assert text.endswith("…")


class TestWords:
    @pytest.mark.parametrize("code", sorted(TOASTS))
    def test_of_toasts_fit_and_are_in_the_language(self, code):
        words = Words()
        said = [words.toast(code, language) for language in LANGUAGES]
        assert len(set(said)) == len(LANGUAGES)
        assert all(len(text) <= 200 for text in said)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_menus_are_there_for_every_command_in_every_language(self, language):
        words = Words()
        for command in TABLE:
            told = words.description(command.name, language)
            assert 3 <= len(told) <= 256
            assert language == SOURCE or told != words.description(command.name, SOURCE)


async def test_a_notice_that_may_have_arrived_says_that_it_repeats(talk):
    assert "already" not in (await talk.replies.render(Row())).text_html
    assert "had this message already" in (await talk.replies.render(Row(doubts=1))).text_html
