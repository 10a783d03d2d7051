"""Company data for invoices, as a partner sees and tells them."""

from __future__ import annotations

from billing.company import BRAZILIAN
from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.questions import about
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item

# As its buttons are called.
FIELDS = {
    "legal_name": mark("Legal name"),
    "tax_id": mark("Tax id"),
    "address": mark("Address"),
    "email": mark("E-mail"),
}
FORM = mark("/company Acme Ltd.; 12.345.678/0001-95; 1 Main Street, Springfield; billing@acme.com")


@says("company")
def company(facts: Facts, say: Speech) -> Html:
    known = [field for field in FIELDS if facts[field]]
    return lines(
        say("✅ Noted.") if facts["changed"] else None,
        say("🏢 On your next invoices stands:"),
        *(
            say("{field}: {value}", field=say(FIELDS[field]), value=bold(facts[field]))
            for field in known
        ),
        None
        if "legal_name" in known
        else say("Name: {partner}, until you tell the legal one.", partner=bold(facts["partner"])),
        say("Invoices that were issued keep what they were issued with."),
        say("You can also write all of it in one message: {form}", form=code(say(FORM)))
        if len(known) < len(FIELDS)
        else None,
    )


@says("company_asking")
def asking(facts: Facts, say: Speech) -> Html:
    return lines(
        say("Change what stands on your next invoices?"),
        *(
            item(
                say(
                    "{field}: {before} → {after}",
                    field=say(FIELDS[one["field"]]),
                    before=one["before"] or "–",
                    after=bold(one["after"] or "–"),
                )
            )
            for one in facts["changes"]
        ),
    )


@about("company_field")
def company_field(facts: Facts, say: Speech) -> Html:
    match facts["field"]:
        case "legal_name":
            told = say("What is your company's legal name?")
        case "tax_id" if facts["currency"] == BRAZILIAN:
            told = say("What is your CNPJ or CPF?")
        case "tax_id":
            told = say("What is your tax id?")
        case "address":
            told = say("What is your address, with town and country?")
        case _:
            told = say("To which e-mail address do invoices go, as it stands on them?")
    if not facts["present"]:
        return told
    present = say("Now: {value}. A dash takes it away.", value=bold(facts["present"]))
    return lines(told, present)


@refuses("company_refused")
def company_refused(facts: Facts, say: Speech) -> Html:
    match facts["why"]:
        case "empty":
            return say("There is nothing in it.")
        case "too_long":
            return say("It may have {most} signs at most.", most=facts["most"])
        case "control":
            return say("There are signs in it that nobody sees. Write it anew, please.")
        case "digits":
            return say(
                "Its check digits do not fit: a CPF has 11 digits, a CNPJ 14. Look again, please."
            )
        case _:
            return say(
                "That is no e-mail address. It looks like this: {example}",
                example=code("billing@acme.com"),
            )


@refuses("company_unclear")
def company_unclear(facts: Facts, say: Speech) -> Html:
    return lines(
        say("I do not know what {wanted} is. Say which it is:", wanted=code(facts["wanted"])),
        code(say("name: … tax id: … address: … e-mail: …")),
    )
