"""What a partner sees of its account and its instances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from billing.calendar import Month, local_date
from billing.instances import GONE, Instance, State
from billing.invoices import Invoice
from billing.money import total
from billing.services.invoicing import Preview
from billing.services.messages import Button
from billing.services.overview import Home, InstanceCard
from billing.services.platform import Operation
from billing.services.ports import AuditRow
from billing.services.subscriptions import Item, Quote
from bot.chat.cards.card import Buttons, Card, named, rows_of

PER_PAGE = 10
FILTERS = ("all", "trial", "stopped", "active", "cancelled", "overdue", "unpaid", "ended")


def home(shown: Home) -> Card:
    """Show a partner where it stands."""
    partner, preview, token = shown.partner, shown.preview, shown.token
    return Card(
        "home",
        {
            "partner": partner.name,
            "programme": partner.programme,
            "zone": partner.zone,
            "frozen": partner.frozen_at is not None,
            "frozen_reason": partner.frozen_reason,
            "stopped_at": partner.stopped_at,
            "counts": {state.value: count for state, count in shown.counts.items() if count},
            "unpaid": [_unpaid(invoice) for invoice in shown.unpaid],
            "owed": total((invoice.owed for invoice in shown.unpaid), partner.currency),
            "credit": preview.credit,
            "next": _coming(preview),
            "created": token.created if token else 0,
            "allowed": token.allowed if token else None,
            "next_trial_end": shown.next_trial_end,
        },
        [
            [Button("new", "new"), Button("list", "list")],
            [Button("invoices", "invoices"), Button("preview", "preview")],
            [Button("token", "token"), Button("help", "help")],
            [Button("language", "language"), Button("timezone", "timezone")],
        ],
    )


def _unpaid(invoice: Invoice) -> dict[str, object]:
    return {
        "number": invoice.number,
        "owed": invoice.owed,
        "due_on": invoice.due_on,
        "last_on": invoice.last_on,
    }


def _coming(preview: Preview) -> dict[str, object]:
    draft = preview.draft
    return {
        "month": preview.month,
        "lines": len(draft.lines) if draft else 0,
        "total": draft.total if draft else None,
        "invoiced_on": preview.invoiced_on,
        "due_on": preview.due_on,
    }


def listing(found: Sequence[Instance], *, chosen: str, page: int, zone: str) -> Card:
    """
    Show a page (from 1) of a list; the numbers run through all its pages.

    `filter` is one of FILTERS.
    """
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PER_PAGE
    shown = found[first : first + PER_PAGE]
    opening = [named(item.name, "show", instance=item.id) for item in shown]
    turning = []
    if page > 1:
        turning.append(Button("previous", "list", {"filter": chosen, "page": page - 1}))
    if page < pages:
        turning.append(Button("next", "list", {"filter": chosen, "page": page + 1}))
    filters = [Button(name, "list", {"filter": name}) for name in FILTERS if name != chosen]
    last = [Button("new", "new"), Button("home", "home")]
    return Card(
        "list",
        {
            "filter": chosen,
            "page": page,
            "pages": pages,
            "total": len(found),
            "zone": zone,
            "items": [
                {
                    "number": first + at + 1,
                    "id": item.id,
                    "name": item.name,
                    "state": item.state,
                    "trial_ends_at": item.trial_ends_at if item.state is State.TRIAL else None,
                    "service_ends_at": item.service_ends_at,
                }
                for at, item in enumerate(shown)
            ],
        },
        [row for row in (*rows_of(opening, 2), turning, *rows_of(filters, 4), last) if row],
    )


def instance(card: InstanceCard, *, operator: bool) -> Card:
    """Show one instance and what can be done with it now, to whom may operate it."""
    it = card.instance
    return Card(
        "instance",
        {
            "id": it.id,
            "name": it.name,
            "state": it.state,
            "price": card.price,
            "connected": card.connected,
            "has_secret": card.has_secret,
            "zone": card.partner.zone,
            "created_at": it.created_at,
            "trial_ends_at": it.trial_ends_at,
            "subscribed_at": it.subscribed_at,
            "cancelled_at": it.cancelled_at,
            "service_ends_at": it.service_ends_at,
            "billable_until": it.billable_until,
            "stopped_at": it.stopped_at,
            "ended_at": it.ended_at,
            "deleted_at": it.deleted_at,
            "history": [event(row) for row in card.history],
        },
        _of_instance(card, operator=operator),
    )


def event(row: AuditRow) -> dict[str, object]:
    """Return one row of the audit; `actor` reads `owner:7001 Ana`, `clock` or `platform`."""
    return {
        "at": row.at,
        "actor": row.actor,
        "action": row.action,
        "kind": row.kind,
        "object": row.object_id,
        "before": row.before,
        "after": row.after,
        "amount": row.amount,
        "outcome": row.outcome,
    }


def _of_instance(card: InstanceCard, *, operator: bool) -> Buttons:
    it = card.instance
    many, one = {"instances": [it.id]}, {"instance": it.id}
    doing: list[Button] = []
    if operator and it.state in {State.TRIAL, State.STOPPED}:
        doing.append(Button("subscribe", "subscribe", many))
    elif operator and it.state is State.CANCELLED:
        doing.append(Button("keep", "keep", many))
    elif operator and it.cancelled_at is None and it.state in {State.ACTIVE, State.OVERDUE}:
        doing.append(Button("cancel_instance", "cancel", many))
    if operator and it.state not in GONE and it.state is not State.CREATING:
        doing.append(Button("delete", "delete", many))
    more = []
    if operator and it.state not in GONE:
        more.append(Button("rename", "rename", one))
    if operator and card.has_secret:
        more.append(Button("show_token", "instance_token", many))
    last = [Button("list", "list"), Button("home", "home")]
    return [row for row in (doing, more, last) if row]


def confirm(quote: Quote, *, changed: bool = False) -> Card:
    """
    Say what an action would mean, and ask once.

    `items` are those that it would change, `refused` the others with `code` and `facts`.
    `changed`: what an earlier card showed is no longer true, and nothing was done.
    """
    ids = [item.instance.id for item in quote.possible]
    back = Button("back", "show", {"instance": ids[0]}) if len(ids) == 1 else Button("back", "list")
    args = {"operation": quote.operation, "instances": ids, "terms": quote.terms}
    return Card(
        "confirm",
        {
            "operation": quote.operation,
            "changed": changed,
            "month": quote.month,
            "invoiced_on": quote.invoiced_on,
            "due_on": quote.due_on,
            "total": quote.total,
            "zone": quote.zone,
            "items": [_possible(item, quote.zone) for item in quote.possible],
            "refused": [refused(item) for item in quote.items if item.refusal is not None],
        },
        [[Button("confirm", "confirm", args, once=True), back]],
    )


def impossible(quote: Quote) -> Card:
    """Say of each instance why nothing can be done; in a trial, offer to delete it instead."""
    trials = [
        item.instance.id
        for item in quote.items
        if item.refusal is not None and item.refusal.code == "nothing_to_cancel"
    ]
    buttons = [[Button("list", "list"), Button("home", "home")]]
    if trials and quote.operation is Operation.CANCEL:
        buttons.insert(0, [Button("delete", "delete", {"instances": trials})])
    elif len(quote.items) == 1:
        buttons[0].insert(0, Button("show", "show", {"instance": quote.items[0].instance.id}))
    return Card(
        "impossible",
        {
            "operation": quote.operation,
            "zone": quote.zone,
            "refused": [refused(item) for item in quote.items],
        },
        buttons,
    )


def _possible(item: Item, zone: str) -> dict[str, object]:
    after = item.after
    assert after is not None
    last_month = None
    if after.subscribed_at is not None and after.billable_until is not None:
        last = local_date(after.billable_until - timedelta(microseconds=1), zone)
        last_month = Month(last.year, last.month)
    return {
        "id": after.id,
        "name": after.name,
        "before": item.instance.state,
        "after": after.state,
        "price": item.price,
        "trial_ends_at": item.instance.trial_ends_at,
        "subscribed": after.subscribed_at is not None,
        "service_ends_at": after.service_ends_at,
        "last_month": last_month,
    }


def refused(item: Item) -> dict[str, object]:
    """Return why one instance stays as it is."""
    assert item.refusal is not None
    return {
        "id": item.instance.id,
        "name": item.instance.name,
        "state": item.instance.state,
        "code": item.refusal.code,
        "facts": dict(item.refusal.facts),
    }
