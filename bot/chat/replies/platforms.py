"""The messaging platforms: what they refuse in the partner's words, and what people do there."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, escaped, lines, mark
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import STATES, named, seen_to, word

# As their makers write them.
NAMES = {
    "embedded": "Partner Desk",
    "zapi": "Z-API",
    "whapi": "Whapi",
    "evolution": "Evolution API",
}
# What platforms say, as a part of it in lower case; whatever else they say is shown as it is.
REASONS = {
    "not found": mark("it is not there any more"),
    "must subscribe": mark("its time there is over, and it has to be subscribed again"),
    "trial version limit": mark("no more trials are possible there for now"),
    "the platform refuses it": mark("it gives no reason"),
    "null not allowed": mark("our own access there is refused: our team sees to it"),
    "unauthorized": mark("our own access there is refused: our team sees to it"),
    "forbidden": mark("our own access there is refused: our team sees to it"),
}
# What a person does in the panel, by operation and platform; without one, wherever it is.
TO_DO = {
    "create": mark("Create an instance there under this name."),
    "subscribe": mark("Subscribe it there."),
    "subscribe whapi": mark(
        "Whapi has no monthly subscription. Give the channel days for as long as it is to run, "
        "and switch it to live."
    ),
    "cancel": mark("Cancel it there."),
    "keep": mark("Take its cancellation back there, so that it goes on."),
    "keep zapi": mark(
        "Take its cancellation back in the panel of Z-API. If that is not offered, subscribe it "
        "there again when it has ended."
    ),
    "stop": mark("Stop it there: it must not run any longer."),
    "stop zapi": mark(
        "Disconnect its number in the panel of Z-API, and cancel it there if it is subscribed."
    ),
    "restart": mark("Let it run again there."),
    "extend": mark("Let it run there for as long as its days last."),
    "extend zapi": mark(
        "Z-API sells no days. Subscribe it in its panel, and cancel it there when the days are "
        "over."
    ),
    "delete": mark("Delete it there."),
    "delete zapi": mark(
        "Disconnect its number in the panel of Z-API: it can be deleted only disconnected, and 40 "
        "days after the cancellation."
    ),
}
HEADS = {
    "create": mark("🛠 To create at {platform}: {instance} of {partner}"),
    "subscribe": mark("🛠 To subscribe at {platform}: {instance} of {partner}"),
    "cancel": mark("🛠 To cancel at {platform}: {instance} of {partner}"),
    "keep": mark("🛠 To let go on at {platform}: {instance} of {partner}"),
    "stop": mark("🛠 To stop at {platform}: {instance} of {partner}"),
    "restart": mark("🛠 To let run again at {platform}: {instance} of {partner}"),
    "extend": mark("🛠 To extend at {platform}: {instance} of {partner}"),
    "delete": mark("🛠 To delete at {platform}: {instance} of {partner}"),
}


def platform_name(name: str) -> Html:
    """Return how a platform is called."""
    return escaped(NAMES.get(name, name))


def reason(why: str, say: Speech) -> Html:
    """Return why a platform refuses something: in plain words where that is known."""
    told = why.casefold()
    known = next((words for part, words in REASONS.items() if part in told), None)
    return escaped(why) if known is None else say(known)


@says("staff_by_hand")
def by_hand(facts: Facts, say: Speech) -> Html:
    """What somebody has to do in a platform's panel."""
    operation, platform = facts["operation"], facts["platform"]
    head = say(
        HEADS[operation],
        platform=platform_name(platform),
        instance=named(facts["name"], facts["instance"]),
        partner=bold(facts["partner"]),
    )
    if facts["state"] != "open":
        return lines(head, _ended(facts, say))
    to_do = TO_DO.get(f"{operation} {platform}", TO_DO[operation])
    ends = facts["active_until"]
    return lines(
        head,
        say(to_do),
        _called(facts, say),
        say("It is to run until {at}.", at=ends) if operation == "extend" and ends else None,
        say("I try it again myself on {at}.", at=facts["until"]) if facts["until"] else None,
        say("The partner reads that it is done when you press the button."),
        seen_to(facts, say),
    )


def _called(facts: Facts, say: Speech) -> Html:
    label, id_ = code(facts["label"]), facts["remote_id"]
    if id_ is None or id_ == facts["label"]:
        return say("There it is called {label}.", label=label)
    return say("There it is called {label}, with the id {id}.", label=label, id=code(id_))


def _ended(facts: Facts, say: Speech) -> Html:
    match facts["state"]:
        case "done" if facts["by"]:
            return say("✅ Done there by {person}", person=facts["by"])
        case "done":
            return say("✅ Done there")
        case _:
            return say("No longer needed.")


@says("extension_refused")
def extension_refused(facts: Facts, say: Speech) -> Html:
    """To the partner, whose days are back."""
    return lines(
        say(
            "⚠️ The platform refuses the days for {instance}: {why}",
            instance=named(facts["name"], facts["id"]),
            why=reason(facts["why"], say),
        ),
        say.plural(
            "{n} day is back in your balance.", "{n} days are back in your balance.", facts["days"]
        ),
        _stands(facts, say),
        say("It takes no days by itself any more: /auto lets it again.") if facts["auto"] else None,
    )


def _stands(facts: Facts, say: Speech) -> Html:
    match facts["state"]:
        case "trial":
            return say("Its trial runs until {at}, as before.", at=facts["until"])
        case "active":
            return say("It runs until {at}, as before.", at=facts["until"])
        case state:
            return say("It is {state}.", state=bold(word(STATES, state, say)))


@says("staff_comparison_silent")
def silent(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ {platform} could not be compared, {night}: {why}",
            platform=bold(platform_name(facts["platform"])),
            night=say.day(facts["night"]),
            why=facts["why"],
        ),
        say("It is tried again until it answers."),
    )
