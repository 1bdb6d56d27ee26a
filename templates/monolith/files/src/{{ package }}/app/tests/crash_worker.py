"""A process of the shop that places orders until it is killed: `python -m ... URL MOMENT USER SKU`.

At MOMENT `before-commit` or `after-commit` it kills itself, in the middle of others' orders; else it goes on.
Each answered order is a line of its key and id.
"""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from ...chassis.connections import Connection
from ...chassis.database import Database, DatabaseSettings
from ...orders.tables import outbox
from .in_process_shop import InProcessShop

CLIENTS = 6
COMMITS = 25


def die_at_the_last_of(commits: int) -> Callable[..., None]:
    """Return what kills this process on its call number `commits`, as SIGKILL does: without any goodbye."""
    left = itertools.count(commits - 1, -1)

    def die(*_: object) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def die_in_transactions(database: Database, die: Callable[..., None]) -> None:
    """Call `die` at the end of each transaction, just before it commits."""
    transaction = database.connections.transaction

    @asynccontextmanager
    async def deadly() -> AsyncIterator[Connection]:
        async with transaction() as connection:
            yield connection
            die()

    database.connections.transaction = deadly  # type: ignore[method-assign]


async def main(url: str, moment: str, user_id: UUID, sku: str) -> None:
    """Order one unit again and again, as several clients at once."""
    database = Database(DatabaseSettings(database_url=url, database_pool_size=CLIENTS))
    shop = InProcessShop(database)
    if moment == "before-commit":
        die_in_transactions(database, die_at_the_last_of(COMMITS))
    if moment == "after-commit":
        outbox.on_commit(die_at_the_last_of(COMMITS))

    async def client(number: int) -> None:
        for step in itertools.count():
            key = f"{number}-{step}"
            answer = await shop.answer(user_id, {sku: 1}, key)
            print(key, answer.order_id, flush=True)

    await asyncio.gather(*map(client, range(CLIENTS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], UUID(sys.argv[3]), sys.argv[4]))
