"""Facts about why something is on an invoice, and what something would cost."""

from __future__ import annotations

from tests.bot.chat.replies.account_samples import event
from tests.bot.chat.replies.samples import AT, DAY, MARCH, NOTHING, NUMBER, PRICE, ZONE, Facts


def why(name: str) -> list[Facts]:
    line = {
        "id": "K7Q2M",
        "name": name,
        "period": MARCH,
        "price": PRICE,
        "days": 12,
        "used": 31,
        "starts": DAY,
        "ends": DAY,
        "subscribed_at": AT,
        "cancelled_at": AT,
        "service_ends_at": AT,
        "agreed_since": None,
        "programme": "integrator",
        "version": 1,
        "band": 2,
        "acts": [event(name), event(name, "clock"), event(name, "staff")] * 4,
    }
    bare = {**line, "cancelled_at": None, "service_ends_at": None, "band": None, "acts": []}
    invoice = {
        "number": NUMBER,
        "kind": "monthly",
        "corrects": None,
        "days": 0,
        "period": MARCH,
        "total": PRICE,
        "issued_on": DAY,
        "zone": ZONE,
        "count": 50,
        "instances": 50,
        "reasons": [],
    }
    return [
        invoice,
        {**invoice, "kind": "credit_note", "corrects": NUMBER},
        {**invoice, "kind": "days", "days": 30},
        {**invoice, "days": 30},
        {**invoice, "days": 12, "reasons": [{**bare, "why": "days", "used": 3}]},
        {**invoice, "reasons": [{**bare, "why": "running"}]},
        *(
            {**invoice, "reasons": [{**line, "why": why, "agreed_since": since}]}
            for why in ("subscribed", "running", "cancelled", "served", "caught_up", "days")
            for since in (DAY, None)
        ),
    ]


def whatif(name: str, many: int) -> list[Facts]:
    little = {"count": 1, "total": PRICE, "owed": NOTHING}
    much = {"count": 50, "total": PRICE + PRICE, "owed": PRICE + PRICE}
    months = [
        {"month": MARCH, "invoiced_on": DAY, "due_on": DAY, "as_is": before, "would_be": after}
        for before, after in (
            (None, None), (None, much), (little, None), (little, much), (much, little),
            (much, much),
        )
    ]  # fmt: skip
    changed = {"id": "K7Q2M", "name": name, "service_ends_at": AT}
    refused = {"id": "K7Q2M", "name": name, "state": "trial"}
    refused |= {"code": "nothing_to_cancel", "facts": {"trial_ends_at": AT}}
    whole = {
        "count": many,
        "instances": [changed] * min(many, 10),
        "refused": [refused] * many,
        "trial_ends_at": None,
        "left": None,
    }
    return [
        {**whole, "what": what, "coming": months[at : at + 2], "trial_ends_at": ends, "left": left}
        for what, ends, left in (("cancel", None, None), ("add", AT, 1), ("subscribe", None, None))
        for at in (0, 2, 4)
    ]


def explaining(name: str, many: int) -> dict[str, list[Facts]]:
    return {"why": why(name), "whatif": whatif(name, many)}
