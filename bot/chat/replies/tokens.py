"""The integrator token: how much of it is left, its secret, the next one."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import TIERS, word


@says("token_nearly_used")
def nearly_used(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🔑 Your token is nearly used up: {created} of {allowed} creations.",
            created=facts["created"],
            allowed=facts["allowed"],
        ),
        _next(facts, say),
    )


@says("token_used_up")
def used_up(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🔑 Your token is used up: {created} of {allowed} creations. What runs goes on.",
            created=facts["created"],
            allowed=facts["allowed"],
        ),
        _next(facts, say),
    )


def _next(facts: Facts, say: Speech) -> Html | None:
    if facts["next_tier"] is None:
        return None
    return say("Next: the {tier}. Ask for it here.", tier=word(TIERS, facts["next_tier"], say))


@says("token_granted")
def granted(facts: Facts, say: Speech) -> Html:
    tier = bold(word(TIERS, facts["tier"], say))
    if facts["allowed"] is None:
        return say("✅ You have the {tier}: it creates as many instances as you like.", tier=tier)
    return say.plural(
        "✅ You have the {tier}: it creates {n} instance.",
        "✅ You have the {tier}: it creates {n} instances.",
        facts["allowed"],
        tier=tier,
    )


@says("token_refused")
def refused(_facts: Facts, say: Speech) -> Html:
    return say("Your request for the next token was declined. The one that you have goes on.")
