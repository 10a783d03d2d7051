"""What the nightly audit says: where the chains end, and what does not agree."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, expandable, lines, mark
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, word

WHOLE_CARD = 3900

WRONG = {
    "chain_broken": mark("the chain breaks here"),
    "head_differs": mark("is not what was posted"),
    "entry_unbalanced": mark("this entry does not sum to nothing"),
    "books_unbalanced": mark("the balances do not sum to nothing"),
    "balance_wrong": mark("the kept balance is not the sum of its postings"),
    "invoice_wrong": mark("what is owed is not what the books say"),
    "card_wrong": mark("what cards brought is not what the books say"),
    "line_twice": mark("a month is billed twice"),
    "days_lost": mark("the days do not add up"),
    "instance_unseen": mark("its state has no row in the audit"),
    "invoice_unseen": mark("its state has no row in the audit"),
    "trial_alive": mark("still in its trial after the trial's end"),
    "days_over": mark("runs though its days are over"),
    "card_over": mark("runs though its card was not charged"),
    "stop_missed": mark("unpaid past its last day, and instances run"),
    "call_stuck": mark("has waited for the platform for more than a day"),
    "task_forgotten": mark("has been left to a person for more than a week"),
}
WHY = {
    "missing": mark("the row is missing"),
    "changed": mark("the row was changed"),
    "unexpected": mark("the row was put in"),
    "unreadable": mark("the row cannot be read"),
    "head": mark("the end of the chain was changed"),
}


@says("staff_books")
def books(facts: Facts, say: Speech) -> Html:
    """The proof that is kept where nobody can change it: this group."""
    found = facts["found"]
    return lines(
        say("📒 The books of {day}", day=bold(say.day(facts["day"]))),
        say.plural("⚠️ {n} finding, see below.", "⚠️ {n} findings, see below.", found)
        if found
        else say("✅ Everything agrees."),
        ends(facts, say),
    )


def ends(facts: Facts, say: Speech) -> Html:
    """Show where the chains end, for whoever wants to compare it some day."""
    return expandable(
        say.plural("{n} entry:", "{n} entries:", facts["entries"]),
        code(facts["entries_head"] or "–"),
        say.plural("{n} row of the audit:", "{n} rows of the audit:", facts["audit"]),
        code(facts["audit_head"] or "–"),
    )


@says("staff_findings")
def findings(facts: Facts, say: Speech) -> Html:
    rows = (item(finding(row, say)) for row in facts["findings"])
    return lines(
        say("⚠️ The audit of {day} found what must not be:", day=bold(say.day(facts["day"]))),
        say.listed(rows, room=WHOLE_CARD, more=facts["more"]),
    )


def finding(row: dict[str, Any], say: Speech) -> Html:
    """Say in a line what was found; the command line says it with the same words."""
    partner = bold(row["partner"]) if row["partner"] else None
    subject = code(row["subject"])
    about = Html(" · ".join(part for part in (partner, subject) if part))
    wrong = word(WRONG, row["check"], say)
    return Html(f"{about}: {wrong}{_details(row, say)}")


def _details(row: dict[str, Any], say: Speech) -> Html:
    expected, found = row["expected"], row["found"]
    if row["check"] == "chain_broken":
        return Html(f" ({word(WHY, found, say)})")
    if expected:
        none = say("nothing")
        return Html(
            " ("
            + say("{expected} expected, {found} found", expected=expected, found=found or none)
            + ")"
        )
    return Html(f" ({say.show(found)})") if found else Html("")
