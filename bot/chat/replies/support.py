"""What partners and staff say to each other, and what is said to many."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.desk import cannot_be_reached
from bot.chat.replies.questions import about
from bot.chat.replies.refusals import refuses
from bot.chat.replies.sayings import when
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ACTIONS, item, word

SEGMENTS = {
    "all": mark("all partners"),
    "trial": mark("partners with trials"),
    "active": mark("partners with subscribed instances"),
    "stopped": mark("partners with stopped instances"),
    "unpaid": mark("partners with unpaid invoices"),
    "overdue": mark("partners with overdue invoices"),
}


def _segment(name: str, say: Speech) -> Html:
    if name in SEGMENTS:
        return say(SEGMENTS[name])
    return say("partners in the programme {programme}", programme=name)


@says("support_card")
def support_card(facts: Facts, say: Speech) -> Html:
    """A partner's message, for the staff: who replies to it answers it."""
    return lines(
        say("💬 {partner}, {person}:", partner=bold(facts["partner"]), person=facts["person"]),
        say.show(facts["text"]) if facts["text"] else None,
        say("📎 With a file, below.") if facts["file"] else None,
        Html(),
        _standing(facts, say),
    )


def _standing(facts: Facts, say: Speech) -> Html:
    if facts["state"] == "answered":
        return say(
            "✅ Answered by {person}, {at}",
            person=facts["answered_by"] or "–",
            at=say.clock(facts["answered_at"]),
        )
    since = say.clock(facts["said_at"])
    if facts["claimed_by"]:
        who = facts["claimed_by"]
        return say("👤 {person} sees to it. Said {at}.", person=who, at=since)
    return say("Said {at}. Reply to this message to answer it.", at=since)


@says("nobody_reads")
def nobody_reads(facts: Facts, say: Speech) -> Html:
    """To staff who reply to a card that is no message of a partner's."""
    partner = facts["partner"]
    return lines(
        say("A reply to that card goes to nobody: its buttons do what can be done."),
        say(
            "To write to the partner: {command}",
            command=code(f"/say {partner or say('PARTNER')} …"),
        ),
    )


@says("support_more", "staff_says_more", "broadcast")
def more(facts: Facts, say: Speech) -> Html:
    return say.show(facts["text"])


@says("support_file")
def support_file(facts: Facts, say: Speech) -> Html:
    return say("📎 {partner}, {person}", partner=bold(facts["partner"]), person=facts["person"])


@says("staff_says")
def staff_says(facts: Facts, say: Speech) -> Html:
    """What staff say to a partner; their names are their own."""
    if not facts["text"]:
        return say("📎 From our staff")
    return lines(
        bold(say("💬 Our staff:")),
        say("(for {person}, who cannot be reached)", person=facts["instead_of"])
        if facts["instead_of"]
        else None,
        say.show(facts["text"]),
    )


@says("support_not_passed_on")
def support_not_passed_on(facts: Facts, say: Speech) -> Html:
    del facts
    return say("⚠️ Your file could not be passed on to our staff. Please send it again.")


@says("staff_undelivered")
def staff_undelivered(facts: Facts, say: Speech) -> Html:
    return lines(
        cannot_be_reached(facts, say),
        _instead(facts, say),
    )


def _instead(facts: Facts, say: Speech) -> Html:
    if facts["instead"]:
        return say("{person} was told instead.", person=bold(facts["instead"]))
    return say("Nobody else of the partner can be told.")


@says("told_instead")
def told_instead(facts: Facts, say: Speech) -> Html:
    return say(
        "ℹ️ {person} of {partner} cannot be reached here any more. What has to be said to them is "
        "said to you, until they write to me again.",
        person=bold(facts["person"]),
        partner=bold(facts["partner"]),
    )


@says("staff_topic")
def staff_topic(facts: Facts, say: Speech) -> Html:
    """The name of a partner's topic, as it is in every language."""
    return say.show(facts["partner"])


@says("staff_no_topics")
def staff_no_topics(facts: Facts, say: Speech) -> Html:
    return lines(
        say("⚠️ I cannot open topics here: {why}", why=facts["why"]),
        say(
            "Until then all is said outside of topics. Make me an administrator who may manage "
            "topics; if I am one, take that right away and give it again."
        ),
    )


@says("leave_chat")
def leave_chat(facts: Facts, say: Speech) -> Html:
    del facts
    return say("Goodbye.")


@says("acted_for")
def acted_for(facts: Facts, say: Speech) -> Html:
    """What staff have changed for a partner, at its wish."""
    return lines(
        bold(say("👤 Our staff did this for you:")),
        say.listed((_act(one, say) for one in facts["acts"]), more=facts["more"]),
    )


