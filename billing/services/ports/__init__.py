"""
What the use cases need of whoever keeps the rows.

All methods belong to one transaction: what a use case saved is there for its next question,
and gone if it raises. Whole lists are ordered as their docstrings say.
"""

from billing.services.ports.books import Approvals, Audit, Invoices, Ledger, Payments
from billing.services.ports.customers import Customers
from billing.services.ports.days import Days
from billing.services.ports.desk import (
    Claims,
    Conversations,
    DeskState,
    DueRows,
    Ids,
    Inbox,
    Messages,
    Vault,
)
from billing.services.ports.instances import Calls, Instances, Pairings
from billing.services.ports.partners import (
    Kept,
    LinkCodes,
    Moves,
    NoticeChoices,
    PartnerGroups,
    Partners,
    People,
    Tokens,
)
from billing.services.ports.proofs import Chains, Proofs
from billing.services.ports.receipts import Receipt, Receipts, ReceiptState
from billing.services.ports.rows import (
    Approval,
    ApprovalState,
    AuditRow,
    Call,
    Claim,
    Deed,
    Due,
    LinkCode,
    Move,
    Moved,
    Movement,
    Pairing,
    PairingState,
    Payment,
    Refund,
    Tally,
    TokenRequest,
)
from billing.services.ports.talking import Broadcast, Broadcasts, Delivery, Support, SupportMessage
from billing.services.ports.totals import Totals
from billing.services.ports.vitals import Line, Queues, Vitals
from billing.services.ports.work import Store, Work

__all__ = [
    "Approval",
    "ApprovalState",
    "Approvals",
    "Audit",
    "AuditRow",
    "Broadcast",
    "Broadcasts",
    "Call",
    "Calls",
    "Chains",
    "Claim",
    "Claims",
    "Conversations",
    "Customers",
    "Days",
    "Deed",
    "Delivery",
    "DeskState",
    "Due",
    "DueRows",
    "Ids",
    "Inbox",
    "Instances",
    "Invoices",
    "Kept",
    "Ledger",
    "Line",
    "LinkCode",
    "LinkCodes",
    "Messages",
    "Move",
    "Moved",
    "Movement",
    "Moves",
    "NoticeChoices",
    "Pairing",
    "PairingState",
    "Pairings",
    "PartnerGroups",
    "Partners",
    "Payment",
    "Payments",
    "People",
    "Proofs",
    "Queues",
    "Receipt",
    "ReceiptState",
    "Receipts",
    "Refund",
    "Store",
    "Support",
    "SupportMessage",
    "Tally",
    "TokenRequest",
    "Tokens",
    "Totals",
    "Vault",
    "Vitals",
    "Work",
]
