"""Counts everything anew, while what was counted before is shown."""

from ..chassis import clock
from ..chassis.database import Database
from .domain import TOPICS, Partition
from .ports import Bus
from .service import BATCH
from .store import Store
from .windows import Windows


async def rebuild(database: Database, bus: Bus) -> dict[Partition, int]:
    """Read all topics from their first record on, then switch over at once; return the positions reached.

    Processes that serve meanwhile find the new generation when they next look, and go on from it: nothing is
    counted twice or left out, wherever they stand.
    """
    store, windows = Store(database), Windows(clock.now())
    reader = await bus.reader(TOPICS)
    try:
        replaced = False
        while not replaced:
            while records := await reader.read(BATCH):
                for partition in {
                    record.partition for record in records
                } - windows.counts_by_partition.keys():
                    windows.put(partition, 0, 0, {})
                windows.apply(records)
            await store.begin(windows.counts_by_partition)
            replaced = await store.replace(windows)
    finally:
        await reader.close()
    return {partition: counts.position for partition, counts in windows.counts_by_partition.items()}
