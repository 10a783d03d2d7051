"""Why an instance cannot be made, named or changed so, and what can be done instead."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts
from bot.chat.replies.words import STATES, TIERS, word


@refuses("name_refused")
def name_refused(facts: Facts, say: Speech) -> Html:
    name = bold(facts["name"])
    match facts["why"]:
        case "empty":
            return say("A name is needed, up to 64 characters: {example}", example=code("shop-1"))
        case "too_long":
            return say("{name}… is too long: a name has up to 64 characters.", name=name)
        case "control":
            return say("{name} holds signs that cannot be seen. Type the name anew.", name=name)
        case "number":
            return say(
                "{name} is a number, and numbers choose from the list. Add a letter: {example}",
                name=name,
                example=code(f"shop-{facts['name']}"),
            )
        case "filter":
            return say(
                "{name} stands for several instances, so none can be called that. Choose another.",
                name=name,
            )
        case "twice":
            return say("{name} stands there twice. Each name is used once.", name=name)
        case _:
            return say("{name} looks like the id of an instance. Choose another name.", name=name)


@refuses("name_taken")
def name_taken(facts: Facts, say: Speech) -> Html:
    return say(
        "You have an instance {name} already: {instance}. Choose another name.",
        name=bold(facts["name"]),
        instance=code(facts["instance"] or ""),
    )


@refuses("too_many_trials")
def too_many_trials(facts: Facts, say: Speech) -> Html:
    return say(
        "{open} trials are open, and {asked} more would be over the limit of {most}. Subscribe "
        "or delete some first.",
        open=facts["open"],
        asked=facts["asked"],
        most=facts["most"],
    )


@refuses("too_many_at_once")
def too_many_at_once(facts: Facts, say: Speech) -> Html:
    return say(
        "{asked} at once are too many: up to {most}. Send them in parts.",
        asked=facts["asked"],
        most=facts["most"],
    )


@refuses("token_used_up")
def token_used_up(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🔑 Your token allows {allowed} creations and {created} are used: no room for "
            "{asked} more.",
            allowed=facts["allowed"],
            created=facts["created"],
            asked=facts["asked"],
        ),
        # Of one in a list that is looked over, the others may well be created.
        say("Nothing was created.") if facts["asked"] > 1 else None,
        say("Ask for the {tier}; what runs goes on.", tier=word(TIERS, facts["next_tier"], say))
        if facts["next_tier"]
        else None,
    )


@refuses("next_tier_not_yet")
def next_tier_not_yet(facts: Facts, say: Speech) -> Html:
    return say(
        "The {tier} can be asked for from {wanted_from} creations on; so far there are {created}.",
        tier=word(TIERS, facts["next_tier"], say),
        wanted_from=facts["wanted_from"],
        created=facts["created"],
    )


@refuses("no_next_tier")
def no_next_tier(facts: Facts, say: Speech) -> Html:
    return say(
        "The {tier} is the last one: there is none above.", tier=word(TIERS, facts["tier"], say)
    )


@refuses("not_in_this_state")
def not_in_this_state(facts: Facts, say: Speech) -> Html:
    state = bold(word(STATES, facts["state"], say))
    match facts["action"], facts["state"]:
        case _, "creating":
            return say("It is being created. Try again in a moment.")
        case _, "deleted" | "failed":
            return say(
                "It is gone ({state}) and cannot come back. Create a new one: /new", state=state
            )
        case "extend" | "auto", "overdue":
            return say("It is stopped for an unpaid invoice. Pay first: /invoices")
        case "auto", "stopped":
            return say("It has stopped. Extend it first: /extend")
        case "keep", "overdue":
            return say("It is stopped for an unpaid invoice. Pay first, then keep it: /invoices")
        case "keep", _:
            return say("It is not cancelled ({state}): there is nothing to keep.", state=state)
        case "subscribe", "cancelled" | "overdue":
            return say("It is cancelled and still runs. To go on with it: /keep")
        case "subscribe", _:
            return say("Its service is over ({state}). Create a new one: /new", state=state)
        case _:
            return say("That is not possible now: it is {state}.", state=state)


@refuses("settled_otherwise")
def settled_otherwise(facts: Facts, say: Speech) -> Html:
    match facts["settlement"]:
        case "days":
            return say("It is paid for in days: extend it, or delete it and its days come back.")
        case "card":
            return say(
                "It is paid for by card, so that is not how it goes on or ends. What is possible "
                "is on its own card: /show"
            )
        case _:
            return say("It is on the monthly invoice: no days can be given to it.")


@refuses("not_by_card")
def not_by_card(facts: Facts, say: Speech) -> Html:
    del facts
    return say("It is not paid for by card, so there is no card subscription to change.")


@refuses("no_cards")
def no_cards(facts: Facts, say: Speech) -> Html:
    del facts
    return say("Nothing can be paid by card here. Other ways to pay: /invoices")


@refuses("nothing_to_cancel")
def nothing_to_cancel(facts: Facts, say: Speech) -> Html:
    if facts["trial_ends_at"] is None:
        return say("Nothing is owed for it and there is nothing to cancel.")
    if facts["trial_ends_at"] <= say.now:
        return say(
            "Its trial ended {at}: it costs nothing and there is nothing to cancel. Subscribe it "
            "and it runs again, or delete it.",
            at=facts["trial_ends_at"],
        )
    return say(
        "It is in its trial (until {at}): nothing is owed and nobody has to cancel it. You can "
        "delete it now, or let it end by itself.",
        at=facts["trial_ends_at"],
    )


@refuses("service_ended")
def service_ended(facts: Facts, say: Speech) -> Html:
    if facts["service_ends_at"] is None:
        return say("Its service is over: it cannot be kept. Create a new one: /new")
    return say(
        "Its service ended {at}: it cannot be kept any more. Create a new one: /new",
        at=facts["service_ends_at"],
    )


@refuses("never_activated")
def never_activated(_facts: Facts, say: Speech) -> Html:
    return say(
        "It was made in the admin panel, and under your terms those are never activated. Create "
        "it here: /new"
    )
