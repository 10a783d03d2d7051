"""What a partner sees of its account and its instances."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from billing.instances import GONE, RUNNING, Instance, State
from billing.invoices import Invoice
from billing.links import Link
from billing.money import total
from billing.partners import Partner
from billing.programmes import Settlement
from billing.services.days.overview import DaysCard
from billing.services.desk.overview import Home, InstanceCard
from billing.services.invoices.invoicing import Preview
from billing.services.messages import Button
from billing.services.ports import AuditRow
from bot.chat.cards import customers, days
from bot.chat.cards.card import Buttons, Card, named, on_page, rows_of

PER_PAGE = 10
SUPPORT: dict[str, object] = {"text": "/support"}
FILTERS = ("all", "trial", "stopped", "active", "cancelled", "overdue", "unpaid", "ended")


def home(
    shown: Home, *, owner: bool, payer: bool, operator: bool, in_days: DaysCard | None = None
) -> Card:
    """
    Show a partner where it stands; what only some may do is offered to them.

    `in_days`: what it has in days, where its terms know them.
    """
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
            "left_at": partner.left_at,
            "counts": {state.value: count for state, count in shown.counts.items() if count},
            "unpaid": [_unpaid(invoice) for invoice in shown.unpaid],
            "owed": total((invoice.owed for invoice in shown.unpaid), partner.currency),
            "credit": preview.credit,
            "old_credit": shown.old_credit,
            "next": _coming(preview),
            "created": token.created if token else 0,
            "allowed": token.allowed if token else None,
            "next_trial_end": shown.next_trial_end,
            "days": days.balance(in_days) if in_days is not None else None,
        },
        [
            *([[_pay(shown.unpaid)]] if payer and shown.unpaid else []),
            *_in_days(in_days, payer=payer, operator=operator),
            [*_new(partner, operator=operator), Button("list", "list")],
            *_always(owner=owner, payer=payer),
        ],
    )


def _always(*, owner: bool, payer: bool) -> Buttons:
    """Return what is offered however things stand."""
    margin = [Button("margin", "margin")] if payer else []
    team = [Button("team", "team")] if owner else []
    return [
        [Button("invoices", "invoices"), Button("preview", "preview"), *margin],
        [Button("token", "token"), Button("ask_us", "say", SUPPORT), Button("help", "help")],
        [*team, Button("notices", "notices")],
        [Button("language", "language"), Button("timezone", "timezone")],
    ]


def _in_days(shown: DaysCard | None, *, payer: bool, operator: bool) -> Buttons:
    if shown is None:
        return []
    extend = [Button("extend", "extend")] if operator else []
    buy = [Button("buy", "buy")] if payer else []
    return [[Button("days", "days"), *extend, *buy]]


def _pay(unpaid: Sequence[Invoice]) -> Button:
    if len(unpaid) == 1:
        return Button("pay", "pay", {"number": unpaid[0].number})
    return Button("pay", "invoices")


def _new(partner: Partner, *, operator: bool) -> list[Button]:
    return [Button("new", "new")] if operator and _may_begin(partner) else []


def _may_begin(partner: Partner) -> bool:
    return partner.stopped_at is None and partner.frozen_at is None and partner.left_at is None


def _unpaid(invoice: Invoice) -> dict[str, object]:
    return {
        "number": invoice.number,
        "owed": invoice.owed,
        "due_on": invoice.due_on,
        "last_on": invoice.last_on,
        "held_until": invoice.held_until,
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


def listing(
    found: Sequence[Instance],
    owner: Partner,
    *,
    chosen: str,
    page: int,
    zone: str,
    others: Collection[str],
    unpaid_stopped: int,
    deleted: int,
    operator: bool,
    customers_of: Mapping[str, str],
    links: Mapping[str, Link],
) -> Card:
    """
    Show a page (from 1) of a list; `chosen` of FILTERS, `others` those that leave something.

    So many are `unpaid_stopped` (for an unpaid invoice), and `deleted`. `customers_of` are the
    names of customers by the id of their instance, `links` whether those of the page are connected.
    """
    page, pages, shown = on_page(found, page, PER_PAGE)
    first = (page - 1) * PER_PAGE
    last = [*_new(owner, operator=operator), Button("home", "home")]
    return Card(
        "list",
        {
            "filter": chosen,
            "page": page,
            "pages": pages,
            "total": len(found),
            "zone": zone,
            "may_begin": _may_begin(owner),
            "unpaid_stopped": unpaid_stopped,
            "deleted": deleted,
            "items": [_row(n, it, customers_of, links) for n, it in enumerate(shown, first + 1)],
        },
        [*_of_list(shown, chosen, page, pages, others), last],
    )


def _of_list(
    shown: Sequence[Instance], chosen: str, page: int, pages: int, others: Collection[str]
) -> Buttons:
    opening = [named(item.name, "show", instance=item.id) for item in shown]
    filters = [Button(name, "list", {"filter": name}) for name in FILTERS if name in others]
    turning = _turning(chosen, page, pages)
    return [row for row in (*rows_of(opening, 2), turning, *rows_of(filters, 4)) if row]


def _turning(chosen: str, page: int, pages: int) -> list[Button]:
    turning = []
    if page > 1:
        turning.append(Button("previous", "list", {"filter": chosen, "page": page - 1}))
    if page < pages:
        turning.append(Button("next", "list", {"filter": chosen, "page": page + 1}))
    return turning


def _row(
    number: int, item: Instance, customers_of: Mapping[str, str], links: Mapping[str, Link]
) -> dict[str, object]:
    link = links.get(item.id, Link()) if item.state in RUNNING else Link()
    return {
        "connected": link.connected,
        "link_since": link.since,
        "number": number,
        "id": item.id,
        "name": item.name,
        "state": item.state,
        "customer": customers_of.get(item.id),
        "trial_ends_at": item.trial_ends_at if item.state is State.TRIAL else None,
        "service_ends_at": item.service_ends_at,
        **_of_days(item),
    }


def _of_days(it: Instance) -> dict[str, object]:
    return {
        "settlement": it.settlement,
        "active_until": it.active_until,
        "auto": it.auto_extend,
    }


def instance(
    card: InstanceCard, members: Collection[int], *, operator: bool, returning: int = 0
) -> Card:
    """
    Show one instance and what can be done with it now, to whom may operate it.

    `returning`: so many days would come back if it were deleted.
    Of the persons in its history the partner's own `members` are named; the rest were staff.
    """
    it = card.instance
    return Card(
        "instance",
        {
            "id": it.id,
            "name": it.name,
            "state": it.state,
            "price": card.price,
            "connected": card.link.connected,
            "link_since": card.link.since,
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
            **_of_days(it),
            "returning": returning,
            "customer": customers.facts_of(card.customer),
            "history": [told(row, members) for row in card.history],
        },
        _of_instance(card, operator=operator),
    )


def told(row: AuditRow, members: Collection[int]) -> dict[str, object]:
    """Return one row of the audit as a partner is told it: of staff no names."""
    who, _, _ = row.actor.partition(" ")
    user_id = who.partition(":")[2]
    by_staff = user_id.isdecimal() and int(user_id) not in members
    return {**event(row), **({"actor": "staff"} if by_staff else {})}


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
    if operator and it.settlement is Settlement.DAYS:
        doing += _extending(it)
    elif operator and it.state in {State.TRIAL, State.STOPPED}:
        doing.append(Button("subscribe", "subscribe", many))
    elif operator and it.state is State.CANCELLED:
        doing.append(Button("keep", "keep", many))
    elif operator and it.cancelled_at is None and it.state in {State.ACTIVE, State.OVERDUE}:
        doing.append(Button("cancel_instance", "cancel", many))
    if operator and it.state not in GONE and it.state is not State.CREATING:
        doing.append(Button("delete", "delete", many))
    more = []
    if operator and it.state not in GONE:
        more += [Button("rename", "rename", one), Button("customer", "customer", one)]
    if operator and not card.link.connected and it.state in RUNNING:
        more.insert(0, Button("pair", "pair", one))
    if operator and card.has_secret and it.state not in GONE:
        more.append(Button("show_token", "instance_token", many))
    last = [Button("list", "list"), Button("home", "home")]
    return [row for row in (doing, more, last) if row]


def _extending(it: Instance) -> list[Button]:
    """What can be done with an instance that is paid for in days."""
    many = {"instances": [it.id]}
    if it.state not in {State.TRIAL, State.STOPPED, State.ACTIVE}:
        return []
    auto = "auto_off" if it.auto_extend else "auto_on"
    switch = [Button(auto, "auto", {**many, "on": not it.auto_extend})]
    return [Button("extend", "extend", many), *(switch if it.state is not State.STOPPED else [])]
