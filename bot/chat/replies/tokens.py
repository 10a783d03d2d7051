"""The integrator token: how much of it is left, its secret, the next one."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
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
def refused(facts: Facts, say: Speech) -> Html:
    return lines(
        say("Your request for the next token was declined. The one that you have goes on."),
        say("The reason: {reason}", reason=facts["reason"]) if facts["reason"] else None,
    )


@says("token")
def token(facts: Facts, say: Speech) -> Html:
    return lines(
        say("🔑 Your {tier}", tier=bold(word(TIERS, facts["tier"], say))),
        _used(facts, say),
        _following(facts, say),
        _secret(facts, say),
        None if facts["owner"] else say("Its secret is shown to the owner of your account alone."),
    )


def _used(facts: Facts, say: Speech) -> Html:
    if facts["allowed"] is None:
        return say.plural(
            "{n} creation so far, without a limit.",
            "{n} creations so far, without a limit.",
            facts["created"],
        )
    return say(
        "{created} of {allowed} creations used, {left} left. Deleted instances count too.",
        created=facts["created"],
        allowed=facts["allowed"],
        left=facts["left"],
    )


def _following(facts: Facts, say: Speech) -> Html | None:
    if facts["next_tier"] is None:
        return None
    tier = word(TIERS, facts["next_tier"], say)
    if facts["requested"]:
        return say("You have asked for the {tier}: we will answer here.", tier=tier)
    if facts["can_request"]:
        return say("You can ask for the {tier} now.", tier=tier)
    return say.plural(
        "From {n} creation on you can ask for the {tier}.",
        "From {n} creations on you can ask for the {tier}.",
        facts["next_from"],
        tier=tier,
    )


def _secret(facts: Facts, say: Speech) -> Html | None:
    if not facts["owner"]:
        return None
    if facts["unsaved"]:
        return say("Its secret waits to be saved: show it, and keep it in a safe place.")
    if facts["has_secret"]:
        return say("Its secret was saved. Lost it? Rotate makes a new one.")
    return say("It has no secret yet: you need one for the API only.")


@says("responsibility")
def responsibility(facts: Facts, say: Speech) -> Html:
    return lines(
        say("⚠️ Before you confirm:"),
        say(
            "• Your company pays for every instance that is subscribed with this token, whoever "
            "used it."
        ),
        say("• Do not use it for tests: there are test tokens for that."),
        say("• It is shown until you press Saved, and never again."),
        say("• The secret of before works for 24 hours more.") if facts["rotate"] else None,
        say("Who accepts this, and when, is kept (version {version}).", version=facts["version"]),
    )


@says("token_saved")
def already_saved(_facts: Facts, say: Speech) -> Html:
    return say(
        "The secret was saved, and we keep no copy that could be shown. If it is lost, rotate: "
        "the old one works for 24 hours more."
    )


@says("secret")
def secret(facts: Facts, say: Speech) -> Html:
    """`secrets` are put in when the message is sent, in the order of `keys`; None: forgotten."""
    found = facts["secrets"]
    if not any(found):
        return say("🔑 Saved, and no longer shown.")
    if facts["names"]:
        shown = [
            lines(bold(name), code(value))
            for name, value in zip(facts["names"], found, strict=True)
            if value is not None
        ]
        head = say.plural("🔑 The instance's own token", "🔑 The instances' own tokens", len(shown))
    else:
        shown = [code(value) for value in found if value is not None]
        head = say("🔑 Your token's secret")
    return lines(
        head,
        say.listed(shown, room=3400),
        say.plural(
            "Keep it in a safe place, then press Saved: after that it is not shown again.",
            "Keep them in a safe place, then press Saved: after that they are not shown again.",
            len(shown),
        ),
    )


@says("secret_saved")
def secret_saved(_facts: Facts, say: Speech) -> Html:
    return say("✅ Saved, and no longer shown here.")


@says("no_secrets")
def no_secrets(facts: Facts, say: Speech) -> Html:
    return say(
        "There is no token to show for {names}: it was saved before, or is not there yet.",
        names=say.names(facts["names"]),
    )
