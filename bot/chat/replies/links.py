"""Whether numbers are connected, and what became of an instance at its platform."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, named


@says("notice_link_down")
def link_down(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        told = say(
            "📵 {instance} is not connected any more, since {at}.",
            instance=named(one["name"], one["id"]),
            at=bold(say.at(one["since"])),
        )
    else:
        told = lines(
            say.plural(
                "📵 {n} instance is not connected any more:",
                "📵 {n} instances are not connected any more:",
                len(found),
            ),
            say.listed(item(named(one["name"], one["id"]), say.at(one["since"])) for one in found),
        )
    return lines(
        told,
        Html(),
        say.plural(
            "Nothing is sent or received over it until its number is connected again.",
            "Nothing is sent or received over them until their numbers are connected again.",
            len(found),
        ),
    )


@says("instance_gone")
def instance_gone(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🗑 {instance} does not exist at the messaging platform any more, so our staff have "
            "closed it here.",
            instance=named(facts["name"], facts["id"]),
        ),
        say.plural(
            "{n} day is back in your balance.",
            "{n} days are back in your balance.",
            facts["returns"],
        )
        if facts["returns"]
        else None,
        say("Did you expect it to run? Write to us: /support"),
    )
