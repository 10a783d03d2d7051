"""The words on buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from billing.calendar import Month
from billing.money import Money
from bot.chat.formats import Html, Speech, mark, plain
from bot.chat.replies.words import FILTERS, INTERVALS, word

# Of a label that is longer, a phone shows only the beginning anyway.
LONGEST = 64

LABELS = {
    "approve": mark("Approve"),
    "ask_for_ways": mark("Ask for bank details"),
    "ask_us": mark("Ask us"),
    "to_staff": mark("Send it to our staff"),
    "answer_it": mark("Yes, that is it"),
    "decline": mark("Decline"),
    "confirm": mark("Confirm"),
    "back": mark("Back"),
    "subscribe": mark("Subscribe"),
    "cancel_instance": mark("Cancel instance"),
    "keep": mark("Keep"),
    "delete": mark("Delete"),
    "extend": mark("Extend"),
    "pay": mark("Pay"),
    "buy": mark("Buy days"),
    "by_card": mark("💳 {interval} · {price}"),
    "pay_by_card": mark("💳 Pay by card"),
    "open_payment": mark("💳 Open the payment page"),
    "card_portal": mark("💳 My cards"),
    "open_portal": mark("💳 Open my page"),
    "looked_at": mark("Looked at"),
    "days": mark("Days"),
    "withdraw": mark("Withdraw"),
    "withdraw_one": mark("Withdraw: {what}"),
    "day_request": mark("{what} · {partner}"),
    "standing_on": mark("Buy every month"),
    "standing_off": mark("Stop buying every month"),
    "auto": mark("Auto-extend"),
    "auto_on": mark("Extend by themselves"),
    "auto_off": mark("No longer by themselves"),
    "limit": mark("Credit limit"),
    "so_many_days": mark("{n} days"),
    "so_many_channels": mark("{n} channels"),
    "show_token": mark("Show token"),
    "saved": mark("Saved"),
    "rotate": mark("Rotate"),
    "request_next_token": mark("Request next token"),
    "claim": mark("Claim"),
    "hand_over": mark("Hand over"),
    "prepare_invoice": mark("Prepare invoice"),
    "mark_paid": mark("Mark paid"),
    "hold": mark("Hold"),
    "void": mark("Void"),
    "why": mark("Why?"),
    "reissue": mark("Issue anew"),
    "unpaid_payment": mark("Take payment back"),
    "credit": mark("Give credit"),
    "refund": mark("Refund"),
    "hold_number": mark("Hold {number}"),
    "done": mark("Done"),
    "undo": mark("Undo"),
    "invite": mark("Invite"),
    "group": mark("Own group"),
    "group_unbind": mark("Unbind group"),
    "remove": mark("Remove"),
    "role_owner": mark("Owner"),
    "role_finance": mark("Finance"),
    "role_manager": mark("Manager"),
    "role_viewer": mark("Viewer"),
    "wanted_trials": mark("✅ Trials"),
    "unwanted_trials": mark("🔕 Trials"),
    "wanted_invoices": mark("✅ Invoices"),
    "unwanted_invoices": mark("🔕 Invoices"),
    "wanted_cancellations": mark("✅ Cancellations"),
    "unwanted_cancellations": mark("🔕 Cancellations"),
    "wanted_days": mark("✅ Days left"),
    "unwanted_days": mark("🔕 Days left"),
    "wanted_balance": mark("✅ Day balance"),
    "unwanted_balance": mark("🔕 Day balance"),
    "wanted_quota": mark("✅ Token used"),
    "unwanted_quota": mark("🔕 Token used"),
    "wanted_links": mark("✅ Connections"),
    "unwanted_links": mark("🔕 Connections"),
    "wanted_important": mark("✅ Stops and deletions"),
    "unwanted_important": mark("🔕 Stops and deletions"),
    "takes_applications": mark("✅ Applications"),
    "leaves_applications": mark("🔕 Applications"),
    "takes_money": mark("✅ Money"),
    "leaves_money": mark("🔕 Money"),
    "takes_instances": mark("✅ Tokens and deletions"),
    "leaves_instances": mark("🔕 Tokens and deletions"),
    "takes_messages": mark("✅ Messages"),
    "leaves_messages": mark("🔕 Messages"),
    "takes_desk": mark("✅ Summary and faults"),
    "leaves_desk": mark("🔕 Summary and faults"),
    "notices_group": mark("Our group"),
    "quiet_hours": mark("Quiet hours"),
    "quiet_usual": mark("Usual hours"),
    "quiet_none": mark("None"),
    "team": mark("Team"),
    "export": mark("Send me my data"),
    "notices": mark("Reminders"),
    "home": mark("Home"),
    "list": mark("My instances"),
    "new": mark("New instance"),
    "show": mark("Open"),
    "rename": mark("Rename"),
    "customer": mark("Customer"),
    "pair": mark("Connect"),
    "pair_again": mark("Once more"),
    "customer_clear": mark("No customer"),
    "margin": mark("Margin"),
    "invoices": mark("Invoices"),
    "invoice": mark("Invoice"),
    "preview": mark("Next invoice"),
    "company": mark("Company data"),
    "statement": mark("Statement"),
    "company_steps": mark("Fill in"),
    "skip": mark("Skip"),
    "legal_name": mark("Legal name"),
    "tax_id": mark("Tax id"),
    "address": mark("Address"),
    "email": mark("E-mail"),
    "other_invoice": mark("Another invoice"),
    "qr": mark("QR code"),
    "pdf": mark("PDF"),
    "csv": mark("CSV"),
    "xlsx": mark("Excel"),
    "token": mark("Token"),
    "language": mark("Language"),
    "timezone": mark("Time zone"),
    "help": mark("Help"),
    "apply": mark("Become a partner"),
    "apply_again": mark("Apply again"),
    "apply_edit": mark("Change application"),
    "migrate_yes": mark("Move my prepaid instances"),
    "migrate_no": mark("Leave them prepaid"),
    "leave_question": mark("Never mind"),
    "previous": mark("‹ Previous"),
    "next": mark("Next ›"),
    "partner": mark("Partner"),
    "queue": mark("Queue"),
    "take_back": mark("Take it back"),
    "adopt": mark("Adopt"),
    "delete_there": mark("Delete there"),
    "correct_here": mark("Correct here"),
    "create_there": mark("Create there again"),
    "run_there": mark("Run there"),
    "stop_there": mark("Stop there"),
    "cancel_there": mark("Cancel there"),
    "leave_it": mark("Leave it so"),
    "owner_code": mark("Owner code"),
    "audit": mark("History"),
    "freeze": mark("Freeze"),
    "unfreeze": mark("Unfreeze"),
    "report": mark("Report"),
    "refresh": mark("Refresh"),
    "debts": mark("Debts"),
    "picture": mark("Picture"),
    **FILTERS,
}
# What is called by what it leads to and by no words of ours; the argument that holds it.
NAMES = {"programme": "programme", "named": "name", "month": "month"}


def label(name: str, args: Mapping[str, Any], say: Speech) -> str:
    """Return the words on a button."""
    if name == "month":
        shown = plain(say.month(Month.parse(args["month"])))
    elif name in NAMES:
        shown = plain(say.show(args[NAMES[name]]))
    elif name == "hold_number":
        shown = plain(say(LABELS[name], number=args["number"]))
    elif name in {"withdraw_one", "day_request"}:
        shown = plain(say(LABELS[name], what=_asked(args, say), partner=args.get("partner", "")))
    elif name == "so_many_days":
        shown = plain(say.plural("{n} day", "{n} days", int(args["days"])))
    elif name == "by_card":
        interval = word(INTERVALS, args["interval"], say)
        shown = plain(say(LABELS[name], interval=interval, price=say.money(load_money(args))))
    elif name == "so_many_channels":
        shown = plain(say.plural("{n} channel", "{n} channels", int(args["channels"])))
    else:
        shown = plain(say(LABELS[name]))
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def load_money(args: Mapping[str, Any]) -> Money:
    """Return the amount that a button names."""
    return Money(int(args["minor"]), str(args["currency"]))


def _asked(args: Mapping[str, Any], say: Speech) -> Html:
    """Tell a request for days from others of the same partner."""
    days = say.plural("{n} day", "{n} days", int(args["days"]))
    return say("{days}, {at}", days=days, at=say.clock(datetime.fromisoformat(args["since"])))


def keyboard(
    rows: Sequence[Sequence[Mapping[str, Any]]], say: Speech
) -> tuple[tuple[tuple[str, str], ...], ...]:
    """
    Return rows of (words, goal): the opaque id of what is intended, or the address it opens.
    """
    return tuple(
        tuple((label(one["label"], one["args"], say), _goal(one)) for one in row) for row in rows
    )


def _goal(one: Mapping[str, Any]) -> str:
    return str(one["args"]["url"] if "url" in one["args"] else one["intent"])
