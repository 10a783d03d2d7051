"""What was taken back, and what is done instead where that is not possible."""

from __future__ import annotations

from bot.chat.commands import COMMANDS
from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts, says

# By the act's name in the audit.
UNDONE = {
    "freeze": mark("↩️ {partner} is no longer frozen."),
    "unfreeze": mark("↩️ {partner} is frozen again."),
    "halt": mark("↩️ Stops and deletions go on."),
    "resume": mark("↩️ Stops and deletions are halted again."),
    "claim": mark("↩️ It waits for whoever claims it."),
    "decline": mark("↩️ The application waits again; the applicant is told."),
    "token_refused": mark("↩️ The token request of {partner} waits again."),
    "price": mark("↩️ The price for {partner} is as it was; the partner is told."),
    "programme": mark("↩️ {partner} stays under its terms."),
    "day_limit": mark("↩️ {partner} pays for days as it did before."),
    "staff": mark("↩️ The role of {about} is as it was."),
    "hold": mark("↩️ Invoice {about} has the last day again that it had."),
    "second_person": mark("↩️ It no longer waits for a second person."),
}
INSTEAD = {
    "approved": mark("A partner stays one: /freeze it, or let it say /leave."),
    "granted": mark("The token may be in use. To stop new instances: /freeze."),
    "deleted": mark("A deleted instance never comes back: the partner creates a new one."),
    "prepared": mark("The invoice is issued. To take it back: /void."),
    "reversed": mark("Book the payment again with /paid, under another reference."),
    "voided": mark(
        "A monthly invoice is issued anew by the button below the answer to /void. Days: the "
        "partner asks for them again."
    ),
    "given": mark("The partner may have used it. To pay it out: /refund."),
    "days_given": mark("The partner may have used them. /partner shows what is left."),
    "refunded": mark("The money is paid out. If it came back: /credit."),
    "handed_over": mark("Claim it again by its button."),
    "by_hand": mark("The partner was told. If it is not done there, do it in the panel now."),
    "imported": mark("Look at each partner with /partner; /freeze stops what is new."),
    "bound": mark("Remove me from the group: then it is bound no longer."),
    "said": mark("It may have been read. Write again to put it right."),
    "move_taken_back": mark("Plan it again with /programme."),
    "price_begun": mark("It holds by now. Agree on another one with /price."),
    "hold_restored": mark("Instances run again because of it. Give it another day with /hold."),
    "other": mark("Do the opposite by hand; /audit shows what was there before."),
}


@says("undone")
def undone(facts: Facts, say: Speech) -> Html:
    partner = facts["partner"]
    of = [bold(partner)] if partner and "{partner}" not in UNDONE[facts["action"]] else []
    if facts.get("amount") is not None:
        of.append(say.money(facts["amount"]))
    return lines(
        say(UNDONE[facts["action"]], partner=bold(partner or ""), about=bold(facts["about"])),
        Html(" · ".join(of)) if of else None,
    )


@says("reopened")
def reopened(facts: Facts, say: Speech) -> Html:
    """To the applicant, in the place of the decline."""
    return say(
        "↩️ That was a mistake of ours: your application for {company} is open again.",
        company=bold(facts["company"]),
    )


@says("token_reopened")
def token_reopened(_facts: Facts, say: Speech) -> Html:
    return say("↩️ That was a mistake of ours: your request for the next token is open again.")


@says("price_taken_back")
def price_taken_back(facts: Facts, say: Speech) -> Html:
    """To the partner."""
    return say(
        "↩️ The price of {price} from {day} on was taken back: what you pay stays as it is.",
        price=bold(say.money(facts["price"])),
        day=facts["since"],
    )


@says("hold_taken_back")
def hold_taken_back(facts: Facts, say: Speech) -> Html:
    """To the partner."""
    return say(
        "↩️ The extra time for invoice {number} was taken back: its last day is {day} again. "
        "Owed: {owed}",
        number=code(facts["number"]),
        day=bold(say.day(facts["last_on"])),
        owed=bold(say.money(facts["owed"])),
    )


@refuses("nothing_to_undo")
def nothing_to_undo(facts: Facts, say: Speech) -> Html:
    match facts["why"]:
        case "undone":
            return say("Your last act was an undo already.")
        case "other":
            return say("That is not your last act any more. /audit shows what was done.")
        case _:
            return say("You did nothing in the last 10 minutes that could be taken back.")


@refuses("cannot_undo")
def cannot_undo(facts: Facts, say: Speech) -> Html:
    return lines(_what(facts, say), say(INSTEAD[facts["instead"]]))


def _what(facts: Facts, say: Speech) -> Html:
    """Name the command that did it, and its invoice: no other id means anything to people."""
    if facts["action"] not in COMMANDS:
        return say("That cannot be taken back.")
    called = f"/{COMMANDS[facts['action']].called_in(say.language)} {facts['number'] or ''}"
    return say("That cannot be taken back: {what}", what=code(called.strip()))
