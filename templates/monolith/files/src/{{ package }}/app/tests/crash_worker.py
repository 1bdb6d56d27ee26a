"""A process that places orders until it is killed: `python -m ... URL MOMENT USER SKU`.

At MOMENT `before-commit` or `after-commit` it kills itself while other orders are in progress; otherwise it
runs until it is killed. For each answered order it prints a line with the idempotency key and the id.
"""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from chassis.db.connections import Connection
from chassis.db.database import Database, DatabaseSettings

from ...orders.tables import outbox
from .in_process_shop import InProcessShop

CLIENTS = 6
COMMITS = 25


def kill_at_commit(commits: int) -> Callable[..., None]:
    """Return a function that kills this process with SIGKILL on its call number `commits`."""
    left = itertools.count(commits - 1, -1)

    def kill(*_: object) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def kill_before_commit(database: Database, kill: Callable[..., None]) -> None:
    """Call `kill` at the end of each transaction, just before it commits."""
    transaction = database.connections.transaction

    @asynccontextmanager
    async def patched() -> AsyncIterator[Connection]:
        async with transaction() as connection:
            yield connection
            kill()

    database.connections.transaction = patched  # type: ignore[method-assign]


async def main(url: str, moment: str, user_id: UUID, sku: str) -> None:
    """Order one unit again and again, as several concurrent clients."""
    database = Database(DatabaseSettings(database_url=url, database_pool_size=CLIENTS))
    shop = InProcessShop(database)
    if moment == "before-commit":
        kill_before_commit(database, kill_at_commit(COMMITS))
    if moment == "after-commit":
        outbox.on_commit(kill_at_commit(COMMITS))

    async def client(number: int) -> None:
        for step in itertools.count():
            key = f"{number}-{step}"
            answer = await shop.answer(user_id, {sku: 1}, key)
            print(key, answer.order_id, flush=True)

    await asyncio.gather(*map(client, range(CLIENTS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], UUID(sys.argv[3]), sys.argv[4]))
