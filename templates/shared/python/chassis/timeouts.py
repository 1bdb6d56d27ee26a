"""How long parts of a request may wait, in seconds.

Each limit is above those it contains, so the innermost one ends the wait and reports the cause, and the
client gets a response before the load balancer gives up (after 40 s). The limits are for services: migrations
and other commands may take as long as they need.
"""

import asyncio

# Waiting for the lock of another transaction. Above 1 s, after which databases look for a deadlock: that is a
# conflict and worth a retry, but a lock that is held for long is not.
LOCK = 3
# One statement, in the database.
STATEMENT = 5
# One statement, in the client: for a server that does not answer at all.
COMMAND = 6
# A pause between two statements of a transaction: frees the locks of a process that has stopped.
IDLE_IN_TRANSACTION = 5
# Opening a connection.
CONNECT = 2
# Waiting for a free connection. After COMMAND, even a connection that hangs is free.
ACQUIRE = 8
# One request, up to the start of its response. Above the longest wait for an order (30 s).
REQUEST = 35


async def acquire(slots: asyncio.Semaphore, seconds: float = ACQUIRE) -> None:
    """Take one of the `slots`; raise `TimeoutError` if none is free within `seconds`."""
    if not slots.locked():
        # Slots are usually free, and a timer would cost as much as the arguments of a statement.
        await slots.acquire()
        return
    async with asyncio.timeout(seconds):
        await slots.acquire()
