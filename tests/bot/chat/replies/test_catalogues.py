"""The translations are whole, and agree with what they translate."""

import re
from collections import Counter
from string import Formatter

import pytest
from babel.messages.pofile import PoFileError, read_po

from bot.chat import languages
from bot.chat.commands import COMMANDS
from bot.chat.extraction import said
from bot.chat.languages import LOCALES, SOURCE, catalogue, nearest
from tests.source import ROOT

TRANSLATED = [language for language in languages.LANGUAGES if language != SOURCE]


def extracted():
    """Return what stands in the code: texts, and pairs of one and many."""
    found = set()
    for package in ("chat", "documents"):
        for file in sorted((ROOT / "bot" / package).rglob("*.py")):
            with file.open("rb") as source:
                found.update(text for _, _, text, _ in said(source))
    return found


def written(language):
    path = LOCALES / language / "LC_MESSAGES" / "partnerdesk.po"
    with path.open("rb") as file:
        return [entry for entry in read_po(file, locale=language, abort_invalid=True) if entry.id]


def forms(entry):
    """Pair every form of the translation with what it translates."""
    if isinstance(entry.id, str):
        return [(entry.id, entry.string)]
    return [(one_or_many, form) for form in entry.string for one_or_many in entry.id]


def placeholders(text):
    return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.fixture(params=TRANSLATED)
def language(request):
    return request.param


@pytest.fixture
def entries(language):
    return written(language)


def test_nothing_is_left_untranslated(entries):
    assert {entry.id for entry in entries} == extracted()
    assert [entry.id for entry in entries if not all(text for _, text in forms(entry))] == []


def test_nothing_is_translated_by_guess(entries):
    assert [entry.id for entry in entries if entry.fuzzy] == []


def test_placeholders_are_those_of_the_source(entries):
    wrong = [
        (original, text)
        for entry in entries
        for original, text in forms(entry)
        if placeholders(original) != placeholders(text)
    ]
    assert wrong == []


def test_commands_are_called_as_the_language_calls_them(language):
    def foreign(word):
        command = COMMANDS.get(word)
        return command is not None and command.called_in(language) != word

    wrong = [
        text
        for entry in written(language)
        for _, text in forms(entry)
        if any(foreign(word) for word in re.findall(r"(?<![\w/])/([a-z_]+)", text))
    ]
    assert wrong == []


def test_markup_and_the_leading_sign_are_those_of_the_source(entries):
    def looks(text):
        # A Spanish question opens with a sign of its own.
        leading = re.match(r"[^\w\s{/“‹«¿¡(\d.…]*", text)
        return re.findall(r"</?\w+", text), leading and leading.group(), text[:1] == " "

    wrong = [
        (original, text)
        for entry in entries
        for original, text in forms(entry)
        if looks(original) != looks(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_number_has_its_form(language):
    with (LOCALES / language / "LC_MESSAGES" / "partnerdesk.po").open("rb") as file:
        found = read_po(file, locale=language)
    plurals = [entry for entry in found if not isinstance(entry.id, str)]
    assert len(plurals) > 20
    assert {len(entry.string) for entry in plurals} == {found.num_plurals}


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("pt-br", "pt_BR"),
        ("pt_BR", "pt_BR"),
        ("pt", "pt_BR"),
        ("pt-pt", "pt_BR"),  # nearer than English
        ("es", "es"),
        ("es-419", "es"),
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_nearest_language_is_spoken(code, language):
    assert nearest(code) == language


def test_a_catalogue_that_cannot_be_read_stops_the_start(tmp_path, monkeypatch):
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "partnerdesk.po").write_text('msgid "a"\nnonsense\n', encoding="utf-8")
    monkeypatch.setattr(languages, "LOCALES", tmp_path)
    catalogue.cache_clear()
    try:
        with pytest.raises(PoFileError):
            catalogue("pt_BR")
    finally:
        catalogue.cache_clear()


def test_words_of_calls_within_calls_are_found(tmp_path):
    file = tmp_path / "said.py"
    file.write_text(
        'say("one", a=code(say("two" "!")))\nother("three")\nsay(f"{four}")\n'
        'say.plural("five", "fives", n, b=bold(say("six")))\nTABLE = {"x": mark("seven")}\n',
        encoding="utf-8",
    )
    with file.open("rb") as source:
        assert {text for _, _, text, _ in said(source)} == {
            "one",
            "two!",
            ("five", "fives"),
            "six",
            "seven",
        }
