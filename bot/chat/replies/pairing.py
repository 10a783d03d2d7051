"""How a number is connected, and how that ended."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import named


@says("pairing")
def pairing(facts: Facts, say: Speech) -> Html:
    one = named(facts["name"], facts["id"])
    match facts["state"]:
        case "connected":
            return say("✅ {instance} is connected.", instance=one)
        case "refused":
            return say("⚠️ The platform cannot connect {instance} now.", instance=one)
        case "over":
            return say("⌛ {instance} was not connected in time.", instance=one)
    if not facts["nth"]:
        return say("⏳ I ask the platform how {instance} is connected…", instance=one)
    return _by_code(facts, one, say) if facts["by"] == "code" else _by_qr(facts, one, say)


def _by_qr(facts: Facts, one: Html, say: Speech) -> Html:
    return lines(
        say("📷 Connect {instance}", instance=one),
        say("On the phone: WhatsApp → Linked devices → Link a device, and scan this."),
        say(
            "It is renewed by itself: {nth} of {most}.",
            nth=facts["nth"],
            most=facts["most"],
        ),
    )


def _by_code(facts: Facts, one: Html, say: Speech) -> Html:
    (secret,) = facts["secrets"]
    if secret is None:
        return say("⌛ {instance} was not connected in time.", instance=one)
    return lines(
        say("📱 Connect {instance}: {code}", instance=one, code=code(secret)),
        say(
            "On the phone: WhatsApp → Linked devices → Link a device → Link with phone number, "
            "and type it."
        ),
        say("It works until {at}.", at=bold(say.clock(facts["until"]))),
    )


@refuses("phone_unclear")
def phone_unclear(facts: Facts, say: Speech) -> Html:
    return say(
        "{wanted} is no phone number. With the code of its country: {example}",
        wanted=bold(facts["wanted"]),
        example=code("+55 11 98765-4321"),
    )
