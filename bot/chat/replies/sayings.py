"""Confirmations in a sentence: what was done, and what that means."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.languages import LANGUAGES, nearest
from bot.chat.replies.templates import Facts, Template, says
from bot.chat.replies.words import ROLES, TIERS, named, word

SAYINGS: dict[str, Template] = {}


def when(what: str) -> Callable[[Template], Template]:
    """Let a function confirm that."""

    def register(saying: Template) -> Template:
        assert what not in SAYINGS, f"{what} is said twice"
        SAYINGS[what] = saying
        return saying

    return register


@says("said")
def said(facts: Facts, say: Speech) -> Html:
    return SAYINGS[facts["what"]](facts, say)


@when("question_left")
def question_left(_facts: Facts, say: Speech) -> Html:
    return say("Fine, never mind. Nothing was changed.")


@when("question_closed")
def question_closed(_facts: Facts, say: Speech) -> Html:
    return say(
        "That is not the question that is open now, so nothing was done. Reply to the newest one, "
        "or begin anew."
    )


@when("month_to_come")
def month_to_come(facts: Facts, say: Speech) -> Html:
    return say("{month} is still to come.", month=bold(say.month(facts["month"])))


@when("question_of")
def question_of(facts: Facts, say: Speech) -> Html:
    return say(
        "I asked {person} that, and your role does not allow the answer, so nothing was done.",
        person=bold(facts["person"] or "–"),
    )


@when("nothing_asked")
def nothing_asked(_facts: Facts, say: Speech) -> Html:
    return say(
        "There is no open question. To cancel an instance, name it: {command}",
        command=code(say("/cancel shop-1")),
    )


@when("edited")
def edited(_facts: Facts, say: Speech) -> Html:
    return say("I do not act on messages that were changed: please send it anew.")


@when("forwarded")
def forwarded(_facts: Facts, say: Speech) -> Html:
    return say("I do not act on forwarded messages: please write it yourself.")


@when("write_as_yourself")
def write_as_yourself(_facts: Facts, say: Speech) -> Html:
    return say(
        "I cannot tell who wrote that: please write as yourself, not anonymously, or press a "
        "button."
    )


@when("no_files")
def no_files(_facts: Facts, say: Speech) -> Html:
    return say(
        "I cannot read files: please write it as text. {command} passes a file on to our staff.",
        command=code(say("/support")),
    )


@when("bound")
def bound(facts: Facts, say: Speech) -> Html:
    if facts["again"]:
        return say("This group is a staff group already.")
    return say(
        "✅ This is a staff group now: cards appear here. {command} gives colleagues their roles.",
        command=code(say("/staff")),
    )


@when("renamed")
def renamed(facts: Facts, say: Speech) -> Html:
    return say(
        "✅ {before} is now {instance}.",
        before=bold(facts["before"]),
        instance=named(facts["name"], facts["id"]),
    )


@when("spoken")
def spoken(facts: Facts, say: Speech) -> Html:
    language = LANGUAGES[nearest(facts["language"])]
    return say("✅ From now on I speak {language} with you.", language=bold(language))


@when("zone_set")
def zone_set(facts: Facts, say: Speech) -> Html:
    return lines(
        say("✅ Times are told by the clock of {zone}.", zone=bold(facts["zone"])),
        say("Reminders come in your morning. Invoices keep the days of your terms."),
    )


@when("token_requested")
def token_requested(facts: Facts, say: Speech) -> Html:
    return say(
        "✅ You have asked for the {tier}: we will answer here.",
        tier=bold(word(TIERS, facts["tier"], say)),
    )


@when("hold_set")
def hold_set(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⏳ Invoice {number}, {owed}: held until the end of {day}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
            day=bold(say.day(facts["until"])),
        ),
        say("Unpaid, its instances stop then and are deleted on {day}.", day=facts["delete_on"]),
        say("The reason: {reason}", reason=facts["reason"]),
    )


@when("granted")
def granted(facts: Facts, say: Speech) -> Html:
    partner, tier = bold(facts["partner"]), word(TIERS, facts["tier"], say)
    if facts["allowed"] is None:
        return say("✅ {partner} has the {tier}: no limit.", partner=partner, tier=tier)
    return say.plural(
        "✅ {partner} has the {tier}: {n} creation.",
        "✅ {partner} has the {tier}: {n} creations.",
        facts["allowed"],
        partner=partner,
        tier=tier,
    )


@when("request_refused")
def request_refused(facts: Facts, say: Speech) -> Html:
    return say("The token request of {partner} is declined.", partner=bold(facts["partner"]))


@when("frozen")
def frozen(facts: Facts, say: Speech) -> Html:
    return say(
        "❄️ {partner} is frozen: {reason}. Nothing new can begin; what runs goes on.",
        partner=bold(facts["partner"]),
        reason=facts["reason"],
    )


@when("unfrozen")
def unfrozen(facts: Facts, say: Speech) -> Html:
    return say("✅ {partner} is no longer frozen.", partner=bold(facts["partner"]))


@when("halted")
def halted(facts: Facts, say: Speech) -> Html:
    return say(
        "⛔ Every stop and deletion is halted: {reason}. {command} lets them go on.",
        reason=facts["reason"],
        command=code(say("/resume")),
    )


@when("resumed")
def resumed(_facts: Facts, say: Speech) -> Html:
    return say("✅ Stops and deletions go on; what waited is decided anew, now.")


@when("staff_set")
def staff_set(facts: Facts, say: Speech) -> Html:
    user_id = code(str(facts["user_id"]))
    person = bold(facts["person"]) if facts["person"] else user_id
    if facts["role"] is None:
        return say("✅ {person} is no longer staff.", person=person)
    role = bold(word(ROLES, facts["role"], say))
    if not facts["person"]:
        return say("✅ {person}: {role}", person=person, role=role)
    return say("✅ {person} ({user_id}): {role}", person=person, user_id=user_id, role=role)


@when("deletion_done")
def deletion_done(facts: Facts, say: Speech) -> Html:
    return say("🗑 {instance} is deleted.", instance=named(facts["name"], facts["id"]))


@when("by_hand_done")
def by_hand_done(facts: Facts, say: Speech) -> Html:
    return say("✅ {instance}: done at the platform", instance=named(facts["name"], facts["id"]))


@when("declined")
def declined(facts: Facts, say: Speech) -> Html:
    return say(
        "The application of {company} is declined; the reason was passed on.",
        company=bold(facts["company"]),
    )


@when("nothing_to_show")
def nothing_to_show(_facts: Facts, say: Speech) -> Html:
    return say("There is nothing to show any more.")


@when("mistake")
def mistake(facts: Facts, say: Speech) -> Html:
    return say(
        "⚠️ Something broke on our side, and nothing was done. Please try again in a minute. Our "
        "staff find it in their log: {reference}",
        reference=code(str(facts["reference"])),
    )
