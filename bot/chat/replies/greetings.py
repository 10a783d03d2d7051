"""Greetings, questions and short confirmations."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.languages import LANGUAGES, nearest
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ROLES, named, word


@says("greeting")
def greeting(facts: Facts, say: Speech) -> Html:
    head = say(
        "👋 Hello! Here partners create messaging instances, subscribe them and see what they cost."
    )
    if facts["applied"]:
        return lines(
            head, say("Your application is with our staff: you will hear from us right here.")
        )
    return lines(
        head,
        say(
            "Not a partner yet? Apply with {command} and the name of your company.",
            command=code(say("/apply")),
        ),
    )


@says("staff_greeting")
def staff_greeting(facts: Facts, say: Speech) -> Html:
    role = bold(word(ROLES, facts["role"], say))
    if facts["here"]:
        return say(
            "👋 You are {role} here. {command} shows what waits.",
            role=role,
            command=code(say("/queue")),
        )
    if facts["bound"]:
        return say(
            "👋 You are {role}. Staff commands work in the staff group, where all see who did "
            "what.",
            role=role,
        )
    return say("👋 You are {role}, but no staff group is bound yet.", role=role)


@says("bind_hint")
def bind_hint(facts: Facts, say: Speech) -> Html:
    """How a group is bound, and when the bot leaves one that is not."""
    match facts["leaves"]:
        case "now":
            return say("This group is not bound, and nobody here can bind it: I leave.")
        case "later":
            later = say("Unless it is bound I leave in an hour.")
            return lines(_bind_hint(facts, say), _own_group(say), later)
        case _:
            return lines(_bind_hint(facts, say), _own_group(say))


def _own_group(say: Speech) -> Html:
    return say(
        "A partner's owner makes it the partner's own: the code is behind {command}, in private.",
        command=code(say("/team")),
    )


def _bind_hint(facts: Facts, say: Speech) -> Html:
    if not facts["first"]:
        return say(
            "This group is not bound. An admin of the staff makes it a staff group by saying "
            "{command} here, without a code.",
            command=code("/bind"),
        )
    return say(
        "This group is not bound. {command} makes it a staff group; the code is printed when the "
        "bot starts unbound.",
        command=code(say("/bind CODE")),
    )


@says("applied")
def applied(facts: Facts, say: Speech) -> Html:
    """The applicant's own card, which follows what becomes of it."""
    company = bold(facts["company"])
    match facts["state"]:
        case "approved":
            return say("✅ Your application for {company} was approved.", company=company)
        case "declined":
            return lines(
                say("❌ Your application for {company} was declined.", company=company),
                say("The reason: {reason}", reason=facts["reason"]) if facts["reason"] else None,
            )
    return lines(
        say("⏳ That works once you are a partner: nothing was done or sent.")
        if facts.get("early")
        else None,
        say("✅ Your application is changed: {company}", company=company)
        if facts["edited"]
        else say("✅ Your application for {company} is with our staff.", company=company),
        say("👤 {person} is looking at it.", person=facts["claimed_by"])
        if facts["claimed_by"]
        else say("You will hear from us right here."),
        Html(),
        say(
            "If you have active prepaid instances with us already: they move to the monthly "
            "invoice. This can be chosen now and never later."
        )
        if facts["migrate"]
        else say(
            "If you have active prepaid instances with us already: they stay prepaid. To move them "
            "to the monthly invoice, choose it now: later it is not possible."
        ),
    )


@says("language")
def language(facts: Facts, say: Speech) -> Html:
    now = LANGUAGES[nearest(facts["language"])]
    return lines(
        say("I do not speak {wanted}.", wanted=bold(facts["wanted"])) if facts["wanted"] else None,
        say("🌐 I speak {language} with you. Another?", language=bold(now)),
    )


@says("timezone")
def timezone(facts: Facts, say: Speech) -> Html:
    return lines(
        say("🕘 Times are told by the clock of {zone}.", zone=bold(facts["zone"])),
        say(
            "Another? Press, or write its name: {example}",
            example=code(say("/timezone America/Sao_Paulo")),
        ),
        say("Invoices keep the days of your terms, wherever you are."),
    )


@says("was_deleted")
def was_deleted(facts: Facts, say: Speech) -> Html:
    return say(
        "{instance} was deleted {at}, for good: it cannot come back.",
        instance=named(facts["name"], facts["id"]),
        at=facts["deleted_at"],
    )


@says("did_you_mean")
def did_you_mean(facts: Facts, say: Speech) -> Html:
    wanted = bold(facts["wanted"])
    match facts["what"]:
        case "instance" if facts["near"]:
            return say("There is no instance {wanted}. Did you mean…", wanted=wanted)
        case "instance":
            return say("There is no instance {wanted}. /list shows yours.", wanted=wanted)
        case "ambiguous":
            return say("More than one instance fits {wanted}. Which one?", wanted=wanted)
        case "timezone":
            return say("There is no time zone {wanted}. Did you mean…", wanted=wanted)
        case _ if facts["near"]:
            return say("I do not know {wanted}. Did you mean…", wanted=wanted)
        case _:
            return say("I do not know {wanted}. /help shows what I can do.", wanted=wanted)


@says("not_understood")
def not_understood(_facts: Facts, say: Speech) -> Html:
    return say(
        "I did not understand that: I am a program. Shall our staff read it? {help} shows what I "
        "can do.",
        help=code(say("/help")),
    )
