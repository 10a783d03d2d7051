"""A program that writes until it is killed; it tells each unit only once it is acknowledged."""

import asyncio
import sys

from storage.engine.database import Database, Transaction

WRITERS = 16


async def write(database: Database, writer: int) -> None:
    number = 0
    while True:
        number += 1

        async def unit(tx: Transaction, key: str = f"{writer}-{number}") -> None:
            for part in range(5):
                await tx.run(
                    "INSERT INTO inbox (update_id, lane, body, received_at, state)"
                    " VALUES ((SELECT COUNT(*) FROM inbox), :lane, :body, 0, 'new')",
                    lane=key,
                    body=str(part),
                )

        await database.write(unit)
        sys.stdout.write(f"{writer}-{number}\n")
        sys.stdout.flush()


async def main(path: str) -> None:
    database = await Database.open(f"sqlite:///{path}")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.gather(*(write(database, writer) for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
