"""
What the use cases need of whoever keeps the rows.

All methods belong to one transaction: what a use case saved is there for its next question,
and gone if it raises. Whole lists are ordered as their docstrings say.
"""

from billing.services.ports.books import Audit, Invoices, Ledger
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
from billing.services.ports.partners import Partners, People, Tokens
from billing.services.ports.rows import AuditRow, Call, Due, Payment, Tally, TokenRequest
from billing.services.ports.work import Store, Work

__all__ = [
    "Audit",
    "AuditRow",
    "Call",
    "Calls",
    "Conversations",
    "DeskState",
    "Due",
    "DueRows",
    "Ids",
    "Inbox",
    "Instances",
    "Invoices",
    "Ledger",
    "Messages",
    "Partners",
    "Payment",
    "People",
    "Store",
    "Tally",
    "TokenRequest",
    "Tokens",
    "Vault",
    "Work",
]
