"""
Which instances owe lines, and which of them follow their partner.

Most instances run on and on, and are billed each month with all others of their partner: once
billed they follow the partner, whose one `billed_until` stands for theirs, so that a month that is
billed changes one row and not thousands. What ends, or is not billed with the rest, stands alone.
"""

from storage.engine.transaction import Transaction


async def mind(transaction: Transaction, instance_id: str) -> None:
    """Keep whether an instance owes lines, after it was changed; what ends stands alone."""
    await transaction.run(_ENDS_ALONE, id=instance_id)
    await transaction.run(_MIND, id=instance_id)


async def stand_alone(transaction: Transaction, invoice_id: str) -> None:
    """Let the instances that an invoice has lines of follow their partner no more."""
    await transaction.run(_LINES_ALONE, invoice_id=invoice_id)


async def mind_lines(transaction: Transaction, invoice_id: str) -> None:
    """Keep whether they owe lines, of all instances that an invoice has lines of."""
    await transaction.run(_MIND_LINES, invoice_id=invoice_id)


async def forget_ended(transaction: Transaction, partner_id: str) -> None:
    """Those that ended and are billed whole owe no lines any more."""
    await transaction.run(_FORGET_ENDED, partner_id=partner_id)


# That an instance may have a line to come is kept in a column, which only its end changes: the
# partial index with this condition does not move with every month that is billed.
_TURN = "UPDATE instances SET owes_lines = 1 - owes_lines"
_NOT_SO = """
owes_lines <> CASE WHEN settlement = 'postpaid' AND subscribed_at IS NOT NULL
                    AND (billable_until IS NULL
                         OR billable_until >= subscribed_at
                            AND (billed_until IS NULL OR billable_until > billed_until))
                   THEN 1 ELSE 0 END
"""

ALONE = """
UPDATE instances
   SET follows = 0,
       billed_until = (SELECT billed_until FROM partners WHERE id = instances.partner_id)
 WHERE follows = 1
"""

_OF_INVOICE = "id IN (SELECT instance_id FROM invoice_lines WHERE invoice_id = :invoice_id)"

_ENDS_ALONE = f"""{ALONE} AND id = :id
   AND (settlement <> 'postpaid' OR subscribed_at IS NULL OR billable_until IS NOT NULL)
"""

_LINES_ALONE = f"{ALONE} AND {_OF_INVOICE}"

_MIND = f"{_TURN} WHERE id = :id AND {_NOT_SO}"

_MIND_LINES = f"{_TURN} WHERE {_OF_INVOICE} AND {_NOT_SO}"

_FORGET_ENDED = """
UPDATE instances SET owes_lines = 0
 WHERE partner_id = :partner_id AND owes_lines = 1 AND billable_until <= billed_until
"""
