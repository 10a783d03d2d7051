"""The words on buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.formats import Html, Speech, mark, plain

# Of a label that is longer, a phone shows only the beginning anyway.
LONGEST = 64

LABELS = {
    "approve": mark("Approve"),
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
    "home": mark("Home"),
    "list": mark("My instances"),
    "new": mark("New instance"),
    "show": mark("Open"),
    "rename": mark("Rename"),
    "invoices": mark("Invoices"),
    "invoice": mark("Invoice"),
    "preview": mark("Next invoice"),
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
    "owner_code": mark("Owner code"),
    "audit": mark("History"),
    "freeze": mark("Freeze"),
    "unfreeze": mark("Unfreeze"),
    "report": mark("Report"),
    "all": mark("All"),
    "trial": mark("Trials"),
    "stopped": mark("Stopped"),
    "active": mark("Subscribed"),
    "cancelled": mark("Cancelled"),
    "overdue": mark("Overdue"),
    "unpaid": mark("Unpaid"),
    "ended": mark("Ended"),
}
# What is called by its own name, in every language; the argument that holds it.
NAMES = {"programme": "programme", "named": "name"}


def label(name: str, args: Mapping[str, Any], say: Speech) -> str:
    """Return the words on a button."""
    if name in NAMES:
        shown = plain(say.show(args[NAMES[name]]))
    elif name == "hold_number":
        shown = plain(say(LABELS[name], number=args["number"]))
    elif name in {"withdraw_one", "day_request"}:
        shown = plain(say(LABELS[name], what=_asked(args, say), partner=args.get("partner", "")))
    elif name == "so_many_days":
        shown = plain(say.plural("{n} day", "{n} days", int(args["days"])))
    elif name == "so_many_channels":
        shown = plain(say.plural("{n} channel", "{n} channels", int(args["channels"])))
    else:
        shown = plain(say(LABELS[name]))
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _asked(args: Mapping[str, Any], say: Speech) -> Html:
    """Tell a request for days from others of the same partner."""
    days = say.plural("{n} day", "{n} days", int(args["days"]))
    return say("{days}, {at}", days=days, at=say.clock(datetime.fromisoformat(args["since"])))


def keyboard(
    rows: Sequence[Sequence[Mapping[str, Any]]], say: Speech
) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return rows of (words, callback data); the data are the opaque id of what is intended."""
    return tuple(
        tuple((label(one["label"], one["args"], say), one["intent"]) for one in row) for row in rows
    )
