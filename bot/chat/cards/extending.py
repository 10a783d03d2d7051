"""Extending instances by days: what it would mean, asked once; who extends itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from billing.days.extensions import ByDays, Form, Item, ToRemaining, UntilDate
from billing.instances import Instance
from billing.refusals import Refusal
from billing.services.days.auto_extending import AutoSet
from billing.services.days.extending import Quote
from billing.services.messages import Button
from bot.chat.cards.card import Buttons, Card
from bot.chat.words import days as day_words

OFFERED = (7, 30, 90)


def extension(quote: Quote, *, changed: bool = False) -> Card:
    """
    Say what each instance would get and what is left then, and ask once.

    `lack`: so many days are not there; then it cannot be confirmed, and `uncovered` are those
    that the balance does not reach. `short`: others that would not find their days any more.
    `changed`: what an earlier card showed is no longer true, and nothing was done.
    """
    shown = quote.preview
    return Card(
        "day_extension",
        {
            "changed": changed,
            **_form(quote.form),
            "items": [_item(item) for item in shown.possible],
            "refused": _refused((item.instance, item.refusal) for item in shown.items),
            "total": shown.total,
            "balance": shown.funds.balance,
            "limit": shown.funds.limit,
            "possible": shown.funds.possible,
            "left": shown.left,
            "lack": shown.lack,
            "uncovered": [instance.name for instance in shown.uncovered],
            "short": [instance.name for instance in shown.short],
        },
        _buttons(quote),
    )


def _buttons(quote: Quote) -> Buttons:
    shown = quote.preview
    ids = [item.instance.id for item in shown.possible]
    back = Button("back", "show", {"instance": ids[0]}) if len(ids) == 1 else Button("back", "list")
    if shown.lack:
        first = [Button("buy", "buy"), Button("days", "days"), back]
    else:
        args = {"instances": ids, "form": day_words.words_of(quote.form), "terms": quote.terms}
        first = [Button("confirm", "extend_confirm", args, once=True), back]
    if not isinstance(quote.form, ByDays):
        return [first]
    others = [
        Button("so_many_days", "extend", {"instances": ids, "days": days})
        for days in OFFERED
        if days != quote.form.days
    ]
    return [first, others]


def _form(form: Form) -> dict[str, object]:
    match form:
        case ByDays(days):
            return {"form": "by", "days": days, "date": None}
        case ToRemaining(days):
            return {"form": "to", "days": days, "date": None}
        case UntilDate(until):
            return {"form": "until", "days": None, "date": until}
        case _:
            assert_never(form)


def _item(item: Item) -> dict[str, object]:
    after = item.after
    assert after is not None, "it is possible"
    return {
        "id": after.id,
        "name": after.name,
        "state": item.instance.state,
        "days": item.days,
        "active_until": after.active_until,
    }


def _refused(items: Iterable[tuple[Instance, Refusal | None]]) -> list[dict[str, object]]:
    return [
        {
            "id": instance.id,
            "name": instance.name,
            "state": instance.state,
            "code": refusal.code,
            "facts": dict(refusal.facts),
        }
        for instance, refusal in items
        if refusal is not None
    ]


def impossible(quote: Quote) -> Card:
    """Say of each why it gets no days."""
    items = quote.preview.items
    buttons = [[Button("days", "days"), Button("list", "list")]]
    if len(items) == 1:
        buttons[0].insert(0, Button("show", "show", {"instance": items[0].instance.id}))
    return Card(
        "impossible",
        {
            "operation": "extend",
            "zone": quote.zone,
            "refused": _refused((item.instance, item.refusal) for item in items),
        },
        buttons,
    )


def offers(ids: list[str]) -> list[list[Button]]:
    """Return what an instance can be given by a press where no days were said."""
    return [
        [Button("so_many_days", "extend", {"instances": ids, "days": days}) for days in OFFERED]
    ]


def switches(ids: list[str]) -> list[list[Button]]:
    """Return on and off."""
    args = {"instances": ids}
    return [
        [
            Button("auto_on", "auto", {**args, "on": True}),
            Button("auto_off", "auto", {**args, "on": False}),
        ]
    ]


def auto(done: AutoSet) -> Card:
    """Say who takes days by itself from now on; `days` None: nobody of these does any more."""
    changed = [item.instance for item in done.items if item.refusal is None]
    ids = [instance.id for instance in changed]
    other = Button(
        "auto_on" if done.days is None else "auto_off",
        "auto",
        {
            "instances": ids,
            "on": done.days is None,
        },
    )
    return Card(
        "auto_set",
        {
            "days": done.days,
            "items": [
                {
                    "id": instance.id,
                    "name": instance.name,
                    "until": instance.active_until or instance.trial_ends_at,
                }
                for instance in changed
            ],
            "refused": _refused((item.instance, item.refusal) for item in done.items),
        },
        [*([[other]] if ids else []), [Button("days", "days"), Button("list", "list")]],
    )
