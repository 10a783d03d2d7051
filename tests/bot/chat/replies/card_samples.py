"""Facts of what is said about paying by card."""

from __future__ import annotations

from bot.chat.replies.card_payments import ASKED, EACH, MISMATCHES
from tests.bot.chat.replies.samples import AT, NUMBER, PRICE, Facts

DONE_BEFORE = [
    {"action": "card_cancel", "until": AT},
    {"action": "card_keep", "until": AT},
    {"action": "looked_at", "by": "Fred", "since": AT},
    {"action": "looked_at", "by": None, "since": AT},
]


def card_payments(name: str) -> dict[str, list[Facts]]:
    paid = {
        "kind": "subscription",
        "what": name,
        "interval": "month",
        "amount": PRICE,
        "until": None,
        "instance": "K7Q2M",
        "why": None,
    }
    invoice = {**paid, "kind": "invoice", "what": NUMBER, "interval": None, "instance": None}
    ending = {"id": "K7Q2M", "name": name, "until": AT}
    notice = {"id": "K7Q2M", "name": name, "amount": PRICE, "until": AT, "delete_at": AT}
    event = {
        "id": "evt_1",
        "type": "invoice.paid",
        "about": "in_1",
        "partner": name,
        "partner_id": "P1AAA",
        "looked_by": None,
    }
    returned = {"partner": name, "what": NUMBER, "amount": PRICE}
    return {
        "card_offer": [
            {
                "id": "K7Q2M",
                "name": name,
                "days": 30,
                "balance": balance,
                "discount": percent,
                "month": PRICE,
            }
            for balance, percent in ((0, 10), (2250, 0))
        ],
        "card_payment": [
            *(
                {**one, "step": step, "why": name if step == "refused" else None}
                for one in (paid, invoice)
                for step in ("asked", "open", "paid", "over", "refused")
            ),
            *({**paid, "step": "paid", "until": AT, "interval": each} for each in EACH),
        ],
        "card_portal": [{"step": step, "why": name} for step in ("asked", "open", "refused")],
        "card_cancel": [ending],
        "card_ending": [
            {**ending, "step": step, "on": on, "why": name}
            for step in ("asked", "done", "refused")
            for on in (True, False)
        ],
        **{
            f"notice_card_{kind}": [
                *({**notice, "interval": each} for each in EACH),
                {**notice, "interval": "month", "delete_at": None},
            ]
            for kind in ("renewal", "failed", "ended")
        },
        "stripe_quarantined": [
            *({**event, "why": why} for why in MISMATCHES),
            {**event, "why": "amount", "partner": None, "partner_id": None},
            {**event, "why": "amount", "looked_by": name},
        ],
        "card_returned": [{**returned, "how": how} for how in ("refund", "dispute", "dispute_won")],
        "card_trouble": [{"operation": one, "partner": name, "why": name} for one in ASKED],
    }
