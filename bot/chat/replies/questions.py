"""Questions that are answered with words: what is wanted, in which form, how to leave."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.templates import Facts, Template, says

QUESTIONS: dict[str, Template] = {}


def about(*whats: str) -> Callable[[Template], Template]:
    """Let a function ask for that."""

    def register(question: Template) -> Template:
        for what in whats:
            assert what not in QUESTIONS, f"{what} is asked twice"
            QUESTIONS[what] = question
        return question

    return register


@says("ask")
def ask(facts: Facts, say: Speech) -> Html:
    """In a group only a reply to this very message reaches the bot."""
    if facts["group"]:
        how = say(
            "Answer with a reply to this message; {command} leaves it.",
            command=code(say("/cancel")),
        )
    else:
        how = say("{command} leaves the question.", command=code(say("/cancel")))
    return lines(QUESTIONS[facts["what"]](facts, say), how)


@says("perhaps_answered")
def perhaps_answered(facts: Facts, say: Speech) -> Html:
    """Words after a command that came in between."""
    asked = facts["asked"]
    return lines(
        say("Before that I had asked you:"),
        QUESTIONS[asked["what"]](asked, say),
        say("Is this the answer? {words}", words=bold(facts["words"])),
    )


@about("new")
def names(_facts: Facts, say: Speech) -> Html:
    return say(
        "What shall the new instances be called? One or several, separated by commas or lines: "
        "{example}",
        example=code(say("shop-1, shop-2")),
    )


@about("apply")
def company(_facts: Facts, say: Speech) -> Html:
    return say("What is the name of your company?")


@about("apply_edit")
def company_anew(_facts: Facts, say: Speech) -> Html:
    return say("What shall the company be called in your application?")


@about("show", "subscribe", "cancel", "keep", "delete", "rename", "customer", "pair")
def instances(facts: Facts, say: Speech) -> Html:
    forms = code(say("shop-1 · K7Q2M · 3 · 4-9 · trial"))
    match facts["what"]:
        case "subscribe":
            told = say("Which instances do you want to subscribe? You see the price first.")
        case "cancel":
            told = say("Which instances do you want to cancel? You see their last day first.")
        case "keep":
            told = say("Which cancelled instances do you want to keep?")
        case "delete":
            told = say("Which instances do you want to delete? I ask once more before I do it.")
        case "rename":
            return say(
                "Which instance, and what shall it be called? {example}",
                example=code(say("shop-1 shop-south")),
            )
        case "pair":
            return say("Which instance shall be connected? By name, id or number in /list.")
        case "customer":
            return say(
                "Which instance, and whose is it? {example}",
                example=code(say("shop-1 Bakery 59.90")),
            )
        case _:
            told = say("Which instance do you want to see?")
    return lines(told, say("By name, id, number in /list, or kind: {forms}", forms=forms))


@about("rename_to")
def new_name(facts: Facts, say: Speech) -> Html:
    if facts.get("name"):
        return say("What shall {name} be called?", name=bold(facts["name"]))
    return say("What shall it be called?")


@about("invoice", "pay")
def number(_facts: Facts, say: Speech) -> Html:
    return say("Which invoice? Its number stands in /invoices.")


@about("why")
def invoice_to_explain(_facts: Facts, say: Speech) -> Html:
    return say(
        "Which invoice, and which instance on it? {form}",
        form=code(say("INT-2026-00001 shop-1")),
    )


@about("whatif")
def foreseen(facts: Facts, say: Speech) -> Html:
    forms = code(say("cancel shop-1 · add 20 · subscribe 5"))
    if facts.get("partner"):
        return say(
            "What if {partner} did what? {forms}", partner=bold(facts["partner"]), forms=forms
        )
    if facts.get("whose"):
        return say(
            "What if which partner did what? {form}",
            form=code(say("NAME cancel shop-1 · NAME add 20")),
        )
    return say("What if you did what? {forms}", forms=forms)


@about("decline")
def reason_to_decline(facts: Facts, say: Speech) -> Html:
    if facts.get("company"):
        return say(
            "Why is the application of {company} declined? The applicant will read it.",
            company=bold(facts["company"]),
        )
    return say("Why is it declined? The applicant will read it.")


@about("token_decline")
def reason_against_a_token(facts: Facts, say: Speech) -> Html:
    return say(
        "Why does {partner} not get the next token? The partner will read it.",
        partner=bold(facts["partner"]),
    )


@about("freeze")
def freeze(facts: Facts, say: Speech) -> Html:
    if facts.get("partner"):
        return say(
            "Why is {partner} frozen? The partner will read it.", partner=bold(facts["partner"])
        )
    return say("Which partner is frozen, and why? The partner will read it.")


@about("halt")
def halt(_facts: Facts, say: Speech) -> Html:
    return say("Why are stops and deletions halted? All colleagues will read it.")


@about("partner", "unfreeze", "grant")
def partner(_facts: Facts, say: Speech) -> Html:
    return say("Which partner? The name, its beginning, or the id.")


@about("price")
def price(facts: Facts, say: Speech) -> Html:
    if facts.get("known"):
        return say(
            "From when on does {partner} pay {price}? {form}",
            partner=bold(facts["partner"]),
            price=bold(facts["known"]),
            form=code(say("2026-04-01")),
        )
    if facts.get("partner"):
        return say(
            "Which price for {partner}, and from when on? {form}",
            partner=bold(facts["partner"]),
            form=code(say("49.90 from 2026-04-01")),
        )
    return say(
        "Which partner, which price, and from when on? {form}",
        form=code(say("NAME 49.90 from 2026-04-01")),
    )


@about("programme")
def programme(facts: Facts, say: Speech) -> Html:
    if facts.get("partner"):
        return say(
            "To which programme is {partner} moved? Its name and, if not the newest, its version.",
            partner=bold(facts["partner"]),
        )
    return say(
        "Which partner, and to which programme? {form}", form=code(say("NAME integrator-classic"))
    )


@about("import")
def table(_facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "Send a CSV or XLSX file with {caption} as its caption, or the lines after the "
            "command. The first row names the columns:",
            caption=code("/import"),
        ),
        code("partner,programme,instance,paid_until,migrate,price,balance,platform_id,origin"),
    )


@about("language")
def language(_facts: Facts, say: Speech) -> Html:
    return say("Which language?")


@about("timezone")
def timezone(_facts: Facts, say: Speech) -> Html:
    return say("Which time zone? Write it like {example}.", example=code("America/Sao_Paulo"))


@about("dryrun", "report")
def month(_facts: Facts, say: Speech) -> Html:
    return say("Which month? Its name, or its number like {form}.", form=code("2026-03"))


@about("bind")
def binding(_facts: Facts, say: Speech) -> Html:
    return say("Which code? It is printed when the bot starts unbound.")


@about("staff")
def colleague(_facts: Facts, say: Speech) -> Html:
    return say("Who, and which role? {form}", form=code(say("ID admin|finance|support|remove")))


@about("broadcast")
def broadcast(facts: Facts, say: Speech) -> Html:
    if facts.get("known"):
        return say("What is to be written to {segment}?", segment=bold(facts["known"]))
    return say("To whom is what to be written? {form}", form=code(say("active We are back.")))
