"""
Which sorts of cards a staff group takes.

A group takes all until somebody chooses; a sort that no group takes goes to all of them, so that
nothing is lost. Rules: docs/guide-staff.md, "Several groups".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from billing.services.ports import Work


class Sort(StrEnum):
    """What staff divide among themselves."""

    APPLICATIONS = "applications"
    MONEY = "money"
    INSTANCES = "instances"
    MESSAGES = "messages"
    DESK = "desk"


# Every kind of card that is said in staff groups unasked.
CARDS: Mapping[Sort, tuple[str, ...]] = {
    Sort.APPLICATIONS: ("application", "staff_linked", "staff_left", "staff_move_refused"),
    Sort.MONEY: (
        "day_request",
        "staff_day_request_soon",
        "staff_day_request_over",
        "approval",
        "staff_receipt",
        "receipt_file",
        "staff_overdue",
        "staff_deletions",
        "staff_deleted",
        "stripe_quarantined",
        "card_returned",
        "card_trouble",
    ),
    Sort.INSTANCES: (
        "staff_comparison",
        "staff_comparison_silent",
        "token_request",
        "staff_delete_task",
        "staff_by_hand",
        "platform_trouble",
    ),
    Sort.MESSAGES: (
        "support_card",
        "support_more",
        "support_file",
        "staff_unreachable",
        "staff_nobody_linked",
    ),
    Sort.DESK: (
        "staff_summary",
        "staff_books",
        "staff_findings",
        "staff_closing",
        "staff_clock_jumped",
        "staff_unreadable",
        "staff_due_failed",
    ),
}
SORTS = {kind: sort for sort, kinds in CARDS.items() for kind in kinds}


async def groups_for(work: Work, kind: str, key: str) -> list[int]:
    """
    Return the staff groups in which a card is shown: those that take it, or all if none does.

    Where it was shown before, under `key` and the chat, it goes on.
    """
    left_out = await work.people.left_out()
    takers = [chat_id for chat_id, without in left_out.items() if SORTS[kind] not in without]
    if not takers:
        return list(left_out)
    return [
        chat_id
        for chat_id in left_out
        if chat_id in takers or await work.messages.is_known(f"{key}:{chat_id}")
    ]


async def untaken(work: Work) -> list[Sort]:
    """Return the sorts that no group takes, though there are groups."""
    left_out = (await work.people.left_out()).values()
    return [sort for sort in Sort if left_out and all(sort in without for without in left_out)]
