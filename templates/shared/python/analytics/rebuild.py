"""Rebuild: recounts all events from the start, while the service keeps running."""

from chassis import clock
from chassis.db.database import Database

from .domain import TOPICS, Partition
from .ports import Bus
from .service import BATCH
from .store import Store
from .windows import Windows


async def rebuild(database: Database, bus: Bus) -> dict[Partition, int]:
    """Recount all topics, then replace the stored windows in one transaction; return the positions reached.

    Running processes notice the new generation at their next refresh and continue from it. No event is
    counted twice or left out, regardless of their positions, also if the topics were created again.
    """
    store, windows = Store(database), Windows(clock.now())
    reader = await bus.reader(TOPICS)
    try:
        replaced = False
        while not replaced:
            ends = await reader.ends()
            while records := await reader.read(BATCH):
                for partition in {
                    record.partition for record in records
                } - windows.counts_by_partition.keys():
                    windows.put(partition, 0, 0, {})
                windows.apply(records)
            # The bus has deleted all earlier records of the others, or never had any.
            for partition in ends.keys() - windows.counts_by_partition.keys():
                windows.put(partition, 0, ends[partition], {})
            await store.begin(windows.counts_by_partition)
            replaced = await store.replace(windows, reader.ends)
    finally:
        await reader.close()
    return {partition: counts.position for partition, counts in windows.counts_by_partition.items()}
