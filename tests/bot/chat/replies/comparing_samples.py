"""Facts of what differs at the messaging platforms, and of numbers that drop."""

from __future__ import annotations

from billing.comparison import Kind, Mend
from tests.bot.chat.replies.samples import AT, DAY, Facts


def difference(name: str, kind: str, **more: object) -> Facts:
    nobodys = kind == "unknown_there"
    return {
        "id": "d1",
        "kind": kind,
        "platform": "embedded",
        "instance": "" if nobodys else "K7Q2M",
        "name": name,
        "label": name,
        "remote_id": "r-1",
        "partner": None if nobodys else name,
        "here": None if nobodys else "active",
        "there": None if kind == "gone_there" else "stopped",
        "until_here": AT,
        "until_there": AT,
        "standing": "open",
        "not_before": None,
        "error": None,
        "found_at": AT,
        "mends": ["adopt"] if nobodys else [],
        **more,
    }


def comparing(name: str) -> dict[str, list[Facts]]:
    each = [difference(name, kind) for kind in Kind]
    unknown = each[0]
    asked = {**unknown, "standing": "asked", "mends": []}
    standing = [
        {**unknown, "label": "", "name": ""},
        {**unknown, "error": name},
        asked,
        {**asked, "error": name, "not_before": AT},
        {**unknown, "standing": "closed", "mends": []},
    ]
    adoption = {
        "platform": "embedded",
        "label": name,
        "remote_id": "r-1",
        "id": "K7Q2M",
        "name": name,
        "partner": name,
        "settlement": "postpaid",
        "paid_until": None,
        "billed_from": AT,
        "changed": False,
    }
    silent = {"platform": "embedded", "night": DAY, "why": name}
    number = {"id": "K7Q2M", "name": name, "since": AT}
    gone = {"id": "K7Q2M", "name": name, "returns": 0}
    return {
        "staff_comparison": _cards(name, each, standing),
        "difference": [*each, *standing],
        "mend_question": [
            *({**each[1], "mend": mend, "returns": 0} for mend in Mend),
            {**each[1], "mend": "correct_here", "returns": 12},
        ],
        "mended": [{**each[1], "mend": done} for done in (*Mend, "left")],
        "adoption": [
            adoption,
            {**adoption, "settlement": "days", "paid_until": DAY, "changed": True},
        ],
        "staff_comparison_silent": [silent],
        "notice_link_down": [{"instances": [number]}, {"instances": [number, number]}],
        "instance_gone": [gone, {**gone, "returns": 12}],
    }


def _cards(name: str, each: list[Facts], standing: list[Facts]) -> list[Facts]:
    card: Facts = {
        "platform": "embedded",
        "night": DAY,
        "held": 120,
        "count": 12,
        "page": 1,
        "pages": 2,
        "first": 1,
        "rows": each[:8],
        "done": [
            {"name": name, "kind": "gone_there", "outcome": done, "by": by, "at": AT}
            for done, by in (("correct_here", name), ("run_there", None))
        ],
        "days_left": 10,
        "days_owed": 20,
        "over": False,
        "claimed_by": name,
        "claimed_at": AT,
    }
    quiet = {**card, "days_left": None, "days_owed": None, "claimed_by": None, "done": []}
    return [
        card,
        {**card, "rows": [*each[8:], *standing][:8], "page": 2, "first": 9},
        {**quiet, "count": 0, "pages": 1, "rows": []},
        {**quiet, "count": 1, "pages": 1, "rows": [standing[1]], "days_left": 30, "days_owed": 20},
        {**quiet, "over": True, "rows": []},
    ]
