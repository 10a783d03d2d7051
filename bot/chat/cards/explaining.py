"""Why a line is on an invoice, and what something would cost."""

from __future__ import annotations

from collections.abc import Collection

from billing.calendar import local_date
from billing.instances import Instance
from billing.invoices import Draft
from billing.refusals import Refusal
from billing.services.days.buying import Buy
from billing.services.invoices.explaining import Explained, Reason
from billing.services.invoices.foreseeing import Coming, Foreseen, Whatif
from billing.services.messages import Button
from bot.chat.cards.card import Buttons, Card, named, rows_of
from bot.chat.cards.partner import event, told

MOST_NAMES = 10


def why(found: Explained, *, members: Collection[int] | None = None) -> Card:
    """
    Explain an invoice; `reasons` are empty where it has lines of many instances.

    Without `members` it is for staff, who are told of everybody by name.
    """
    invoice, staff = found.invoice, members is None
    names = {line.instance_id: line.name for line in found.lines}
    opening = "staff_invoice" if staff else "invoice"
    buttons: Buttons = [[Button("invoice", opening, {"number": invoice.number})]]
    if not found.reasons:
        asking = [
            named(name, "why", number=invoice.number, instance=instance_id)
            for instance_id, name in list(names.items())[:MOST_NAMES]
        ]
        buttons = [*rows_of(asking, 2), *buttons]
    return Card(
        "why",
        {
            "number": invoice.number,
            "kind": invoice.kind,
            "corrects": invoice.corrects,
            "days": invoice.days if all(line.days for line in found.lines) else 0,
            "period": invoice.period,
            "total": invoice.total,
            "issued_on": local_date(invoice.issued_at, found.zone),
            "zone": found.zone,
            "count": len(found.lines),
            "instances": len(names),
            "reasons": [_reason(reason, found, members) for reason in found.reasons],
        },
        buttons,
    )


def _reason(reason: Reason, found: Explained, members: Collection[int] | None) -> dict[str, object]:
    line, programme, agreed = reason.line, found.programme, reason.agreement
    return {
        "id": line.instance_id,
        "name": line.name,
        "period": line.period,
        "price": line.price,
        "days": line.days,
        "used": reason.used,
        "why": reason.why,
        "starts": local_date(reason.starts, found.zone),
        "ends": local_date(reason.ends, found.zone),
        "subscribed_at": line.subscribed_at,
        "cancelled_at": line.cancelled_at,
        "service_ends_at": line.service_ends_at,
        "agreed_since": agreed and local_date(agreed.since, found.zone),
        "programme": programme.id,
        "version": programme.version,
        "band": line.band if len(programme.prices_minor) > 1 else None,
        "acts": [event(row) if members is None else told(row, members) for row in reason.acts],
    }


def whatif(found: Foreseen, *, operates: bool) -> Card:
    """Show two invoices to come, as they are and as they would be."""
    ids = [instance.id for instance in found.changed]
    doing: list[Button] = []
    if operates and ids and found.what is Whatif.CANCEL:
        doing = [Button("cancel_instance", "cancel", {"instances": ids})]
    elif operates and ids and found.what is Whatif.SUBSCRIBE:
        doing = [Button("subscribe", "subscribe", {"instances": ids})]
    last = [Button("preview", "preview"), Button("home", "home")]
    return Card(
        "whatif",
        {
            "what": found.what,
            "count": len(found.changed),
            "instances": [_changed(instance) for instance in found.changed[:MOST_NAMES]],
            "refused": [_refused(*one) for one in found.refused],
            "trial_ends_at": found.trial_ends_at,
            "left": found.left,
            "coming": [_coming(one) for one in found.coming],
        },
        [row for row in (doing, last) if row],
    )


def whatif_less() -> Card:
    """Say what it means to run one instance less where each is paid for in days."""
    return Card("whatif_less", {}, [[Button("days", "days"), Button("home", "home")]])


def whatif_more(shown: Buy) -> Card:
    """Show what so many instances more take, where each is paid for in days."""
    it = shown.quote
    return Card(
        "whatif_more",
        {
            "channels": it.channels,
            "days": it.days,
            "channel_days": it.channel_days,
            "channel_price": it.channel_price,
            "total": it.total,
            "balance": shown.balance,
        },
        [
            [Button("buy", "buy", {"channels": it.channels}), Button("days", "days")],
            [Button("home", "home")],
        ],
    )


def _changed(instance: Instance) -> dict[str, object]:
    return {
        "id": instance.id,
        "name": instance.name,
        "service_ends_at": instance.service_ends_at,
    }


def _refused(instance: Instance, refusal: Refusal) -> dict[str, object]:
    return {
        "id": instance.id,
        "name": instance.name,
        "state": instance.state,
        "code": refusal.code,
        "facts": dict(refusal.facts),
    }


def _coming(one: Coming) -> dict[str, object]:
    return {
        "month": one.month,
        "invoiced_on": one.invoiced_on,
        "due_on": one.due_on,
        "as_is": _drawn(one.as_is),
        "would_be": _drawn(one.would_be),
    }


def _drawn(draft: Draft | None) -> dict[str, object] | None:
    if draft is None:
        return None
    return {"count": len(draft.lines), "total": draft.total, "owed": draft.owed}
