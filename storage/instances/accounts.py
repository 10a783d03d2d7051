"""What a platform made of an instance: its token there, its id, its address, until when it runs."""

from datetime import datetime

from billing.services.ports import Account
from storage.engine.instants import maybe_from_micros, to_micros
from storage.engine.rows import must_touch, there
from storage.engine.transaction import Transaction


async def keep(transaction: Transaction, instance_id: str, account: Account) -> None:
    """Keep what it made: all but until when it runs, which `confirm` keeps."""
    touched = await transaction.run(
        """
        UPDATE instances SET platform_token = :token, remote_id = :remote_id,
                             remote_address = :address
         WHERE id = :id
        """,
        id=instance_id,
        token=account.token,
        remote_id=account.remote_id,
        address=account.address,
    )
    must_touch(touched, f"instance {instance_id}")


async def of(transaction: Transaction, instance_id: str) -> Account:
    row = await transaction.one(
        """
        SELECT platform_token, remote_id, remote_address, confirmed_until FROM instances
         WHERE id = :id
        """,
        id=instance_id,
    )
    found = there(row, f"instance {instance_id}")
    return Account(
        found["platform_token"],
        found["remote_id"],
        found["remote_address"],
        maybe_from_micros(found["confirmed_until"]),
    )


async def forget(transaction: Transaction, instance_id: str) -> None:
    """It has nothing there any more: nothing is known of it, nor confirmed."""
    touched = await transaction.run(
        """
        UPDATE instances SET platform_token = NULL, remote_id = NULL, remote_address = NULL,
                             confirmed_until = NULL
         WHERE id = :id
        """,
        id=instance_id,
    )
    must_touch(touched, f"instance {instance_id}")


async def confirm(transaction: Transaction, instance_id: str, until: datetime) -> None:
    touched = await transaction.run(
        "UPDATE instances SET confirmed_until = :until WHERE id = :id",
        id=instance_id,
        until=to_micros(until),
    )
    must_touch(touched, f"instance {instance_id}")
