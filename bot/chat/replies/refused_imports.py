"""Why a row, a table, a file or a code is not taken, and what is wanted instead."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts


@refuses("import_refused")
def import_refused(facts: Facts, say: Speech) -> Html:
    wanted = bold(facts["wanted"] or "–")
    match facts["why"]:
        case "partner_missing":
            return say("It names no partner.")
        case "several":
            return say("Several partners are called {wanted}: name it by its id.", wanted=wanted)
        case "programme_missing":
            return say("There is no partner {wanted} yet, so a programme is needed.", wanted=wanted)
        case "programme_differs":
            return say(
                "The partner is under another programme: {command}", command=code("/programme")
            )
        case "balance_known":
            return say(
                "{wanted} has a balance here already: {command}",
                wanted=wanted,
                command=code("/credit"),
            )
        case "instance_missing":
            return say("It names no instance, to which the rest of it belongs.")
        case "id_form":
            return say("{wanted} is no id: 5 to 8 signs, as the platform writes it.", wanted=wanted)
        case "id_taken":
            return say("The id {wanted} was used before.", wanted=wanted)
        case _:
            return say("{wanted} is there already, and the row adds nothing.", wanted=wanted)


@refuses("adoption_refused")
def adoption_refused(facts: Facts, say: Speech) -> Html:
    match facts["why"]:
        case "paid_until_missing":
            return say("It has to say until when it is paid, or that it migrates.")
        case "paid_until_past":
            return say("The day until which it was paid is over.")
        case "not_monthly":
            return say("The programme bills no months, so there is nothing to migrate to.")
        case _:
            return say(
                "Whether prepaid instances migrate was decided at the enrolment, and is not "
                "changed later."
            )


@refuses("table_unclear")
def table_unclear(facts: Facts, say: Speech) -> Html:
    match facts["why"]:
        case "empty":
            return say("The table has no rows.")
        case "too_many":
            return say.plural(
                "At most {n} row at once: split the table.",
                "At most {n} rows at once: split the table.",
                facts["most"],
            )
        case "statement":
            return say(
                "The columns of the statement are not understood. A row names them: {columns}",
                columns=code("date;amount;reference;description"),
            )
        case "amounts":
            return say("Its amounts have their cents behind a point here and a comma there.")
        case _:
            return say(
                "The columns are not understood. The first row names them: {columns}",
                columns=code("partner,programme,instance,paid_until,migrate,price,balance"),
            )


@refuses("cell_unclear")
def cell_unclear(facts: Facts, say: Speech) -> Html:
    form = "yes · no" if facts["column"] == "migrate" else "api · panel"
    return say(
        "{wanted} cannot be {column}: {form}",
        wanted=bold(facts["wanted"]),
        column=code(facts["column"]),
        form=code(form),
    )


@refuses("file_refused")
def file_refused(facts: Facts, say: Speech) -> Html:
    match facts["why"]:
        case "too_big":
            return say("The file is too big: split the table.")
        case "not_fetched":
            return say("The file could not be fetched. Please send it again.")
        case _:
            return say("The file cannot be read. Save the table as XLSX or CSV and send that.")


@refuses("code_refused")
def code_refused(_facts: Facts, say: Speech) -> Html:
    return say(
        "That code is wrong, used or over: it works once, for 15 minutes. Ask for a new one."
    )
