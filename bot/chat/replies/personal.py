"""What is kept about a person, and forgetting it."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ROLES, word


@says("forgetting")
def forgetting(facts: Facts, say: Speech) -> Html:
    return lines(
        bold(say("Forget you?")),
        say("• Your name, language and time zone are removed, and what you chose here."),
        say(
            "• You no longer act for {partner} (as {role}); its owners are told.",
            partner=bold(facts["partner"]),
            role=word(ROLES, facts["role"], say),
        )
        if facts["partner"]
        else None,
        say("• Your application for {company} ends.", company=bold(facts["company"]))
        if facts["company"]
        else None,
        say(
            "• The books stay: what you did, and wrote to our staff, for a company is kept, with "
            "your name of then. Your messages as they came are gone after 30 days."
        ),
        say("This cannot be taken back."),
    )


@says("forgotten")
def forgotten(_facts: Facts, say: Speech) -> Html:
    return lines(
        say("✅ You are forgotten. Thank you for the time together."),
        say("Should you write to me again, we begin anew."),
    )


@refuses("staff_stay")
def staff_stay(_facts: Facts, say: Speech) -> Html:
    return say("You are staff: an admin has to take your role away first.")
