"""What a partner has in days, as it sees it itself and as staff do."""

from __future__ import annotations

from collections.abc import Mapping

from billing.partners import Partner
from billing.programmes import DayMode
from billing.services.days.overview import DaysCard
from billing.services.days.standing_orders import Standing
from billing.services.messages import Button
from billing.services.ports import Movement
from bot.chat.cards.buying import told_apart
from bot.chat.cards.card import Card

MOST_SHOWN = 20
MOST_ENDS = 3
MOST_REQUESTS = 3


def days(
    shown: DaysCard,
    names: Mapping[str, str],
    *,
    payer: bool,
    operator: bool,
    standing_ended: bool = False,
) -> Card:
    """
    Show the balance, what each instance has left, what runs out when, what moved.

    `names` are those of the instances that days went to or came from, by their ids.
    `standing_ended`: just now the standing order was.
    """
    each = shown.forecast.each
    doing = [Button("extend", "extend")] if operator else []
    if payer:
        doing.append(Button("buy", "buy"))
    standing = "standing_off" if shown.partner.standing_order else "standing_on"
    switch = Button(standing, "standing", {"on": not shown.partner.standing_order})
    label = "withdraw" if len(shown.waiting) == 1 else "withdraw_one"
    withdrawing = [
        Button(label, "withdraw", {"request": one.id, **told_apart(one)}, once=True)
        for one in shown.waiting[:MOST_REQUESTS]
    ]
    ids = [one.instance.id for one in each]
    rows = [doing, *([[Button("auto", "auto", {"instances": ids})]] if operator and ids else [])]
    if payer:
        rows += [*([one] for one in withdrawing), [switch]]
    return Card(
        "days",
        {
            "standing_ended": standing_ended,
            **balance(shown),
            **_standing(shown),
            **_each(shown),
            **_movements(shown.movements, names),
        },
        [*(row for row in rows if row), [Button("list", "list"), Button("home", "home")]],
    )


def balance(shown: DaysCard) -> dict[str, object]:
    """Return what the home card and the staff's card of a partner tell as well."""
    arrears = shown.funds.mode is DayMode.ARREARS
    return {
        "balance": shown.funds.balance,
        "limit": shown.funds.limit if arrears else None,
        "held": shown.held,
        "low": shown.low,
        "standing": shown.partner.standing_order,
        "ends": [{"on": on, "count": count} for on, count in shown.forecast.by_day[:MOST_ENDS]],
        "waiting": len(shown.waiting),
    }


def _standing(shown: DaysCard) -> dict[str, object]:
    return {
        "price": shown.price,
        "channel_days": shown.channel_days,
        "pool_until": shown.forecast.pool_until,
        "requests": [
            {
                "days": one.days,
                "channels": one.channels,
                "since": one.requested_at,
                "by": one.promised_by,
            }
            for one in shown.waiting
        ],
        "unpaid": [
            {"number": one.number, "days": one.days, "owed": one.owed, "due_on": one.due_on}
            for one in shown.unpaid
        ],
    }


def _each(shown: DaysCard) -> dict[str, object]:
    each = shown.forecast.each
    return {
        "items": [
            {
                "id": one.instance.id,
                "name": one.instance.name,
                "state": one.instance.state,
                "until": one.instance.active_until or one.instance.trial_ends_at,
                "auto": one.instance.auto_extend,
                "short_at": one.at if one.short else None,
            }
            for one in each[:MOST_SHOWN]
        ],
        "more": max(0, len(each) - MOST_SHOWN),
    }


def _movements(found: list[Movement], names: Mapping[str, str]) -> dict[str, object]:
    return {
        "movements": [
            {
                "at": one.at,
                "kind": one.kind,
                "reference": one.reference,
                "name": names.get(one.reference),
                "days": one.days,
                "balance": one.balance,
                "by_itself": one.by_clock and one.kind == "days_allocated",
            }
            for one in found
        ]
    }


def standing(shown: Standing) -> Card:
    """Say what would be bought on the 1st as things stand, and ask once."""
    it = shown.quote
    yes = Button("confirm", "standing", {"on": True, "confirmed": True}, once=True)
    return Card(
        "standing_quote",
        {
            "at": shown.at,
            "channels": it.channels if it else 0,
            "days": it.days if it else 0,
            "total": it.total if it else None,
        },
        [[yes, Button("back", "days")]],
    )


def limit(partner: Partner, balance: int) -> Card:
    """Tell staff what was agreed; `limit` None: days are paid for in advance again."""
    return Card(
        "day_limit",
        {"partner": partner.name, "limit": partner.day_limit, "balance": balance},
        [[Button("partner", "partner", {"partner": partner.id})]],
    )
