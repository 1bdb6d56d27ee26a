"""What can be measured of the sagas."""

from collections.abc import Mapping

from ..chassis.database import Database
from ..chassis.serving.program import Reading
from .store import Sagas


def open_sagas(database: Database, sagas: Sagas) -> Reading:
    """Return the reading of how many orders are on their way."""

    async def read() -> Mapping[str, float]:
        async with database.reading() as connection:
            backlog = await sagas.backlog(connection)
        return {"in_time": backlog.open - backlog.overdue, "overdue": backlog.overdue}

    return Reading("saga_open", "Orders on their way, in time or beyond their deadline.", "state", read)
