"""
Which notices can be done without, and who gets them unless it was chosen otherwise.

What stops, deletes or ends something is in no family: whom it concerns always gets it. Rules:
"What the bot says unasked".
"""

from __future__ import annotations

from enum import StrEnum

from billing.notices import NoticeKind
from billing.partners import Role


class Family(StrEnum):
    """Notices that are chosen together; `important` are those that a group may get as well."""

    TRIALS = "trials"
    INVOICES = "invoices"
    CANCELLATIONS = "cancellations"
    DAYS = "days"
    BALANCE = "balance"
    QUOTA = "quota"
    LINKS = "links"
    IMPORTANT = "important"


OPERATORS = frozenset({Role.OWNER, Role.MANAGER})
PAYERS = frozenset({Role.OWNER, Role.FINANCE})

ROLES: dict[Family, frozenset[Role]] = {
    Family.TRIALS: OPERATORS,
    Family.INVOICES: PAYERS,
    Family.CANCELLATIONS: OPERATORS,
    Family.DAYS: OPERATORS,
    Family.BALANCE: OPERATORS | PAYERS,
    Family.QUOTA: OPERATORS,
    Family.LINKS: OPERATORS,
}
IN_DAYS = frozenset({Family.DAYS, Family.BALANCE})

_OF: dict[NoticeKind, Family] = {
    NoticeKind.TRIAL_24H: Family.TRIALS,
    NoticeKind.TRIAL_3H: Family.TRIALS,
    NoticeKind.INVOICE_ISSUED: Family.INVOICES,
    NoticeKind.INVOICE_DUE_SOON: Family.INVOICES,
    NoticeKind.INVOICE_DUE: Family.INVOICES,
    NoticeKind.INVOICE_OVERDUE: Family.INVOICES,
    NoticeKind.DAY_INVOICE_UNPAID: Family.INVOICES,
    NoticeKind.SERVICE_ENDS_SOON: Family.CANCELLATIONS,
    NoticeKind.DAYS_3D: Family.DAYS,
    NoticeKind.DAYS_1D: Family.DAYS,
    NoticeKind.LOW_BALANCE: Family.BALANCE,
    NoticeKind.LINK_DOWN: Family.LINKS,
    NoticeKind.CARD_RENEWAL: Family.INVOICES,
    NoticeKind.CARD_FAILED: Family.INVOICES,
}
# By the kinds of messages.
FAMILIES: dict[str, Family] = {
    **{f"notice_{kind}": _OF.get(kind, Family.IMPORTANT) for kind in NoticeKind},
    "token_nearly_used": Family.QUOTA,
    "token_used_up": Family.QUOTA,
}