def _act(one: dict[str, Any], say: Speech) -> Html:
    return item(bold(one["object"]), word(ACTIONS, one["action"], say))


@says("broadcast_preview")
def broadcast_preview(facts: Facts, say: Speech) -> Html:
    return lines(
        bold(say("Send this to {segment}?", segment=_segment(facts["segment"], say))),
        say.plural("{n} partner", "{n} partners", facts["partners"]),
        say.plural("{n} person", "{n} people", facts["people"]),
        say("📎 With the file of your message.") if facts["file"] else None,
        Html(),
        say.show(facts["text"]),
    )


@says("broadcast_report")
def broadcast_report(facts: Facts, say: Speech) -> Html:
    rows = [
        (mark("✅ sent: {n}"), "sent"),
        (mark("⏳ waiting: {n}"), "waiting"),
        (mark("⛔ have blocked the bot: {n}"), "blocked"),
        (mark("❌ failed: {n}"), "failed"),
        (mark("❔ perhaps not arrived: {n}"), "unknown"),
    ]
    return lines(
        say(
            "📣 To {segment}, {n} in all, from {person}",
            segment=bold(_segment(facts["segment"], say)),
            n=facts["people"],
            person=facts["by"] or "–",
        ),
        *(say(text, n=facts[name]) for text, name in rows if facts[name] or name == "sent"),
        say("What waits goes out one by one, to nobody at night.") if facts["waiting"] else None,
    )


@when("support_sent")
def support_sent(facts: Facts, say: Speech) -> Html:
    del facts
    return say("✅ Sent to our staff. The answer comes here.")


@when("answer_sent")
def answer_sent(facts: Facts, say: Speech) -> Html:
    del facts
    return say("✅ Sent.")


@when("said_to_partner")
def said_to_partner(facts: Facts, say: Speech) -> Html:
    return say.plural(
        "✅ Sent to {partner}, {n} person.",
        "✅ Sent to {partner}, {n} people.",
        facts["people"],
        partner=bold(facts["partner"]),
    )


@when("broadcast_going")
def broadcast_going(facts: Facts, say: Speech) -> Html:
    return say.plural(
        "✅ On its way to {n} person. How far it is stands below.",
        "✅ On its way to {n} people. How far it is stands below.",
        facts["people"],
    )


@about("support")
def what_to_say(facts: Facts, say: Speech) -> Html:
    del facts
    return say("What shall I tell our staff? Words, a photo or a file.")


@about("say")
def what_to_tell(facts: Facts, say: Speech) -> Html:
    if facts.get("partner"):
        return say(
            "What shall I tell {partner}? Words, a photo or a file.", partner=bold(facts["partner"])
        )
    return say("To which partner, and what? For example: {example}", example=code("Acme …"))


@about("as")
def what_to_do(facts: Facts, say: Speech) -> Html:
    if facts.get("partner"):
        example = code(say("cancel shop-1"))
        return say(
            "What shall be done for {partner}? For example: {example}",
            partner=bold(facts["partner"]),
            example=example,
        )
    example = code(say("Acme cancel shop-1"))
    return say("For which partner, and what? For example: {example}", example=example)


@refuses("nobody_linked")
def nobody_linked(facts: Facts, say: Speech) -> Html:
    return say("Nobody of {partner} is linked who could be told.", partner=bold(facts["partner"]))


@refuses("not_on_behalf")
def not_on_behalf(facts: Facts, say: Speech) -> Html:
    del facts
    return say("⛔ You act with a manager's rights: only the partner itself can do that.")


@refuses("too_many_waiting")
def too_many_waiting(facts: Facts, say: Speech) -> Html:
    return say.plural(
        "{n} message of yours waits for our staff: they answer soon, please wait for that.",
        "{n} messages of yours wait for our staff: they answer soon, please wait for that.",
        facts["most"],
    )


@refuses("no_segment")
def no_segment(facts: Facts, say: Speech) -> Html:
    return say(
        "There is no {wanted}. To whom: {known}",
        wanted=bold(facts["wanted"]),
        known=Html(", ".join(code(name) for name in facts["known"])),
    )


@refuses("nobody_there")
def nobody_there(facts: Facts, say: Speech) -> Html:
    return say("There is nobody: {segment}.", segment=_segment(facts["segment"], say))


@refuses("text_too_long")
def text_too_long(facts: Facts, say: Speech) -> Html:
    return say(
        "That is too long: {length} characters, and {most} fit into one message.",
        length=facts["length"],
        most=facts["most"],
    )
