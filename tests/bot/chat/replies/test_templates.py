"""Everything that can be said has words, in every language, and Telegram takes them."""

import ast
import re
from collections.abc import Iterator

import pytest

from billing.notices import NoticeKind
from bot.chat import languages
from bot.chat.commands import BY_NAME
from bot.chat.formats import Speech, visible_length
from bot.chat.keyboards import LABELS, NAMES
from bot.chat.replies.questions import QUESTIONS
from bot.chat.replies.refusals import SENTENCES
from bot.chat.replies.rendering import LONGEST
from bot.chat.replies.sayings import SAYINGS
from bot.chat.replies.templates import TEMPLATES
from bot.sandbox.html import parse
from tests.bot.chat.replies.desk_samples import samples
from tests.bot.chat.replies.refusal_samples import REFUSALS
from tests.bot.chat.replies.samples import NOW, ZONE
from tests.bot.chat.replies.support_samples import AS_WRITTEN
from tests.source import Module, source

MARKUP = '<b>x</b>&"<a href="tg://user?id=1">Paid</a>'
# With a digit, as no mere word is: several of those are asked about.
UNMARKED = "1" + "L" * (len(MARKUP) - 1)
# Two UTF-16 units a sign, and the most signs that a name may have.
LONGEST_NAME = "💥" * 64
SPEECHES = [Speech(language, ZONE, NOW) for language in languages.LANGUAGES]
TELLS = {"Card": 0, "tell_partner": 2, "tell_staff": 1}


@pytest.fixture(params=SPEECHES, ids=lambda say: say.language)
def say(request):
    return request.param


def ours() -> list[Module]:
    return [module for module in source().values() if module.is_under("billing", "bot.chat")]


def calls(*names: str) -> Iterator[tuple[Module, ast.Call, str]]:
    """Yield the calls of functions and methods of these names."""
    for module in ours():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in names:
                    yield module, node, name


def words_of(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from words_of(body)
            yield from words_of(other)
        case ast.JoinedStr(values=[ast.Constant(value="notice_"), _]):
            yield from (f"notice_{kind}" for kind in NoticeKind)
        case ast.JoinedStr(values=[ast.Constant(value="partner_"), _]):
            yield from ("partner_freeze", "partner_unfreeze")


def kinds_said() -> set[str]:
    kinds: set[str] = set()
    for _, call, name in calls(*TELLS):
        if len(call.args) > TELLS[name]:
            kinds.update(words_of(call.args[TELLS[name]]))
    for _, call, _ in calls("Message"):
        kinds.update(
            word for given in call.keywords if given.arg == "kind" for word in words_of(given.value)
        )
    for module in ours():
        for node in ast.walk(module.tree):
            match node:
                case ast.Assign(targets=[ast.Name(id="kind")], value=ast.IfExp() as value):
                    kinds.update(words_of(value))
    return kinds


def firsts_of(*names: str) -> set[str]:
    return {word for _, call, _ in calls(*names) if call.args for word in words_of(call.args[0])}


def test_every_kind_that_is_said_has_words():
    found = kinds_said()
    assert {"progress", "notice_stopped", "partner_freeze", "token_used_up", "home"} <= found
    assert found - set(TEMPLATES) == set()


def test_every_kind_has_samples():
    assert set(samples()) == set(TEMPLATES)


def test_every_refusal_has_a_sentence_and_samples():
    codes = {
        node.value.value
        for module in ours()
        for found in ast.walk(module.tree)
        if isinstance(found, ast.ClassDef)
        for node in found.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "code"
        and isinstance(node.value, ast.Constant)
    }
    assert {"already_done", "token_used_up", "amount_unclear"} <= codes
    assert codes - set(SENTENCES) == set()
    assert set(SENTENCES) == set(REFUSALS)


def test_every_question_and_confirmation_has_words():
    assert firsts_of("ask") - set(QUESTIONS) == set()
    assert firsts_of("said") - set(SAYINGS) == set()
    told = {facts["what"] for facts in samples()["said"]}
    asked = {facts["what"] for facts in samples()["ask"]}
    assert (told, asked) == (set(SAYINGS), set(QUESTIONS))


def test_every_button_has_words():
    assert firsts_of("Button") - set(LABELS) - set(NAMES) == set()


def literal_keys(node: ast.expr) -> set[str] | None:
    """Return the keys of a mapping that is written out whole, else None."""
    if not isinstance(node, ast.Dict) or None in node.keys:
        return None
    return {key.value for key in node.keys if isinstance(key, ast.Constant)}


def test_the_samples_have_the_facts_that_are_given():
    given = {}
    for _, call, name in calls(*TELLS):
        at = TELLS[name]
        # A kind that is made of several words has facts of several shapes.
        if len(call.args) > at + 1 and isinstance(call.args[at], ast.Constant):
            keys = literal_keys(call.args[at + 1])
            given.update(dict.fromkeys(words_of(call.args[at]), keys) if keys is not None else {})
    assert len(given) > 30
    shown = samples()
    # What the renderer itself puts in; what the asker adds differs from question to question.
    shows_secrets = ("secret", "owner_code", "team_code", "group_code")
    beside = {kind: {"secrets"} for kind in shows_secrets}
    differing = {
        kind: keys ^ (set(facts) - beside.get(kind, set()))
        for kind, keys in given.items()
        if kind not in {"ask", "said"}
        for facts in shown[kind]
    }
    assert {kind: keys for kind, keys in differing.items() if keys} == {}


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
class TestText:
    def test_is_html_that_telegram_reads(self, kind, say):
        for facts in samples()[kind]:
            text = TEMPLATES[kind](facts, say)
            assert parse(text).text.strip()
            assert "{" not in text
            assert "None" not in text

    def test_fits_with_the_longest_values(self, kind, say):
        for facts in samples(LONGEST_NAME, 50)[kind]:
            text = TEMPLATES[kind](facts, say)
            assert visible_length(text) <= LONGEST
            assert parse(text).text

    def test_shows_markup_in_values_as_it_is(self, kind, say):
        plain = [parse(TEMPLATES[kind](facts, say)) for facts in samples(UNMARKED)[kind]]
        hostile = [parse(TEMPLATES[kind](facts, say)) for facts in samples(MARKUP)[kind]]
        for before, after in zip(plain, hostile, strict=True):
            assert _looks(after) == _looks(before)
            assert MARKUP in after.text or UNMARKED not in before.text


def _looks(formatted):
    return [entity["type"] for entity in formatted.entities if entity["type"] != "url"]


@pytest.mark.parametrize("other", SPEECHES[1:], ids=lambda say: say.language)
def test_texts_of_two_languages_differ(other):
    same = [
        kind
        for kind, found in samples().items()
        if kind not in AS_WRITTEN
        for facts in found
        if TEMPLATES[kind](facts, SPEECHES[0]) == TEMPLATES[kind](facts, other)
    ]
    assert same == []


def test_commands_in_texts_are_commands():
    for say in SPEECHES:
        for kind, found in samples().items():
            for facts in found:
                text = parse(TEMPLATES[kind](facts, say)).text
                named = re.findall(r"(?:^|[\s(])/([a-z]+)", text)
                assert [name for name in named if name not in BY_NAME] == []
