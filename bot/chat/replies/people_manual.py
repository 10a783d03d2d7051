"""What the commands do that are about people: the team, reminders, what is kept of a person."""

from __future__ import annotations

from bot.chat.formats import mark
from bot.chat.replies.entries import Manual

PEOPLE = {
    "team": Manual(
        mark("/team · /team invite ROLE · /team PERSON ROLE|remove"),
        mark("who acts for your company, and in which role"),
        (
            mark(
                "ROLE: owner, finance, manager, viewer. An invitation is a link that works once, "
                "for 15 minutes."
            ),
            mark("Whoever is removed loses all rights at once. One owner has to stay."),
            mark("You can also bind a group of your own, and work together there."),
        ),
    ),
    "support": Manual(
        mark("/support TEXT"),
        mark("write to our staff; the answer comes here"),
        (
            mark("A photo or a file goes along: send it with the command beside it."),
            mark("Reply to an answer to go on."),
        ),
    ),
    "notices": Manual(
        mark("/notices · /notices quiet 23:00-07:00|off"),
        mark("which reminders come, to whom, and when all is quiet"),
        (
            mark(
                "Each chooses their own; an owner also those of the others, of your group, and the "
                "quiet hours."
            ),
            mark("Stops, deletions and what has ended always come."),
        ),
    ),
    "export": Manual(
        mark("/export"),
        mark("what is kept about you, as a file"),
    ),
    "forget": Manual(
        mark("/forget"),
        mark("be forgotten; you see what that means first"),
        (
            mark(
                "Your name, language and membership are removed; the books of the company stay. "
                "Your messages as they came are gone after 30 days."
            ),
        ),
    ),
}
