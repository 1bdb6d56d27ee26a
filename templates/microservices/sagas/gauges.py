"""Metrics of sagas."""

from collections.abc import Mapping

from chassis.db.database import Database
from chassis.serving.program import GaugeSource

from .repository import SagaRepository


def open_sagas_gauge(database: Database, sagas: SagaRepository) -> GaugeSource:
    """Return the gauge of open sagas, by whether they are within their deadline."""

    async def read() -> Mapping[str, float]:
        async with database.reading() as connection:
            backlog = await sagas.backlog(connection)
        return {"in_time": backlog.open - backlog.overdue, "overdue": backlog.overdue}

    return GaugeSource("saga_open", "Open sagas, within or past their deadline.", "state", read)
