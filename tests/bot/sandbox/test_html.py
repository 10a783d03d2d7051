import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.formatted import Formatted, commands_in, render
from bot.sandbox.html import parse


def entity(kind, offset, length, **more):
    return {"type": kind, "offset": offset, "length": length, **more}


class TestParse:
    @pytest.mark.parametrize(
        ("markup", "text", "entities"),
        [
            ("plain", "plain", []),
            ("<b>a</b><i>b</i>", "ab", [entity("bold", 0, 1), entity("italic", 1, 1)]),
            ("<STRONG>a</STRONG>", "a", [entity("bold", 0, 1)]),  # names in any case
            ("😀<u>x</u>", "😀x", [entity("underline", 2, 1)]),  # offsets count UTF-16
            ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
            ("&lt;b&gt; &amp; &quot;", '<b> & "', []),
            ("&#65;&#x42; &nbsp; R&D", "AB &nbsp; R&D", []),  # only four names are known
            ("<s>a</s><del>b</del>", "ab", [entity("strikethrough", i, 1) for i in (0, 1)]),
            ("<b></b>x", "x", []),  # nothing in it, no entity
            ("  <b> a </b> ", "a", [entity("bold", 0, 1)]),  # trimmed, entity cut along
            ("<a href='http://x.y/?a=1&amp;b=2'>l</a>", "l",
             [entity("text_link", 0, 1, url="http://x.y/?a=1&b=2")]),
            ('<a href="javascript:alert(1)">l</a>', "l", []),  # no address, no link
            ("<a>x.example</a>", "x.example",
             [entity("text_link", 0, 9, url="http://x.example")]),
            ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
            ("<tg-spoiler>a</tg-spoiler>", "a", [entity("spoiler", 0, 1)]),
            ("<blockquote expandable>a</blockquote>", "a",
             [entity("expandable_blockquote", 0, 1)]),
            ('<tg-emoji emoji-id="5">x</tg-emoji>', "x",
             [entity("custom_emoji", 0, 1, custom_emoji_id="5")]),
            ("<code>1 &lt; 2</code>", "1 < 2", [entity("code", 0, 5)]),
        ],
    )  # fmt: skip
    def test_gives_what_a_person_reads(self, markup, text, entities):
        assert parse(markup) == Formatted(text, tuple(entities))

    @pytest.mark.parametrize(
        ("markup", "words"),
        [
            ("a <b>", 'Can\'t find end tag corresponding to start tag "b"'),
            ("é<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),  # bytes, not letters
            ("x</b>", "Unexpected end tag at byte offset 1"),
            ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
            ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
            ("<b", "Unclosed start tag at byte offset 0"),
            ("<b>x</b", "Unclosed end tag at byte offset 4"),
            ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
            ('<a ="x">l</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
            ("<a href>l</a>", "Expected equal sign in declaration of an attribute of the tag"),
            ("<a href=a/b>l</a>", "Unexpected end of name token at byte offset 8"),
            ('<a href="x', "Unclosed start tag at byte offset 0"),
        ],
    )
    def test_refuses_bad_markup_with_its_place(self, markup, words):
        with pytest.raises(ApiError) as refused:
            parse(markup)
        assert refused.value.code == 400
        assert refused.value.description.startswith("Bad Request: can't parse entities: " + words)


class TestRender:
    @pytest.mark.parametrize(
        ("formatted", "html"),
        [
            (Formatted("<script>&\"'"), "&lt;script&gt;&amp;&quot;&#x27;"),
            (Formatted("😀ab", (entity("bold", 2, 1),)), "😀<b>a</b>b"),
            (Formatted("abc", (entity("bold", 0, 2), entity("italic", 1, 2))),
             "<b>a<i>b</i></b><i>c</i>"),  # overlapping: closed and opened again
            (Formatted("l", (entity("text_link", 0, 1, url="http://x/?a=1&b"),)),
             '<a href="http://x/?a=1&amp;b" target="_blank" rel="noopener noreferrer">l</a>'),
            (Formatted("l", (entity("text_link", 0, 1, url="javascript:x"),)), "l"),
            (Formatted("/new", (entity("bot_command", 0, 4),)), "/new"),
            (Formatted("s", (entity("spoiler", 0, 1),)), '<span class="tg-spoiler">s</span>'),
            (Formatted("q", (entity("expandable_blockquote", 0, 1),)),
             '<blockquote class="expandable">q</blockquote>'),
        ],
    )  # fmt: skip
    def test_is_safe_to_show(self, formatted, html):
        assert render(formatted) == html


class TestCommands:
    @pytest.mark.parametrize(
        ("text", "places"),
        [
            ("/new a b", [(0, 4)]),
            ("/new@partnerdesk_bot a", [(0, 20)]),
            ("😀 /new", [(3, 4)]),  # UTF-16
            ("a/b 1/2 //x http://y/z", []),  # a slash within something is none
            ("/", []),
            ("/a /b", [(0, 2), (3, 2)]),
        ],
    )
    def test_are_found_where_telegram_finds_them(self, text, places):
        assert [(one["offset"], one["length"]) for one in commands_in(text)] == places
