"""
What the use cases need of whoever keeps the rows.

All methods belong to one transaction: what a use case saved is there for its next question,
and gone if it raises. Whole lists are ordered as their docstrings say.
"""

from billing.services.ports.books import Approvals, Audit, Invoices, Ledger, Payments
from billing.services.ports.days import Days
from billing.services.ports.desk import (
    Conversations,
    DeskState,
    DueRows,
    Ids,
    Inbox,
    Messages,
    Vault,
)
from billing.services.ports.instances import Calls, Instances
from billing.services.ports.partners import LinkCodes, Moves, Partners, People, Tokens
from billing.services.ports.proofs import Chains, Proofs
from billing.services.ports.rows import (
    Approval,
    ApprovalState,
    AuditRow,
    Call,
    Due,
    LinkCode,
    Move,
    Movement,
    Payment,
    Refund,
    Tally,
    TokenRequest,
)
from billing.services.ports.work import Store, Work

__all__ = [
    "Approval",
    "ApprovalState",
    "Approvals",
    "Audit",
    "AuditRow",
    "Call",
    "Calls",
    "Chains",
    "Conversations",
    "Days",
    "DeskState",
    "Due",
    "DueRows",
    "Ids",
    "Inbox",
    "Instances",
    "Invoices",
    "Ledger",
    "LinkCode",
    "LinkCodes",
    "Messages",
    "Move",
    "Movement",
    "Moves",
    "Partners",
    "Payment",
    "Payments",
    "People",
    "Proofs",
    "Refund",
    "Store",
    "Tally",
    "TokenRequest",
    "Tokens",
    "Vault",
    "Work",
]
