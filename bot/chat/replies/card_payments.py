"""What is paid by card, as partners and staff read of it."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import named, word

MISMATCHES = {
    "livemode": mark("test and real money were mixed"),
    "op": mark("it is no order of ours"),
    "customer": mark("it is another customer"),
    "amount": mark("it is another amount"),
    "currency": mark("it is another currency"),
    "interval": mark("it is charged at another interval"),
    "standing": mark("Stripe says nothing that is known of how it stands"),
    "other_subscription": mark("the instance is paid for by another subscription already"),
    "gone": mark("it was paid, and its instance cannot run by it"),
    "payment_unknown": mark("the payment that went back is not booked here"),
    "return_by_hand": mark("what it settled has to be corrected by hand"),
}
ASKED = {
    "customer": mark("make a customer"),
    "subscribe": mark("open a payment page"),
    "pay": mark("open a payment page"),
    "expire": mark("close a payment page"),
    "portal": mark("open a customer's page"),
    "cancel": mark("let a subscription end"),
    "keep": mark("let a subscription go on"),
    "end": mark("end a subscription"),
}
EACH = {
    "month": mark("{price} every month"),
    "half_year": mark("{price} every 6 months"),
    "year": mark("{price} every year"),
}


def each(facts: Facts, say: Speech) -> Html:
    """Say what is charged, and how often."""
    return say(EACH[facts["interval"]], price=bold(say.money(facts["amount"])))


@says("card_offer")
def offer(facts: Facts, say: Speech) -> Html:
    return lines(
        say("How is {instance} to be paid?", instance=named(facts["name"], facts["id"])),
        say.plural(
            "By days: {n} day from your balance, which holds {balance}.",
            "By days: {n} days from your balance, which holds {balance}.",
            facts["days"],
            balance=facts["balance"],
        ),
        say("By card: it is charged by itself, until you end it."),
        say("A year costs {percent} % less than 12 months.", percent=facts["discount"])
        if facts["discount"]
        else None,
        Html(),
        say("It starts when it is paid; the rest of a trial is not added."),
    )


@says("card_payment")
def payment(facts: Facts, say: Speech) -> Html:
    what = bold(facts["what"])
    price = each(facts, say) if facts["interval"] else bold(say.money(facts["amount"]))
    match facts["step"]:
        case "asked":
            return say("⏳ The payment page for {what} is being opened: {price}.", what=what,
                       price=price)  # fmt: skip
        case "open":
            return lines(
                say("💳 {what}: {price}.", what=what, price=price),
                say("Open the payment page; this message tells when it is paid."),
            )
        case "paid" if facts["until"]:
            return say(
                "✅ Paid: {what} is active until {until}, then the card is charged again.",
                what=what,
                until=bold(say.at(facts["until"])),
            )
        case "paid":
            return say("✅ Paid: {what}, {price}.", what=what, price=price)
        case "over":
            return say("This payment page for {what} is closed; nothing was paid in it.", what=what)
        case _:
            return say(
                "⚠️ The payment page for {what} could not be opened: {why}. Nothing was paid.",
                what=what,
                why=facts["why"],
            )


@says("card_portal")
def portal(facts: Facts, say: Speech) -> Html:
    match facts["step"]:
        case "asked":
            return say("⏳ Your page at Stripe is being opened.")
        case "open":
            return say(
                "💳 Your page at Stripe: cards, receipts, subscriptions. It is open to you for a "
                "few minutes."
            )
        case _:
            return say("⚠️ Your page at Stripe could not be opened: {why}.", why=facts["why"])


@says("card_cancel")
def cancel(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "{instance} runs until {until}, which is paid, and is not charged again.",
            instance=named(facts["name"], facts["id"]),
            until=bold(say.at(facts["until"])),
        ),
        say("Then it stops; until then you can keep it. Let it end?"),
    )


@says("card_ending")
def ending(facts: Facts, say: Speech) -> Html:
    instance = named(facts["name"], facts["id"])
    until = bold(say.at(facts["until"]))
    match facts["step"], facts["on"]:
        case "asked", _:
            return say("⏳ {instance}: Stripe is being told.", instance=instance)
        case "done", True:
            return say(
                "✅ {instance} runs until {until} and is not charged again. Until then you can "
                "keep it.",
                instance=instance,
                until=until,
            )
        case "done", False:
            return say(
                "✅ {instance} goes on: the card is charged again {until}.",
                instance=instance,
                until=until,
            )
        case _:
            return say(
                "⚠️ {instance}: Stripe did not take it: {why}. All is as it was.",
                instance=instance,
                why=facts["why"],
            )


@says("notice_card_renewal")
def renewal(facts: Facts, say: Speech) -> Html:
    return say(
        "💳 {instance} is renewed {until}: {price} by card. Nothing to do, unless it should end.",
        instance=named(facts["name"], facts["id"]),
        until=bold(say.at(facts["until"])),
        price=each(facts, say),
    )


@says("notice_card_failed")
def failed(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ The card for {instance} could not be charged: {price}.",
            instance=named(facts["name"], facts["id"]),
            price=each(facts, say),
        ),
        say("It runs on while Stripe tries again in the next days. Look at your card: if that "
            "fails too, it stops."),
    )  # fmt: skip


@says("notice_card_ended")
def ended(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⌛ The card subscription of {instance} has ended, and it has stopped.",
            instance=named(facts["name"], facts["id"]),
        ),
        say("Paid again, it runs again at once. Otherwise it is deleted {at}, for good.",
            at=bold(say.at(facts["delete_at"])))
        if facts["delete_at"]
        else None,
    )  # fmt: skip


@says("stripe_quarantined")
def quarantined(facts: Facts, say: Speech) -> Html:
    return lines(
        say("⚠️ Stripe told what does not agree: {why}.", why=bold(word(MISMATCHES, facts["why"],
                                                                       say))),
        say("Partner: {partner}", partner=bold(facts["partner"])) if facts["partner"] else None,
        say("{type} about {about}, event {id}", type=code(facts["type"]),
            about=code(facts["about"]), id=code(facts["id"])),
        say("✅ {person} has looked at it.", person=bold(facts["looked_by"]))
        if facts["looked_by"]
        else say("Nothing was done by itself. Look at it at Stripe, set it right there or here, "
                 "then press."),
    )  # fmt: skip


@says("card_returned")
def returned(facts: Facts, say: Speech) -> Html:
    partner, what = bold(facts["partner"]), code(facts["what"])
    amount = bold(say.money(facts["amount"]))
    match facts["how"]:
        case "refund":
            return say("↩️ Refunded at Stripe: {amount} to {partner} for {what}.", amount=amount,
                       partner=partner, what=what)  # fmt: skip
        case "dispute":
            return say("⚠️ Disputed: {partner} wants {amount} back for {what}. Answer it at Stripe.",
                       amount=amount, partner=partner, what=what)  # fmt: skip
        case _:
            return say("✅ Dispute won: {amount} of {partner} for {what} is there again.",
                       amount=amount, partner=partner, what=what)  # fmt: skip


@says("card_trouble")
def trouble(facts: Facts, say: Speech) -> Html:
    return say(
        "⚠️ Stripe was asked to {operation} for {partner}: {why}",
        operation=word(ASKED, facts["operation"], say),
        partner=bold(facts["partner"]),
        why=facts["why"],
    )


def of_instance(facts: Facts, say: Speech) -> list[Html]:
    """Say of an instance how it is paid by card."""
    until = bold(say.at(facts["until"]))
    told = [say("By card: {price}", price=each(facts, say))]
    if facts["state"] == "past_due":
        told.append(say("⚠️ The last payment failed; Stripe tries again."))
    elif facts["ending"]:
        told.append(say("Runs until {until} and is not charged again.", until=until))
    else:
        told.append(say("Paid until {until}, then the card is charged again.", until=until))
    return told
