"""Facts of what partners and staff say to each other, and of what is said to many."""

from __future__ import annotations

from billing.services.support.cards import PIECE
from tests.bot.chat.replies.samples import AT, OVER, Facts

REFUSALS: dict[str, list[Facts]] = {
    "too_many_waiting": [{"most": 20}],
    "nobody_linked": [{"partner": "NAME"}],
    "no_segment": [{"wanted": "NAME", "known": ["all", "trial", "days"]}],
    "nobody_there": [{"segment": segment} for segment in ("all", "overdue", "days")],
    "text_too_long": [{"length": 4000, "most": 3500}],
    "not_on_behalf": [{"right": "own"}],
}
DONE_BEFORE: list[Facts] = [{"action": "support"}, {"action": "broadcast"}]
# Said as it was written, in no language of ours.
AS_WRITTEN = frozenset(
    {"support_more", "support_file", "staff_says_more", "broadcast", "staff_topic"}
)


def support(name: str, many: int) -> dict[str, list[Facts]]:
    text = name if many < 10 else "💥" * PIECE
    nobody: Facts = {"claimed_by": None, "claimed_at": None}
    card: Facts = {
        "support": "x",
        "partner": name,
        "person": name,
        "text": text,
        "file": True,
        "said_at": AT,
        "state": "waiting",
        "answered_by": None,
        "answered_at": None,
        **nobody,
    }
    answered = {**card, "state": "answered", "answered_by": name, "answered_at": AT}
    act = {"action": "cancel", "kind": "instance", "object": name}
    beside: Facts = {"support": "x", "partner": name, "person": name, "copies": [1, 2]}
    counts = {"sent": 1, "waiting": 2, "blocked": 3, "failed": 4, "unknown": 5}
    unreached: Facts = {"partner": name, "person": name, "why": name}
    return {
        "nobody_reads": [{"partner": partner} for partner in (name, None)],
        "support_card": [
            card,
            {**card, "text": "", "claimed_by": name, "claimed_at": OVER},
            {**answered, "file": False},
            {**answered, "answered_by": None},
        ],
        "support_more": [{"support": "x", "text": text}],
        "support_file": [beside],
        "staff_says": [
            {"support": "x", "text": text, "instead_of": None},
            {"support": "x", "text": text, "instead_of": name},
            {"support": "x", "text": "", "instead_of": None},
        ],
        "staff_says_more": [{"support": "x", "text": text}],
        "support_not_passed_on": [{"support": "x"}],
        "staff_undelivered": [{**unreached, "instead": other} for other in (None, name)],
        "told_instead": [{"partner": name, "person": name}],
        "staff_topic": [{"partner": name, "partner_id": "P1AAA", "since": 7}],
        "staff_no_topics": [{"why": name}],
        "leave_chat": [{}],
        "acted_for": [{"acts": [act] * min(many, 10), "more": more} for more in (0, 7)],
        "broadcast": [{"support": "", "text": text}],
        "broadcast_preview": [
            {"segment": segment, "partners": 1, "people": people, "text": text, "file": file}
            for segment, people, file in (("all", 1, True), ("days", 7, False))
        ],
        "broadcast_report": [
            {"segment": "trial", "by": by, "people": 15, **found}
            for by, found in ((name, counts), ("", dict.fromkeys(counts, 0)))
        ],
    }


def sayings(name: str) -> list[Facts]:
    return [
        {"what": "support_sent", "support": "x"},
        {"what": "answer_sent"},
        *({"what": "said_to_partner", "partner": name, "people": n} for n in (1, 2)),
        *({"what": "broadcast_going", "people": n} for n in (1, 2)),
    ]


def asked(name: str) -> list[Facts]:
    group: Facts = {"group": True}
    return [
        {"what": "support", "group": False},
        *({"what": what, **group, **partner} for what in ("say", "as")
          for partner in ({}, {"partner": name})),
    ]  # fmt: skip
