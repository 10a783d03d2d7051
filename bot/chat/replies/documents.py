"""What is said beside a file."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, code, mark
from bot.chat.replies.templates import Facts, says

# By what the file is; its facts may be filled in.
CAPTIONS = {
    "invoice_pdf": mark("📄 Invoice {number}"),
    "invoice_csv": mark("📄 Invoice {number}, as a table"),
    "invoice_xlsx": mark("📄 Invoice {number}, as a table"),
    "pix_qr": mark("📷 PIX, invoice {number}: scan it with your bank's app."),
    "statement_xlsx": mark("📒 Statement, {month}"),
    "margin_xlsx": mark("📊 Margin, {month}, as a table"),
    "chart_png": mark("📈 Instances and cost, month by month"),
    "report_png": mark("📊 Up to {month}"),
    "report_xlsx": mark("📊 {month}, as tables"),
    "person_json": mark("📄 What is kept about you"),
    "debts_png": mark("💰 Debts by their age"),
    "debts_xlsx": mark("💰 Debts, as a table"),
}


@says("document")
def document(facts: Facts, say: Speech) -> Html:
    """Say what a file is."""
    what = facts["document"]
    shown = {
        name: code(value) if name == "number" else value
        for name, value in what.items()
        if name != "what"
    }
    return say(CAPTIONS[what["what"]], **shown)
